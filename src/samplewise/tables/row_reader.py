"""Rows of a Table in its order, from Lance data that may hold them in another."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from samplewise.errors import ForkError
from samplewise.storage.rows import ROW, open_rows
from samplewise.storage.store import Store
from samplewise.tables.table_document import TableDocument

if TYPE_CHECKING:
    import lance

_PAGE = 256
_BATCH = 8_192


class RowReader:
    """Reads the rows of one table.

    Single rows are read in pages, the last of which is kept. Lance does not survive a fork: a
    forked child that reads gets a `ForkError`; a pickled reader opens the store anew.

    Args:
        store: Where the table lies.
        document: Which table.
    """

    def __init__(self, store: Store, document: TableDocument) -> None:
        self._store = store
        self._document = document
        self._columns = document.schema.names
        self._page: tuple[int, pa.Table] | None = None
        self._process: int | None = None

    def __getstate__(self) -> tuple[Store, TableDocument]:
        return self._store, self._document

    def __setstate__(self, state: tuple[Store, TableDocument]) -> None:
        self.__init__(*state)

    @property
    def dataset(self) -> "lance.LanceDataset":
        """The Lance data at the table's version.

        Raises:
            ForkError: The process forked after the data was opened.
        """
        if self._process is None:
            self._process = os.getpid()
        elif self._process != os.getpid():
            raise ForkError(
                f"table `{self._document.name}` was opened before this process forked, and its "
                "reader does not survive that.",
                hint='pass multiprocessing_context="spawn" to the DataLoader, or give it '
                "list(table.table_rows)",
            )
        return self._opened

    @cached_property
    def _opened(self) -> "lance.LanceDataset":
        return open_rows(self._store, self._document.stored_rows)

    @cached_property
    def _places(self) -> np.ndarray | None:
        """Where each row of the table lies in the Lance data; None if in the same place."""
        if self._document.is_original:
            return None
        numbers = self.row_numbers_as_stored()
        return None if np.all(np.diff(numbers) > 0) else np.argsort(numbers, kind="stable")

    def row_numbers_as_stored(self) -> np.ndarray:
        """The hidden `_row` of every row, in the order of the Lance data; int64, shape `(n,)`."""
        return self.dataset.to_table(columns=[ROW]).column(ROW).to_numpy()

    def row_numbers(self) -> np.ndarray:
        """The hidden `_row` of every row, in the order of the table; int64, shape `(n,)`."""
        if self._document.is_original:
            return np.arange(self._document.row_count)
        return np.sort(self.row_numbers_as_stored())

    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Rows by their index in the table, in the order asked for."""
        wanted = np.asarray(indices, np.int64)
        places = wanted if self._places is None else self._places[wanted]
        return self.dataset.take(places.tolist(), columns=columns or self._columns)

    def row(self, index: int) -> dict[str, object]:
        """One row in stored form."""
        start = index // _PAGE * _PAGE
        page = self._page
        if page is None or page[0] != start:
            stop = min(start + _PAGE, self._document.row_count)
            page = self._page = (start, self.take(range(start, stop)))
        return page[1].slice(index - start, 1).to_pylist()[0]

    def batches(
        self, columns: list[str] | None = None, size: int = _BATCH
    ) -> Iterator[pa.RecordBatch]:
        """All rows in order, in batches of at most `size`."""
        columns = columns or self._columns
        if self._places is None:
            yield from self.dataset.to_batches(columns=columns, batch_size=size, scan_in_order=True)
            return
        for start in range(0, self._document.row_count, size):
            stop = min(start + size, self._document.row_count)
            yield from self.take(range(start, stop), columns).to_batches()

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows in order, in memory."""
        columns = columns or self._columns
        table = self.dataset.to_table(columns=columns, scan_in_order=True)
        return table if self._places is None else table.take(pa.array(self._places))
