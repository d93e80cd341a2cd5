"""URLs as texts that know how to be joined."""

import os
from pathlib import PurePath
from typing import Self
from urllib.parse import urlsplit


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

    def to_absolute(self) -> Self:
        """A path from the root of the file system; a URL with a scheme as it is."""
        return self if "://" in self else type(self)(os.path.abspath(self))

    def to_str(self) -> str:
        """A plain text."""
        return str(self)
