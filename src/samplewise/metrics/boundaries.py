"""Boundaries of masks and of label maps, and how well two of them agree.

Source:
    B. Cheng, R. Girshick, P. Dollár, A. Berg and A. Kirillov, Boundary IoU: Improving
    Object-Centric Image Segmentation Evaluation, CVPR 2021.
"""

import numpy as np
from jaxtyping import Bool, Int, Shaped


def contour(labels: Shaped[np.ndarray, "h w"], *, ratio: float = 0.02) -> Bool[np.ndarray, "h w"]:
    """Pixels of a label map that lie near another label or near the image's border.

    Args:
        labels: Any integers or flags, shape `(h, w)`.
        ratio: What is near, as a fraction of the image's diagonal; at least one pixel.

    Returns:
        Shape `(h, w)`. Together with `labels == c` it is the boundary of class `c`: one pass serves
        all classes.

    Source:
        The paper's set `G_d ∩ G`, with `d` and the square neighbourhood of the authors' program.
    """
    near = max(1, round(ratio * float(np.hypot(*labels.shape))))
    # A square holds one label if each of its rows does, and the column through its middle.
    in_row = _has_change(labels, near)
    in_column = _has_change(labels.T, near).T
    y = np.arange(len(labels))
    return _any_between(in_row.T, y - near, y + near + 1).T | in_column


def boundary(mask: Bool[np.ndarray, "h w"], *, ratio: float = 0.02) -> Bool[np.ndarray, "h w"]:
    """The part of a mask that lies near its contour, inside of it.

    Args:
        mask: Shape `(h, w)`. What lies outside of the image does not belong to the mask, so the
            image's border is contour.
        ratio: As in `contour`.

    Returns:
        Shape `(h, w)`.
    """
    return mask & contour(mask, ratio=ratio)


def boundary_iou(
    prediction: Bool[np.ndarray, "h w"],
    ground_truth: Bool[np.ndarray, "h w"],
    *,
    ratio: float = 0.02,
) -> float | None:
    """Overlap of the boundaries of two masks; `None` when both masks are empty.

    Args:
        prediction: Shape `(h, w)`.
        ground_truth: Shape `(h, w)`.
        ratio: As in `contour`.

    Returns:
        Intersection over union of the two boundaries in [0, 1].

    Source:
        The paper's equation 3.
    """
    p, t = boundary(prediction, ratio=ratio), boundary(ground_truth, ratio=ratio)
    union = np.count_nonzero(p | t)
    return np.count_nonzero(p & t) / union if union else None


def _has_change(labels: Shaped[np.ndarray, "h w"], near: int) -> Bool[np.ndarray, "h w"]:
    """Whether the label changes, or the image ends, up to `near` pixels to the left or right."""
    height, width = labels.shape
    changes = np.ones((height, width + 1), bool)  # `changes[:, x]`: between pixels x - 1 and x
    changes[:, 1:-1] = labels[:, 1:] != labels[:, :-1]
    x = np.arange(width)
    return _any_between(changes, x - near + 1, x + near + 1)


def _any_between(
    flags: Bool[np.ndarray, "h m"], starts: Int[np.ndarray, " w"], stops: Int[np.ndarray, " w"]
) -> Bool[np.ndarray, "h w"]:
    """Whether any flag of a row is set from each start up to its stop."""
    # By running sums: the time does not depend on how wide the boundary is.
    sums = np.zeros((flags.shape[0], flags.shape[1] + 1), np.int32)
    np.cumsum(flags, axis=1, out=sums[:, 1:])
    last = flags.shape[1]
    return sums[:, np.clip(stops, 0, last)] > sums[:, np.clip(starts, 0, last)]
