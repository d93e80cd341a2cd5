"""Parquet and CSV in and out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise._notes import note
from samplewise.formats._csv_file import read_csv_file
from samplewise.formats._parquet_file import read_parquet_file
from samplewise.formats._row_file import Rows, read_row_file
from samplewise.formats._written import local_path, replace_file
from samplewise.records.stored_table import StoredTable
from samplewise.schema import CategoricalLabelSchema, ImageSchema

_ROWS = 8_192


def read_csv(path: str | Path, *, encoding: str | None = None, **options: Any) -> Rows:
    """Read a CSV file with a header; see `read_csv_file` and `read_row_file`."""
    data = read_csv_file(path, encoding, options.get("label_column"))
    return read_row_file("csv", path, data, **options)


def read_parquet(path: str | Path, **options: Any) -> Rows:
    """Read a Parquet file; see `read_parquet_file` and `read_row_file`."""
    return read_row_file("parquet", path, read_parquet_file(path), **options)


def write_parquet(table: StoredTable, path: str | Path) -> Path:
    """Write a Table as a Parquet file; `Table.from_parquet` finds all column kinds in it again.

    Args:
        table: The table.
        path: The file; one that exists is replaced.

    Returns:
        The file.

    Raises:
        StoreError: The file cannot be written.
        AliasError: An alias in an image's URL has no folder.
    """
    import pyarrow.parquet as pq

    path = local_path(path)
    schema = table.schema.to_arrow()
    with replace_file(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _resolve_urls(table):
            writer.write_batch(batch.cast(schema))
    return path


def write_csv(table: StoredTable, path: str | Path) -> Path:
    """Write a Table as a CSV file with a header; nested values become JSON texts.

    What a CSV file cannot hold is told: kinds of columns and names of classes.

    Args:
        table: The table.
        path: The file; one that exists is replaced.

    Returns:
        The file.

    Raises:
        StoreError: The file cannot be written.
        AliasError: An alias in an image's URL has no folder.
    """
    from pyarrow import csv

    path = local_path(path)
    flat = pa.schema([pa.field(f.name, _flat_type(f.type)) for f in table.schema.to_arrow()])
    with replace_file(path) as file, csv.CSVWriter(file, flat) as writer:
        for batch in _resolve_urls(table):
            columns = [_flat(column) for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=flat))
    lost = [
        f"`{name}`"
        for name, kind in table.schema.items()
        if isinstance(kind, CategoricalLabelSchema) or pa.types.is_nested(kind.arrow_type)
    ]
    if lost:
        note(
            f"{path.name}: a CSV file holds plain values; classes have their ids, and "
            f"{', '.join(lost)} cannot be read back as they are. Parquet keeps them."
        )
    return path


def _resolve_urls(table: StoredTable) -> Iterator[pa.RecordBatch]:
    """All rows, images by the path or URL that their alias stands for."""
    names = [name for name, kind in table.schema.items() if isinstance(kind, ImageSchema)]
    urls = {name: table.image_urls(name) for name in names}
    start = 0
    for batch in table.to_batches(batch_size=_ROWS):
        stop = start + len(batch)
        for name in names:
            place = batch.schema.get_field_index(name)
            values = pa.array(urls[name][start:stop], pa.string())
            batch = batch.set_column(place, batch.schema.field(place), values)  # noqa: PLW2901
        yield batch
        start = stop


def _flat_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_nested(kind) else kind


def _flat(column: pa.Array) -> pa.Array:
    if not pa.types.is_nested(column.type):
        return column
    texts = [None if value is None else _text(value) for value in column.to_pylist()]
    return pa.array(texts, pa.string())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
