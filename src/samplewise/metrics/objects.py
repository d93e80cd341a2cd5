"""What became of every predicted and every labelled object."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8

from samplewise.metrics.detection_errors import DetectionErrors
from samplewise.metrics.instances import InstanceBatch
from samplewise.metrics.matching import Matches


@dataclass(frozen=True, kw_only=True)
class ObjectMatches:
    """Matches and kinds of `p` predictions and `t` ground truths; indices count within an image.

    Attributes:
        matched_ground_truth: Index of the ground truth that each prediction found, crowd regions
            included, shape `(p,)`; masked where it found none.
        related_ground_truth: Index of the ground truth that the kind is about, shape `(p,)`; masked
            for background, which is about none.
        prediction_kind: Index in `PREDICTION_KINDS`, shape `(p,)`.
        matched_prediction: Index of the prediction that found each ground truth, shape `(t,)`;
            masked where none did and for crowd regions, which many may find.
        near_prediction: Index of the most confident prediction whose class or localisation error is
            about this missed ground truth, shape `(t,)`; masked where there is none.
        ground_truth_kind: Index in `GROUND_TRUTH_KINDS`, shape `(t,)`.
    """

    matched_ground_truth: Int[np.ma.MaskedArray, " p"]
    related_ground_truth: Int[np.ma.MaskedArray, " p"]
    prediction_kind: UInt8[np.ndarray, " p"]
    matched_prediction: Int[np.ma.MaskedArray, " t"]
    near_prediction: Int[np.ma.MaskedArray, " t"]
    ground_truth_kind: UInt8[np.ndarray, " t"]


def object_matches(
    batch: InstanceBatch, matches: Matches, errors: DetectionErrors
) -> ObjectMatches:
    """Matches at the first threshold, with rows of the batch as indices within their image.

    Args:
        batch: The objects.
        matches: Who found whom.
        errors: Kinds at the same threshold.

    Returns:
        One value a prediction, and one a ground truth.
    """
    truths, images = batch.ground_truth_offsets, batch.prediction_images
    rows, truth_images = batch.prediction_offsets, batch.ground_truth_images
    return ObjectMatches(
        matched_ground_truth=_within_image(matches.ground_truth[0], truths, images),
        related_ground_truth=_within_image(errors.related, truths, images),
        prediction_kind=errors.prediction_kind,
        matched_prediction=_within_image(matches.prediction[0], rows, truth_images),
        near_prediction=_within_image(errors.near_prediction, rows, truth_images),
        ground_truth_kind=errors.ground_truth_kind,
    )


def _within_image(
    rows: Int[np.ma.MaskedArray, " r"],
    offsets: Int[np.ndarray, " offsets"],
    image: Int[np.ndarray, " r"],
) -> Int[np.ma.MaskedArray, " r"]:
    """Rows of the flat arrays as indices within their image, masked as before."""
    nobody = np.ma.getmaskarray(rows)
    return np.ma.MaskedArray(np.where(nobody, 0, rows.data - offsets[image]), nobody)
