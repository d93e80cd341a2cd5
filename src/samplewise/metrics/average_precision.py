"""Average precision as COCO counts it: of a data set, of each class, of each image."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from samplewise.metrics.instances import InstanceBatch
from samplewise.metrics.matching import Matches

_RECALLS = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True)
class ClassAveragePrecision:
    """Average precision of every class that has ground truths which count.

    Attributes:
        labels: Class ids, ascending, shape `(c,)`.
        values: Average precision in [0, 1], shape `(s, c)`, one row a threshold.
    """

    labels: Int[np.ndarray, " c"]
    values: Float[np.ndarray, "s c"]

    def mean(self) -> float | None:
        """Mean over thresholds and classes; `None` when no class has a ground truth that counts."""
        return float(self.values.mean()) if self.values.size else None


def class_average_precision(
    batch: InstanceBatch, matches: Matches, *, max_detections: int | None = 100
) -> ClassAveragePrecision:
    """Average precision of a data set, class by class.

    Args:
        batch: All images of the data set. Predictions of equal confidence count in this order.
        matches: What `match_pairs` found for them.
        max_detections: How many predictions of one class in one image count, the most confident
            ones; `None` for all. COCO's is 100 for boxes and 20 for poses.

    Returns:
        Values by threshold and class.

    Source:
        `COCOeval.accumulate` of pycocotools: precision made monotonous, read at 101 recalls. It
        adds 2e-16 to what it divides by; here a perfect class has exactly 1. It also takes a match
        with an annotation whose id is 0 for none; number annotations from 1 to compare.
    """
    counted = batch.ground_truth_labels[~matches.ground_truth_ignored]
    labels, positives = np.unique(counted, return_counts=True)
    values = _average_precision_by_group(
        batch, matches, _find(batch.predicted_labels, labels), positives, max_detections
    )
    return ClassAveragePrecision(labels, values)


def image_average_precision(
    batch: InstanceBatch, matches: Matches, *, max_detections: int | None = 100
) -> Float[np.ma.MaskedArray, "s n"]:
    """Average precision of every image as if it were the whole data set.

    The mean over the classes among the image's ground truths. Predictions of other classes do not
    lower it, as in COCO: look at precision or at the kinds of errors for those.

    Args:
        batch: Any number of images.
        matches: What `match_pairs` found for them.
        max_detections: As in `class_average_precision`.

    Returns:
        Values by threshold and image, shape `(s, n)`; masked where an image has no ground truth
        that counts, since there is nothing to recall.
    """
    labels, codes = np.unique(
        np.concatenate([batch.ground_truth_labels, batch.predicted_labels]), return_inverse=True
    )
    t, c = len(batch.ground_truth_labels), len(labels)
    truth_group = batch.ground_truth_images * c + codes[:t]
    groups, positives = np.unique(truth_group[~matches.ground_truth_ignored], return_counts=True)
    group = _find(batch.prediction_images * c + codes[t:], groups)
    values = _average_precision_by_group(batch, matches, group, positives, max_detections)
    image = groups // max(c, 1)
    n, s = batch.n_images, len(values)
    classes = np.bincount(image, minlength=n)
    total = np.stack([np.bincount(image, row, n) for row in values]) if s else np.zeros((0, n))
    return np.ma.MaskedArray(
        total / np.maximum(classes, 1), np.broadcast_to(classes == 0, (s, n)).copy()
    )


def _find(values: Int[np.ndarray, " p"], groups: Int[np.ndarray, " g"]) -> Int[np.ndarray, " p"]:
    """Position of each value among the sorted groups; one past the last for all others."""
    position = np.searchsorted(groups, values)
    inside = np.flatnonzero(position < len(groups))
    position[inside] = np.where(
        groups[position[inside]] == values[inside], position[inside], len(groups)
    )
    return position


def _average_precision_by_group(
    batch: InstanceBatch,
    matches: Matches,
    group: Int[np.ndarray, " p"],
    positives: Int[np.ndarray, " g"],
    max_detections: int | None,
) -> Float[np.ndarray, "s g"]:
    """Average precision of each group of predictions; group `g` stands for none.

    A group of predictions is one curve. The curve falls between two true positives and rises only
    at one, so precision is needed at the true positives alone, and the 101 recalls need only be
    counted: how many lie in the step that each true positive adds.
    """
    s, g = len(matches.thresholds), len(positives)
    order = _rank(batch, max_detections)
    order = order[group[order] < g]
    order = order[np.argsort(group[order], kind="stable")]
    group = group[order]
    counted = ~matches.prediction_ignored[:, order]
    level, row = np.nonzero(counted & matches.matched[:, order])
    curve = level * g + group[row]
    n_true = _position_in_run(curve) + 1
    so_far = np.zeros((s, len(order) + 1), np.int64)
    np.cumsum(counted, axis=1, out=so_far[:, 1:])
    starts = np.searchsorted(group, group, side="left")
    n_counted = so_far[level, row + 1] - so_far[level, starts[row]]
    precision = _highest_from_here(curve, n_true / n_counted)
    reached = np.searchsorted(_RECALLS, n_true / positives[group[row]], side="right")
    gained = np.where(n_true == 1, reached, np.diff(reached, prepend=0))
    total = np.bincount(curve, gained * precision, minlength=s * g)
    return total.reshape(s, g) / len(_RECALLS)


def _rank(batch: InstanceBatch, max_detections: int | None) -> Int[np.ndarray, " kept"]:
    """Predictions from the most to the least confident, without those that are too many."""
    order = batch.order()
    most = np.max(np.diff(batch.prediction_offsets), initial=0)
    if max_detections is None or most <= max_detections:
        return order
    by_class = order[np.lexsort((batch.predicted_labels[order], batch.prediction_images[order]))]
    image, label = batch.prediction_images[by_class], batch.predicted_labels[by_class]
    new = (np.diff(image, prepend=-1) != 0) | (np.diff(label, prepend=label[:1]) != 0)
    kept = np.zeros(len(order), bool)
    kept[by_class] = _position_in_run(np.cumsum(new)) < max_detections
    return order[kept[order]]


def _position_in_run(runs: Int[np.ndarray, " q"]) -> Int[np.ndarray, " q"]:
    """0, 1, 2, ... for each run of equal values."""
    return np.arange(len(runs)) - np.searchsorted(runs, runs, side="left")


def _highest_from_here(
    runs: Int[np.ndarray, " q"], values: Float[np.ndarray, " q"]
) -> Float[np.ndarray, " q"]:
    """The largest value from each place to the end of its run."""
    by_value = np.argsort(values, kind="stable")
    rank = np.empty(len(values), np.int64)
    rank[by_value] = np.arange(len(values))
    # Later runs get lower keys, so that the maximum, taken from the end, starts anew with each run;
    # ranks in place of values keep it exact.
    keys = (runs.max(initial=0) - runs) * len(values) + rank
    highest = np.maximum.accumulate(keys[::-1])[::-1]
    return values[by_value[highest % max(len(values), 1)]]
