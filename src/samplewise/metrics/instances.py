"""Predicted and labelled objects of many images, whatever their shape is: labels and order."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._pairs import CandidatePairs
from samplewise.metrics._ragged import offsets_of, owners


@dataclass(frozen=True, kw_only=True)
class InstanceBatch:
    """Objects of `n` images in flat arrays.

    `p` predictions and `t` ground truths of all images lie one after the other in the order of the
    images; those of image `i` are rows `offsets[i]` up to `offsets[i + 1]`.

    Attributes:
        prediction_offsets: Where the predictions of each image start, shape `(n + 1,)`.
        predicted_labels: Class ids, shape `(p,)`; any integers, gaps are fine.
        confidences: Only their order matters, shape `(p,)`; NaN ranks last.
        ground_truth_offsets: Where the ground truths of each image start, shape `(n + 1,)`.
        ground_truth_labels: Class ids, shape `(t,)`.
        is_crowd: Crowd regions absorb any number of predictions and are never missed, shape `(t,)`.
        ground_truth_areas: Areas of the objects in square pixels, shape `(t,)`.
    """

    prediction_offsets: Int[np.ndarray, " offsets"]
    predicted_labels: Int[np.ndarray, " p"]
    confidences: Float[np.ndarray, " p"]
    ground_truth_offsets: Int[np.ndarray, " offsets"]
    ground_truth_labels: Int[np.ndarray, " t"]
    is_crowd: Bool[np.ndarray, " t"]
    ground_truth_areas: Float[np.ndarray, " t"]

    @property
    def n_images(self) -> int:
        """How many images there are."""
        return len(self.prediction_offsets) - 1

    @property
    def prediction_images(self) -> Int[np.ndarray, " p"]:
        """The image of every prediction, shape `(p,)`."""
        return owners(self.prediction_offsets)

    @property
    def ground_truth_images(self) -> Int[np.ndarray, " t"]:
        """The image of every ground truth, shape `(t,)`."""
        return owners(self.ground_truth_offsets)

    @property
    def ignored(self) -> Bool[np.ndarray, " t"]:
        """Which ground truths nobody has to find: crowd regions, shape `(t,)`."""
        return self.is_crowd

    def order(self) -> Int[np.ndarray, " p"]:
        """Predictions from the most to the least confident, shape `(p,)`.

        Equal ones stay in the order they came in, as COCO's merge sort leaves them.
        """
        return np.argsort(-self.confidences, kind="stable")

    def same_class(self, pairs: CandidatePairs) -> Bool[np.ndarray, " q"]:
        """Which pairs are of one class, shape `(q,)`."""
        return np.equal(
            self.predicted_labels[pairs.prediction], self.ground_truth_labels[pairs.ground_truth]
        )


Batch = TypeVar("Batch", bound=InstanceBatch)


def concatenate(batches: Sequence[Batch]) -> Batch:
    """All images of some batches of one kind, in their order.

    Args:
        batches: At least one.

    Raises:
        InvalidArgumentError: There is no batch.
    """
    if not batches:
        raise InvalidArgumentError(
            "`batches` must hold a batch, but it is empty.", hint="there is nothing to join."
        )
    joined = {}
    for name in (field.name for field in fields(batches[0])):
        parts = [getattr(batch, name) for batch in batches]
        joined[name] = (
            offsets_of(np.concatenate([np.diff(part) for part in parts]))
            if name.endswith("_offsets")
            else np.concatenate(parts)
        )
    return type(batches[0])(**joined)
