"""Per-image and per-box metrics of detections."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._pairs import CandidatePairs, pair_blocks
from samplewise.metrics.average_precision import image_average_precision
from samplewise.metrics.boxes import areas, iou_of_pairs
from samplewise.metrics.counts import ImageCounts, count_matches, mean_overlap
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.detection_errors import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    detection_errors,
)
from samplewise.metrics.matching import COCO_THRESHOLDS, Matches, match_in_area, match_pairs
from samplewise.metrics.objects import ObjectMatches, object_matches

__all__ = [
    "GROUND_TRUTH_KINDS",
    "PREDICTION_KINDS",
    "DetectionBatch",
    "DetectionMetrics",
    "detection_matches",
    "detection_metrics",
]


@dataclass(frozen=True, kw_only=True)
class DetectionMetrics(ImageCounts, ObjectMatches):
    """How good the detections of `n` images with `p` predictions and `t` ground truths are.

    Counts and ratios are at one overlap, 0.5 unless another one was asked for. The rows of
    predictions and ground truths are those of the batch; indices count within an image. The counts,
    `precision`, `recall` and `f1` are described at `ImageCounts`, matches and kinds at
    `ObjectMatches`.

    Attributes:
        mean_iou: Mean overlap of the matches, shape `(n,)`; masked where there is no match.
        ap_50: Average precision at 0.5, shape `(n,)`; masked where no ground truth counts.
        ap_50_95: Mean average precision at 0.50, 0.55, ..., 0.95, shape `(n,)`; masked likewise.
        iou: Overlap with the match, or else the largest with any ground truth of the image that is
            no crowd region, of whatever class (0 for none), shape `(p,)`.
        matches: Who found whom at COCO's ten thresholds, for `class_average_precision`.
    """

    mean_iou: Float[np.ma.MaskedArray, " n"]
    ap_50: Float[np.ma.MaskedArray, " n"]
    ap_50_95: Float[np.ma.MaskedArray, " n"]
    iou: Float[np.ndarray, " p"]
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

    Examples:
        >>> batch = DetectionBatch.from_images(
        ...     predicted_boxes=[[[0, 0, 10, 10], [0, 0, 10, 9]], []],
        ...     predicted_labels=[[7, 7], []],
        ...     confidences=[[0.9, 0.8], []],
        ...     ground_truth_boxes=[[[0, 0, 10, 10]], [[5, 5, 8, 8]]],
        ...     ground_truth_labels=[[7], [7]],
        ... )
        >>> metrics = detection_metrics(batch)
        >>> [PREDICTION_KINDS[code] for code in metrics.prediction_kind]
        ['true_positive', 'duplicate']
        >>> metrics.precision.tolist()
        [0.5, None]
    """
    if not 0 < background_threshold < iou_threshold <= 1:
        raise InvalidArgumentError(
            "`background_threshold` and `iou_threshold` must rise from 0 to 1, but they are "
            f"{background_threshold} and {iou_threshold}.",
            hint="0.1 and 0.5 are the usual ones.",
        )
    pairs = overlapping_pairs(batch)
    candidates = pairs.where(batch.same_class(pairs))
    coco = match_pairs(candidates, batch, thresholds=COCO_THRESHOLDS)
    matches = match_pairs(candidates, batch, thresholds=[iou_threshold])
    errors = detection_errors(pairs, batch, matches, level=0, background=background_threshold)
    ap = image_average_precision(batch, coco, max_detections=max_detections)
    return DetectionMetrics(
        **vars(count_matches(batch, matches)),
        **vars(object_matches(batch, matches, errors)),
        mean_iou=mean_overlap(batch, matches),
        ap_50=ap[0],
        ap_50_95=np.ma.MaskedArray(ap.data.mean(axis=0), np.ma.getmaskarray(ap)[0]),
        iou=errors.overlap,
        matches=coco,
    )


def detection_matches(
    batch: DetectionBatch,
    *,
    thresholds: Sequence[float] | Float[np.ndarray, " s"] = COCO_THRESHOLDS,
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
    return match_in_area(
        pairs.where(batch.same_class(pairs)),
        batch,
        thresholds=thresholds,
        predicted_areas=areas(batch.predicted_boxes),
        area_range=area_range,
    )


def overlapping_pairs(batch: DetectionBatch) -> CandidatePairs:
    """All predictions and ground truths that overlap in an image, of one class or of two."""
    found = []
    for prediction, truth in pair_blocks(batch.prediction_offsets, batch.ground_truth_offsets):
        overlap = iou_of_pairs(
            batch.predicted_boxes[prediction],
            batch.ground_truth_boxes[truth],
            batch.is_crowd[truth],
        )
        found.append(CandidatePairs(prediction, truth, overlap).where(overlap > 0))
    return CandidatePairs.concatenate(found)
