"""Documents on an object store."""

import contextlib
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from samplewise.errors import ConflictError, StoreError
from samplewise.storage.documents import CHANGES
from samplewise.storage.limits import client_limits, remote_error
from samplewise.storage.stored_file import StoredFile

_ATTEMPTS = 40
_REMEMBERED = 16  # changes; as many writers may change a document between two looks at it


class RemoteDocuments:
    """JSON documents as objects: created and changed by conditional puts.

    Credentials come from the environment, as for Lance.

    Args:
        root: URL such as `s3://bucket/folder`.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    def check_place(self, path: str) -> None:
        """There are no links."""

    def read(self, path: str) -> Any:
        """The document, or None."""
        return self._read(path)[0]

    def content(self, path: str) -> bytes:
        """The bytes of an object."""
        with self._translate_errors("read", path):
            return bytes(self._objects.get(path).bytes())

    def create(self, path: str, text: bytes) -> bool:
        """Exclusive create; also where the answer was lost, and only that."""
        from obstore.exceptions import AlreadyExistsError

        numbered, number = _with_change(text, {})
        try:
            with self._translate_errors("written", path):
                self._objects.put(path, numbered, mode="create")
        except AlreadyExistsError:
            return self._has_change(path, number)
        except StoreError:
            if self._has_change(path, number):
                return True
            raise
        return True

    def replace(self, path: str, text: bytes) -> None:
        """Atomic replace."""
        with self._translate_errors("written", path):
            self._objects.put(path, text)

    def update(self, path: str, change: Callable[[Any], bytes]) -> bool:
        """Replace what was not changed meanwhile; False if there is no such document.

        The document remembers its last changes, so that one whose answer was lost is not made
        twice, whoever has changed it since.
        """
        from obstore.exceptions import PreconditionError

        for attempt in range(_ATTEMPTS):
            document, tag = self._read(path)
            if document is None:
                return False
            text, number = _with_change(change(document), document)
            try:
                with self._translate_errors("written", path):
                    self._objects.put(path, text, mode={"e_tag": tag})
            except PreconditionError:
                if self._has_change(path, number):
                    return True
                time.sleep(random.Random(uuid.uuid4().int).uniform(0, 0.02 * (attempt + 1)))
            except StoreError:
                if self._has_change(path, number):
                    return True
                raise
            else:
                return True
        raise ConflictError(
            f"`{self._root}/{path}` was changed by others {_ATTEMPTS} times in a row.",
            hint="try again",
        )

    @contextlib.contextmanager
    def exclusive(self, path: str) -> Iterator[None]:
        """Nothing is held: who writes here must notice that others did, and try again."""
        yield

    def children(self, path: str) -> list[str]:
        """Names of folders."""
        with self._translate_errors("read", path):
            found = self._objects.list_with_delimiter(f"{path}/" if path else None)
        return sorted(prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"])

    def documents(self, path: str) -> list[str]:
        """Names of documents without their ending."""
        with self._translate_errors("read", path):
            found = self._objects.list_with_delimiter(f"{path}/")
        names = [item["path"].rpartition("/")[2] for item in found["objects"]]
        return sorted(name[:-5] for name in names if name.endswith(".json"))

    def files(self, path: str) -> Iterator[StoredFile]:
        """All objects below a folder."""
        with self._translate_errors("read", path):
            for batch in self._objects.list(f"{path}/" if path else None):
                for item in batch:
                    yield StoredFile(item["path"], item["size"], item["last_modified"].timestamp())

    def leftovers(self, path: str) -> Iterator[str]:
        """Nothing: an object is there whole, or not at all."""
        yield from ()

    def remove(self, path: str) -> None:
        """Delete an object and everything below it, documents first."""
        with self._translate_errors("deleted", path):
            paths = [item.path for item in self.files(path)]
            # What makes a table or a run visible goes before what it refers to.
            order = sorted(paths, key=lambda p: (not p.endswith(".json"), p.count("/"), p))
            for group in (order, [path]):
                if group:
                    with contextlib.suppress(FileNotFoundError):
                        self._objects.delete(group)

    def remove_misnamed(self, path: str) -> None:
        """There are no folders."""

    def touch(self, path: str) -> None:
        """Put an empty object."""
        self.replace(path, b"")

    def touch_time(self, path: str) -> float | None:
        """When it was put."""
        try:
            with self._translate_errors("read", path):
                return self._objects.head(path)["last_modified"].timestamp()
        except FileNotFoundError:
            return None

    def sync(self, path: str) -> None:
        """Nothing to do: an acknowledged put is durable."""

    @property
    def _objects(self) -> Any:
        # Not above: the door of `schema` loads Arrow, which `samplewise ls` can do without.
        from samplewise.schema.object_store import object_store

        return object_store(self._root, **client_limits())

    def _has_change(self, path: str, number: str) -> bool:
        """Whether a change of ours is stored, though nobody has told us so."""
        try:
            return number in ((self._read(path)[0] or {}).get(CHANGES) or ())
        except StoreError:
            return False

    def _read(self, path: str) -> tuple[Any, str | None]:
        try:
            with self._translate_errors("read", path):
                found = self._objects.get(path)
                return json.loads(bytes(found.bytes())), found.meta["e_tag"]
        except FileNotFoundError:
            return None, None
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise StoreError(f"`{self._root}/{path}` is not JSON: {error}") from error

    @contextlib.contextmanager
    def _translate_errors(self, what: str, path: str) -> Iterator[None]:
        """Turns errors of the object store into ours, but for those that are answers."""
        from obstore.exceptions import (
            AlreadyExistsError,
            BaseError,
            PreconditionError,
        )

        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except (BaseError, FileNotFoundError) as error:
            if isinstance(error, FileNotFoundError) and what != "written":
                raise
            raise remote_error(f"{self._root}/{path}", what, error) from error


def _with_change(text: bytes, before: Mapping[str, Any]) -> tuple[bytes, str]:
    """A document with the number of this change beside those of the last ones; and the number."""
    number = uuid.uuid4().hex
    changes = [*(before.get(CHANGES) or ()), number][-_REMEMBERED:]
    numbered = {**json.loads(text), CHANGES: changes}
    return json.dumps(numbered, ensure_ascii=False, indent=1).encode(errors="surrogatepass"), number
