"""Rows of a Table in its order, from Lance data that may hold them in another."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from samplewise.records.table_document import TableDocument
from samplewise.storage.column_names import ROW
from samplewise.storage.rows import open_rows, refuse_after_fork
from samplewise.storage.store import Store

if TYPE_CHECKING:
    import lance

_LONGEST_PAGE = 256  # rows
_LARGEST_PAGE = 2**25  # bytes; rows may hold images
_BATCH = 8_192  # rows
_LARGEST_SORT = 2**30  # bytes; text of more than 2 GiB cannot be put in another order at once


class _Page(NamedTuple):
    """Rows of a table from `start` on."""

    start: int
    rows: pa.Table

    @property
    def stop(self) -> int:
        """The row after the last one."""
        return self.start + len(self.rows)


class RowReader:
    """Reads the rows of one table; may be shared by threads.

    Lance does not survive a fork: a forked child that reads gets a `ForkError`. A pickled reader
    opens the store anew.

    Args:
        store: Where the table lies.
        document: Which table.
    """

    def __init__(self, store: Store, document: TableDocument) -> None:
        self._store = store
        self._document = document
        self._columns = document.schema.names
        self._page = _Page(0, pa.table({}))

    def __getstate__(self) -> tuple[Store, TableDocument]:
        return self._store, self._document

    def __setstate__(self, state: tuple[Store, TableDocument]) -> None:
        self.__init__(*state)

    @property
    def dataset(self) -> "lance.LanceDataset":
        """The Lance data at the table's version.

        Raises:
            StoreError: It is gone, or cannot be read.
            ForkError: The process forked after it used a table.
        """
        refuse_after_fork()
        return self._dataset

    @cached_property
    def _dataset(self) -> "lance.LanceDataset":
        return open_rows(self._store, self._document.stored_rows)

    @cached_property
    def _places(self) -> np.ndarray | None:
        """Where each row of the table lies in the Lance data; None if in the same place."""
        if self._document.is_original:
            return None
        numbers = self._row_numbers_as_stored()
        return None if np.all(np.diff(numbers) > 0) else np.argsort(numbers, kind="stable")

    def _row_numbers_as_stored(self) -> np.ndarray:
        return self.dataset.to_table(columns=[ROW]).column(ROW).to_numpy()

    def row_numbers(self) -> np.ndarray:
        """The hidden `_row` of every row, in the order of the table; int64, shape `(n,)`."""
        if self._document.is_original:
            return np.arange(self._document.row_count)
        return np.sort(self._row_numbers_as_stored())

    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Rows by their index in the table, in the order asked for."""
        wanted = np.asarray(indices, np.int64)
        places = wanted if self._places is None else self._places[wanted]
        return self.dataset.take(places.tolist(), columns=self._default_to_all(columns))

    def row(self, index: int) -> dict[str, object]:
        """One row in stored form.

        Whoever reads row after row gets them from pages that grow; whoever jumps about reads one
        row at a time.
        """
        page = self._page
        if not page.start <= index < page.stop:
            page = self._page = self._page_at(index, page)
        return page.rows.slice(index - page.start, 1).to_pylist()[0]

    def _page_at(self, index: int, previous: _Page) -> _Page:
        goes_on = index == previous.stop and previous.rows.nbytes < _LARGEST_PAGE
        size = min(_LONGEST_PAGE, max(1, 2 * len(previous.rows))) if goes_on else 1
        stop = min(index + size, self._document.row_count)
        return _Page(index, self.take(range(index, stop)))

    def batches(
        self, columns: list[str] | None = None, size: int = _BATCH
    ) -> Iterator[pa.RecordBatch]:
        """All rows in order, in batches of at most `size`."""
        columns = self._default_to_all(columns)
        if self._places is None:
            yield from self.dataset.to_batches(columns=columns, batch_size=size, scan_in_order=True)
            return
        for start in range(0, self._document.row_count, size):
            stop = min(start + size, self._document.row_count)
            yield from self.take(range(start, stop), columns).to_batches()

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows in order, in memory."""
        columns = self._default_to_all(columns)
        table = self.dataset.to_table(columns=columns, scan_in_order=True)
        if self._places is None:
            return table
        if table.nbytes > _LARGEST_SORT:
            return pa.Table.from_batches(self.batches(columns), table.schema)
        return table.take(pa.array(self._places))

    def _default_to_all(self, columns: list[str] | None) -> list[str]:
        return self._columns if columns is None else columns
