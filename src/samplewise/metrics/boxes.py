"""Boxes: areas and overlaps.

All boxes are `xyxy` in pixels, widths have no +1. A box with a coordinate that is not a number, or
whose corners are swapped, covers nothing: it overlaps with no box.
"""

import numpy as np
from jaxtyping import Bool, Float


def areas(boxes: Float[np.ndarray, "p 4"]) -> Float[np.ndarray, " p"]:
    """Area of every box in square pixels; 0 where corners are swapped or not numbers.

    Args:
        boxes: Boxes, `xyxy` pixels, shape `(p, 4)`; `p` may be 0.

    Returns:
        Areas, shape `(p,)`; infinite where a box is too large for a float.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.asarray(boxes[:, 2:], np.float64) - boxes[:, :2]
        return _product(size[:, 0], size[:, 1])


def pairwise_iou(
    predictions: Float[np.ndarray, "p 4"],
    ground_truths: Float[np.ndarray, "t 4"],
    is_crowd: Bool[np.ndarray, " t"] | None = None,
) -> Float[np.ndarray, "p t"]:
    """Overlap of every predicted box with every ground-truth box.

    A pair whose union has no area overlaps by 0, never NaN.

    Args:
        predictions: Boxes, `xyxy` pixels, shape `(p, 4)`; `p` may be 0.
        ground_truths: Boxes, `xyxy` pixels, shape `(t, 4)`; `t` may be 0.
        is_crowd: Which ground truths are crowd regions, shape `(t,)`. A crowd region may hold many
            objects, so its overlap is the share of the *prediction* that lies inside it.

    Returns:
        Intersection over union in [0, 1] (crowd columns: intersection over the area of the
        prediction), shape `(p, t)`.

    Source:
        COCO API, `bbIou` in `maskApi.c`. It gives NaN for boxes of NaN, which its matching then
        takes for a match; here they overlap by 0.
    """
    p, t = len(predictions), len(ground_truths)
    rows, columns = np.repeat(np.arange(p), t), np.tile(np.arange(t), p)
    return iou_of_pairs(
        predictions[rows], ground_truths[columns], None if is_crowd is None else is_crowd[columns]
    ).reshape(p, t)


def iou_of_pairs(
    predictions: Float[np.ndarray, "q 4"],
    ground_truths: Float[np.ndarray, "q 4"],
    is_crowd: Bool[np.ndarray, " q"] | None = None,
) -> Float[np.ndarray, " q"]:
    """Overlap of the first box with the first, the second with the second, and so on.

    Args:
        predictions: Boxes, `xyxy` pixels, shape `(q, 4)`.
        ground_truths: Boxes, `xyxy` pixels, shape `(q, 4)`.
        is_crowd: As in `pairwise_iou`, shape `(q,)`.

    Returns:
        Overlaps as in `pairwise_iou`, shape `(q,)`.
    """
    p, t = np.asarray(predictions, np.float64), np.asarray(ground_truths, np.float64)
    iou = np.zeros(len(p))
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        width = np.minimum(p[:, 2], t[:, 2]) - np.maximum(p[:, 0], t[:, 0])
        height = np.minimum(p[:, 3], t[:, 3]) - np.maximum(p[:, 1], t[:, 1])
        # Most pairs of a scene are apart: only those that meet are worth a division.
        met = np.flatnonzero((width > 0) & (height > 0))
        p, t = p[met], t[met]
        intersection = width[met] * height[met]
        union = (p[:, 2] - p[:, 0]) * (p[:, 3] - p[:, 1])
        regular = (union + (t[:, 2] - t[:, 0]) * (t[:, 3] - t[:, 1])) - intersection
        union = regular if is_crowd is None else np.where(is_crowd[met], union, regular)
        overlap = intersection / union
    iou[met] = np.where(np.isfinite(overlap), overlap, 0.0)
    return iou


def _product(
    width: Float[np.ndarray, " p"], height: Float[np.ndarray, " p"]
) -> Float[np.ndarray, " p"]:
    return np.where((width > 0) & (height > 0), width * height, 0.0)
