"""Lance data of a store: written once under a fresh id, changed by commits that cannot mix."""

import json
import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import ConflictError
from samplewise.storage._lance import loaded_lance, told_as_store_error
from samplewise.storage.store import Store

if TYPE_CHECKING:
    import lance

STORAGE_VERSION = "2.2"
"""Lance's file format. 2.0 cannot hold a null struct; pinned so that old readers keep reading."""

_ATTEMPTS = 40
_SMALL = 5_000  # rows; fragments of fewer make a scan slow where there are many
_MANY = 8
_PIECE = 65_536  # rows
_TARGET = 100_000  # rows of a merged fragment; those that have so many are never written again


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
    """Write Lance data at a fresh path; nothing refers to it until a document does.

    Raises:
        StoreError: The store cannot be written, or making the batches failed.
        ForkError: The process forked after it used a table.
    """
    reader = pa.RecordBatchReader.from_batches(schema, _pieces(batches))
    with told_as_store_error(store, path, "written"):
        dataset = loaded_lance().write_dataset(
            reader,
            store.lance_url(path),
            mode="create",
            data_storage_version=STORAGE_VERSION,
            storage_options=store.lance_options,
        )
    store.sync(path)
    return Rows(path, dataset.version)


def open_rows(store: Store, rows: Rows) -> "lance.LanceDataset":
    """Lance data at that version.

    Raises:
        StoreError: It is gone, or cannot be read.
        ForkError: The process forked after it used a table.
    """
    with told_as_store_error(store, rows.path, f"opened at version {rows.version}"):
        return loaded_lance().dataset(
            store.lance_url(rows.path), version=rows.version, storage_options=store.lance_options
        )


def refuse_after_fork() -> None:
    """Refuse to read Lance data in a process that forked after it used some.

    Raises:
        ForkError: It did.
    """
    loaded_lance()


def latest_rows(store: Store, path: str) -> "lance.LanceDataset":
    """Lance data at its latest version; see `open_rows` for errors."""
    with told_as_store_error(store, path, "opened"):
        return loaded_lance().dataset(store.lance_url(path), storage_options=store.lance_options)


def protect(store: Store, rows: Rows, tag: str) -> None:
    """Keep a version from ever being cleaned up, until `unprotect`."""
    with told_as_store_error(store, rows.path, "tagged"), store.synced(rows.path):
        for attempt in range(_ATTEMPTS):
            try:
                open_rows(store, rows).tags.create(tag, rows.version)
                break
            except OSError as error:  # somebody removed the misnamed folders just now
                if "(os error 2)" not in str(error):
                    raise
                _pause(attempt)
    store.remove_misnamed(f"{rows.path}/_refs/tags")


def expire(store: Store, path: str, tags: set[str], older_than_s: float) -> int:
    """Let go of all versions but the latest and those of some tags; returns the bytes freed.

    Args:
        store: Where the data lies.
        path: The data.
        tags: Tags to keep; the others are deleted.
        older_than_s: Versions that are younger stay, for those who read them.
    """
    from datetime import timedelta

    with told_as_store_error(store, path, "cleaned up"):
        dataset = latest_rows(store, path)
        for tag in set(dataset.tags.list()) - tags:
            dataset.tags.delete(tag)
        freed = dataset.cleanup_old_versions(
            older_than=timedelta(seconds=older_than_s), error_if_tagged_old_versions=False
        )
        return freed.bytes_removed


def derive(
    store: Store, parent: Rows, changes: list[Callable[["lance.LanceDataset"], Any]]
) -> Rows:
    """Commit changes on top of a version, however many others do so at the same time.

    Each change makes at most one commit. The result holds the parent and these changes only:
    every commit must follow the one before it directly, or everything starts again. What failed
    attempts leave behind are versions that no document names.

    Raises:
        ConflictError: Others were faster every time.
        StoreError: The store cannot be written.
    """
    for attempt in range(_ATTEMPTS):
        with store.exclusive(parent.path.rpartition("/")[0]), store.synced(parent.path):
            version = _try_derive(store, parent, changes)
        if version is not None:
            return Rows(parent.path, version)
        _pause(attempt)
    raise _lost(store, parent.path)


