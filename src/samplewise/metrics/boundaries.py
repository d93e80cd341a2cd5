"""Boundaries of masks and of label maps, and how well two of them agree.

Source:
    B. Cheng, R. Girshick, P. Dollár, A. Berg and A. Kirillov, Boundary IoU: Improving
    Object-Centric Image Segmentation Evaluation, CVPR 2021.
"""

import numpy as np
from jaxtyping import Bool, Shaped


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
    in_row, in_column = _has_change(labels, near, axis=1), _has_change(labels, near, axis=0)
    return _any_between(in_row, -near, near, count=len(labels), axis=0) | in_column


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


def _has_change(
    labels: Shaped[np.ndarray, "h w"], near: int, *, axis: int
) -> Bool[np.ndarray, "h w"]:
    """Whether the label changes, or the image ends, up to `near` pixels away along an axis."""
    count = labels.shape[axis]
    # The flag at `x` is set if pixels x - 1 and x differ; the image's ends differ from all.
    changes = np.ones([n + (i == axis) for i, n in enumerate(labels.shape)], bool)
    changes[_along(axis, 1, -1)] = labels[_along(axis, 1)] != labels[_along(axis, 0, -1)]
    return _any_between(changes, 1 - near, near, count=count, axis=axis)


def _any_between(
    flags: Bool[np.ndarray, "..."], first: int, last: int, *, count: int, axis: int
) -> Bool[np.ndarray, "..."]:
    """Whether any flag is set from `x + first` to `x + last`, for `count` places `x`."""
    window = last - first + 1
    shape = list(flags.shape)
    shape[axis] = count + window - 1
    near = np.zeros(shape, bool)
    near[_along(axis, -first, flags.shape[axis] - first)] = flags
    # Each round looks twice as far, so a wide boundary costs hardly more than a narrow one.
    reach = 1
    while reach < window:
        step = min(reach, window - reach)
        near = near[_along(axis, 0, -step)] | near[_along(axis, step)]
        reach += step
    return near


def _along(axis: int, start: int, stop: int | None = None) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, slice(start, stop))
