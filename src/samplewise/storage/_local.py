"""Documents in a local folder."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from samplewise.errors import StoreError
from samplewise.storage._lock import file_lock
from samplewise.storage._modes import follow_folder
from samplewise.storage._sync import (
    everything_below,
    make_folder,
    reason,
    saying_store_error,
    sync,
    sync_folder,
)
from samplewise.storage.stored_file import StoredFile

WRITING, _DELETED = ".writing-", ".deleted-"
"""How files and folders start that are being written, or deleted."""

LAST = ".last"
"""How the version of a document ends that was before the one that is there."""

_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK}
_UNENCODED = "/ !$&'()+,:;=@"  # by the `object_store` of Lance; and letters, digits, `-_.`


class LocalDocuments:
    """JSON documents as files: created by a hard link, replaced by a rename, both atomic.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def _at(self, path: str) -> Path:
        """Where something lies: in the folder of its project, to which no link adds another."""
        target = self._root / path
        project, _, below = path.partition("/")
        if below:
            place = os.path.join(os.path.realpath(self._root / project), os.path.normpath(below))
            if os.path.realpath(target) != place:
                raise StoreError(
                    f"`{target}` is not in the folder of project `{project}`: there is a link.",
                    hint="put what the link leads to in its place; the root, or the folder of a "
                    "project, may be links",
                )
        return target

    def check_place(self, path: str) -> None:
        """Refuse a path that leads elsewhere.

        Raises:
            StoreError: It does.
        """
        self._at(path)

    def read(self, path: str) -> Any:
        """The document, or None."""
        target = self._at(path)
        try:
            with saying_store_error(target, "read"):
                return json.loads(target.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError) as error:
            raise StoreError(f"`{target}` cannot be read: it is damaged: {error}") from error

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        target = self._at(path)
        try:
            return target.read_bytes()
        except OSError as error:
            raise StoreError(f"`{target}` cannot be read: {reason(error)}") from error

    def create(self, path: str, text: bytes) -> bool:
        """Exclusive create."""
        target = self._at(path)
        temporary = self._write_beside(target, text)
        try:
            os.link(temporary, target)
        except FileExistsError:
            return False
        except OSError as error:
            raise link_error(self._root, target, error) from error
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
        return True

    def replace(self, path: str, text: bytes) -> None:
        """Atomic replace."""
        target = self._at(path)
        temporary = self._write_beside(target, text)
        try:
            os.replace(temporary, target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise _cannot_write(target, error) from error
        sync_folder(target.parent)

    def update(self, path: str, change: Callable[[Any], bytes]) -> bool:
        """Replace under a lock; False if there is no such document."""
        if not self._at(path).parent.is_dir():
            return False
        with self.exclusive(str(Path(path).parent)):
            document = self.read(path)
            if document is None:
                return False
            changed = change(document)
            self._keep_last(self._at(path))
            self.replace(path, changed)
            return True

    def _keep_last(self, target: Path) -> None:
        """Keep what is about to be replaced, for `check --repair`; it is one link more."""
        kept = target.with_name(f"{WRITING}{uuid.uuid4().hex}")
        try:
            os.link(target, kept)
            os.replace(kept, f"{target}{LAST}")
        except OSError as error:
            kept.unlink(missing_ok=True)
            raise link_error(self._root, target, error) from error

    @contextlib.contextmanager
    def exclusive(self, path: str) -> Iterator[None]:
        """Only one process at a time is in here."""
        with file_lock(self._at(path) / ".lock"):
            yield

    def children(self, path: str) -> list[str]:
        """Names of folders."""
        try:
            with (
                saying_store_error(self._root / path, "listed"),
                os.scandir(self._root / path) as entries,
            ):
                names = [entry.name for entry in entries if entry.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(name for name in names if not name.startswith("."))

    def documents(self, path: str) -> list[str]:
        """Names of documents without their ending."""
        try:
            with saying_store_error(self._root / path, "listed"):
                names = os.listdir(self._root / path)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(n[:-5] for n in names if n.endswith(".json") and not n.startswith("."))

    def files(self, path: str) -> Iterator[StoredFile]:
        """All files below a folder."""
        for folder, _, names in os.walk(self._root / path):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    stat = os.stat(os.path.join(folder, name))
                    below = os.path.relpath(os.path.join(folder, name), self._root)
                    yield StoredFile(Path(below).as_posix(), stat.st_size, stat.st_mtime)

    def leftovers(self, path: str) -> Iterator[str]:
        """Paths of what killed processes left behind, below a folder, but not in Lance data."""
        for folder, children, names in os.walk(self._root / path):
            left = [n for n in children if n.startswith((_DELETED, WRITING))]
            children[:] = [n for n in children if n not in left and not n.endswith(".lance")]
            for name in [*left, *(n for n in names if n.startswith(WRITING))]:
                yield Path(os.path.relpath(os.path.join(folder, name), self._root)).as_posix()

    def remove(self, path: str) -> None:
        """Delete a file or a folder, and the folders around it that are empty then."""
        self._at(path.rpartition("/")[0])
        target = self._root / path
        if target.is_dir() and not target.is_symlink():
            # Renamed first: nobody sees a folder of which half is gone.
            doomed = target.with_name(f"{_DELETED}{os.getpid()}-{target.name.lstrip('.')}")
            with contextlib.suppress(FileNotFoundError), saying_store_error(target, "deleted"):
                os.replace(target, doomed)
                sync_folder(target.parent)
                shutil.rmtree(doomed, ignore_errors=True)
        else:
            gone = contextlib.suppress(FileNotFoundError, NotADirectoryError)
            with gone, saying_store_error(target, "deleted"):
                target.unlink()
                sync_folder(target.parent)
        for folder in target.parents:
            if folder == self._root or not _remove_if_empty(folder):
                break

    def remove_misnamed(self, path: str) -> None:
        """Delete the folders of a path under its percent-encoded name, as far as they are empty."""
        target = str(self._at(path))
        misnamed = quote(target, safe=_UNENCODED).replace("~", "%7E")
        if misnamed != target:
            with contextlib.suppress(OSError):
                os.removedirs(misnamed)

    def touch(self, path: str) -> None:
        """Set the time of a file to now."""
        target = self._at(path)
        try:
            make_folder(target.parent)
            target.touch()
            follow_folder([target])
        except OSError as error:
            raise _cannot_write(target, error) from error

    def touch_time(self, path: str) -> float | None:
        """The time of a file."""
        try:
            with saying_store_error(self._root / path, "read"):
                return (self._root / path).stat().st_mtime
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sync(self, path: str) -> None:
        """fsync a file, or a folder with all that is below it and the names of the folders."""
        target = self._at(path)
        if target.is_file():
            sync(target)
        else:
            sync(*everything_below(target), *self._folders_around(target))

    def _folders_around(self, target: Path) -> list[Path]:
        around = [self._root, *self._root.parents]
        return [folder for folder in target.parents if folder not in around[1:]]

    def _write_beside(self, target: Path, text: bytes) -> Path:
        try:
            handle, name = _temporary_in(target.parent)
        except StoreError:
            raise
        except OSError as error:
            raise _cannot_write(target, error) from error
        try:
            with open(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)  # mkstemp makes files that only their owner may read
            follow_folder([name])
        except BaseException as error:
            Path(name).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _cannot_write(target, error) from error
            raise
        return Path(name)


def _temporary_in(folder: Path) -> tuple[int, str]:
    for attempt in range(5):
        make_folder(folder)
        try:
            return tempfile.mkstemp(prefix=WRITING, dir=folder)
        except FileNotFoundError:  # somebody removed the empty folder just now
            if attempt == 4:
                raise
    raise AssertionError("the loop returns or raises")


def link_error(root: str | Path, target: str | Path, error: OSError) -> StoreError:
    """What to say where a hard link failed."""
    if error.errno not in _NO_LINKS:
        return _cannot_write(target, error)
    return StoreError(
        f"the folder `{root}` must allow hard links, but its disk says: {reason(error)}",
        hint="put the store on a local disk: set SAMPLEWISE_ROOT to a folder there",
    )


def _cannot_write(target: str | Path, error: OSError) -> StoreError:
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    free = "free some room: `samplewise vacuum` deletes what nothing names any more; or "
    return StoreError(
        f"`{target}` cannot be written: {reason(error)}",
        hint=f"{free if is_full else ''}choose another folder with SAMPLEWISE_ROOT or `root_url`",
    )


def _remove_if_empty(folder: Path) -> bool:
    try:
        names = os.listdir(folder)
        if names == [".lock"]:
            (folder / ".lock").unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        return False
    return True
