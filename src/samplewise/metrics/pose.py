"""Per-image, per-pose and per-joint metrics of pose estimation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from samplewise.errors import InvalidArgumentError
from samplewise.metrics._pairs import CandidatePairs, pair_blocks
from samplewise.metrics.average_precision import image_average_precision
from samplewise.metrics.boxes import areas
from samplewise.metrics.counts import ImageCounts, count_matches, mean_overlap
from samplewise.metrics.detection_errors import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    detection_errors,
)
from samplewise.metrics.keypoints import COCO_SIGMAS, oks_of_pairs
from samplewise.metrics.matching import COCO_THRESHOLDS, Matches, match_in_area, match_pairs
from samplewise.metrics.objects import ObjectMatches, object_matches
from samplewise.metrics.pose_batch import PoseBatch
from samplewise.metrics.pose_joints import JOINT_KINDS, JointMetrics, joint_metrics

__all__ = [
    "GROUND_TRUTH_KINDS",
    "JOINT_KINDS",
    "PREDICTION_KINDS",
    "PoseBatch",
    "PoseMetrics",
    "pose_matches",
    "pose_metrics",
]

_PAIRS_IN_BLOCK = 2**16  # each pair holds all joints


@dataclass(frozen=True, kw_only=True)
class PoseMetrics(ImageCounts, ObjectMatches, JointMetrics):
    """How good the poses of `n` images with `p` predictions and `t` ground truths are.

    Counts and ratios are at one OKS, 0.5 unless another one was asked for. Rows of predictions and
    ground truths are those of the batch; indices count within an image. The counts, `precision`,
    `recall` and `f1` are described at `ImageCounts`, matches and kinds (TIDE's, with OKS in place
    of IoU) at `ObjectMatches`, joints at `JointMetrics`. Ignored are crowd regions and poses
    without a labelled joint.

    Attributes:
        mean_oks: Mean OKS of the matches, shape `(n,)`; masked where there is no match.
        ap_50: Average precision at an OKS of 0.5, shape `(n,)`; masked where no ground truth
            counts.
        ap_50_95: Mean average precision at 0.50, 0.55, ..., 0.95, shape `(n,)`; masked likewise.
        oks: OKS with the match, or else the largest with any ground truth of the image that counts
            (0 for none), shape `(p,)`.
        ground_truth_oks: OKS of each ground truth with its match, shape `(t,)`; masked without one.
        matches: Who found whom at COCO's ten thresholds, for `class_average_precision` with
            `max_detections=20`.
    """

    mean_oks: Float[np.ma.MaskedArray, " n"]
    ap_50: Float[np.ma.MaskedArray, " n"]
    ap_50_95: Float[np.ma.MaskedArray, " n"]
    oks: Float[np.ndarray, " p"]
    ground_truth_oks: Float[np.ma.MaskedArray, " t"]
    matches: Matches


def pose_metrics(
    batch: PoseBatch,
    *,
    sigmas: Sequence[float] | Float[np.ndarray, " k"] | None = None,
    oks_threshold: float = 0.5,
    background_threshold: float = 0.1,
    joint_threshold: float = 0.5,
    joint_confidence_threshold: float = 0.0,
    max_detections: int | None = 20,
) -> PoseMetrics:
    """Everything there is to say about the poses of some images.

    Args:
        batch: Any number of images; what one image gets does not depend on the others.
        sigmas: Tolerance of each joint as a fraction of the object's scale, shape `(k,)`; `None`
            for COCO's where there are 17 joints.
        oks_threshold: OKS in (0, 1] that a match needs at least. Average precision has its own.
        background_threshold: OKS below which a pose has found nothing, smaller than that.
        joint_threshold: A joint's share of the OKS, in [0, 1], below which it is missed: 0.5 is
            `2.35 * sigma * sqrt(area)` pixels away.
        joint_confidence_threshold: Confidence below which a joint counts as not predicted. OKS
            does not look at it, as in COCO.
        max_detections: How many predictions of one class in one image count for average precision,
            the most confident ones; `None` for all. COCO's is 20.

    Returns:
        One value per image, per prediction, per ground truth and per joint.

    Raises:
        InvalidArgumentError: The sigmas do not fit the joints, or not
            `0 < background_threshold < oks_threshold <= 1`.

    Source:
        OKS, matching and average precision: `COCOeval` of pycocotools for `keypoints`.
    """
    if not 0 < background_threshold < oks_threshold <= 1:
        raise InvalidArgumentError(
            "`background_threshold` and `oks_threshold` must rise from 0 to 1, but they are "
            f"{background_threshold} and {oks_threshold}.",
            hint="0.1 and 0.5 are the usual ones.",
        )
    tolerances = _as_sigmas(sigmas, batch.ground_truth_joints.shape[1])
    pairs = similar_pairs(batch, tolerances)
    candidates = pairs.where(batch.same_class(pairs))
    coco = match_pairs(candidates, batch, thresholds=COCO_THRESHOLDS)
    matches = match_pairs(candidates, batch, thresholds=[oks_threshold])
    ap = image_average_precision(batch, coco, max_detections=max_detections)
    joints = joint_metrics(
        batch,
        matches.prediction[0],
        sigmas=tolerances,
        joint_threshold=joint_threshold,
        joint_confidence_threshold=joint_confidence_threshold,
    )
    errors = detection_errors(pairs, batch, matches, level=0, background=background_threshold)
    return PoseMetrics(
        **vars(count_matches(batch, matches)),
        **vars(joints),
        **vars(object_matches(batch, matches, errors)),
        mean_oks=mean_overlap(batch, matches),
        ap_50=ap[0],
        ap_50_95=np.ma.MaskedArray(ap.data.mean(axis=0), np.ma.getmaskarray(ap)[0]),
        oks=errors.overlap,
        ground_truth_oks=_oks_of_ground_truths(matches),
        matches=coco,
    )


def pose_matches(
    batch: PoseBatch,
    *,
    sigmas: Sequence[float] | Float[np.ndarray, " k"] | None = None,
    thresholds: Sequence[float] | Float[np.ndarray, " s"] = COCO_THRESHOLDS,
    area_range: tuple[float, float] | None = None,
) -> Matches:
    """Who found whom, class by class.

    Args:
        batch: Any number of images.
        sigmas: As in `pose_metrics`.
        thresholds: OKS in (0, 1] that a match needs at least.
        area_range: Smallest and largest area in square pixels, both included. Ground truths outside
            are ignored, and so are predictions that found nothing and whose joints' extent is
            outside.

    Returns:
        The matches; rows are those of the batch.

    Raises:
        InvalidArgumentError: The sigmas do not fit the joints.
    """
    pairs = similar_pairs(batch, _as_sigmas(sigmas, batch.ground_truth_joints.shape[1]))
    return match_in_area(
        pairs.where(batch.same_class(pairs)),
        batch,
        thresholds=thresholds,
        predicted_areas=areas(_extents(batch.predicted_joints)),
        area_range=area_range,
    )


def similar_pairs(batch: PoseBatch, sigmas: Float[np.ndarray, " k"]) -> CandidatePairs:
    """All predictions and ground truths of an image that are similar at all."""
    found = []
    for prediction, truth in pair_blocks(
        batch.prediction_offsets, batch.ground_truth_offsets, pairs_in_block=_PAIRS_IN_BLOCK
    ):
        oks = oks_of_pairs(
            batch.predicted_joints[prediction],
            batch.ground_truth_joints[truth],
            batch.visibility[truth],
            batch.ground_truth_boxes[truth],
            batch.ground_truth_areas[truth],
            sigmas,
        )
        found.append(CandidatePairs(prediction, truth, oks).where(oks > 0))
    return CandidatePairs.concatenate(found)


def _as_sigmas(
    sigmas: Sequence[float] | Float[np.ndarray, " s"] | None, k: int
) -> Float[np.ndarray, " k"]:
    if sigmas is None and k in (0, len(COCO_SIGMAS)):
        return COCO_SIGMAS[:k]
    values = np.zeros(0) if sigmas is None else np.asarray(sigmas, np.float64)
    if k and values.shape != (k,):
        raise InvalidArgumentError(
            f"`sigmas` must have one value a joint, shape ({k},), but it has shape {values.shape}.",
            hint="a keypoint column's schema carries them.",
        )
    return values[:k]


def _oks_of_ground_truths(matches: Matches) -> Float[np.ma.MaskedArray, " t"]:
    finder, nobody = matches.prediction[0], np.ma.getmaskarray(matches.prediction[0])
    overlap = np.zeros(len(nobody))
    overlap[~nobody] = matches.overlap.data[0, finder.data[~nobody]]
    return np.ma.MaskedArray(overlap, nobody)


def _extents(joints: Float[np.ndarray, "p k 2"]) -> Float[np.ndarray, "p 4"]:
    low = joints.min(axis=1, initial=np.inf)
    return np.hstack([low, joints.max(axis=1, initial=-np.inf)])
