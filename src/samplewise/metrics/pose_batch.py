"""Predicted and labelled poses of many images in flat arrays."""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from samplewise.metrics._ragged import flatten, flatten_or, lengths, offsets_of
from samplewise.metrics.boxes import areas
from samplewise.metrics.instances import InstanceBatch


@dataclass(frozen=True, kw_only=True)
class PoseBatch(InstanceBatch):
    """Poses of `n` images; make one with `from_images`.

    Attributes:
        predicted_joints: `xy` pixels, shape `(p, k, 2)`; NaN where a joint was not predicted.
        joint_confidences: Of the predicted joints, shape `(p, k)`.
        ground_truth_joints: `xy` pixels, shape `(t, k, 2)`.
        visibility: 0 not labelled, 1 labelled but hidden, 2 visible, shape `(t, k)`.
        ground_truth_boxes: Boxes around the objects, `xyxy` pixels, shape `(t, 4)`.
    """

    predicted_joints: Float[np.ndarray, "p k 2"]
    joint_confidences: Float[np.ndarray, "p k"]
    ground_truth_joints: Float[np.ndarray, "t k 2"]
    visibility: Int[np.ndarray, "t k"]
    ground_truth_boxes: Float[np.ndarray, "t 4"]

    @property
    def ignored(self) -> Bool[np.ndarray, " t"]:
        """Which poses nobody has to find: crowd regions and those without a labelled joint."""
        return self.is_crowd | ~np.any(np.greater(self.visibility, 0), axis=1)

    @classmethod
    def from_images(
        cls,
        *,
        predicted_joints: Sequence[Sized],
        confidences: Sequence[Sized],
        ground_truth_joints: Sequence[Sized],
        visibility: Sequence[Sized],
        ground_truth_boxes: Sequence[Sized] | None = None,
        ground_truth_areas: Sequence[Sized] | None = None,
        is_crowd: Sequence[Sized] | None = None,
        joint_confidences: Sequence[Sized] | None = None,
        predicted_labels: Sequence[Sized] | None = None,
        ground_truth_labels: Sequence[Sized] | None = None,
    ) -> "PoseBatch":
        """A batch from lists with one entry an image; an image without poses has an empty entry.

        Args:
            predicted_joints: `xy` pixels, each entry of shape `(p, k, 2)`.
            confidences: Of the poses; only their order matters, each entry of shape `(p,)`.
            ground_truth_joints: `xy` pixels, each entry of shape `(t, k, 2)`.
            visibility: 0 not labelled, 1 hidden, 2 visible, each entry of shape `(t, k)`.
            ground_truth_boxes: Boxes, `xyxy` pixels, each entry of shape `(t, 4)`; `None` for the
                extent of the labelled joints.
            ground_truth_areas: Areas of the objects in square pixels, each entry of shape `(t,)`;
                `None` for those of the boxes. COCO's are those of the masks, and OKS depends on
                them.
            is_crowd: Which ground truths are crowd regions; `None` for no one.
            joint_confidences: Of the joints, each entry of shape `(p, k)`; `None` for 1.
            predicted_labels: Class ids, each entry of shape `(p,)`; `None` for one class of all.
            ground_truth_labels: Class ids, each entry of shape `(t,)`; `None` likewise.

        Raises:
            InvalidArgumentError: Two lists are of different lengths, or joints of different number.
        """
        p = lengths(
            predicted_joints, ground_truth_joints, "predicted_joints", "ground_truth_joints"
        )
        t = lengths(
            ground_truth_joints, predicted_joints, "ground_truth_joints", "predicted_joints"
        )
        k = _n_joints([*predicted_joints, *ground_truth_joints])
        joints = flatten(ground_truth_joints, t, "ground_truth_joints", np.float64, (k, 2))
        visible = flatten(visibility, t, "visibility", np.int64, (k,))
        boxes = flatten_or(
            _extents(joints, np.greater(visible, 0)), ground_truth_boxes, t, "ground_truth_boxes"
        )
        no_label = np.zeros(max(sum(p), sum(t)), np.int64)
        return cls(
            prediction_offsets=offsets_of(p),
            predicted_joints=flatten(predicted_joints, p, "predicted_joints", np.float64, (k, 2)),
            joint_confidences=flatten_or(
                np.ones((sum(p), k)), joint_confidences, p, "joint_confidences"
            ),
            predicted_labels=flatten_or(
                no_label[: sum(p)], predicted_labels, p, "predicted_labels"
            ),
            confidences=flatten(confidences, p, "confidences", np.float64),
            ground_truth_offsets=offsets_of(t),
            ground_truth_joints=joints,
            visibility=visible,
            ground_truth_boxes=boxes,
            ground_truth_labels=flatten_or(
                no_label[: sum(t)], ground_truth_labels, t, "ground_truth_labels"
            ),
            is_crowd=flatten_or(np.zeros(sum(t), bool), is_crowd, t, "is_crowd"),
            ground_truth_areas=flatten_or(
                areas(boxes), ground_truth_areas, t, "ground_truth_areas"
            ),
        )


def _n_joints(entries: Sequence[Sized]) -> int:
    """How many joints the first pose has; 0 where there is no pose."""
    shapes = (np.asarray(entry).shape for entry in entries if len(entry))
    return next((shape[1] for shape in shapes if len(shape) == 3), 0)


def _extents(
    joints: Float[np.ndarray, "t k 2"], labelled: Bool[np.ndarray, "t k"]
) -> Float[np.ndarray, "t 4"]:
    """Smallest boxes around the labelled joints, all 0 where there is none."""
    low = np.where(labelled[..., None], joints, np.inf).min(axis=1, initial=np.inf)
    high = np.where(labelled[..., None], joints, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.any(labelled, axis=1)[:, None], np.hstack([low, high]), 0.0)
