"""What predictions say about labelled boxes: confirmed, another class, displaced, nothing there."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from samplewise.metrics._pairs import CandidatePairs, pair_blocks
from samplewise.metrics.boxes import iou_of_pairs
from samplewise.metrics.detection_batch import DetectionBatch

_LEAST = 1e-3
"""Predictions that hardly hint at a missing label are no candidates."""
_SAME_OBJECT = 0.45
"""IoU from which two candidates are about one object."""


@dataclass(frozen=True)
class LabelEvidence:
    """Evidence of one set of predictions, confidences weighted by overlap; all in [0, 1].

    Attributes:
        confirmed: The class of the label is seen there, shape `(t,)`.
        other: Another class is seen in its place, shape `(t,)`.
        displaced: Its object is seen beside it, and no other label explains that, shape `(t,)`.
        seen: Anything is seen there, shape `(t,)`.
        other_prediction: Row of the prediction behind `other`; -1 for none, shape `(t,)`.
        displaced_prediction: Row of the one behind `displaced`; -1 for none, shape `(t,)`.
        unlabelled: How likely each prediction is an object without a label, shape `(p,)`.
    """

    confirmed: Float[np.ndarray, " t"]
    other: Float[np.ndarray, " t"]
    displaced: Float[np.ndarray, " t"]
    seen: Float[np.ndarray, " t"]
    other_prediction: Int[np.ndarray, " t"]
    displaced_prediction: Int[np.ndarray, " t"]
    unlabelled: Float[np.ndarray, " p"]


def weigh_labels(batch: DetectionBatch) -> LabelEvidence:
    """Look at every label with every prediction of its image.

    Args:
        batch: Predictions with their confidences, the more of the unsure ones the better, and
            labels; crowd regions are looked at like others.

    Returns:
        One value a label, or a prediction.
    """
    t, p = len(batch.ground_truth_boxes), len(batch.predicted_boxes)
    confirmed, seen = np.zeros(t), np.zeros(t)
    other, displaced = _Largest(t), _Largest(t)
    on_any, on_same = np.zeros(p), np.zeros(p)
    for pairs in _overlapping(batch):
        u, label, prediction = pairs.overlap, pairs.ground_truth, pairs.prediction
        c = batch.confidences[prediction]
        covers = _ramp(u, 0.3, 0.7)
        is_same = batch.ground_truth_labels[label] == batch.predicted_labels[prediction]
        np.maximum.at(confirmed, label, np.where(is_same, c * covers, 0.0))
        np.maximum.at(seen, label, c * _ramp(u, 0.05, 0.5))
        np.maximum.at(on_any, prediction, covers)
        np.maximum.at(on_same, prediction, np.where(is_same, _ramp(u, 0.1, 0.3), 0.0))
        other.add(label, prediction, np.where(is_same, 0.0, c * covers))
        explained = _largest_of_others(prediction, np.where(is_same, covers, 0.0), p)
        moved = c * (1 - covers) * (1 - explained) * _ramp(u, 0.05, 0.2)
        displaced.add(label, prediction, np.where(is_same & (u > 0.1), moved, 0.0))
    # What stands for a label that is badly placed is not one more object without a label.
    stands_for = np.zeros(p)
    is_displaced = displaced.prediction >= 0
    np.maximum.at(stands_for, displaced.prediction[is_displaced], (1 - confirmed)[is_displaced])
    unlabelled = batch.confidences * (1 - on_any) * (1 - on_same) * (1 - stands_for)
    return LabelEvidence(
        confirmed,
        other.value,
        displaced.value,
        seen,
        other.prediction,
        displaced.prediction,
        np.where(unlabelled >= _LEAST, unlabelled, 0.0),
    )


def overlapping_predictions(batch: DetectionBatch) -> Int[np.ndarray, "m 2"]:
    """Pairs of predictions of one image that are about one object, of whatever class."""
    found = [np.zeros((0, 2), np.int64)]
    for i, j in pair_blocks(batch.prediction_offsets, batch.prediction_offsets):
        first, second = i[i < j], j[i < j]
        u = iou_of_pairs(batch.predicted_boxes[first], batch.predicted_boxes[second])
        found.append(np.stack([first, second], axis=1)[u > _SAME_OBJECT])
    return np.concatenate(found)


def keep_best(
    scores: Float[np.ndarray, " p"], overlapping: Int[np.ndarray, "m 2"]
) -> Bool[np.ndarray, " p"]:
    """Of predictions that overlap the one with the largest score.

    Args:
        scores: Of the predictions; those of 0 are no candidates.
        overlapping: As of `overlapping_predictions`.

    Returns:
        Which are kept: as greedy non-maximum suppression does.
    """
    pairs = overlapping[(scores[overlapping] > 0).all(axis=1)]
    # Of equal scores the first in the row is better, so that there is an order.
    is_first_better = scores[pairs[:, 0]] >= scores[pairs[:, 1]]
    better = np.where(is_first_better, pairs[:, 0], pairs[:, 1])
    worse = np.where(is_first_better, pairs[:, 1], pairs[:, 0])
    kept, open_ = np.zeros(len(scores), bool), scores > 0
    while open_.any():  # a round decides all that nothing better is open beside
        beaten = np.zeros(len(scores), bool)
        beaten[worse[open_[better]]] = True
        best = open_ & ~beaten
        kept |= best
        open_ &= ~best
        open_[worse[best[better]]] = False
    return kept


def same_class_support(batch: DetectionBatch, others: DetectionBatch) -> Float[np.ndarray, " p"]:
    """How sure another epoch is of each prediction: the largest weighted confidence of its class.

    Args:
        batch: The predictions that are asked about.
        others: Predictions of the same images, by the network of another epoch.
    """
    support = np.zeros(len(batch.predicted_boxes))
    for mine, theirs in pair_blocks(batch.prediction_offsets, others.prediction_offsets):
        is_same = batch.predicted_labels[mine] == others.predicted_labels[theirs]
        i, j = mine[is_same], theirs[is_same]
        u = iou_of_pairs(batch.predicted_boxes[i], others.predicted_boxes[j])
        np.maximum.at(support, i, others.confidences[j] * _ramp(u, 0.3, 0.7))
    return support


def _overlapping(batch: DetectionBatch) -> Iterator[CandidatePairs]:
    for prediction, label in pair_blocks(batch.prediction_offsets, batch.ground_truth_offsets):
        u = iou_of_pairs(batch.predicted_boxes[prediction], batch.ground_truth_boxes[label])
        yield CandidatePairs(prediction, label, u).where(u > 0.05)


class _Largest:
    """The largest value of each label, and the prediction behind it."""

    def __init__(self, count: int) -> None:
        self.value = np.zeros(count)
        self.prediction = np.full(count, -1)

    def add(self, label: np.ndarray, prediction: np.ndarray, value: np.ndarray) -> None:
        """See further pairs of them."""
        before = self.value.copy()
        np.maximum.at(self.value, label, value)
        is_new = (value == self.value[label]) & (value > before[label])
        # Written from the last to the first, so the first of equal ones stays.
        self.prediction[label[is_new][::-1]] = prediction[is_new][::-1]


def _largest_of_others(
    prediction: np.ndarray, value: np.ndarray, count: int
) -> Float[np.ndarray, " q"]:
    """For each pair the largest value of the other pairs of its prediction."""
    first, second = np.zeros(count), np.zeros(count)
    np.maximum.at(first, prediction, value)
    is_first = value == first[prediction]
    np.maximum.at(second, prediction, np.where(is_first, 0.0, value))
    how_many = np.bincount(prediction[is_first], minlength=count)
    return np.where(is_first & (how_many[prediction] == 1), second[prediction], first[prediction])


def _ramp(u: np.ndarray, low: float, high: float) -> np.ndarray:
    """From 0 at `low` to 1 at `high`."""
    return np.clip((u - low) / (high - low), 0.0, 1.0)
