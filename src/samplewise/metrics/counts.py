"""Right, wrong and overlooked, counted for every image."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from samplewise.metrics._ragged import count_by_owner
from samplewise.metrics.instances import InstanceBatch
from samplewise.metrics.matching import Matches


@dataclass(frozen=True, kw_only=True)
class ImageCounts:
    """Counts and ratios of `n` images at one threshold.

    Attributes:
        n_predictions: Predictions, shape `(n,)`: true positives, false positives and ignored ones.
        n_ground_truths: Ground truths, shape `(n,)`: true positives, false negatives and ignored
            ones.
        true_positives: Predictions with a match, shape `(n,)`.
        false_positives: Predictions without, shape `(n,)`.
        false_negatives: Ground truths without, shape `(n,)`.
        ignored_predictions: Predictions in crowd regions, shape `(n,)`.
        ignored_ground_truths: Crowd regions and others that nobody has to find, shape `(n,)`.
        precision: Share of the predictions that are right, shape `(n,)`; masked where no prediction
            counts, since nothing was claimed.
        recall: Share of the ground truths that were found, shape `(n,)`; masked where no ground
            truth counts, since there is nothing to find.
        f1: `2 tp / (2 tp + fp + fn)`, shape `(n,)`; masked where neither a prediction nor a ground
            truth counts. It is 0, not masked, where only one of them is missing.
    """

    n_predictions: Int[np.ndarray, " n"]
    n_ground_truths: Int[np.ndarray, " n"]
    true_positives: Int[np.ndarray, " n"]
    false_positives: Int[np.ndarray, " n"]
    false_negatives: Int[np.ndarray, " n"]
    ignored_predictions: Int[np.ndarray, " n"]
    ignored_ground_truths: Int[np.ndarray, " n"]
    precision: Float[np.ma.MaskedArray, " n"]
    recall: Float[np.ma.MaskedArray, " n"]
    f1: Float[np.ma.MaskedArray, " n"]


def count_matches(batch: InstanceBatch, matches: Matches) -> ImageCounts:
    """Counts at the first threshold of some matches.

    Args:
        batch: The objects.
        matches: Who found whom.

    Returns:
        One value an image.
    """
    rows, truths = batch.prediction_offsets, batch.ground_truth_offsets
    ignored, right = matches.prediction_ignored[0], matches.true_positives[0]
    tp = count_by_owner(right, rows)
    fp = count_by_owner(~right & ~ignored, rows)
    fn = count_by_owner(~matches.found[0] & ~matches.ground_truth_ignored, truths)
    return ImageCounts(
        n_predictions=np.diff(rows),
        n_ground_truths=np.diff(truths),
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
        ignored_predictions=count_by_owner(ignored, rows),
        ignored_ground_truths=count_by_owner(matches.ground_truth_ignored, truths),
        precision=ratio(tp, tp + fp),
        recall=ratio(tp, tp + fn),
        f1=ratio(2 * tp, 2 * tp + fp + fn),
    )


def mean_overlap(batch: InstanceBatch, matches: Matches) -> Float[np.ma.MaskedArray, " n"]:
    """Mean overlap of the true positives of every image, masked where there is none."""
    right = np.flatnonzero(matches.true_positives[0])
    image = batch.prediction_images[right]
    total = np.bincount(image, matches.overlap.data[0, right], minlength=batch.n_images)
    return ratio(total, np.bincount(image, minlength=batch.n_images))


def ratio(
    part: Shaped[np.ndarray, "..."], whole: Shaped[np.ndarray, "..."]
) -> Float[np.ma.MaskedArray, "..."]:
    """`part / whole`, masked where the whole is nothing."""
    nothing = whole == 0
    return np.ma.MaskedArray(part / np.where(nothing, 1, whole), nothing)
