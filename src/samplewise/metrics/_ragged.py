"""Many images in flat arrays: rows `offsets[i]` up to `offsets[i + 1]` belong to image `i`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from samplewise.errors import InvalidArgumentError

_PAIRS_IN_BLOCK = 2**20


def offsets_of(counts: Sequence[int] | Int[np.ndarray, " n"]) -> Int[np.ndarray, " offsets"]:
    """Where each image starts, and where the last one ends, shape `(n + 1,)`."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def owners(offsets: Int[np.ndarray, " offsets"]) -> Int[np.ndarray, " rows"]:
    """The image of every row."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def count_by_owner(
    flags: Bool[np.ndarray, " rows"], offsets: Int[np.ndarray, " offsets"]
) -> Int[np.ndarray, " n"]:
    """How many flags are set in every image."""
    total = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=total[1:])
    return total[offsets[1:]] - total[offsets[:-1]]


def flatten(
    entries: Sequence[object], counts: Sequence[int], name: str, dtype: type[np.generic]
) -> Shaped[np.ndarray, " rows"]:
    """One flat array out of one list an image.

    Args:
        entries: One list an image.
        counts: How long each must be.
        name: What the caller calls them; used in the error.
        dtype: Type of the flat array. Floats become integers only if they are whole.

    Raises:
        InvalidArgumentError: A list has another length or holds other values.
    """
    if len(entries) != len(counts):
        raise InvalidArgumentError(
            f"`{name}` must have one entry an image, but it has {len(entries)} for "
            f"{len(counts)} images.",
            hint="give an empty list for an image without any.",
        )
    rows = [np.asarray(entry) for entry in entries]
    for image, (row, count) in enumerate(zip(rows, counts, strict=True)):
        if row.shape != (count,) and not row.size == count == 0:
            raise InvalidArgumentError(
                f"`{name}` must have one value a box, shape ({count},), but image {image} has "
                f"shape {row.shape}.",
                hint="each box needs its own value.",
            )
    return _cast(np.concatenate([np.zeros(0, dtype), *(row.ravel() for row in rows)]), name, dtype)


def _cast(
    values: Shaped[np.ndarray, " rows"], name: str, dtype: type[np.generic]
) -> Shaped[np.ndarray, " rows"]:
    if not np.issubdtype(values.dtype, np.number) and values.dtype != np.bool_:
        raise InvalidArgumentError(
            f"`{name}` must be numbers, but it has values such as {values[0]!r}.",
            hint="class names must be mapped to ids first.",
        )
    if np.issubdtype(dtype, np.integer) and not np.all(np.mod(values, 1) == 0):
        raise InvalidArgumentError(
            f"`{name}` must be whole numbers, but it has fractions or NaN.",
            hint="class ids are integers.",
        )
    return values.astype(dtype)


@dataclass(frozen=True)
class Pairs:
    """Predictions and ground truths of the same image, one pair a row, sorted by prediction.

    Attributes:
        prediction: Row of the prediction in the flat arrays, shape `(q,)`.
        ground_truth: Row of the ground truth in the flat arrays, shape `(q,)`.
        overlap: IoU or OKS of the two, shape `(q,)`.
    """

    prediction: Int[np.ndarray, " q"]
    ground_truth: Int[np.ndarray, " q"]
    overlap: Float[np.ndarray, " q"]

    def where(self, keep: Bool[np.ndarray, " q"]) -> "Pairs":
        """Only the pairs that are flagged."""
        return self.take(np.flatnonzero(keep))

    def take(self, rows: Int[np.ndarray, " r"]) -> "Pairs":
        """The pairs of these rows, in this order."""
        return Pairs(self.prediction[rows], self.ground_truth[rows], self.overlap[rows])

    @classmethod
    def concatenate(cls, blocks: Sequence["Pairs"]) -> "Pairs":
        """The pairs of some blocks, at least one, in their order."""
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
