"""Columns that were read lately, kept in memory up to a bound."""

from typing import Any

from samplewise.records.recently_used import RecentlyUsed

MOST_BYTES = 2**30


class HotColumns(RecentlyUsed[Any]):
    """Columns by name and version of what they are read from; each has `nbytes`.

    Args:
        most_bytes: How much is kept.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(most_bytes, lambda column: int(column.nbytes))
