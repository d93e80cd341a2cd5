"""What is selected in a source, as a Table or a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.formats import coco
from samplewise.formats.tabular import write_csv, write_parquet
from samplewise.records.part import part_of
from samplewise.records.revision import edit_table
from samplewise.records.stored_table import StoredTable
from samplewise.schema import TableSchema
from samplewise.server import wire
from samplewise.server.catalog import Catalog, table_source
from samplewise.server.selection import select_rows
from samplewise.server.source import OpenSource

_ROWS = 8_192


def new_table(catalog: Catalog, asked: wire.NewTableRequest) -> wire.Committed:
    """A revision with the selected samples only.

    Raises:
        NotFoundError: The source or its Table is not there.
        InvalidArgumentError: Nothing is selected, or everything.
        AlreadyExistsError: The name is taken.
    """
    table = _table(catalog, asked.source)
    chosen = _example_ids(catalog, asked.source, asked.filters)
    others = np.setdiff1d(np.arange(len(table)), chosen)
    if len(chosen) == 0 or len(others) == 0:
        raise InvalidArgumentError(
            "a new Table must have some of the samples, but "
            f"{'none' if len(chosen) == 0 else 'all'} of them are selected.",
            hint=None if len(others) else f"`{table.name}` is that Table already",
        )
    made = edit_table(table, {}, asked.name, delete=others, description=asked.description)
    return wire.Committed(table=table_source(made), rows=len(made))


def write(catalog: Catalog, asked: wire.ExportRequest, path: Path) -> None:
    """Write the selected samples as a file.

    Raises:
        NotFoundError: The source or its Table is not there.
        InvalidArgumentError: A filter does not fit, or the format does not.
        StoreError: The file cannot be written.
    """
    if asked.format == "coco":
        table = _table(catalog, asked.source)
        coco.write(part_of(table, _example_ids(catalog, asked.source, asked.filters)), path)
        return
    source = catalog.open(asked.source)
    rows = SelectionRows(source, select_rows(source, asked.filters, hot=catalog.hot))
    {"csv": write_csv, "parquet": write_parquet}[asked.format](rows, path)  # type: ignore[arg-type]


def _table(catalog: Catalog, source: wire.Source) -> StoredTable:
    table = catalog.table_of(source)
    if table is None:
        raise InvalidArgumentError("`source` must be about a Table, but these metrics are not.")
    return table


def _example_ids(catalog: Catalog, source: wire.Source, filters: list[wire.Filter]) -> np.ndarray:
    opened = catalog.open(source)
    return opened.example_ids[select_rows(opened, filters, hot=catalog.hot)]


class SelectionRows:
    """Rows of a source as the writers of tabular files want them.

    Args:
        source: The source.
        rows: Which, 0-based.
    """

    def __init__(self, source: OpenSource, rows: np.ndarray) -> None:
        self._source = source
        self._rows = rows
        self.schema = TableSchema.from_arrow(source.page(rows[:0], None, total=0).schema)

    def image_urls(self, column: str) -> list[str | None]:
        """The images of all rows."""
        return self._source.values(column).take(pa.array(self._rows)).to_pylist()

    def to_batches(self, batch_size: int = _ROWS) -> Iterator[pa.RecordBatch]:
        """All rows in order."""
        for start in range(0, len(self._rows), batch_size):
            rows = self._rows[start : start + batch_size]
            page = self._source.page(rows, None, total=len(rows))
            yield from page.combine_chunks().to_batches()
