"""Which prediction and which ground truth of an image could belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from samplewise.metrics._ragged import owners

_PAIRS_IN_BLOCK = 2**20


@dataclass(frozen=True)
class CandidatePairs:
    """Predictions and ground truths of the same image, one pair a row, sorted by prediction.

    Attributes:
        prediction: Row of the prediction in the flat arrays, shape `(q,)`.
        ground_truth: Row of the ground truth in the flat arrays, shape `(q,)`.
        overlap: IoU or OKS of the two, shape `(q,)`.
    """

    prediction: Int[np.ndarray, " q"]
    ground_truth: Int[np.ndarray, " q"]
    overlap: Float[np.ndarray, " q"]

    def where(self, keep: Bool[np.ndarray, " q"]) -> "CandidatePairs":
        """Only the pairs that are flagged."""
        return self.take(np.flatnonzero(keep))

    def take(self, rows: Int[np.ndarray, " r"]) -> "CandidatePairs":
        """The pairs of these rows, in this order."""
        return CandidatePairs(self.prediction[rows], self.ground_truth[rows], self.overlap[rows])

    @classmethod
    def concatenate(cls, blocks: Sequence["CandidatePairs"]) -> "CandidatePairs":
        """The pairs of some blocks in their order."""
        blocks = [cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)), *blocks]
        return cls(
            np.concatenate([block.prediction for block in blocks]),
            np.concatenate([block.ground_truth for block in blocks]),
            np.concatenate([block.overlap for block in blocks]),
        )

    def best_of(self, predictions: int) -> "Best":
        """For every prediction the pair of largest overlap, the first of equal ones.

        Args:
            predictions: How many predictions there are.
        """
        overlap = np.zeros(predictions)
        np.maximum.at(overlap, self.prediction, self.overlap)
        is_best = np.flatnonzero(self.overlap == overlap[self.prediction])
        ground_truth = np.zeros(predictions, np.int64)
        # Written from the last to the first, so the first of equal ones stays.
        ground_truth[self.prediction[is_best[::-1]]] = self.ground_truth[is_best[::-1]]
        return Best(overlap, ground_truth)


@dataclass(frozen=True)
class Best:
    """The largest overlap of every prediction, 0 without a pair, and with which ground truth."""

    overlap: Float[np.ndarray, " p"]
    ground_truth: Int[np.ndarray, " p"]


def pair_blocks(
    prediction_offsets: Int[np.ndarray, " offsets"],
    ground_truth_offsets: Int[np.ndarray, " offsets"],
    *,
    pairs_in_block: int = _PAIRS_IN_BLOCK,
) -> Iterator[tuple[Int[np.ndarray, " q"], Int[np.ndarray, " q"]]]:
    """Every prediction with every ground truth of its image, a bounded number at a time.

    Args:
        prediction_offsets: Where the predictions of each image start, shape `(n + 1,)`.
        ground_truth_offsets: Where the ground truths of each image start, shape `(n + 1,)`.
        pairs_in_block: Bound on the pairs of one block; a single prediction is never split.

    Yields:
        Rows of the predictions and rows of the ground truths, sorted by prediction. All pairs of a
        prediction are in one block.
    """
    image = owners(prediction_offsets)
    partners = np.diff(ground_truth_offsets)[image]
    ends = np.cumsum(partners)
    start = 0
    while start < len(image):
        done = ends[start] - partners[start]
        stop = max(start + 1, int(np.searchsorted(ends, done + pairs_in_block, side="right")))
        counts = partners[start:stop]
        prediction = np.repeat(np.arange(start, stop), counts)
        position = np.arange(len(prediction)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield prediction, ground_truth_offsets[image[prediction]] + position
        start = stop
