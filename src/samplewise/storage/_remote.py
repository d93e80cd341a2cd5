"""Documents on an object store."""

import contextlib
import json
import os
from functools import cached_property
from typing import Any

from samplewise.errors import StoreError

_AWS_ENDPOINT = "AWS_ENDPOINT_URL"


class RemoteDocuments:
    """JSON documents as objects: created by a conditional put, replaced by a put.

    Credentials come from the environment, as for Lance.

    Args:
        root: URL such as `s3://bucket/folder`.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    @cached_property
    def _objects(self) -> Any:
        from obstore.store import from_url

        options = {}
        if self._root.startswith("s3://") and os.environ.get(_AWS_ENDPOINT, "").startswith("http:"):
            options["client_options"] = {"allow_http": True}
        return from_url(self._root, **options)

    def read(self, path: str) -> Any:
        """The document, or None."""
        try:
            return json.loads(bytes(self._objects.get(path).bytes()))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise StoreError(f"`{self._root}/{path}` is not JSON: {error}") from error

    def create(self, path: str, document: dict[str, Any]) -> bool:
        """Exclusive create."""
        from obstore.exceptions import AlreadyExistsError

        try:
            self._objects.put(path, _encoded(document), mode="create")
        except AlreadyExistsError:
            return False
        return True

    def replace(self, path: str, document: dict[str, Any]) -> None:
        """Atomic replace."""
        self._objects.put(path, _encoded(document))

    def children(self, path: str) -> list[str]:
        """Names of folders."""
        found = self._objects.list_with_delimiter(f"{path}/" if path else None)
        return sorted(prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"])

    def documents(self, path: str) -> list[str]:
        """Names of documents without their ending."""
        found = self._objects.list_with_delimiter(f"{path}/")
        names = [item["path"].rpartition("/")[2] for item in found["objects"]]
        return sorted(name[:-5] for name in names if name.endswith(".json"))

    def remove(self, path: str) -> None:
        """Delete an object and everything below it."""
        for batch in self._objects.list(f"{path}/"):
            self._objects.delete([item["path"] for item in batch])
        with contextlib.suppress(FileNotFoundError):
            self._objects.delete(path)

    def touch(self, path: str) -> None:
        """Put an empty object."""
        self._objects.put(path, b"")

    def touched(self, path: str) -> float | None:
        """When it was put."""
        try:
            return self._objects.head(path)["last_modified"].timestamp()
        except FileNotFoundError:
            return None

    def sync(self, path: str) -> None:
        """Nothing to do: an acknowledged put is durable."""


def _encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode()
