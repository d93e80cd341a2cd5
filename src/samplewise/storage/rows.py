"""Lance data of a store: written once under a fresh id, changed by commits that cannot mix."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.storage._lance import call_lance, load_lance, open_lance, saying_store_error
from samplewise.storage.commits import (
    ATTEMPTS,
    commit,
    is_conflict,
    latest_rows,
    make_conflict,
    pause,
)
from samplewise.storage.store import Store
from samplewise.storage.whole_rows import open_whole
from samplewise.storage.working_copy import WorkingCopy, keep_new, set_damaged_aside, working_copy

if TYPE_CHECKING:
    import lance

STORAGE_VERSION = "2.2"
"""Lance's file format. 2.0 cannot hold a null struct; pinned so that old readers keep reading."""

_SMALL = 5_000  # rows; fragments of fewer make a scan slow where there are many
_MANY = 8
_PIECE = 65_536  # rows
_BATCH = 4_096  # rows in memory at a time where they are written anew
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

    def write() -> "lance.LanceDataset":
        try:
            return load_lance().write_dataset(
                reader,
                store.lance_url(path),
                mode="create",
                data_storage_version=STORAGE_VERSION,
                storage_options=store.lance_options,
            )
        except (OSError, ValueError):
            written = _find_unheard(store, path)
            if written is None:
                raise
            return written

    with saying_store_error(store, path, "written"):
        dataset = call_lance(store, path, "written", write)
        keep_new(store, path, dataset)
    return Rows(path, dataset.version)


def _find_unheard(store: Store, path: str) -> "lance.LanceDataset | None":
    """New data whose commit was done, and the answer lost: nobody else can have its path."""
    if not store.is_remote:
        return None
    try:
        return open_lance(store, path)
    except (OSError, ValueError):
        return None


def open_rows(store: Store, rows: Rows) -> "lance.LanceDataset":
    """Lance data at that version.

    Raises:
        StoreError: It is gone, damaged, or cannot be read.
        ForkError: The process forked after it used a table.
    """
    with saying_store_error(store, rows.path, f"opened at version {rows.version}"):
        if store.is_remote:
            return open_lance(store, rows.path, rows.version)
        return open_whole(store, rows.path, rows.version)


def refuse_after_fork() -> None:
    """Refuse to read Lance data in a process that forked after it used some.

    Raises:
        ForkError: It did.
    """
    load_lance()


def protect(store: Store, rows: Rows, tag: str) -> None:
    """Keep a version from ever being cleaned up, until `unprotect`."""
    with (
        saying_store_error(store, rows.path, "tagged"),
        working_copy(store, rows.path, [rows.version]) as copy,
    ):
        call_lance(store, rows.path, "tagged", lambda: _tag(copy, rows.version, tag))
        copy.publish_tag(tag)


def _tag(copy: WorkingCopy, version: int, tag: str) -> None:
    for attempt in range(ATTEMPTS):
        tags = copy.open(version).tags
        try:
            tags.create(tag, version)
        except (OSError, ValueError) as error:
            if "(os error 2)" in str(error):  # somebody removed the misnamed folders just now
                pause(attempt)
                continue
            # On an object store it may be there, and the answer lost: its name is ours alone.
            if tags.list().get(tag, {}).get("version") != version:
                raise
        return


def expire(store: Store, path: str, tags: set[str], older_than_s: float) -> int:
    """Let go of all versions but the latest and those of some tags; returns the bytes freed.

    Args:
        store: Where the data lies.
        path: The data.
        tags: Tags to keep; the others are deleted.
        older_than_s: Versions that are younger stay, for those who read them.

    Raises:
        StoreError: It cannot be read or written; a version or a tag of it may be damaged.
    """
    with saying_store_error(store, path, "cleaned up"):
        return call_lance(
            store, path, "cleaned up", lambda: _expire(store, path, tags, older_than_s)
        )


def _expire(store: Store, path: str, tags: set[str], older_than_s: float) -> int:
    from datetime import timedelta

    dataset = latest_rows(store, path)
    there = dataset.tags.list()
    for tag in set(there) - tags:
        dataset.tags.delete(tag)
    if not store.is_remote:
        set_damaged_aside(store, path, {there[tag]["version"] for tag in tags & set(there)})
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
    for attempt in range(ATTEMPTS):
        base = open_rows(store, parent)
        latest = latest_rows(store, parent.path).version
        with working_copy(store, parent.path, sorted({parent.version, latest})) as copy:
            version = call_lance(
                store,
                parent.path,
                "changed",
                partial(_try_derive, store, parent.path, base, changes, copy),
            )
        if version is not None:
            return Rows(parent.path, version)
        pause(attempt)
    raise make_conflict(store, parent.path)


