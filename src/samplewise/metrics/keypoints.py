"""Keypoints: object keypoint similarity (OKS) and distances.

A pose has `k` joints, shape `(k, 2)`, `xy` pixels. Ground truths carry COCO's visibility: 0 not
labelled, 1 labelled but hidden, 2 visible.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

# Divided by 10 as COCO does it, which rounds some of them to other floats than 0.026 and so on.
COCO_SIGMAS = (
    np.array(
        [
            *(0.26, 0.25, 0.25, 0.35, 0.35, 0.79, 0.79, 0.72, 0.72),
            *(0.62, 0.62, 1.07, 1.07, 0.87, 0.87, 0.89, 0.89),
        ]
    )
    / 10
)
"""How far annotators scatter at COCO's 17 joints, as a fraction of the object's scale."""


def pairwise_oks(
    predictions: Float[np.ndarray, "p k 2"],
    ground_truths: Float[np.ndarray, "t k 2"],
    visibility: Int[np.ndarray, "t k"],
    boxes: Float[np.ndarray, "t 4"],
    areas: Float[np.ndarray, " t"],
    sigmas: Float[np.ndarray, " k"] = COCO_SIGMAS,
) -> Float[np.ndarray, "p t"]:
    """Similarity of every predicted pose with every ground-truth pose.

    Args:
        predictions: Joints, `xy` pixels, shape `(p, k, 2)`; `p` may be 0. A joint of NaN is far
            from everything.
        ground_truths: Joints, `xy` pixels, shape `(t, k, 2)`; `t` may be 0.
        visibility: 0 not labelled, 1 hidden, 2 visible, shape `(t, k)`.
        boxes: Boxes around the ground truths, `xyxy` pixels, shape `(t, 4)`. Only used where no
            joint is labelled: then a prediction is similar as far as its joints lie in the box
            made twice as large on each side.
        areas: Areas of the objects in square pixels, shape `(t,)`; their scale is the square root.
        sigmas: Tolerance of each joint as a fraction of the scale, shape `(k,)`.

    Returns:
        OKS in [0, 1], shape `(p, t)`.

    Source:
        `COCOeval.computeOks` of pycocotools; for joints of NaN it gives NaN.
    """
    p, t = len(predictions), len(ground_truths)
    rows, columns = np.repeat(np.arange(p), t), np.tile(np.arange(t), p)
    return oks_of_pairs(
        predictions[rows],
        ground_truths[columns],
        visibility[columns],
        boxes[columns],
        areas[columns],
        sigmas,
    ).reshape(p, t)


def oks_of_pairs(
    predictions: Float[np.ndarray, "q k 2"],
    ground_truths: Float[np.ndarray, "q k 2"],
    visibility: Int[np.ndarray, "q k"],
    boxes: Float[np.ndarray, "q 4"],
    areas: Float[np.ndarray, " q"],
    sigmas: Float[np.ndarray, " k"] = COCO_SIGMAS,
) -> Float[np.ndarray, " q"]:
    """Similarity of the first pose with the first, the second with the second, and so on.

    Args:
        predictions: As in `pairwise_oks`, shape `(q, k, 2)`.
        ground_truths: As in `pairwise_oks`, shape `(q, k, 2)`.
        visibility: As in `pairwise_oks`, shape `(q, k)`.
        boxes: As in `pairwise_oks`, shape `(q, 4)`.
        areas: As in `pairwise_oks`, shape `(q,)`.
        sigmas: As in `pairwise_oks`, shape `(k,)`.

    Returns:
        OKS in [0, 1], shape `(q,)`.
    """
    labelled = np.greater(visibility, 0)
    is_blank = ~np.any(labelled, axis=1, keepdims=True)
    similarity = joint_similarity(predictions, ground_truths, areas, sigmas)
    blank = np.flatnonzero(is_blank)
    similarity[blank] = _falloff(
        _distance_to_box(predictions[blank], boxes[blank]), areas[blank], sigmas
    )
    return _row_means(similarity, labelled | is_blank)


def joint_similarity(
    predictions: Float[np.ndarray, "q k 2"],
    ground_truths: Float[np.ndarray, "q k 2"],
    areas: Float[np.ndarray, " q"],
    sigmas: Float[np.ndarray, " k"] = COCO_SIGMAS,
) -> Float[np.ndarray, "q k"]:
    """Each joint's own share of the OKS, whether it is labelled or not.

    Args:
        predictions: As in `pairwise_oks`, shape `(q, k, 2)`.
        ground_truths: As in `pairwise_oks`, shape `(q, k, 2)`.
        areas: As in `pairwise_oks`, shape `(q,)`.
        sigmas: As in `pairwise_oks`, shape `(k,)`.

    Returns:
        Similarity in [0, 1], shape `(q, k)`; 0 for joints of NaN.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return _falloff(predictions - ground_truths, areas, sigmas)


def joint_distance(
    predictions: Float[np.ndarray, "q k 2"], ground_truths: Float[np.ndarray, "q k 2"]
) -> Float[np.ndarray, "q k"]:
    """How far each joint is off, in pixels, shape `(q, k)`; NaN where a joint is NaN."""
    with np.errstate(invalid="ignore", over="ignore"):
        difference = predictions - ground_truths
        return np.hypot(difference[..., 0], difference[..., 1])


def _row_means(
    values: Float[np.ndarray, "q k"], counted: Bool[np.ndarray, "q k"]
) -> Float[np.ndarray, " q"]:
    """Mean of what counts in each row; 0 where nothing does."""
    means, counts = np.zeros(len(values)), counted.sum(axis=1)
    # Rows of one length at a time: a sum with zeros in between rounds differently, and then poses
    # that COCO sees as equal would not be.
    for count in np.unique(counts[counts > 0]):
        rows = np.flatnonzero(counts == count)
        means[rows] = values[rows][counted[rows]].reshape(-1, count).sum(axis=1) / count
    return means


def _falloff(
    difference: Float[np.ndarray, "q k 2"],
    areas: Float[np.ndarray, " q"],
    sigmas: Float[np.ndarray, " k"],
) -> Float[np.ndarray, "q k"]:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        squared = (np.asarray(difference, np.float64) ** 2).sum(axis=2)
        scaled = squared / (sigmas * 2) ** 2 / (areas[:, None] + np.spacing(1)) / 2
        return np.nan_to_num(np.exp(-scaled), nan=0.0)


def _distance_to_box(
    joints: Float[np.ndarray, "q k 2"], boxes: Float[np.ndarray, "q 4"]
) -> Float[np.ndarray, "q k 2"]:
    """How far each joint lies outside of its box, made larger by its own size on every side."""
    size = boxes[:, 2:] - boxes[:, :2]
    low, high = (boxes[:, :2] - size)[:, None], (boxes[:, :2] + size * 2)[:, None]
    return np.maximum(0, low - joints) + np.maximum(0, joints - high)
