"""Per-image and per-box metrics of detections."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._ragged import Pairs, pair_blocks
from samplewise.metrics.average_precision import image_average_precision
from samplewise.metrics.boxes import areas, paired_iou
from samplewise.metrics.counts import ImageCounts, count_matches, mean_overlap, within_image
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.detection_errors import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    detection_errors,
)
from samplewise.metrics.matching import COCO_THRESHOLDS, Matches, match_pairs

__all__ = [
    "GROUND_TRUTH_KINDS",
    "PREDICTION_KINDS",
    "DetectionBatch",
    "DetectionMetrics",
    "detection_matches",
    "detection_metrics",
]


@dataclass(frozen=True, kw_only=True)
class DetectionMetrics(ImageCounts):
    """How good the detections of `n` images with `p` predictions and `t` ground truths are.

    Counts and ratios are at one overlap, 0.5 unless another one was asked for. The rows of
    predictions and ground truths are those of the batch; indices count within an image. The counts,
    `precision`, `recall` and `f1` are described at `ImageCounts`.

    Attributes:
        mean_iou: Mean overlap of the matches, shape `(n,)`; masked where there is no match.
        ap_50: Average precision at 0.5, shape `(n,)`; masked where no ground truth counts.
        ap_50_95: Mean average precision at 0.50, 0.55, ..., 0.95, shape `(n,)`; masked likewise.
        iou: Overlap with the match, or else the largest with any ground truth of the image that is
            no crowd region, of whatever class (0 for none), shape `(p,)`.
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
        matches: Who found whom at COCO's ten thresholds, for `class_average_precision`.
    """

    mean_iou: Float[np.ma.MaskedArray, " n"]
    ap_50: Float[np.ma.MaskedArray, " n"]
    ap_50_95: Float[np.ma.MaskedArray, " n"]
    iou: Float[np.ndarray, " p"]
    matched_ground_truth: Int[np.ma.MaskedArray, " p"]
    related_ground_truth: Int[np.ma.MaskedArray, " p"]
    prediction_kind: UInt8[np.ndarray, " p"]
    matched_prediction: Int[np.ma.MaskedArray, " t"]
    near_prediction: Int[np.ma.MaskedArray, " t"]
    ground_truth_kind: UInt8[np.ndarray, " t"]
    matches: Matches


def detection_metrics(
    batch: DetectionBatch,
    *,
    iou_threshold: float = 0.5,
    background_threshold: float = 0.1,
    max_detections: int | None = 100,
) -> DetectionMetrics:
    """Everything there is to say about the boxes of some images.

    Args:
        batch: Any number of images; what one image gets does not depend on the others.
        iou_threshold: Overlap in (0, 1] that a match needs at least. Average precision has its own.
        background_threshold: Overlap below which a box has found nothing, smaller than that.
        max_detections: How many predictions of one class in one image count for average precision,
            the most confident ones; `None` for all. All other metrics count all.

    Returns:
        One value per image, per prediction and per ground truth.

    Raises:
        InvalidArgumentError: Not `0 < background_threshold < iou_threshold <= 1`.

    Source:
        Matching and average precision: `COCOeval` of pycocotools. Kinds: TIDE, see
        `detection_errors`.
    """
    if not 0 < background_threshold < iou_threshold <= 1:
        raise InvalidArgumentError(
            "`background_threshold` and `iou_threshold` must rise from 0 to 1, but they are "
            f"{background_threshold} and {iou_threshold}.",
            hint="0.1 and 0.5 are the usual ones.",
        )
    pairs = overlapping_pairs(batch)
    candidates = pairs.where(_same_class(pairs, batch))
    coco = match_pairs(candidates, batch, thresholds=COCO_THRESHOLDS)
    matches = match_pairs(candidates, batch, thresholds=[iou_threshold])
    errors = detection_errors(pairs, batch, matches, level=0, background=background_threshold)
    ap = image_average_precision(batch, coco, max_detections=max_detections)
    images, truth_images = batch.prediction_images, batch.ground_truth_images
    truths = batch.ground_truth_offsets
    return DetectionMetrics(
        **vars(count_matches(batch, matches)),
        mean_iou=mean_overlap(batch, matches),
        ap_50=ap[0],
        ap_50_95=np.ma.MaskedArray(ap.data.mean(axis=0), np.ma.getmaskarray(ap)[0]),
        iou=errors.overlap,
        matched_ground_truth=within_image(matches.ground_truth[0], truths, images),
        related_ground_truth=within_image(errors.related, truths, images),
        prediction_kind=errors.prediction_kind,
        matched_prediction=within_image(
            matches.prediction[0], batch.prediction_offsets, truth_images
        ),
        near_prediction=within_image(
            errors.near_prediction, batch.prediction_offsets, truth_images
        ),
        ground_truth_kind=errors.ground_truth_kind,
        matches=coco,
    )


def detection_matches(
    batch: DetectionBatch,
    *,
    thresholds: Float[np.ndarray, " s"] = COCO_THRESHOLDS,
    area_range: tuple[float, float] | None = None,
) -> Matches:
    """Who found whom, class by class.

    Args:
        batch: Any number of images.
        thresholds: Overlaps in (0, 1] that a match needs at least.
        area_range: Smallest and largest area in square pixels, both included. Ground truths outside
            are ignored, and so are predictions outside that found nothing.

    Returns:
        The matches; rows are those of the batch.
    """
    pairs = overlapping_pairs(batch)
    candidates = pairs.where(_same_class(pairs, batch))
    if area_range is None:
        return match_pairs(candidates, batch, thresholds=thresholds)
    low, high = area_range
    predicted, labelled = areas(batch.predicted_boxes), batch.ground_truth_areas
    return match_pairs(
        candidates,
        batch,
        thresholds=thresholds,
        ignored=(labelled < low) | (labelled > high),
        ignored_alone=(predicted < low) | (predicted > high),
    )


def overlapping_pairs(batch: DetectionBatch) -> Pairs:
    """All predictions and ground truths that overlap in an image, of one class or of two."""
    found = [Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for prediction, truth in pair_blocks(batch.prediction_offsets, batch.ground_truth_offsets):
        overlap = paired_iou(
            batch.predicted_boxes[prediction],
            batch.ground_truth_boxes[truth],
            batch.is_crowd[truth],
        )
        found.append(Pairs(prediction, truth, overlap).where(overlap > 0))
    return Pairs.concatenate(found)


def _same_class(pairs: Pairs, batch: DetectionBatch) -> Bool[np.ndarray, " q"]:
    predicted = batch.predicted_labels[pairs.prediction]
    return predicted == batch.ground_truth_labels[pairs.ground_truth]