def _try_derive(
    store: Store,
    path: str,
    base: "lance.LanceDataset",
    changes: list[Callable[["lance.LanceDataset"], Any]],
    copy: WorkingCopy,
) -> int | None:
    with saying_store_error(store, path, "changed"):
        try:
            dataset = copy.open(base.version)
            dataset.restore()
            version = dataset.version
            for change in changes:
                change(dataset)
                if dataset.version not in (version, version + 1):
                    return None
                version = dataset.version
        except (OSError, ValueError) as error:
            if is_conflict(error):
                return None
            raise
        return version if copy.publish(dataset, base) else None


def write_fragments(
    store: Store, path: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> list[str]:
    """Write rows that nobody sees yet; returns what `commit_fragments` needs, as JSON texts.

    Raises:
        StoreError: The store cannot be written.
        ForkError: The process forked after it used a table.
    """
    reader = pa.RecordBatchReader.from_batches(schema, _pieces(batches))
    with saying_store_error(store, path, "written"):
        write = partial(
            load_lance().fragment.write_fragments,
            reader,
            latest_rows(store, path),  # Lance itself would take a damaged one
            mode="append",
            data_storage_version=STORAGE_VERSION,
            storage_options=store.lance_options,
        )
        fragments = call_lance(store, path, "written", write)
    return [json.dumps(fragment.to_json()) for fragment in fragments]


def sync_fragments(store: Store, path: str, fragments: list[str]) -> None:
    """Sync what `write_fragments` wrote: for a process of which another one commits the rows.

    Raises:
        StoreError: The disk does not keep it.
    """
    for file in (file for text in fragments for file in json.loads(text)["files"]):
        store.sync(f"{path}/data/{file['path']}")


def commit_fragments(store: Store, path: str, fragments: list[str]) -> int:
    """Make written rows visible, all at once. Returns the new version.

    Raises:
        ConflictError: Others were faster every time.
        StoreError: The store cannot be written.
    """
    lance = load_lance()
    dataset = latest_rows(store, path)
    if not fragments:
        return dataset.version
    parts = [lance.FragmentMetadata.from_json(text) for text in fragments]
    return commit(store, path, lance.LanceOperation.Append(parts), dataset)


def replace_rows(
    store: Store, path: str, schema: pa.Schema, condition: str, fragments: list[str]
) -> int:
    """Make written rows visible in the place of others, in one commit. Returns the new version.

    Args:
        store: Where the data lies.
        path: The data.
        schema: Of the data.
        condition: Which rows go, in SQL; never null.
        fragments: What `write_fragments` returned; may be empty.

    Raises:
        ConflictError: Others were faster every time.
        StoreError: The store cannot be written, or others have changed these rows.
    """
    lance = load_lance()
    dataset = latest_rows(store, path)
    touched = [each for each in dataset.get_fragments() if each.count_rows(filter=condition)]
    if not touched:
        return commit_fragments(store, path, fragments)
    kept = dataset.scanner(
        fragments=touched, filter=f"NOT ({condition})", scan_in_order=True, batch_size=_BATCH
    )
    batches = [batch for batch in kept.to_batches() if batch.num_rows]
    texts = [*(write_fragments(store, path, batches, schema) if batches else ()), *fragments]
    update = lance.LanceOperation.Update(
        removed_fragment_ids=[each.fragment_id for each in touched],
        new_fragments=[lance.FragmentMetadata.from_json(text) for text in texts],
    )
    return commit(store, path, update, dataset)


def compact(store: Store, path: str) -> None:
    """Merge fragments where there are many small ones: a scan of few is up to three times faster.

    Raises:
        StoreError: The store cannot be written, or others were faster.
    """
    dataset = latest_rows(store, path)
    fragments = dataset.get_fragments()
    if len(fragments) > _MANY and dataset.count_rows() < len(fragments) * _SMALL:
        small = [each for each in fragments if each.count_rows() < _TARGET]
        write_anew(store, path, dataset, small)


def write_anew(
    store: Store, path: str, dataset: "lance.LanceDataset", fragments: Sequence[Any]
) -> None:
    """The same rows in files of their own; rows that others append meanwhile stay.

    Args:
        store: Where the data lies.
        path: The data.
        dataset: A version of it.
        fragments: Which of its fragments; their rows stand one after another then.

    Raises:
        StoreError: The store cannot be written, or others have changed these rows.
    """
    lance = load_lance()
    if not fragments:
        return
    scanner = dataset.scanner(fragments=fragments, scan_in_order=True, batch_size=_BATCH)
    texts = write_fragments(store, path, scanner.to_batches(), dataset.schema)
    new = [lance.FragmentMetadata.from_json(text) for text in texts]
    old = [fragment.metadata for fragment in fragments]
    rewrite = lance.LanceOperation.Rewrite([lance.LanceOperation.RewriteGroup(old, new)], [])
    commit(store, path, rewrite, dataset)


def copy_slices(batch: pa.RecordBatch) -> pa.RecordBatch:
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
            yield copy_slices(batch.slice(start, _PIECE))
