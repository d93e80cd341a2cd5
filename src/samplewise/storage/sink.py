"""Hands rows to Lance, which pulls them, from a caller who pushes them."""

import threading
from collections.abc import Iterator, Mapping
from queue import Full, Queue

import pyarrow as pa

from samplewise.storage.rows import ROW, Rows, write_rows
from samplewise.storage.store import Store


class LanceSink:
    """Writes new Lance data on a thread of its own while the caller makes the next batch.

    Two batches wait at most. Rows are numbered in the hidden column `_row`.

    Args:
        store: Where to write.
        path: A fresh path.
        schema: Columns without `_row`; those that a batch does not have are weights of one.
    """

    def __init__(self, store: Store, path: str, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._count = 0
        self._queue: Queue[pa.RecordBatch | None] = Queue(maxsize=2)
        self._error: BaseException | None = None
        self._rows: Rows | None = None
        self._stop = False
        stored = pa.schema([pa.field(ROW, pa.int64(), nullable=False), *schema])
        self._stored_schema = stored
        self._thread = threading.Thread(
            target=self._run, args=(store,), name="samplewise-writer", daemon=True
        )
        self._thread.start()

    def write(self, arrays: Mapping[str, pa.Array], count: int) -> None:
        """Add rows; columns that are not given are weights of one."""
        numbers = pa.array(range(self._count, self._count + count), pa.int64())
        columns = [
            arrays[name] if name in arrays else pa.array([1.0] * count, pa.float64())
            for name in self._schema.names
        ]
        batch = pa.RecordBatch.from_arrays([numbers, *columns], schema=self._stored_schema)
        self._put(batch)
        self._count += count

    def close(self) -> tuple[Rows, int]:
        """Wait for the last row; where they are, and how many."""
        self._put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._rows is not None
        return self._rows, self._count

    def abort(self) -> str:
        """Stop; returns the path of what was written."""
        self._stop = True
        if self._thread.is_alive():
            self._put(None)
            self._thread.join()
        return self._path

    def _put(self, batch: pa.RecordBatch | None) -> None:
        while self._thread.is_alive() or batch is None:
            try:
                self._queue.put(batch, timeout=0.5)
                return
            except Full:
                if not self._thread.is_alive():
                    return
        if self._error is not None:
            raise self._error

    def _run(self, store: Store) -> None:
        try:
            self._rows = write_rows(store, self._path, self._stored_schema, self._pulled())
        except BaseException as error:
            self._error = error

    def _pulled(self) -> Iterator[pa.RecordBatch]:
        while (batch := self._queue.get()) is not None:
            yield batch
        if self._stop:
            raise InterruptedError("writing was aborted")
