"""What polygons and projections share: the corners that somebody drew, and SQL of the rule."""

from collections.abc import Sequence

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.server.filters.literals import double_literal

MOST_CORNERS = 2_000


def as_corners(points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Corners, float64, shape `(c, 2)`.

    Raises:
        InvalidArgumentError: There are more than `MOST_CORNERS`.
    """
    if len(points) > MOST_CORNERS:
        raise InvalidArgumentError(
            f"`points` must have at most {MOST_CORNERS:,} corners, but has {len(points):,}."
        )
    return np.asarray(points, np.float64).reshape(-1, 2)


def code_of_inside(points: Sequence[tuple[float, float]], x: str, y: str) -> str:
    """Even-odd, as `polygons.inside`: a ray to the right crosses an odd number of edges.

    Args:
        points: Corners in order.
        x: First coordinate of a point, in SQL; double.
        y: Second one.
    """
    if len(points) < 3:
        return "false"
    low, high = np.min(points, axis=0).tolist(), np.max(points, axis=0).tolist()
    around = zip(points, [points[-1], *points[:-1]], strict=True)
    edges = ",\n    ".join(f"[{', '.join(map(double_literal, (*a, *b)))}]" for a, b in around)
    run = f"(e[3] - e[1]) * ({y} - e[2])"
    rise = f"({x} - e[1]) * (e[4] - e[2])"
    return (
        f"({x} between {double_literal(low[0])} and {double_literal(high[0])}"
        f"\n  and {y} between {double_literal(low[1])} and {double_literal(high[1])}"
        f"\n  and len(list_filter([\n    {edges}\n  ], lambda e: (e[2] > {y}) != (e[4] > {y})"
        f"\n    and case when e[4] > e[2] then {rise} < {run} else {rise} > {run} end)) % 2 = 1)"
    )
