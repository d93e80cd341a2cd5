"""Predicted and labelled boxes of many images in flat arrays."""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from samplewise.metrics._ragged import flatten, flatten_or, lengths, offsets_of
from samplewise.metrics.boxes import areas
from samplewise.metrics.instances import InstanceBatch


@dataclass(frozen=True, kw_only=True)
class DetectionBatch(InstanceBatch):
    """Boxes of `n` images; make one with `from_images`.

    Attributes:
        predicted_boxes: Boxes, `xyxy` pixels, shape `(p, 4)`.
        ground_truth_boxes: Boxes, `xyxy` pixels, shape `(t, 4)`.
    """

    predicted_boxes: Float[np.ndarray, "p 4"]
    ground_truth_boxes: Float[np.ndarray, "t 4"]

    @classmethod
    def from_images(
        cls,
        *,
        predicted_boxes: Sequence[Sized],
        predicted_labels: Sequence[Sized],
        confidences: Sequence[Sized],
        ground_truth_boxes: Sequence[Sized],
        ground_truth_labels: Sequence[Sized],
        is_crowd: Sequence[Sized] | None = None,
        ground_truth_areas: Sequence[Sized] | None = None,
    ) -> "DetectionBatch":
        """A batch from lists with one entry an image; an image without boxes has an empty entry.

        Args:
            predicted_boxes: Boxes, `xyxy` pixels, each entry of shape `(p, 4)`.
            predicted_labels: Class ids, each entry of shape `(p,)`.
            confidences: Only their order matters, each entry of shape `(p,)`.
            ground_truth_boxes: Boxes, `xyxy` pixels, each entry of shape `(t, 4)`.
            ground_truth_labels: Class ids, each entry of shape `(t,)`.
            is_crowd: Which ground truths are crowd regions; `None` for no one.
            ground_truth_areas: Areas in square pixels where they are not those of the boxes, as
                with COCO's, which are those of the masks. Only area ranges look at them.

        Raises:
            InvalidArgumentError: Two lists are of different lengths, in all or for an image.
        """
        p = lengths(predicted_boxes, ground_truth_boxes, "predicted_boxes", "ground_truth_boxes")
        t = lengths(ground_truth_boxes, predicted_boxes, "ground_truth_boxes", "predicted_boxes")
        boxes = flatten(ground_truth_boxes, t, "ground_truth_boxes", np.float64, (4,))
        return cls(
            prediction_offsets=offsets_of(p),
            predicted_boxes=flatten(predicted_boxes, p, "predicted_boxes", np.float64, (4,)),
            predicted_labels=flatten(predicted_labels, p, "predicted_labels", np.int64),
            confidences=flatten(confidences, p, "confidences", np.float64),
            ground_truth_offsets=offsets_of(t),
            ground_truth_boxes=boxes,
            ground_truth_labels=flatten(ground_truth_labels, t, "ground_truth_labels", np.int64),
            is_crowd=flatten_or(np.zeros(sum(t), bool), is_crowd, t, "is_crowd"),
            ground_truth_areas=flatten_or(
                areas(boxes), ground_truth_areas, t, "ground_truth_areas"
            ),
        )
