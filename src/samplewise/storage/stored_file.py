"""One file of a store, as a listing tells of it."""

from typing import NamedTuple


class StoredFile(NamedTuple):
    """A file below the root.

    Args:
        path: Its path below the root.
        size_bytes: Its size.
        changed: When it was written last, seconds since the epoch.
    """

    path: str
    size_bytes: int
    changed: float
