"""URLs as texts that know how to be joined."""

import os
from itertools import count
from pathlib import Path, PurePath
from typing import Self
from urllib.parse import urlsplit

from samplewise.errors import InvalidArgumentError

_DOCUMENTS = ("table.json", "run.json")


class Url(str):
    """A path or a URL: a `str` that every function here takes where it takes a URL.

    ```python
    Url("s3://bucket") / "folder" / "image.jpg"
    ```
    """

    __slots__ = ()

    def __new__(cls, value: str | os.PathLike[str] = "") -> Self:
        return super().__new__(cls, os.fspath(value))

    def __truediv__(self, part: str | os.PathLike[str]) -> Self:
        return type(self)(f"{self.rstrip('/')}/{os.fspath(part)}" if self else part)

    @property
    def name(self) -> str:
        """What comes after the last `/`."""
        return PurePath(urlsplit(self).path).name

    @property
    def parent(self) -> Self:
        """Everything before it."""
        return type(self)(self.rstrip("/").rpartition("/")[0])

    def create_sibling(self, name: str) -> Self:
        """Another name in the same place: nothing is made there."""
        return self.parent / name if self.parent else type(self)(name)

    def create_unique(self) -> Self:
        """This URL where nothing is there yet, else with the first free number: `a_0000.jpg`.

        Raises:
            StoreError: The object store cannot be asked.
        """
        stem, suffix = os.path.splitext(self.name)
        tries = (self.create_sibling(f"{stem}_{number:04d}{suffix}") for number in count())
        return self if not self.exists() else next(url for url in tries if not url.exists())

    def exists(self) -> bool:
        """Whether a file, a folder, an object, a Table or a Run is there.

        Raises:
            StoreError: The object store cannot be asked.
        """
        from samplewise.schema.image_file import local_path

        path = local_path(self)
        if path is not None:
            return os.path.exists(path)
        return any(_is_object(url) for url in (self, *(self / name for name in _DOCUMENTS)))

    def read_bytes(self) -> bytes:
        """What lies there; elsewhere than on this machine, where a person has allowed it.

        Raises:
            OSError: It cannot be read; `ImageRefusedError` where nobody has allowed that place.
        """
        from samplewise.schema.image_file import local_path, read_encoded

        path = local_path(self)
        return read_encoded(str(self)) if path is None else Path(path).read_bytes()

    def to_absolute(self) -> Self:
        """A path from the root of the file system; a URL with a scheme as it is."""
        return self if "://" in self else type(self)(os.path.abspath(self))

    def to_relative(self, owner: str | os.PathLike[str]) -> Self:
        """The way from the folder `owner`; as it is where it lies in another place.

        Args:
            owner: A folder, or its URL.
        """
        here, there = urlsplit(self), urlsplit(os.fspath(owner))
        if here[:2] != there[:2]:
            return self
        if here.scheme:
            return type(self)(os.path.relpath(here.path, there.path))
        return type(self)(os.path.relpath(self, os.fspath(owner)))

    def to_str(self) -> str:
        """A plain text."""
        return str(self)

    def name_of_sibling(self, other: str | os.PathLike[str], argument: str) -> str:
        """The name of another URL in the same place.

        Raises:
            InvalidArgumentError: It lies somewhere else.
        """
        url = type(self)(os.fspath(other).rstrip("/"))
        if url.parent != self.parent or not url.name:
            raise InvalidArgumentError(
                f"`{argument}` must be a name in {str(self.parent)!r}, but is {str(url)!r}.",
                hint="url.create_sibling(name) makes one",
            )
        return url.name


def _is_object(url: str) -> bool:
    from obstore.exceptions import BaseError

    from samplewise.errors import StoreError
    from samplewise.schema.object_store import object_store

    scheme, _, rest = url.partition("://")
    bucket, _, path = rest.partition("/")
    try:
        object_store(f"{scheme}://{bucket}").head(path)
    except FileNotFoundError:
        return False
    except BaseError as error:
        first = str(error).strip().partition("\n")[0]
        raise StoreError(f"`{url}` cannot be asked for: {first}") from error
    return True
