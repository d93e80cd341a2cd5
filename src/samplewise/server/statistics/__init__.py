"""How the labels of some samples are distributed, and which of them are hardly right."""

from samplewise.server.statistics.by_kind import statistics

__all__ = ["statistics"]