def _try_derive(
    store: Store, parent: Rows, changes: list[Callable[["lance.LanceDataset"], Any]]
) -> int | None:
    dataset = open_rows(store, parent)
    with told_as_store_error(store, parent.path, "changed"):
        try:
            dataset.restore()
            version = dataset.version
            for change in changes:
                change(dataset)
                if dataset.version not in (version, version + 1):
                    return None
                version = dataset.version
        except OSError as error:
            if _is_conflict(error):
                return None
            raise
    return version


def write_fragments(
    store: Store, path: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> list[str]:
    """Write rows that nobody sees yet; returns what `commit_fragments` needs, as JSON texts.

    Raises:
        StoreError: The store cannot be written.
        ForkError: The process forked after it used a table.
    """
    reader = pa.RecordBatchReader.from_batches(schema, _pieces(batches))
    with told_as_store_error(store, path, "written"):
        fragments = loaded_lance().fragment.write_fragments(
            reader,
            store.lance_url(path),
            mode="append",
            data_storage_version=STORAGE_VERSION,
            storage_options=store.lance_options,
        )
    written = [fragment.to_json() for fragment in fragments]
    for file in (file for fragment in written for file in fragment["files"]):
        store.sync(f"{path}/data/{file['path']}")
    return [json.dumps(fragment) for fragment in written]


def commit_fragments(store: Store, path: str, fragments: list[str]) -> int:
    """Make written rows visible, all at once. Returns the new version.

    Raises:
        ConflictError: Others were faster every time.
        StoreError: The store cannot be written.
    """
    lance = loaded_lance()
    parts = [lance.FragmentMetadata.from_json(text) for text in fragments]
    for attempt in range(_ATTEMPTS):
        dataset = latest_rows(store, path)
        if not parts:
            return dataset.version
        with told_as_store_error(store, path, "written"):
            try:
                committed = lance.LanceDataset.commit(
                    store.lance_url(path),
                    lance.LanceOperation.Append(parts),
                    read_version=dataset.version,
                    storage_options=store.lance_options,
                )
            except OSError as error:
                if not _is_conflict(error):
                    raise
                _pause(attempt)
                continue
        store.sync(f"{path}/_versions/{manifest_name(committed.version)}")
        return committed.version
    raise _lost(store, path)


def manifest_name(version: int) -> str:
    """How Lance names the file that makes a version: the newest comes first in a listing."""
    return f"{2**64 - 1 - version:020}.manifest"


def compact(store: Store, path: str) -> None:
    """Merge fragments where there are many small ones: a scan of few is up to three times faster.

    Raises:
        StoreError: The store cannot be written, or others were faster.
    """
    dataset = latest_rows(store, path)
    count = len(dataset.get_fragments())
    if count > _MANY and dataset.count_rows() < count * _SMALL:
        with told_as_store_error(store, path, "compacted"), store.synced(path):
            dataset.optimize.compact_files(target_rows_per_fragment=_TARGET)


def unsliced(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch, its nested columns in memory of their own.

    Lance 14.0.2 panics on slices of structs and lists (`assertion failed: end <= self.len()`), so
    whatever may be a slice is copied.
    """
    columns = [
        pa.concat_arrays([c.slice(0, 0), c]) if pa.types.is_nested(c.type) else c
        for c in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches that Lance can write; copied a piece at a time, which costs next to nothing."""
    for batch in batches:
        for start in range(0, batch.num_rows, _PIECE):
            yield unsliced(batch.slice(start, _PIECE))


def _is_conflict(error: OSError) -> bool:
    text = str(error).lower().replace("_transactions", "")  # a folder, in errors of the disk
    return "transaction" in text or "conflict" in text


def _pause(attempt: int) -> None:
    time.sleep(random.Random(uuid.uuid4().int).uniform(0, 0.02 * (attempt + 1)))


def _lost(store: Store, path: str) -> ConflictError:
    return ConflictError(
        f"`{store.url(path)}` was changed by others {_ATTEMPTS} times in a row.", hint="try again"
    )
