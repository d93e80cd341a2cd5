"""Which class is taken for which: ground truths against predictions, whatever their class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.boxes import areas
from samplewise.metrics.detection import DetectionBatch, detection_metrics
from samplewise.schema.boxes import RaggedBoxes, boxes_from_arrow
from samplewise.schema.instances import CONFIDENCE, LABEL

if TYPE_CHECKING:
    from samplewise.server.columns import ShownColumn
    from samplewise.server.source import OpenSource

NOTHING = np.iinfo(np.int64).min
"""The class of a ground truth that nothing found, and of a prediction where nothing is."""


@dataclass(frozen=True)
class Pairs:
    """What was taken for what, one entry a pair.

    Args:
        rows: The row of the sample, shape `(p,)`.
        truth: Class id of the ground truth, or `NOTHING`, shape `(p,)`.
        predicted: Class id of the prediction, or `NOTHING`, shape `(p,)`.
    """

    rows: np.ndarray
    truth: np.ndarray
    predicted: np.ndarray

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.rows.nbytes + self.truth.nbytes + self.predicted.nbytes


def find_confused_rows(
    source: "OpenSource", truth: int | None, predicted: int | None, confidence: float
) -> np.ndarray:
    """Which rows have a pair of these classes; bool, shape `(n,)`.

    Raises:
        InvalidArgumentError: The source lacks ground truths or predictions with classes.
    """
    pairs = pairs_of(source, confidence)
    chosen = (pairs.truth == _id(truth)) & (pairs.predicted == _id(predicted))
    mask = np.zeros(len(source), bool)
    mask[pairs.rows[chosen]] = True
    return mask


def pairs_of(source: "OpenSource", confidence: float) -> Pairs:
    """All pairs of a source, kept in memory."""
    truth, predicted = find_paired_columns(source)
    read = _boxes if truth.role == "boxes" else _labels
    key = (source.version, "pairs", confidence)
    return source.hot.get(key, lambda: read(source, truth, predicted, confidence))


def _labels(
    source: "OpenSource", truth: "ShownColumn", predicted: "ShownColumn", confidence: float
) -> Pairs:
    """One pair a sample."""
    ids = [source.values(c.name).cast(pa.int64()).fill_null(NOTHING) for c in (truth, predicted)]
    return Pairs(np.arange(len(source)), *(each.to_numpy(zero_copy_only=False) for each in ids))


def _boxes(
    source: "OpenSource", truth: "ShownColumn", predicted: "ShownColumn", confidence: float
) -> Pairs:
    """Boxes matched at IoU 0.5 whatever their class, the most confident first."""
    labelled = boxes_from_arrow(truth.rows.column(truth.stored))
    found = _select_confident(boxes_from_arrow(predicted.rows.column(predicted.stored)), confidence)
    crowd = labelled.integers("iscrowd", 0).astype(bool)
    metrics = detection_metrics(
        DetectionBatch(
            prediction_offsets=found.offsets,
            predicted_boxes=found.boxes,
            predicted_labels=np.zeros(len(found.boxes), np.int64),
            confidences=found.numbers(CONFIDENCE, 1.0),
            ground_truth_offsets=labelled.offsets,
            ground_truth_boxes=labelled.boxes,
            ground_truth_labels=np.zeros(len(labelled.boxes), np.int64),
            is_crowd=crowd,
            ground_truth_areas=areas(labelled.boxes),
        ),
        max_detections=None,
    )
    rows_of_found, rows_of_truth = (
        np.repeat(np.arange(len(source)), np.diff(each.offsets)) for each in (found, labelled)
    )
    partner = np.ma.filled(metrics.matched_ground_truth, -1)
    is_matched = partner >= 0
    absolute = labelled.offsets[rows_of_found] + partner
    truth_ids, found_ids = (each.integers(LABEL, NOTHING) for each in (labelled, found))
    names = truth_ids[absolute[is_matched]]
    is_ignored = np.zeros(len(partner), bool)
    is_ignored[is_matched] = crowd[absolute[is_matched]]
    missed = np.ma.getmaskarray(metrics.matched_prediction) & ~crowd
    alone = ~is_matched & ~_in_crowd(metrics.prediction_kind)
    pairs_matched = is_matched & ~is_ignored
    keep = ~is_ignored[is_matched]
    return Pairs(
        np.concatenate([rows_of_found[pairs_matched], rows_of_found[alone], rows_of_truth[missed]]),
        np.concatenate([names[keep], _nothing(alone), truth_ids[missed]]),
        np.concatenate([found_ids[pairs_matched], found_ids[alone], _nothing(missed)]),
    )


def _nothing(mask: np.ndarray) -> np.ndarray:
    return np.full(int(mask.sum()), NOTHING, np.int64)


def _in_crowd(kinds: np.ndarray) -> np.ndarray:
    from samplewise.metrics.detection import PREDICTION_KINDS

    return kinds == list(PREDICTION_KINDS).index("ignored")


def _select_confident(boxes: RaggedBoxes, confidence: float) -> RaggedBoxes:
    if confidence <= 0 or CONFIDENCE not in boxes.properties:
        return boxes
    return boxes.where(boxes.numbers(CONFIDENCE) >= confidence)


def find_paired_columns(source: "OpenSource") -> "tuple[ShownColumn, ShownColumn]":
    """The first columns of ground truths and of predictions of one kind."""
    for role in ("boxes", "category"):
        pair = [
            [source.columns[name] for name in names if source.columns[name].role == role]
            for names in (source.info.truth, source.info.predictions)
        ]
        if all(pair):
            return pair[0][0], pair[1][0]
    raise InvalidArgumentError("a confusion matrix needs ground truths and predictions of classes.")


def _id(given: int | None) -> int:
    return NOTHING if given is None else given
