"""Samples in a cell of the confusion matrix."""

from typing import TYPE_CHECKING

import numpy as np

from samplewise.server.confusions import find_confused_rows
from samplewise.server.filters.kind import FilterKind

if TYPE_CHECKING:
    from samplewise.server.source import OpenSource


class ConfusionFilter(FilterKind, tag="confusion"):
    """Samples with an instance in a cell of the confusion matrix; None is the background."""

    truth: int | None = None
    predicted: int | None = None
    confidence: float = 0.0

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows with such a pair."""
        return find_confused_rows(source, self.truth, self.predicted, self.confidence)
