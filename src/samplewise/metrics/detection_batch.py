"""Predicted and labelled boxes of many images in flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._ragged import flatten, offsets_of
from samplewise.metrics.boxes import areas, as_boxes
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
        predicted_boxes: Sequence[object],
        predicted_labels: Sequence[object],
        confidences: Sequence[object],
        ground_truth_boxes: Sequence[object],
        ground_truth_labels: Sequence[object],
        is_crowd: Sequence[object] | None = None,
        ground_truth_areas: Sequence[object] | None = None,
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
        predictions = [as_boxes(boxes, "predicted_boxes") for boxes in predicted_boxes]
        truths = [as_boxes(boxes, "ground_truth_boxes") for boxes in ground_truth_boxes]
        if len(predictions) != len(truths):
            raise InvalidArgumentError(
                f"`predicted_boxes` must have one entry an image, but it has {len(predictions)} "
                f"and `ground_truth_boxes` has {len(truths)}.",
                hint="give an empty list for an image without boxes.",
            )
        p = [len(boxes) for boxes in predictions]
        t = [len(boxes) for boxes in truths]
        joined = np.concatenate([np.zeros((0, 4)), *truths])
        crowd = np.zeros(sum(t), bool)
        if is_crowd is not None:
            crowd = flatten(is_crowd, t, "is_crowd", np.bool_)
        area = areas(joined)
        if ground_truth_areas is not None:
            area = flatten(ground_truth_areas, t, "ground_truth_areas", np.float64)
        return cls(
            prediction_offsets=offsets_of(p),
            predicted_boxes=np.concatenate([np.zeros((0, 4)), *predictions]),
            predicted_labels=flatten(predicted_labels, p, "predicted_labels", np.int64),
            confidences=flatten(confidences, p, "confidences", np.float64),
            ground_truth_offsets=offsets_of(t),
            ground_truth_boxes=joined,
            ground_truth_labels=flatten(ground_truth_labels, t, "ground_truth_labels", np.int64),
            is_crowd=crowd,
            ground_truth_areas=area,
        )
