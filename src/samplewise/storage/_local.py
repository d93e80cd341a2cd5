"""Documents in a local folder."""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from samplewise.errors import StoreError


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

    def create(self, path: str, document: dict[str, Any]) -> bool:
        """Exclusive create."""
        target = self._root / path
        temporary = self._write_beside(target, document)
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
            temporary.unlink()
        _sync(target.parent)
        return True

    def replace(self, path: str, document: dict[str, Any]) -> None:
        """Atomic replace."""
        target = self._root / path
        temporary = self._write_beside(target, document)
        os.replace(temporary, target)
        _sync(target.parent)

    def children(self, path: str) -> list[str]:
        """Names of folders."""
        try:
            with os.scandir(self._root / path) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def documents(self, path: str) -> list[str]:
        """Names of documents without their ending."""
        try:
            names = os.listdir(self._root / path)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(n[:-5] for n in names if n.endswith(".json") and not n.startswith("."))

    def remove(self, path: str) -> None:
        """Delete a file or a folder."""
        target = self._root / path
        if target.is_dir():
            # Renamed first: nobody sees a folder of which half is gone.
            doomed = target.with_name(f".deleted-{os.getpid()}-{target.name}")
            with contextlib.suppress(FileNotFoundError):
                os.replace(target, doomed)
                shutil.rmtree(doomed, ignore_errors=True)
        else:
            target.unlink(missing_ok=True)

    def touch(self, path: str) -> None:
        """Set the time of a file to now."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()

    def touched(self, path: str) -> float | None:
        """The time of a file."""
        try:
            return (self._root / path).stat().st_mtime
        except FileNotFoundError:
            return None

    def sync(self, path: str) -> None:
        """fsync every file and folder below a folder."""
        for folder, _, names in os.walk(self._root / path):
            for name in names:
                _sync(Path(folder, name))
            _sync(Path(folder))

    def _write_beside(self, target: Path, document: dict[str, Any]) -> Path:
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
            with open(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(
                f"`{target}` cannot be written: {error}",
                hint="choose another folder with SAMPLEWISE_ROOT or `root_url`",
            ) from error
        os.chmod(name, 0o644)  # mkstemp makes files that only their owner may read
        return Path(name)


def _sync(path: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
