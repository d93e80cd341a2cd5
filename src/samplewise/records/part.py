"""Some rows of a table as a table that is not stored: for writers that take a whole one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from samplewise.records.row_reader import RowReader
from samplewise.records.stored_table import StoredTable
from samplewise.records.table_document import TableDocument
from samplewise.storage import Store

_ROWS = 8_192


def part_of(table: StoredTable, rows: Sequence[int] | np.ndarray) -> StoredTable:
    """Some rows of a table, in the order given; to be read, not to be edited or kept.

    Args:
        table: The table.
        rows: Row indices, `0 <= i < n`.
    """
    places = np.asarray(rows, np.int64)
    document = replace(table.document, row_count=len(places))
    reader = _PartReader(table.store, document, table.reader, places)
    return replace(table, document=document, reader=reader)


class _PartReader(RowReader):
    """Reads some of the rows that another reader reads."""

    def __init__(
        self, store: Store, document: TableDocument, whole: RowReader, rows: np.ndarray
    ) -> None:
        super().__init__(store, document)
        self._whole = whole
        self._rows = rows

    def row_numbers(self) -> np.ndarray:
        """The hidden `_row` of every row; int64, shape `(n,)`."""
        return self._whole.row_numbers()[self._rows]

    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Rows by their index in the part, in the order asked for."""
        return self._whole.take(self._rows[np.asarray(indices, np.int64)], columns)

    def batches(
        self, columns: list[str] | None = None, size: int = _ROWS
    ) -> Iterator[pa.RecordBatch]:
        """All rows in order, in batches of at most `size`."""
        for start in range(0, len(self._rows), size):
            page = self._whole.take(self._rows[start : start + size], columns)
            yield from page.combine_chunks().to_batches()

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows in order, in memory."""
        return self._whole.take(self._rows, columns)
