"""What can be said of a mask from its run lengths alone.

Source: `rleToBbox` and `rleArea` in `maskApi.c` of the COCO API.
"""

import numpy as np


def box_around(counts: np.ndarray, height: int) -> list[float] | None:
    """Smallest box around a mask, `xyxy` pixels; None if the mask is empty.

    Args:
        counts: Counts of the mask.
        height: Of the image in pixels.
    """
    ends = np.cumsum(counts)
    first, last = ends[:-1:2], ends[1::2] - 1
    filled = last >= first
    if height < 1 or not filled.any():
        return None
    first, last = first[filled], last[filled]
    left, right = first // height, last // height
    spans = left != right  # a run over a column's end touches both edges of the image
    top = np.where(spans, 0, first % height)
    bottom = np.where(spans, height - 1, last % height)
    corners = (left.min(), top.min(), right.max() + 1, bottom.max() + 1)
    return [float(corner) for corner in corners]


def area(counts: np.ndarray) -> float:
    """Pixels of a mask."""
    return float(np.sum(counts[1::2]))
