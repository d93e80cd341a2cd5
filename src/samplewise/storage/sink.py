"""Hands rows to Lance, which pulls them, from a caller who pushes them."""

import contextlib
import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from queue import SimpleQueue

import numpy as np
import pyarrow as pa

from samplewise.storage.column_names import ROW, check_column_names
from samplewise.storage.rows import Rows, write_rows
from samplewise.storage.store import Store

_WAITING = 2  # batches


class LanceSink:
    """Writes new Lance data on a thread of its own while the caller makes the next batch.

    Two batches wait at most. Rows are numbered in the hidden column `_row`. A sink that is dropped
    or left open at the end of the program takes what it wrote with it.

    Args:
        store: Where to write.
        path: A fresh path.
        schema: Columns without `_row`; those that a batch does not have are weights of one.

    Raises:
        SchemaError: A column has a name that cannot be stored.
    """

    def __init__(self, store: Store, path: str, schema: pa.Schema) -> None:
        check_column_names(schema.names)
        self._schema = schema
        self._count = 0
        self._stored_schema = pa.schema([pa.field(ROW, pa.int64(), nullable=False), *schema])
        self._channel = _Channel()
        self._thread = threading.Thread(
            target=_write,
            args=(self._channel, store, path, self._stored_schema),
            name="samplewise-writer",
            daemon=True,
        )
        self._abandon = weakref.finalize(
            self, _abandon, self._channel, self._thread, store, path, os.getpid()
        )
        self._thread.start()

    def write(self, arrays: Mapping[str, pa.Array], count: int) -> None:
        """Add rows; columns that are not given are weights of one.

        Raises:
            StoreError: The store cannot be written.
        """
        numbers = pa.array(np.arange(self._count, self._count + count))
        columns = [
            arrays[name] if name in arrays else pa.array(np.ones(count))
            for name in self._schema.names
        ]
        batch = pa.RecordBatch.from_arrays([numbers, *columns], schema=self._stored_schema)
        self._channel.put(batch, self._thread)
        self._count += count

    def close(self) -> tuple[Rows, int]:
        """Wait for the last row; where they are, and how many.

        They stay when the sink is dropped, but `abort` still deletes them.

        Raises:
            StoreError: The store cannot be written.
        """
        self._channel.waiting.put(None)
        self._thread.join()
        if self._channel.error is not None:
            raise self._channel.error
        assert self._channel.rows is not None
        self._abandon.atexit = False
        return self._channel.rows, self._count

    def keep(self) -> None:
        """What was written has a name now, and outlives the sink."""
        self._abandon.detach()

    def abort(self) -> None:
        """Stop, and delete what was written."""
        self._abandon()


class _Channel:
    """What the writing thread and its owner share; knows neither, so that both can be dropped.

    The queue is a `SimpleQueue` because a sink may be dropped in the middle of any call, also one
    of the writing thread: a lock of a `Queue` might be held by that very call.
    """

    def __init__(self) -> None:
        self.waiting: SimpleQueue[pa.RecordBatch | None] = SimpleQueue()
        self.room = threading.Semaphore(_WAITING)
        self.is_aborted = False
        self.error: BaseException | None = None
        self.rows: Rows | None = None

    def put(self, batch: pa.RecordBatch, thread: threading.Thread) -> None:
        """Wait for room, and hand over a batch; raise what ended the writing thread."""
        while not self.room.acquire(timeout=0.5):
            if not thread.is_alive():
                break
        if self.error is not None:
            raise self.error
        self.waiting.put(batch)

    def pull(self) -> Iterator[pa.RecordBatch]:
        """What was handed over, until the end; raises when writing was aborted."""
        while (batch := self.waiting.get()) is not None:
            self.room.release()
            if self.is_aborted:
                break
            yield batch
        if self.is_aborted:
            raise InterruptedError("writing was aborted")


def _write(channel: _Channel, store: Store, path: str, schema: pa.Schema) -> None:
    try:
        channel.rows = write_rows(store, path, schema, channel.pull())
    except BaseException as error:  # noqa: BLE001  # raised again in the thread of the owner
        channel.error = error


def _abandon(
    channel: _Channel, thread: threading.Thread, store: Store, path: str, process: int
) -> None:
    if os.getpid() != process:
        return  # a forked child drops its copy; the data is its parent's
    channel.is_aborted = True
    channel.waiting.put(None)
    if thread is threading.current_thread():
        return  # dropped by the garbage collector in the middle of writing; `vacuum` finds the rest
    thread.join()
    with contextlib.suppress(OSError):  # `vacuum` finds it
        store.remove(path)
