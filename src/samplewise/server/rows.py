"""Rows behind a source: whole columns by name and pages by row, whatever they lie in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from samplewise.records.declared import declare_own_metrics
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.row_reader import RowReader
from samplewise.records.stream import Stream
from samplewise.schema.foreign import join_chunks

if TYPE_CHECKING:
    import lance


_BATCH = 65_536  # rows


class SourceRows(Protocol):
    """Rows in the order of a source."""

    schema: pa.Schema

    def whole(self, names: Sequence[str]) -> pa.Table:
        """Whole columns, `n` rows, in one look at the disk."""
        ...

    def column(self, name: str) -> pa.Array:
        """A whole column, `n` values."""
        return join_chunks(self.whole([name]).column(name))

    def take(self, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """Some rows, in the order asked for."""
        ...


class CollectionRows(SourceRows):
    """The rows of one collection in a stream of a run, by `example_id`.

    Args:
        dataset: The stream's Lance data, at one version.
        schema: Its Arrow schema.
        positions: Where its rows lie in it.
        example_ids: Their samples, ascending; int64, shape `(n,)`.
    """

    def __init__(
        self,
        dataset: "lance.LanceDataset",
        schema: pa.Schema,
        positions: np.ndarray,
        example_ids: np.ndarray,
    ) -> None:
        self._dataset = dataset
        self._positions = positions
        self.example_ids = example_ids
        self.schema = schema

    def whole(self, names: Sequence[str]) -> pa.Table:
        """Whole columns, `n` rows, in one look at the disk."""
        start, count = int(self._positions.min(initial=0)), len(self._positions)
        lies_together = count > 0 and int(self._positions.max()) - start == count - 1
        scan: dict[str, Any] = {"offset": start, "limit": count} if lies_together else {}
        scanned = self._dataset.to_table(
            columns=list(names), scan_in_order=True, batch_size=_BATCH, **scan
        )
        places = self._positions - start if lies_together else self._positions
        if np.array_equal(places, np.arange(len(scanned))):
            return scanned
        return scanned.take(pa.array(places))

    def take(self, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """Some rows, in the order asked for."""
        return self._dataset.take(self._positions[rows].tolist(), columns=list(columns))


class TableSourceRows(SourceRows):
    """Rows of a table: all of them, or one for each of some samples.

    Args:
        reader: Reads the table.
        schema: Its Arrow schema.
        example_ids: Which samples, in this order; None takes all.
    """

    def __init__(
        self, reader: RowReader, schema: pa.Schema, example_ids: np.ndarray | None = None
    ) -> None:
        self._reader = reader
        self._ids = example_ids
        self.schema = schema

    def whole(self, names: Sequence[str]) -> pa.Table:
        """Whole columns, `n` rows, in one look at the disk."""
        rows = self._reader.to_arrow(list(names))
        if self._ids is None or np.array_equal(self._ids, np.arange(len(rows))):
            return rows
        return rows.take(pa.array(self._ids))

    def take(self, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """Some rows, in the order asked for."""
        places = rows if self._ids is None else self._ids[rows]
        return self._reader.take(places, list(columns))


class CollectionIndex:
    """Which rows of a stream belong to which collection.

    Args:
        stream: The stream; read at its version of now.
    """

    def __init__(self, stream: Stream) -> None:
        self.dataset = stream.dataset
        self._schema = declare_own_metrics(self.dataset.schema)
        keys = self.dataset.to_table(
            columns=[EXAMPLE_ID, EPOCH, SPLIT, INPUT_TABLE_ID], scan_in_order=True
        )
        self._ids = join_chunks(keys.column(EXAMPLE_ID)).to_numpy(zero_copy_only=False)
        groups = pa.table(
            {
                EPOCH: keys.column(EPOCH),
                SPLIT: keys.column(SPLIT),
                INPUT_TABLE_ID: keys.column(INPUT_TABLE_ID),
                "row": pa.array(np.arange(keys.num_rows)),
            }
        ).group_by([EPOCH, SPLIT, INPUT_TABLE_ID], use_threads=False)
        self._positions: dict[tuple[Any, Any, Any], np.ndarray] = {}
        for found in groups.aggregate([("row", "list")]).to_batches():
            for at in range(found.num_rows):
                key = tuple(
                    found.column(name)[at].as_py() for name in (EPOCH, SPLIT, INPUT_TABLE_ID)
                )
                rows = found.column("row_list")[at].values.to_numpy(zero_copy_only=False)
                self._positions[key] = rows[np.argsort(self._ids[rows], kind="stable")]

    @property
    def collections(self) -> dict[tuple[Any, Any, Any], int]:
        """Number of rows by epoch, split and number of the input table, in order of appearance."""
        return {key: len(rows) for key, rows in self._positions.items()}

    def rows(self, key: tuple[Any, Any, Any]) -> CollectionRows | None:
        """The rows of one collection; None if there is none."""
        positions = self._positions.get(key)
        if positions is None:
            return None
        return CollectionRows(self.dataset, self._schema, positions, self._ids[positions])
