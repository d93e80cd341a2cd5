"""What became of every joint of the ground truths."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from samplewise.metrics.counts import count_by_owner, ratio
from samplewise.metrics.keypoints import joint_distance, joint_similarity
from samplewise.metrics.pose_batch import PoseBatch

JOINT_KINDS = (
    "found",
    "missed",  # labelled, and predicted too far away, not at all, or in a pose that nobody found
    "unlabelled",  # COCO's visibility 0: nobody knows where it is
    "ignored",  # in a crowd region
)
"""What a joint of a ground truth can be; the index is its code."""


@dataclass(frozen=True, kw_only=True)
class JointMetrics:
    """Every joint of `t` ground truths, and their sums over `n` images.

    Attributes:
        labelled_joints: Joints of the ground truths that count, shape `(n,)`.
        invisible_joints: Those among them that are labelled as hidden, shape `(n,)`.
        missed_joints: Those among the labelled ones that were missed, shape `(n,)`.
        mean_joint_error: Mean of the joint errors in pixels, shape `(n,)`; masked where there is
            none.
        mean_joint_error_normalised: Mean of the normalised ones, shape `(n,)`; masked likewise.
        joint_kind: Index in `JOINT_KINDS`, shape `(t, k)`.
        joint_error: Distance to the joint of the match in pixels, shape `(t, k)`; masked where the
            joint is not labelled or not predicted, or nobody found the pose.
        joint_error_normalised: The same over the square root of the object's area, shape `(t, k)`;
            masked likewise and where the area is 0.
    """

    labelled_joints: Int[np.ndarray, " n"]
    invisible_joints: Int[np.ndarray, " n"]
    missed_joints: Int[np.ndarray, " n"]
    mean_joint_error: Float[np.ma.MaskedArray, " n"]
    mean_joint_error_normalised: Float[np.ma.MaskedArray, " n"]
    joint_kind: UInt8[np.ndarray, "t k"]
    joint_error: Float[np.ma.MaskedArray, "t k"]
    joint_error_normalised: Float[np.ma.MaskedArray, "t k"]


def joint_metrics(
    batch: PoseBatch,
    match: Int[np.ma.MaskedArray, " t"],
    *,
    sigmas: Float[np.ndarray, " k"],
    joint_threshold: float,
    joint_confidence_threshold: float,
) -> JointMetrics:
    """Joint by joint comparison of every ground truth with its match.

    Args:
        batch: The poses.
        match: Row of the prediction that found each ground truth, shape `(t,)`.
        sigmas: Tolerance of each joint as a fraction of the object's scale, shape `(k,)`.
        joint_threshold: Similarity in [0, 1] below which a joint is missed.
        joint_confidence_threshold: Confidence below which a joint was not predicted.

    Returns:
        One value per joint, and per image.
    """
    labelled = np.greater(batch.visibility, 0)
    counted = labelled & ~batch.is_crowd[:, None]
    partner, is_predicted = _partners(batch, match, joint_confidence_threshold)
    similarity = joint_similarity(
        partner, batch.ground_truth_joints, batch.ground_truth_areas, sigmas
    )
    missed = counted & ~(is_predicted & (similarity >= joint_threshold))
    code = JOINT_KINDS.index
    kind = np.select(
        [batch.is_crowd[:, None] & labelled, ~labelled, missed],
        [code("ignored"), code("unlabelled"), code("missed")],
        code("found"),
    )
    compared = counted & is_predicted
    distance = np.where(compared, joint_distance(partner, batch.ground_truth_joints), 0.0)
    scale = np.broadcast_to(np.sqrt(batch.ground_truth_areas)[:, None], distance.shape)
    error = ratio(distance, compared)
    normalised = ratio(distance, np.where(compared, scale, 0.0))
    rows = batch.ground_truth_offsets
    return JointMetrics(
        labelled_joints=_sum_by_image(counted, rows),
        invisible_joints=_sum_by_image(counted & np.equal(batch.visibility, 1), rows),
        missed_joints=_sum_by_image(missed, rows),
        mean_joint_error=_mean_by_image(error, batch),
        mean_joint_error_normalised=_mean_by_image(normalised, batch),
        joint_kind=kind.astype(np.uint8),
        joint_error=error,
        joint_error_normalised=normalised,
    )


def _partners(
    batch: PoseBatch, match: Int[np.ma.MaskedArray, " t"], least: float
) -> tuple[Float[np.ndarray, "t k 2"], Bool[np.ndarray, "t k"]]:
    """The predicted joints for every ground truth, and which of them there are."""
    alone = np.ma.getmaskarray(match)
    row = np.where(alone, 0, match.data)
    if not len(batch.predicted_joints):
        nothing = np.zeros_like(batch.ground_truth_joints)
        return nothing, np.zeros(nothing.shape[:2], bool)
    joints = batch.predicted_joints[row]
    sure = np.isfinite(joints).all(axis=2) & (batch.joint_confidences[row] >= least)
    return np.where(sure[..., None], joints, 0.0), sure & ~alone[:, None]


def _sum_by_image(
    flags: Bool[np.ndarray, "t k"], offsets: Int[np.ndarray, " offsets"]
) -> Int[np.ndarray, " n"]:
    return count_by_owner(flags.ravel(), offsets * flags.shape[1])


def _mean_by_image(
    values: Float[np.ma.MaskedArray, "t k"], batch: PoseBatch
) -> Float[np.ma.MaskedArray, " n"]:
    present = ~np.ma.getmaskarray(values)
    image, n = batch.ground_truth_images, batch.n_images
    total = np.bincount(image, values.filled(0).sum(axis=1), minlength=n)
    return ratio(total, np.bincount(image, present.sum(axis=1), minlength=n))
