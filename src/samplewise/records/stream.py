"""A stream: rows of a run under one schema, appended in commits that show all at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from samplewise.records.declared import declare_own_metrics
from samplewise.records.if_exists import candidate_names
from samplewise.schema import TableSchema
from samplewise.storage.added_column import drop_column, put_column, restore_version
from samplewise.storage.column_names import check_column_names
from samplewise.storage.commits import latest_rows
from samplewise.storage.rows import (
    Rows,
    commit_fragments,
    compact,
    fresh_path,
    open_rows,
    replace_rows,
    sync_fragments,
    write_fragments,
    write_rows,
)
from samplewise.storage.store import Store

if TYPE_CHECKING:
    import lance

STREAMS = "streams"
"""Folder of the streams, in the data folder of their run."""


class Stream:
    """Rows of a run under one schema.

    Args:
        store: Where the run lies.
        folder: The data folder of the run.
        name: Name of the stream.
        rows: Path of its Lance data, below that folder.
        version: The version that is read; None: the latest one. Writers write to that in any case.
    """

    def __init__(
        self, store: Store, folder: str, name: str, rows: str, version: int | None = None
    ) -> None:
        self._store, self._rows, self._folder = store, rows, folder
        self._version = version
        self.name = name
        self.path = f"{folder}/{rows}"

    @property
    def dataset(self) -> "lance.LanceDataset":
        """Its Lance data as of now.

        Raises:
            StoreError: It is gone, or cannot be read.
            ForkError: The process forked after it used a table or a run.
        """
        if self._version is not None:
            return open_rows(self._store, Rows(self.path, self._version))
        return latest_rows(self._store, self.path)

    def at_version(self, version: int | None) -> "Stream":
        """The same stream as readers see it who stay at a version."""
        return Stream(self._store, self._folder, self.name, self._rows, version)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Arrow schema, with column kinds in the fields' metadata; see `declare_own_metrics`."""
        return declare_own_metrics(self.dataset.schema)

    def append(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
        """Append rows in one commit. Returns the new version.

        Raises:
            StoreError: The store cannot be written.
        """
        return self.commit(self._write(batches, schema))

    def write(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[str]:
        """Write rows that nobody sees yet; any process may. Returns what `commit` takes.

        Raises:
            StoreError: The store cannot be written.
        """
        fragments = self._write(batches, schema)
        sync_fragments(self._store, self.path, fragments)  # another machine may commit them
        return fragments

    def _write(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[str]:
        filled = [batch for batch in batches if batch.num_rows]
        return write_fragments(self._store, self.path, filled, schema) if filled else []

    def commit(self, fragments: list[str]) -> int:
        """Make written rows visible, all at once. Returns the new version.

        Raises:
            ConflictError: Others were faster every time.
            StoreError: The store cannot be written.
        """
        return commit_fragments(self._store, self.path, fragments)

    def count(self, condition: str) -> int:
        """How many rows there are that fulfil a condition in SQL.

        Raises:
            StoreError: The rows cannot be read.
        """
        return self.dataset.count_rows(filter=condition)

    def replace(self, condition: str, fragments: list[str]) -> int:
        """Make written rows visible in the place of those that fulfil a condition, at once.

        Returns:
            The new version.

        Raises:
            ConflictError: Others were faster every time.
            StoreError: The store cannot be written.
        """
        return replace_rows(self._store, self.path, self.arrow_schema, condition, fragments)

    def put_column(self, field: pa.Field, values: pa.Array) -> None:
        """Give every row a value in one column, one per row in their order; replaces it.

        Raises:
            StoreError: The store cannot be written, or others changed the rows meanwhile.
        """
        put_column(self._store, self.path, field, values)

    def drop_column(self, name: str) -> bool:
        """Forget a column, if there is one of that name; says whether there was.

        Raises:
            StoreError: The store cannot be written, or others changed the rows meanwhile.
        """
        return drop_column(self._store, self.path, name)

    def restore(self, version: int) -> None:
        """Make an earlier version the latest one again.

        Raises:
            StoreError: The store cannot be written.
        """
        restore_version(self._store, self.path, version)

    def compact(self) -> None:
        """Merge many small fragments into few.

        Raises:
            StoreError: The store cannot be written, or others were faster.
        """
        compact(self._store, self.path)


def streams_of(store: Store, folder: str, prefix: str = "") -> list[Stream]:
    """The streams of a run whose names start with `prefix`, by name.

    Args:
        store: Where the run lies.
        folder: The data folder of the run.
        prefix: What their names start with.
    """
    found = []
    for name in store.documents(f"{folder}/{STREAMS}"):
        if name.startswith(prefix):
            document = store.read(f"{folder}/{STREAMS}/{name}.json")
            if document is not None:
                found.append(Stream(store, folder, name, document["rows"]))
    return found


def stream_for(store: Store, folder: str, name: str, schema: pa.Schema) -> Stream:
    """The stream of that name and schema; made if there is none.

    Where the name is taken by another schema, `name_0000` and so on: rows with other columns, or
    with other classes behind their integers, are kept in a stream of their own.

    Raises:
        SchemaError: A column has a name that cannot be stored.
        StoreError: The store cannot be written.
    """
    check_column_names(schema.names)
    wanted = TableSchema.from_arrow(schema)
    existing = {stream.name: stream for stream in streams_of(store, folder, name)}
    for candidate in candidate_names(name):
        stream = existing.get(candidate) or _create(store, folder, candidate, schema)
        if _fits(TableSchema.from_arrow(stream.arrow_schema), wanted):
            return stream
    raise AssertionError("there are more candidate names than streams")


def _create(store: Store, folder: str, name: str, schema: pa.Schema) -> Stream:
    """A new stream, or the one that another process made first."""
    path = fresh_path(f"{folder}/{STREAMS}")
    write_rows(store, path, schema, [])
    rows = path.removeprefix(folder + "/")
    if not store.create(f"{folder}/{STREAMS}/{name}.json", {"rows": rows}):
        store.remove(path)
        document = store.read(f"{folder}/{STREAMS}/{name}.json")
        assert document is not None, "streams are never deleted"
        rows = document["rows"]
    return Stream(store, folder, name, rows)


def _fits(stored: TableSchema, wanted: TableSchema) -> bool:
    """Whether rows of `wanted` can be appended; columns that were added later become null."""
    return all(name in stored and stored[name] == column for name, column in wanted.items())
