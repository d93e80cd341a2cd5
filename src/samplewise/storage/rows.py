"""Lance data of a store: written once under a fresh id, changed by commits that cannot mix.

The only module that knows Lance's calls. Lance is imported when used: it costs two CPU-seconds.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import ConflictError, StoreError
from samplewise.storage.store import Store

if TYPE_CHECKING:
    import lance

STORAGE_VERSION = "2.2"
"""Lance's file format. 2.0 cannot hold a null struct; pinned so that old readers keep reading."""

ROW = "_row"
"""Hidden column: place of the row in its table, ascending. Lance moves updated rows to the end."""

_ATTEMPTS = 40


@dataclass(frozen=True)
class Rows:
    """One version of some Lance data.

    Args:
        path: Where it lies, below the root of its store.
        version: The version.
    """

    path: str
    version: int


def fresh_path(folder: str) -> str:
    """A path for new Lance data that no other process can choose."""
    return f"{folder}/{uuid.uuid4().hex}.lance"


def write_rows(
    store: Store, path: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Rows:
    """Write Lance data at a fresh path; nothing refers to it until a document does."""
    import lance

    reader = pa.RecordBatchReader.from_batches(schema, map(unsliced, batches))
    try:
        dataset = lance.write_dataset(
            reader, store.url(path), mode="create", data_storage_version=STORAGE_VERSION
        )
    except OSError as error:
        raise StoreError(f"`{store.url(path)}` cannot be written: {error}") from error
    return Rows(path, dataset.version)


def open_rows(store: Store, rows: Rows) -> "lance.LanceDataset":
    """Lance data at that version."""
    import lance

    try:
        return lance.dataset(store.url(rows.path), version=rows.version)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"`{store.url(rows.path)}` cannot be opened at version {rows.version}: {error}"
        ) from error


def latest_rows(store: Store, path: str) -> "lance.LanceDataset":
    """Lance data at its latest version."""
    import lance

    return lance.dataset(store.url(path))


def protect(store: Store, rows: Rows, tag: str) -> None:
    """Keep a version from ever being cleaned up."""
    open_rows(store, rows).tags.create(tag, rows.version)


def derive(
    store: Store, parent: Rows, changes: list[Callable[["lance.LanceDataset"], Any]]
) -> Rows:
    """Commit changes on top of a version, however many others do so at the same time.

    Each change makes at most one commit. The result holds the parent and these changes only:
    every commit must follow the one before it directly, or everything starts again. What failed
    attempts leave behind are versions that no document names.

    Raises:
        ConflictError: Others were faster every time.
    """
    for attempt in range(_ATTEMPTS):
        version = _try_derive(store, parent, changes)
        if version is not None:
            store.sync(parent.path)
            return Rows(parent.path, version)
        time.sleep(random.Random(uuid.uuid4().int).uniform(0, 0.02 * (attempt + 1)))
    raise ConflictError(
        f"`{store.url(parent.path)}` was changed by others {_ATTEMPTS} times in a row.",
        hint="try again",
    )


def _try_derive(
    store: Store, parent: Rows, changes: list[Callable[["lance.LanceDataset"], Any]]
) -> int | None:
    dataset = open_rows(store, parent)
    try:
        dataset.restore()
        version = dataset.version
        for change in changes:
            change(dataset)
            if dataset.version not in (version, version + 1):
                return None
            version = dataset.version
    except OSError as error:
        if "transaction" in str(error) or "conflict" in str(error).lower():
            return None
        raise
    return version


def append_rows(
    store: Store, path: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> int:
    """Append rows in one commit; safe while others append. Returns the new version."""
    return commit_fragments(store, path, write_fragments(store, path, batches, schema), schema)


def write_fragments(
    store: Store, path: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> list[str]:
    """Write rows that nobody sees yet; returns what `commit_fragments` needs, as JSON texts."""
    import json

    from lance.fragment import write_fragments as lance_fragments

    reader = pa.RecordBatchReader.from_batches(schema, map(unsliced, batches))
    fragments = lance_fragments(
        reader, store.url(path), mode="append", data_storage_version=STORAGE_VERSION
    )
    return [json.dumps(fragment.to_json()) for fragment in fragments]  # type: ignore[union-attr]


def commit_fragments(store: Store, path: str, fragments: list[str], schema: pa.Schema) -> int:
    """Make written rows visible, all at once. Returns the new version."""
    import lance

    dataset = latest_rows(store, path)
    if not fragments:
        return dataset.version
    parts = [lance.FragmentMetadata.from_json(text) for text in fragments]
    operation = lance.LanceOperation.Append(parts)
    committed = lance.LanceDataset.commit(store.url(path), operation, read_version=dataset.version)
    store.sync(path)
    return committed.version


def compact(store: Store, path: str) -> None:
    """Merge many small fragments into few: a scan of one is two to three times faster."""
    dataset = latest_rows(store, path)
    if len(dataset.get_fragments()) > 1:
        dataset.optimize.compact_files()
        store.sync(path)


def unsliced(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in memory of its own.

    Lance 14.0.2 panics on a slice of a struct column that has nulls (`assertion failed: end <=
    self.len()`), so whatever may be a slice goes through Arrow's IPC once.
    """
    if not any(pa.types.is_nested(field.type) for field in batch.schema):
        return batch
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return next(iter(pa.ipc.open_stream(sink.getvalue())))


def batches_of(table: pa.Table, size: int = 100_000) -> Iterator[pa.RecordBatch]:
    """A table in batches of at most `size` rows."""
    yield from table.to_batches(max_chunksize=size)
