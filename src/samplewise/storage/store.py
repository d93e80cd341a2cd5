"""One root folder with everything in it: documents read and written whole, folders listed."""

import os
from pathlib import Path
from typing import Any

from samplewise.errors import InvalidArgumentError, NewerFormatError, StoreError
from samplewise.storage._local import LocalDocuments
from samplewise.storage._remote import RemoteDocuments

FORMAT_VERSION = 1
"""Version of the layout on disk. A newer one is refused; older ones keep opening."""

REMOTE_SCHEMES = ("s3://", "gs://", "az://")


def default_root() -> str:
    """`SAMPLEWISE_ROOT`, or the user's data folder on this system."""
    if root := os.environ.get("SAMPLEWISE_ROOT"):
        return root
    import platformdirs

    return platformdirs.user_data_dir("samplewise", appauthor=False)


class Store:
    """Documents and Lance data under one root.

    Args:
        root_url: A local folder, or an `s3://`, `gs://` or `az://` URL; None takes `default_root()`.

    Raises:
        InvalidArgumentError: `root_url` has a scheme that is not supported.
    """

    def __init__(self, root_url: str | Path | None = None) -> None:
        root = str(root_url if root_url is not None else default_root())
        if root.startswith("file://"):
            root = root.removeprefix("file://")
        self.is_remote = root.startswith(REMOTE_SCHEMES)
        if "://" in root and not self.is_remote:
            raise InvalidArgumentError(
                f"`root_url` must be a folder or start with {', '.join(REMOTE_SCHEMES)}, "
                f"but is {root!r}."
            )
        self.root = root.rstrip("/") if self.is_remote else str(Path(root).expanduser().absolute())
        self._documents = (
            RemoteDocuments(self.root) if self.is_remote else LocalDocuments(self.root)
        )

    def __repr__(self) -> str:
        return f"Store({self.root!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Store) and other.root == self.root

    def __hash__(self) -> int:
        return hash(self.root)

    def url(self, path: str) -> str:
        """Where something of this store lies, for Lance and for people."""
        return f"{self.root}/{path}" if path else self.root

    def relative(self, url: str) -> str | None:
        """Path of a URL below the root; None if it lies elsewhere."""
        prefix = self.root + "/"
        return url[len(prefix) :] if url.startswith(prefix) else None

    def read(self, path: str) -> dict[str, Any] | None:
        """A JSON document; None if there is none.

        Raises:
            NewerFormatError: It was written by a newer Samplewise.
            StoreError: It cannot be read, or is not JSON.
        """
        document = self._documents.read(path)
        if document is None:
            return None
        if not isinstance(document, dict) or "format" not in document:
            raise StoreError(f"`{self.url(path)}` is not a document of Samplewise.")
        if document["format"] > FORMAT_VERSION:
            raise NewerFormatError(
                f"`{self.url(path)}` has format {document['format']}, "
                f"and this Samplewise knows formats up to {FORMAT_VERSION}.",
                hint="pip install --upgrade samplewise",
            )
        return document

    def create(self, path: str, document: dict[str, Any]) -> bool:
        """Put a document in place if there is none; of many callers, exactly one gets True."""
        return self._documents.create(path, {"format": FORMAT_VERSION, **document})

    def replace(self, path: str, document: dict[str, Any]) -> None:
        """Put a document in place of whatever is there; readers see the old or the new one."""
        self._documents.replace(path, {**document, "format": FORMAT_VERSION})

    def children(self, path: str) -> list[str]:
        """Names of the folders directly below a folder, sorted; empty if there is no such folder."""
        return self._documents.children(path)

    def documents(self, path: str) -> list[str]:
        """Names of the documents directly in a folder, without `.json`, sorted."""
        return self._documents.documents(path)

    def remove(self, path: str) -> None:
        """Delete a document or a whole folder; nothing happens if there is none."""
        self._documents.remove(path)

    def touch(self, path: str) -> None:
        """Note that the owner of `path` is alive now."""
        self._documents.touch(path)

    def touched(self, path: str) -> float | None:
        """When `touch` was last called, in seconds since the epoch; None if never."""
        return self._documents.touched(path)

    def sync(self, path: str) -> None:
        """Make everything below a folder survive a power loss, where the disk can."""
        self._documents.sync(path)
