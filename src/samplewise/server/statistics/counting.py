"""Classes, histograms and checks, counted as the page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from samplewise.schema.instances import LABEL
from samplewise.schema.ragged import Ragged
from samplewise.server import wire

MOST_NAMED = 1_000
UNLABELLED = np.iinfo(np.int64).min
_BINS = 30


@dataclass(frozen=True)
class Labelled:
    """Things that are labelled in `n` samples, flat.

    Args:
        samples: Which of the samples each is in, shape `(t,)`.
        labels: Class ids, `UNLABELLED` where there is none, shape `(t,)`.
        counts: Things in each sample, shape `(n,)`.
        example_ids: Of the samples, shape `(n,)`.
    """

    samples: np.ndarray
    labels: np.ndarray
    counts: np.ndarray
    example_ids: np.ndarray

    @classmethod
    def of(cls, flat: Ragged, example_ids: np.ndarray) -> Self:
        """The instances of a column.

        Args:
            flat: They, of `n` samples.
            example_ids: Of the samples, shape `(n,)`.
        """
        labels = flat.integers(LABEL, UNLABELLED)
        return cls(flat.images, labels, np.diff(flat.offsets), example_ids)

    def classes(self) -> list[wire.ClassCount]:
        """Classes, the most frequent first."""
        pairs = np.unique(np.stack([self.labels, self.samples], axis=1), axis=0)
        ids, instances = np.unique(self.labels, return_counts=True)
        samples = dict(zip(*np.unique(pairs[:, 0], return_counts=True), strict=True))
        order = np.argsort(-instances, kind="stable")
        return [
            wire.ClassCount(
                id=None if ids[i] == UNLABELLED else int(ids[i]),
                instances=int(instances[i]),
                samples=int(samples[ids[i]]),
            )
            for i in order
        ]

    def check(self, name: str, why: str, wrong: np.ndarray) -> wire.Check:
        """Things that are hardly right, `wrong` of shape `(t,)`, and the samples with them."""
        rows = np.unique(self.samples[wrong])
        named = self.example_ids[rows][:MOST_NAMED].tolist()
        return wire.Check(name, why, int(wrong.sum()), named)

    def without_class(self, what: str) -> wire.Check:
        """Things without a label."""
        return self.check(
            "Without a class", f"{what} that nobody gave a label.", self.labels == UNLABELLED
        )

    def empty(self, things: str) -> wire.Check:
        """Samples in which nothing is labelled."""
        rows = self.example_ids[self.counts == 0][:MOST_NAMED].tolist()
        return wire.Check(f"Without {things}", "Samples in which nothing is labelled.", 0, rows)


def drop_empty(checks: Iterable[wire.Check]) -> list[wire.Check]:
    """Only the checks that found something."""
    return [check for check in checks if check.example_ids]


def histogram(values: np.ndarray) -> wire.Histogram:
    """Equal bins over all finite values."""
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, _BINS) if len(finite) else (np.zeros(0), np.zeros(0))
    return wire.Histogram(
        counts=counts.astype(int).tolist(),
        edges=edges.tolist(),
        nulls=len(values) - len(finite),
    )


def tally(counts: np.ndarray) -> wire.Histogram:
    """One bin for each number of things."""
    occurring = np.bincount(counts) if len(counts) else np.zeros(0, int)
    return wire.Histogram(counts=occurring.tolist(), values=list(range(len(occurring))))
