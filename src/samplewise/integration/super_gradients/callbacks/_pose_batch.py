"""Predicted poses beside the labelled ones of the same images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samplewise.errors import CollectionError
from samplewise.integration.super_gradients.datasets.poses import TablePoses
from samplewise.metrics.pose import PoseBatch


@dataclass(frozen=True)
class PredictedPoses:
    """Predictions of `n` images.

    Args:
        joints: `x, y, confidence`, float64, one array of shape `(p, k, 3)` an image.
        confidences: Of the poses, one array of shape `(p,)` an image.
        boxes: Boxes of all images, `xyxy` pixels, shape `(p, 4)`.
        has_no_box: Where there is none, shape `(p,)`.
    """

    joints: list[np.ndarray]
    confidences: list[np.ndarray]
    boxes: np.ndarray
    has_no_box: np.ndarray

    @classmethod
    def of(cls, predictions: Sequence[Any], num_joints: int) -> "PredictedPoses":
        """From SuperGradients' predictions.

        Raises:
            CollectionError: The model has another number of joints than the Table.
        """
        joints = [_joints(each.poses, num_joints) for each in predictions]
        boxes = [np.zeros((0, 4))]
        for each, points in zip(predictions, joints, strict=True):
            given = np.full((len(points), 4), np.nan) if each.bboxes_xyxy is None else None
            boxes.append(np.asarray(each.bboxes_xyxy, np.float64) if given is None else given)
        flat = np.concatenate([box.reshape(-1, 4) for box in boxes])
        confidences = [np.asarray(each.scores, np.float64).reshape(-1) for each in predictions]
        return cls(joints, confidences, flat, np.logical_not(np.all(np.isfinite(flat), axis=1)))


def pose_batch(rows: Sequence[int], predicted: PredictedPoses, known: TablePoses) -> PoseBatch:
    """Predictions and ground truths of some rows of a Table, all of one class."""
    here = [slice(known.offsets[row], known.offsets[row + 1]) for row in rows]
    return PoseBatch.from_images(
        predicted_joints=[joints[..., :2] for joints in predicted.joints],
        joint_confidences=[joints[..., 2] for joints in predicted.joints],
        confidences=predicted.confidences,
        ground_truth_joints=[known.joints[part, :, :2] for part in here],
        visibility=[known.joints[part, :, 2].astype(np.int64) for part in here],
        ground_truth_boxes=[known.boxes[part] for part in here],
        ground_truth_areas=[known.areas[part] for part in here],
        is_crowd=[known.is_crowd[part] for part in here],
    )


def _joints(poses: Any, num_joints: int) -> np.ndarray:
    points = np.asarray(poses, np.float64)
    if not len(points):
        return np.zeros((0, num_joints, 3))
    if points.shape[1] != num_joints:
        raise CollectionError(
            f"the model must have the {num_joints} joints of the table, but has {points.shape[1]}.",
            hint="models.get(name, num_classes=dataset.num_joints)",
        )
    if points.shape[2] == 2:  # no confidence of its own
        points = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=2)
    return points
