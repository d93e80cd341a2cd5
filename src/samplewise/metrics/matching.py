"""Who found whom: COCO's greedy matching, for one image or for thousands at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._pairs import CandidatePairs
from samplewise.metrics._proposals import settle
from samplewise.metrics.instances import InstanceBatch

COCO_THRESHOLDS = np.linspace(0.5, 0.95, 10)
"""The ten overlaps that AP@[.50:.95] averages over."""

_ALMOST_ONE = 1 - 1e-10  # COCO's bound, so that a threshold of 1 can be met by rounded overlaps


@dataclass(frozen=True)
class Matches:
    """Who found whom, at every threshold.

    Attributes:
        thresholds: Overlap that a match needs at least, shape `(s,)`.
        ground_truth: Row of the ground truth that each prediction found, shape `(s, p)`; masked
            where it found none.
        overlap: Overlap with it, shape `(s, p)`; masked where it found none.
        prediction_ignored: Predictions that count neither as right nor as wrong, shape `(s, p)`.
        prediction: Row of the prediction that found each ground truth, shape `(s, t)`; masked where
            none did and for crowd regions, which may be found by many.
        ground_truth_ignored: Ground truths that nobody has to find, shape `(t,)`.
    """

    thresholds: Float[np.ndarray, " s"]
    ground_truth: Int[np.ma.MaskedArray, "s p"]
    overlap: Float[np.ma.MaskedArray, "s p"]
    prediction_ignored: Bool[np.ndarray, "s p"]
    prediction: Int[np.ma.MaskedArray, "s t"]
    ground_truth_ignored: Bool[np.ndarray, " t"]

    @property
    def matched(self) -> Bool[np.ndarray, "s p"]:
        """Predictions that found something, crowd regions included."""
        return ~np.ma.getmaskarray(self.ground_truth)

    @property
    def true_positives(self) -> Bool[np.ndarray, "s p"]:
        """Predictions that found something that counts."""
        return self.matched & ~self.prediction_ignored

    @property
    def found(self) -> Bool[np.ndarray, "s t"]:
        """Ground truths that count and were found."""
        return ~np.ma.getmaskarray(self.prediction) & ~self.ground_truth_ignored


def match_image(
    overlaps: Float[np.ndarray, "p t"],
    confidences: Float[np.ndarray, " p"],
    *,
    thresholds: Sequence[float] | Float[np.ndarray, " s"] = (0.5,),
    is_crowd: Bool[np.ndarray, " t"] | None = None,
    ignored: Bool[np.ndarray, " t"] | None = None,
) -> Matches:
    """Matches of one class in one image.

    Args:
        overlaps: IoU or OKS of every prediction with every ground truth, shape `(p, t)`.
        confidences: Only their order matters, shape `(p,)`; NaN ranks last.
        thresholds: Overlap that a match needs at least, each in [0, 1].
        is_crowd: Ground truths that may be found many times, shape `(t,)`.
        ignored: Ground truths that nobody has to find, shape `(t,)`; crowd regions always are.

    Returns:
        The matches; rows are those of `overlaps`.

    Raises:
        InvalidArgumentError: A threshold is not in [0, 1].

    Source:
        `COCOeval.evaluateImg` of pycocotools, to the last tie: of equal overlaps the later ground
        truth wins, and an ignored one is taken only where no other is left.
    """
    p, t = overlaps.shape
    crowd = np.zeros(t, bool) if is_crowd is None else is_crowd
    prediction, ground_truth = np.divmod(np.arange(p * t), max(t, 1))
    batch = InstanceBatch(
        prediction_offsets=np.array([0, p]),
        predicted_labels=np.zeros(p, np.int64),
        confidences=confidences,
        ground_truth_offsets=np.array([0, t]),
        ground_truth_labels=np.zeros(t, np.int64),
        is_crowd=crowd,
        ground_truth_areas=np.zeros(t),
    )
    pairs = CandidatePairs(prediction, ground_truth, np.asarray(overlaps, np.float64).ravel())
    return match_pairs(pairs, batch, thresholds=thresholds, ignored=ignored)


def match_pairs(
    pairs: CandidatePairs,
    batch: InstanceBatch,
    *,
    thresholds: Sequence[float] | Float[np.ndarray, " s"] = (0.5,),
    ignored: Bool[np.ndarray, " t"] | None = None,
    ignored_alone: Bool[np.ndarray, " p"] | None = None,
) -> Matches:
    """Matches in many images at once.

    Args:
        pairs: Which predictions could match which ground truths, and how much they overlap. Pairs
            across images or classes are the caller's to leave out.
        batch: The objects.
        thresholds: Overlap that a match needs at least, each in [0, 1].
        ignored: Ground truths that nobody has to find, shape `(t,)`; those that the batch ignores
            are added.
        ignored_alone: Predictions that do not count if they find nothing, shape `(p,)`; COCO's are
            those outside of the area range.

    Returns:
        The matches; rows are those of the batch.

    Raises:
        InvalidArgumentError: A threshold is not in [0, 1].

    Source:
        As `match_image`. COCO takes one prediction after the other; here all ask at once for what
        they like best and the most confident one keeps it, which ends in the same matches
        (`_proposals.py` says why).
    """
    levels = _as_thresholds(thresholds)
    skipped = batch.ignored if ignored is None else batch.ignored | ignored
    s, p, t = len(levels), len(batch.confidences), len(skipped)
    wishes = _sort_by_preference(pairs, skipped, np.min(levels, initial=1.0))
    level, row = np.nonzero(wishes.overlap >= np.minimum(levels, _ALMOST_ONE)[:, None])
    prediction, ground_truth = wishes.prediction[row], wishes.ground_truth[row]
    true = settle(
        asker=level * p + prediction,
        asked=level * t + ground_truth,
        rank=_ranks(batch.order())[prediction],
        shared=batch.is_crowd[ground_truth],
        n_asked=s * t,
    )
    level, prediction, ground_truth = level[true], prediction[true], ground_truth[true]
    lone = ~batch.is_crowd[ground_truth]
    partners = _scatter((s, p), level, prediction, ground_truth)
    alone = np.ma.getmaskarray(partners)
    not_counted = np.zeros((s, p), bool)
    not_counted[level, prediction] = skipped[ground_truth]
    if ignored_alone is not None:
        not_counted |= alone & ignored_alone
    return Matches(
        thresholds=levels,
        ground_truth=partners,
        overlap=_scatter((s, p), level, prediction, wishes.overlap[row[true]]),
        prediction_ignored=not_counted,
        prediction=_scatter((s, t), level[lone], ground_truth[lone], prediction[lone]),
        ground_truth_ignored=skipped,
    )


def match_in_area(
    pairs: CandidatePairs,
    batch: InstanceBatch,
    *,
    thresholds: Sequence[float] | Float[np.ndarray, " s"],
    predicted_areas: Float[np.ndarray, " p"],
    area_range: tuple[float, float] | None,
) -> Matches:
    """Matches of objects of some size.

    Args:
        pairs: As in `match_pairs`.
        batch: The objects.
        thresholds: As in `match_pairs`.
        predicted_areas: Areas of the predictions in square pixels, shape `(p,)`.
        area_range: Smallest and largest area, both included; `None` for all. Ground truths outside
            are ignored, and so are predictions outside that found nothing.

    Returns:
        The matches; rows are those of the batch.
    """
    if area_range is None:
        return match_pairs(pairs, batch, thresholds=thresholds)
    low, high = area_range
    labelled = batch.ground_truth_areas
    return match_pairs(
        pairs,
        batch,
        thresholds=thresholds,
        ignored=np.logical_or(labelled < low, labelled > high),
        ignored_alone=np.logical_or(predicted_areas < low, predicted_areas > high),
    )


def _as_thresholds(
    thresholds: Sequence[float] | Float[np.ndarray, " s"],
) -> Float[np.ndarray, " s"]:
    levels = np.asarray(thresholds, np.float64)
    if levels.ndim != 1 or not np.all((levels >= 0) & (levels <= 1)):
        raise InvalidArgumentError(
            f"`thresholds` must be a list of fractions in [0, 1], but it is {thresholds!r}.",
            hint="0.5 is the usual one, `COCO_THRESHOLDS` are COCO's ten.",
        )
    return levels


def _sort_by_preference(
    pairs: CandidatePairs, ignored: Bool[np.ndarray, " t"], lowest: float
) -> CandidatePairs:
    """Each prediction's pairs, the one it likes best first."""
    near = pairs.where(pairs.overlap >= min(lowest, _ALMOST_ONE))
    return near.take(
        np.lexsort((-near.ground_truth, -near.overlap, ignored[near.ground_truth], near.prediction))
    )


def _ranks(order: Int[np.ndarray, " p"]) -> Int[np.ndarray, " p"]:
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _scatter(
    shape: tuple[int, int],
    rows: Int[np.ndarray, " m"],
    columns: Int[np.ndarray, " m"],
    values: Shaped[np.ndarray, " m"],
) -> np.ma.MaskedArray:
    """An array that holds the values at their places and is masked elsewhere."""
    data, mask = np.zeros(shape, values.dtype), np.ones(shape, bool)
    data[rows, columns] = values
    mask[rows, columns] = False
    return np.ma.MaskedArray(data, mask)
