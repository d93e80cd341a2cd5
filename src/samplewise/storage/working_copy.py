"""Where Lance commits before anybody can see it.

Lance makes a version visible and syncs nothing: after a power loss its manifest may be empty, or
the data that it names. So on a local disk a change is committed in a *working copy*: a folder with
links to the manifests that it builds on and to the folders of the data. What came of it is then
published: data and checksums are synced, then the folders with their names, then the manifest,
and only then does a hard link, which exactly one writer can make, put the manifest in its place.

On an object store, where a put is whole and lasts, Lance commits in place by a conditional put.
"""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from samplewise._notes import warn
from samplewise.storage._lance import load_lance
from samplewise.storage._local import WRITING, link_error
from samplewise.storage._modes import follow_folder
from samplewise.storage._sync import everything_below, make_folder, sync, sync_folder
from samplewise.storage.checksums import append_checksums, checksum
from samplewise.storage.store import Store
from samplewise.storage.versions import (
    VERSIONS,
    data_files,
    manifest_path,
    manifest_problem,
    versions_in,
)
from samplewise.storage.whole_rows import version_problem

if TYPE_CHECKING:
    import lance

DAMAGED = "damaged"
"""Folder in the Lance data where what is damaged is kept, out of the way."""

_TAGS = "_refs/tags"


class WorkingCopy:
    """Some Lance data as its next writer sees it.

    Args:
        store: The store.
        path: The data, below the root.
        folder: The working copy, below the root; the data itself on an object store.
        versions: The versions that can be built on; the newest one that is whole is among them.
    """

    def __init__(self, store: Store, path: str, folder: str, versions: Sequence[int]) -> None:
        self._store = store
        self._newest = max(versions)
        self._target = path
        self._folder = folder
        self.url = store.lance_url(folder)

    def open(self, version: int) -> "lance.LanceDataset":
        """A version of the data."""
        return load_lance().dataset(
            self.url, version=version, storage_options=self._store.lance_options
        )

    def publish(self, changed: "lance.LanceDataset", base: "lance.LanceDataset") -> bool:
        """Make a version visible once all that it consists of is on the disk.

        Args:
            changed: The version, committed in this copy.
            base: The version that it was made of; its files are on the disk already.

        Returns:
            False if another writer has published a version of that number.

        Raises:
            StoreError: The disk is full, or does not keep what was written.
        """
        if self._store.is_remote:
            return True
        manifest = manifest_path(changed.version)
        self._set_damaged_aside()
        self._sync_data(changed, base, manifest)
        return self._link(manifest)

    def publish_tag(self, tag: str) -> None:
        """Make a tag visible that was made in this copy."""
        self._store.remove_misnamed(f"{self._folder}/{_TAGS}")
        if not self._store.is_remote:
            name = f"{_TAGS}/{tag}.json"
            sync(self._own / name)
            make_folder(self._all / _TAGS)
            self._link(name)

    @property
    def _own(self) -> Path:
        return Path(self._store.url(self._folder))

    @property
    def _all(self) -> Path:
        return Path(self._store.url(self._target))

    def _sync_data(
        self, changed: "lance.LanceDataset", base: "lance.LanceDataset", manifest: str
    ) -> None:
        known = data_files(base)
        new = {name: self._all / name for name in data_files(changed) if name not in known}
        new[manifest] = self._own / manifest
        folders = {path.parent for path in new.values()}
        _sync_with_checksums(self._all, new, [self._all, *folders])

    def _link(self, name: str) -> bool:
        target = self._all / name
        follow_folder([self._own / name], target.parent)
        try:
            os.link(self._own / name, target)
        except FileExistsError:
            return False
        except OSError as error:
            raise link_error(self._store.root, target, error) from error
        sync_folder(target.parent)
        return True

    def _set_damaged_aside(self) -> None:
        """Move away what hides the new version, or has its place, and is not whole."""
        for version in versions_in(self._all):
            if version > self._newest and version_problem(self._store, self._target, version):
                set_aside(self._store, self._target, manifest_path(version))


