"""Which points lie inside a polygon, exactly."""

import numpy as np
from jaxtyping import Bool, Float


def inside(
    corners: Float[np.ndarray, "c 2"], x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]
) -> Bool[np.ndarray, " n"]:
    """Points inside a polygon, by the even-odd rule; a point that is not finite lies outside.

    Args:
        corners: Corners of the polygon in order, shape `(c, 2)`; the last is joined to the first.
        x: First coordinates, shape `(n,)`.
        y: Second coordinates, shape `(n,)`.

    Returns:
        Shape `(n,)`. A point on an edge may count either way, but always the same way.

    Source:
        W. R. Franklin, PNPOLY: a ray to the right crosses an odd number of edges.
    """
    result = np.zeros(len(x), bool)
    if len(corners) < 3:
        return result
    low, high = corners.min(axis=0), corners.max(axis=0)
    near = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
    px, py = x[near], y[near]
    odd = np.zeros(len(near), bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, 1, axis=0), strict=True):
        crosses = (y0 > py) != (y1 > py)
        # Left of the edge, without a division: edges may be as good as level.
        with np.errstate(over="ignore", invalid="ignore"):  # corners may lie anywhere
            run, rise = (x1 - x0) * (py - y0), (px - x0) * (y1 - y0)
            odd ^= crosses & ((rise < run) if y1 > y0 else (rise > run))
    result[near] = odd
    return result
