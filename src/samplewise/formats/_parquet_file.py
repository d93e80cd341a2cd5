"""Parquet files as columns, in memory that is bounded while they are unpacked."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise.errors import FormatError
from samplewise.formats._csv_file import check_names
from samplewise.formats._label_file import check_label_file, largest_label_file, too_large

_ROWS = 1_024


def read_parquet_file(path: str | Path) -> pa.Table:
    """A Parquet file.

    Raises:
        FormatError: The file is missing, no Parquet, has two columns of one name, or is larger than
            the limit when it is unpacked.
    """
    import pyarrow.parquet as pq

    path = Path(path).expanduser()
    check_label_file(path)
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            check_names(path, file.schema_arrow.names)
            return _unpack(path, file)
    except FormatError:
        raise
    except (OSError, ValueError, pa.ArrowException) as error:  # ValueError: names that are no text
        raise FormatError(f"`{path}` must be a Parquet file, but {error}") from None


def _unpack(path: Path, file: Any) -> pa.Table:
    """All rows, a few at a time: a repeated value takes a few bytes of the file."""
    most = largest_label_file()
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    if (total := sum(group.total_byte_size for group in groups)) > most:
        raise too_large(path, total, most)
    batches = []
    size_bytes = 0
    for batch in file.iter_batches(batch_size=_ROWS):
        size_bytes += batch.nbytes
        if size_bytes > most:
            raise too_large(path, size_bytes, most)
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow).combine_chunks()
