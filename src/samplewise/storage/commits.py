"""One commit on top of what others may have committed meanwhile, done once or not at all."""

import random
import time
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from samplewise.errors import ConflictError
from samplewise.storage._lance import call_lance, load_lance, open_lance, saying_store_error
from samplewise.storage.store import Store
from samplewise.storage.versions import data_files, versions_in
from samplewise.storage.whole_rows import open_latest
from samplewise.storage.working_copy import WorkingCopy, working_copy

if TYPE_CHECKING:
    import lance

ATTEMPTS = 40


def latest_rows(store: Store, path: str) -> "lance.LanceDataset":
    """Lance data at its latest version that is whole; see `open_rows` for errors."""
    with saying_store_error(store, path, "opened"):
        return open_lance(store, path) if store.is_remote else open_latest(store, path)


def commit(store: Store, path: str, operation: Any, base: "lance.LanceDataset") -> int:
    """Commit one operation of Lance. Returns the new version.

    Args:
        store: Where the data lies.
        path: The data.
        operation: What was changed; its files are written already.
        base: The version that it was made of. What others have committed since must not stand in
            its way: rows may have been added.

    Raises:
        ConflictError: Others were faster every time.
        StoreError: The store cannot be written, or others have committed what stands in the way.
    """
    for attempt in range(ATTEMPTS):
        since = _versions_since(store, path, base.version)
        with saying_store_error(store, path, "written"), working_copy(store, path, since) as copy:
            try:
                changed = call_lance(
                    store, path, "written", partial(_commit, store, copy, operation, base.version)
                )
            except (OSError, ValueError) as error:
                if store.is_remote and (landed := _find_commit(store, path, operation, base)):
                    return landed
                if not is_conflict(error):
                    raise
                pause(attempt)
                continue
            if copy.publish(changed, base if len(since) == 1 else copy.open(since[-1])):
                return changed.version
    raise make_conflict(store, path)


def _commit(store: Store, copy: WorkingCopy, operation: Any, version: int) -> "lance.LanceDataset":
    # On an object store Lance would take a commit whose answer was lost for one of another
    # writer, and commit once more: the same rows would be there twice. We look first.
    retries = {"max_retries": 0} if store.is_remote else {}
    return load_lance().LanceDataset.commit(
        copy.url,
        operation,
        read_version=version,
        storage_options=store.lance_options,
        **retries,
    )


def _find_commit(store: Store, path: str, operation: Any, base: "lance.LanceDataset") -> int | None:
    """The latest version, if it has the files that an operation adds; None if it has not."""
    before = set(data_files(base))
    added = {f"data/{file.path}" for each in _fragments_of(operation) for file in each.files}
    latest = latest_rows(store, path)
    there = set(data_files(latest))
    return latest.version if added - before and added - before <= there else None


def _fragments_of(operation: Any) -> list[Any]:
    """The fragments that an operation of Lance makes or changes."""
    groups = getattr(operation, "groups", ())
    found = [each for group in groups for each in group.new_fragments]
    for name in ("fragments", "new_fragments", "updated_fragments"):
        found += getattr(operation, name, None) or ()
    return found


def _versions_since(store: Store, path: str, version: int) -> list[int]:
    """Those up to the latest that is whole: Lance looks at what was committed in between."""
    if store.is_remote:
        return [version]
    found = [each for each in versions_in(store.url(path)) if each >= version]
    if len(found) > 1:
        latest = latest_rows(store, path).version
        found = [each for each in found if each <= latest]
    return found


def is_conflict(error: Exception) -> bool:
    """Whether Lance says that another writer was faster."""
    text = str(error).lower().replace("_transactions", "")  # a folder, in errors of the disk
    return "transaction" in text or "conflict" in text


def pause(attempt: int) -> None:
    """Wait before the next attempt, longer each time, and never as long as another writer."""
    time.sleep(random.Random(uuid.uuid4().int).uniform(0, 0.02 * (attempt + 1)))


def make_conflict(store: Store, path: str) -> ConflictError:
    """What is said where others were faster every time."""
    return ConflictError(
        f"`{store.url(path)}` was changed by others {ATTEMPTS} times in a row.", hint="try again"
    )
