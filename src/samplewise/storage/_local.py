"""Documents in a local folder."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from samplewise.errors import StoreError
from samplewise.storage._lock import file_lock
from samplewise.storage.stored_file import StoredFile

_WRITING, _DELETED = ".writing-", ".deleted-"
_UNENCODED = "/ !$&'()+,:;=@"  # by the `object_store` of Lance; and letters, digits, `-_.`


class LocalDocuments:
    """JSON documents as files: created by a hard link, replaced by a rename, both atomic.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def read(self, path: str) -> Any:
        """The document, or None."""
        try:
            return json.loads((self._root / path).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise StoreError(f"`{self._root / path}` cannot be read: {error}") from error

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise StoreError(f"`{self._root / path}` cannot be read: {error}") from error

    def create(self, path: str, text: bytes) -> bool:
        """Exclusive create."""
        target = self._root / path
        temporary = self._write_beside(target, text)
        try:
            os.link(temporary, target)
        except FileExistsError:
            return False
        except OSError as error:
            raise StoreError(
                f"the folder `{self._root}` must allow hard links, but its disk says: {error}",
                hint="put the store on a local disk: set SAMPLEWISE_ROOT to a folder there",
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync(target.parent)
        return True

    def replace(self, path: str, text: bytes) -> None:
        """Atomic replace."""
        target = self._root / path
        temporary = self._write_beside(target, text)
        try:
            os.replace(temporary, target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StoreError(f"`{target}` cannot be written: {error}") from error
        _sync(target.parent)

    def update(self, path: str, change: Callable[[Any], bytes]) -> bool:
        """Replace under a lock; False if there is no such document."""
        if not (self._root / path).parent.is_dir():
            return False
        with self.exclusive(str(Path(path).parent)):
            document = self.read(path)
            if document is None:
                return False
            self.replace(path, change(document))
            return True

    @contextlib.contextmanager
    def exclusive(self, path: str) -> Iterator[None]:
        """Only one process at a time is in here."""
        with file_lock(self._root / path / ".lock"):
            yield

    def children(self, path: str) -> list[str]:
        """Names of folders."""
        try:
            with os.scandir(self._root / path) as entries:
                names = [entry.name for entry in entries if entry.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(name for name in names if not name.startswith("."))

    def documents(self, path: str) -> list[str]:
        """Names of documents without their ending."""
        try:
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
            left = [n for n in children if n.startswith(_DELETED)]
            children[:] = [n for n in children if n not in left and not n.endswith(".lance")]
            for name in [*left, *(n for n in names if n.startswith(_WRITING))]:
                yield Path(os.path.relpath(os.path.join(folder, name), self._root)).as_posix()

    def remove(self, path: str) -> None:
        """Delete a file or a folder, and the folders around it that are empty then."""
        target = self._root / path
        if target.is_dir():
            # Renamed first: nobody sees a folder of which half is gone.
            doomed = target.with_name(f"{_DELETED}{os.getpid()}-{target.name.lstrip('.')}")
            with contextlib.suppress(FileNotFoundError), _told_as_store_error(target, "deleted"):
                os.replace(target, doomed)
                shutil.rmtree(doomed, ignore_errors=True)
        else:
            gone = contextlib.suppress(FileNotFoundError, NotADirectoryError)
            with gone, _told_as_store_error(target, "deleted"):
                target.unlink()
        for folder in target.parents:
            if folder == self._root or not _remove_if_empty(folder):
                break

    def remove_misnamed(self, path: str) -> None:
        """Delete the folders of a path under its percent-encoded name, as far as they are empty."""
        target = str(self._root / path)
        misnamed = quote(target, safe=_UNENCODED).replace("~", "%7E")
        if misnamed != target:
            with contextlib.suppress(OSError):
                os.removedirs(misnamed)

    def touch(self, path: str) -> None:
        """Set the time of a file to now."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()

    def touched(self, path: str) -> float | None:
        """The time of a file."""
        try:
            return (self._root / path).stat().st_mtime
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sync(self, path: str) -> None:
        """fsync a file and its folders, or all files below a folder."""
        target = self._root / path
        if target.is_file():
            for file_or_folder in (target, target.parent, target.parent.parent):
                _sync(file_or_folder)  # both folders may be as new as the file
        else:
            _sync_but(target, set())

    @contextlib.contextmanager
    def synced(self, path: str) -> Iterator[None]:
        """fsync on leaving what is new below a folder.

        By name and not by time: clocks of file systems are coarse, or those of another machine.
        """
        target = self._root / path
        known = {
            os.path.join(folder, name) for folder, _, names in os.walk(target) for name in names
        }
        yield
        _sync_but(target, known)

    def _write_beside(self, target: Path, text: bytes) -> Path:
        try:
            handle, name = _temporary_in(target.parent)
        except OSError as error:
            raise _cannot_write(target, error) from error
        try:
            with open(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)  # mkstemp makes files that only their owner may read
        except BaseException as error:
            Path(name).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _cannot_write(target, error) from error
            raise
        return Path(name)


def _temporary_in(folder: Path) -> tuple[int, str]:
    for attempt in range(5):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return tempfile.mkstemp(prefix=_WRITING, dir=folder)
        except FileNotFoundError:  # somebody removed the empty folder just now
            if attempt == 4:
                raise
    raise AssertionError("the loop returns or raises")


@contextlib.contextmanager
def _told_as_store_error(target: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise StoreError(f"`{target}` cannot be {what}: {error}") from error


def _cannot_write(target: Path, error: OSError) -> StoreError:
    return StoreError(
        f"`{target}` cannot be written: {error}",
        hint="choose another folder with SAMPLEWISE_ROOT or `root_url`",
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


def _sync_but(target: Path, known: set[str]) -> None:
    """fsync the files below a folder that are not known, and all folders."""
    for folder, _, names in os.walk(target):
        for name in names:
            if os.path.join(folder, name) not in known:
                _sync(Path(folder, name))
        _sync(Path(folder))


def _sync(path: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