@contextlib.contextmanager
def working_copy(store: Store, path: str, versions: Sequence[int]) -> Iterator[WorkingCopy]:
    """A working copy of some Lance data, for as long as nobody else of this machine has one.

    Args:
        store: The store.
        path: The data.
        versions: The versions that can be built on, and the newest one that is whole.

    Raises:
        ConflictError: Another process has held the data for a minute.
        StoreError: The store cannot be written.
    """
    if store.is_remote:
        yield WorkingCopy(store, path, path, versions)
        return
    store.check_place(path)
    parent = path.rpartition("/")[0]
    folder = f"{parent}/{WRITING}{uuid.uuid4().hex}".lstrip("/")
    with store.exclusive(parent):
        try:
            _link_all(Path(store.url(path)), Path(store.url(folder)), versions)
            yield WorkingCopy(store, path, folder, versions)
        finally:
            shutil.rmtree(store.url(folder), ignore_errors=True)  # `vacuum` finds it


def keep_new(store: Store, path: str, dataset: "lance.LanceDataset") -> None:
    """Note checksums of new data that nobody knows of yet, and sync it.

    Raises:
        StoreError: The disk is full, or does not keep what was written.
    """
    if not store.is_remote:
        folder = Path(store.url(path))
        around = [each for each in reversed(folder.parents) if each.is_relative_to(store.root)]
        follow_folder([*around, *everything_below(folder)])
        names = [*data_files(dataset), manifest_path(dataset.version)]
        _sync_with_checksums(folder, {name: folder / name for name in names}, [])
        store.sync(path)


def _sync_with_checksums(data: Path, new: Mapping[str, Path], folders: Sequence[Path]) -> None:
    """Sync new files and note their checksums, which are made while the disk is busy."""
    ours = [path for path in new.values() if path.is_relative_to(data)]
    follow_folder([*{path.parent for path in ours} - {data}, *ours])
    with ThreadPoolExecutor(1) as pool:
        synced = pool.submit(sync, *new.values(), *folders)
        sums = {name: checksum(path) for name, path in new.items()}
        synced.result()
    noted = append_checksums(data, sums)
    follow_folder([noted])
    sync(noted, data)


def set_damaged_aside(store: Store, path: str, named: set[int]) -> list[str]:
    """Move damaged manifests out of the way; returns where they are, below the root.

    Args:
        store: The store.
        path: The data.
        named: Versions that a table has, which stay where they are.

    Raises:
        StoreError: The store cannot be read or written.
    """
    damaged = [
        version
        for version in versions_in(store.url(path))
        if version not in named and manifest_problem(store.url(path), version) is not None
    ]
    return [set_aside(store, path, manifest_path(version)) for version in damaged]


def set_aside(store: Store, path: str, name: str) -> str:
    """Move a damaged file out of the way, and say so; returns where it is, below the root."""
    folder = Path(store.url(path))
    kept = f"{DAMAGED}/{name.replace('/', '-')}-{uuid.uuid4().hex[:8]}"
    try:
        make_folder(folder / DAMAGED)
        os.replace(folder / name, folder / kept)
    except OSError as error:
        raise link_error(store.root, folder / kept, error) from error
    sync(folder / DAMAGED, (folder / name).parent)
    warn(f"`{folder / name}` was damaged and is now `{folder / kept}`.")
    return f"{path}/{kept}"


def _link_all(data: Path, copy: Path, versions: Sequence[int]) -> None:
    try:
        make_folder(data / "data")
        make_folder(data / "_deletions")
        os.makedirs(copy / VERSIONS)
        for name in ("data", "_deletions"):
            os.symlink(data / name, copy / name, target_is_directory=True)
        for version in versions:
            os.link(data / manifest_path(version), copy / manifest_path(version))
    except OSError as error:
        raise link_error(data.parent, copy, error) from error
