"""A stream: rows of a run under one schema, appended in commits that show all at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from samplewise.schema import TableSchema
from samplewise.storage.rows import (
    commit_fragments,
    compact,
    fresh_path,
    latest_rows,
    write_fragments,
    write_rows,
)
from samplewise.storage.store import Store
from samplewise.tables.if_exists import candidate_names

if TYPE_CHECKING:
    import lance


class Stream:
    """Rows of a run under one schema.

    Args:
        store: Where the run lies.
        run_path: Folder of the run.
        name: Name of the stream.
        rows: Path of its Lance data, below the folder of the run.
    """

    def __init__(self, store: Store, run_path: str, name: str, rows: str) -> None:
        self._store = store
        self.name = name
        self.path = f"{run_path}/{rows}"

    @property
    def dataset(self) -> "lance.LanceDataset":
        """Its Lance data as of now."""
        return latest_rows(self._store, self.path)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Its Arrow schema, with column kinds in the fields' metadata."""
        return self.dataset.schema

    def append(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
        """Append rows in one commit. Returns the new version."""
        return self.commit(self.write(batches, schema))

    def write(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[str]:
        """Write rows that nobody sees yet; any process may. Returns what `commit` takes."""
        return write_fragments(self._store, self.path, batches, schema)

    def commit(self, fragments: list[str]) -> int:
        """Make written rows visible, all at once. Returns the new version."""
        return commit_fragments(self._store, self.path, fragments, self.arrow_schema)

    def compact(self) -> None:
        """Merge many small fragments into few."""
        compact(self._store, self.path)


def streams_of(store: Store, run_path: str, prefix: str = "") -> list[Stream]:
    """The streams of a run whose names start with `prefix`, by name."""
    found = []
    for name in store.documents(f"{run_path}/streams"):
        document = store.read(f"{run_path}/streams/{name}.json")
        if document is not None and name.startswith(prefix):
            found.append(Stream(store, run_path, name, document["rows"]))
    return found


def stream_for(store: Store, run_path: str, name: str, schema: pa.Schema) -> Stream:
    """The stream of that name and schema; made if there is none.

    Where the name is taken by another schema, `name_0000` and so on: rows with other columns, or
    with other classes behind their integers, are kept in a stream of their own.
    """
    wanted = TableSchema.from_arrow(schema)
    existing = {stream.name: stream for stream in streams_of(store, run_path, name)}
    for candidate in candidate_names(name):
        stream = existing.get(candidate)
        if stream is None:
            stream = _create(store, run_path, candidate, schema)
        if stream is not None and _fits(TableSchema.from_arrow(stream.arrow_schema), wanted):
            return stream
    raise AssertionError("there are more candidate names than streams")


def _create(store: Store, run_path: str, name: str, schema: pa.Schema) -> Stream | None:
    path = fresh_path(f"{run_path}/streams")
    write_rows(store, path, schema, [])
    rows = path.removeprefix(run_path + "/")
    if store.create(f"{run_path}/streams/{name}.json", {"rows": rows}):
        return Stream(store, run_path, name, rows)
    store.remove(path)  # another process made it first
    document = store.read(f"{run_path}/streams/{name}.json")
    return None if document is None else Stream(store, run_path, name, document["rows"])


def _fits(stored: TableSchema, wanted: TableSchema) -> bool:
    """Whether rows of `wanted` can be appended; columns that were added later become null."""
    return all(name in stored and stored[name] == column for name, column in wanted.items())
