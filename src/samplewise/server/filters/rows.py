"""Samples by their id."""

from typing import TYPE_CHECKING

import numpy as np

from samplewise.server.filters.integers import as_integers
from samplewise.server.filters.kind import FilterKind

if TYPE_CHECKING:
    from samplewise.server.source import OpenSource


class RowsFilter(FilterKind, tag="rows"):
    """Samples by their `example_id`."""

    example_ids: list[int]

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows with one of the ids."""
        return np.isin(source.example_ids, as_integers(self.example_ids, "example_ids"))
