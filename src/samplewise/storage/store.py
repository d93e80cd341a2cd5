"""One root folder with everything in it: documents read and written whole, folders listed."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlparse

from samplewise._arguments import check_value
from samplewise._notes import warn
from samplewise.errors import InvalidArgumentError, NewerFormatError, StoreError
from samplewise.storage._local import LAST, LocalDocuments
from samplewise.storage._remote import RemoteDocuments
from samplewise.storage.documents import (
    CHANGES,
    CHECKSUM,
    document_problem,
    is_changed,
    names_other_rows,
    with_checksums,
)
from samplewise.storage.limits import lance_limits
from samplewise.storage.stored_file import StoredFile

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
        root_url: A local folder, or an `s3://`, `gs://` or `az://` URL; None takes
            `default_root()`.

    Raises:
        InvalidArgumentError: `root_url` is no path, or has a scheme that is not supported.
    """

    def __init__(self, root_url: str | Path | None = None) -> None:
        check_value("root_url", root_url, str | Path | None)
        root = str(root_url if root_url is not None else default_root())
        if root.startswith("file://"):
            root = unquote(urlparse(root).path)
        self.is_remote = root.startswith(REMOTE_SCHEMES)
        if "://" in root and not self.is_remote:
            raise InvalidArgumentError(
                f"`root_url` must be a folder or start with {', '.join(REMOTE_SCHEMES)}, "
                f"but is {root!r}."
            )
        self.root = (
            root.rstrip("/") if self.is_remote else os.path.abspath(os.path.expanduser(root))
        )
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
        """Where something of this store lies, for people."""
        return f"{self.root}/{path}" if path else self.root

    def lance_url(self, path: str) -> str:
        """Where something of this store lies, for Lance, which takes remote ones as encoded."""
        return f"{self.root}/{quote(path)}" if self.is_remote else self.url(path)

    @property
    def lance_options(self) -> dict[str, str]:
        """Options of Lance for this store; credentials it takes from the environment itself."""
        if not self.is_remote:
            return {}
        from samplewise.schema.object_store import AWS_ENDPOINT, allows_http

        limits = dict(lance_limits())
        if not allows_http(self.root):
            return limits
        return {**limits, "allow_http": "true", "aws_endpoint": os.environ[AWS_ENDPOINT]}

    def check_place(self, path: str) -> None:
        """Refuse a path that a link leads out of the folder of its project.

        Raises:
            StoreError: There is one.
        """
        self._documents.check_place(path)

    def relative(self, url: str) -> str | None:
        """Path of a URL below the root; None if it lies elsewhere."""
        prefix = self.root.rstrip("/") + "/"
        return url[len(prefix) :] if url.startswith(prefix) else None

    def read(self, path: str) -> dict[str, Any] | None:
        """A JSON document; None if there is none.

        Raises:
            NewerFormatError: It was written by a newer Samplewise.
            StoreError: It cannot be read, or is not JSON.
        """
        document = self._documents.read(path)
        return None if document is None else self._check_format(path, document)

    def problem(self, path: str) -> str | None:
        """What is wrong with a document, to the letter; None if nothing is, or there is none.

        Raises:
            NewerFormatError: It was written by a newer Samplewise.
        """
        try:
            stored = self._documents.read(path)
            if stored is not None:
                self._check_format(path, stored)
        except NewerFormatError:
            raise
        except StoreError as error:
            return error.message
        is_other = stored is not None and (is_changed(stored) or names_other_rows(stored))
        return f"`{self.url(path)}` is not what was written." if is_other else None

    def read_last(self, path: str) -> dict[str, Any] | None:
        """What a document was before its last change, to the letter; None if nobody knows."""
        try:
            last = json.loads(self._documents.content(f"{path}{LAST}"))
            document = self._check_format(path, last)
        except (StoreError, FileNotFoundError, ValueError):
            return None
        return None if is_changed(last) else document

    def create(self, path: str, document: dict[str, Any]) -> bool:
        """Put a document in place if there is none; of many callers, exactly one gets True.

        Raises:
            StoreError: The store cannot be written.
        """
        return self._documents.create(path, _encode(path, document))

    def replace(self, path: str, document: dict[str, Any]) -> None:
        """Put a document in place of whatever is there; readers see the old or the new one.

        Raises:
            StoreError: The store cannot be written.
        """
        self._documents.replace(path, _encode(path, document))

    def update(
        self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any] | None:
        """Change a document; of many processes that do so at once, none undoes another's change.

        Args:
            path: The document.
            change: Gets what is stored and returns what shall be; may be called again.

        Returns:
            What is stored now; None if there is no such document.

        Raises:
            ConflictError: Others were faster every time.
            StoreError: The store cannot be written.
        """
        changed: dict[str, Any] = {}

        def encode_change(stored: Any) -> bytes:
            nonlocal changed
            changed = change(self._check_format(path, stored))
            return _encode(path, changed)

        return changed if self._documents.update(path, encode_change) else None

    def read_file(self, path: str) -> bytes:
        """Content of a file that is no document.

        Raises:
            StoreError: It is gone, or cannot be read.
        """
        return self._documents.content(path)

    def write_file(self, path: str, content: bytes) -> None:
        """Put a file that is no document in place; readers see the old or the new one.

        Raises:
            StoreError: The store cannot be written.
        """
        self._documents.replace(path, content)

    def exclusive(self, path: str) -> AbstractContextManager[None]:
        """Where processes of one machine take turns, in a folder on a local disk.

        It only spares them conflicts: on an object store nothing is held.
        """
        return self._documents.exclusive(path)

    def children(self, path: str) -> list[str]:
        """Names of the folders directly below a folder, sorted; empty where there is none."""
        return self._documents.children(path)

    def documents(self, path: str) -> list[str]:
        """Names of the documents directly in a folder, without `.json`, sorted."""
        return self._documents.documents(path)

    def files(self, path: str) -> Iterator[StoredFile]:
        """All files below a folder, in no order."""
        return self._documents.files(path)

    def leftovers(self, path: str) -> Iterator[str]:
        """Paths of half-written and half-deleted things that killed processes left behind."""
        return self._documents.leftovers(path)

    def remove(self, path: str) -> None:
        """Delete a document or a whole folder; nothing happens if there is none."""
        self._documents.remove(path)

    def remove_misnamed(self, path: str) -> None:
        """Delete the empty folders that Lance makes beside a path whose name is not plain ASCII.

        Lance 14.0.2 makes the folder of a tag under the percent-encoded name too, and leaves it.
        """
        self._documents.remove_misnamed(path)

    def touch(self, path: str) -> None:
        """Note that the owner of `path` is alive now."""
        self._documents.touch(path)

    def touch_time(self, path: str) -> float | None:
        """When `touch` was last called, in seconds since the epoch; None if never."""
        return self._documents.touch_time(path)

    def sync(self, path: str) -> None:
        """Make a file, or a folder with all below it, survive a power loss, where the disk can.

        Raises:
            StoreError: The disk says that it does not.
        """
        self._documents.sync(path)

    def _check_format(self, path: str, document: Any) -> dict[str, Any]:
        if not isinstance(document, dict) or not isinstance(document.get("format"), int):
            raise StoreError(f"`{self.url(path)}` is not a document of Samplewise.")
        if document["format"] > FORMAT_VERSION:
            raise NewerFormatError(
                f"`{self.url(path)}` has format {document['format']}, "
                f"and this Samplewise knows formats up to {FORMAT_VERSION}.",
                hint="pip install --upgrade samplewise",
            )
        problem = document_problem(path, document)
        if problem is not None:
            raise StoreError(
                f"`{self.url(path)}` is damaged: {problem}.",
                hint="samplewise check --repair tells what else is, and mends what can be mended",
            )
        if is_changed(document):
            _say_once(
                f"`{self.url(path)}` is not what was written: it was changed by hand, or damaged."
            )
        return {name: value for name, value in document.items() if name not in (CHECKSUM, CHANGES)}


@lru_cache(maxsize=256)
def _say_once(message: str) -> None:
    warn(message)


def _encode(path: str, document: dict[str, Any]) -> bytes:
    try:
        sealed = with_checksums(path, {**document, "format": FORMAT_VERSION})
        text = json.dumps(sealed, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"`{path}` must hold JSON values only: {error}") from None
    # Names of files that are no valid Unicode have surrogates in them.
    return text.encode(errors="surrogatepass")
