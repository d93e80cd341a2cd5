"""Points whose picture lies inside a polygon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.lasso import as_corners, code_of_inside
from samplewise.server.filters.literals import double_literal
from samplewise.server.polygons import inside

if TYPE_CHECKING:
    from samplewise.server.python_code import CopiedQuery
    from samplewise.server.source import OpenSource


class ProjectedFilter(FilterKind, tag="projected"):
    """Points whose picture lies inside a polygon: what is drawn around in three dimensions.

    A point of three columns is seen at two sums over them; the polygon is one of such sums.

    Args:
        across: What `x`, `y` and `z` are multiplied with for the first sum.
        up: What they are multiplied with for the second one.
        points: Corners, `(across, up)`; even-odd rule.
    """

    x: str
    y: str
    z: str
    across: tuple[float, float, float]
    up: tuple[float, float, float]
    points: list[tuple[float, float]]

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows whose two sums lie inside."""
        corners = as_corners(self.points)
        columns = [source.numbers(name) for name in (self.x, self.y, self.z)]
        return inside(corners, _sum(self.across, columns), _sum(self.up, columns))

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """The rule over two sums."""
        columns = [query.double(name) for name in (self.x, self.y, self.z)]
        across, up = _code_of_sum(self.across, columns), _code_of_sum(self.up, columns)
        return code_of_inside(self.points, across, up)


def _sum(factors: Sequence[float], columns: Sequence[np.ndarray]) -> np.ndarray:
    """In the order of the browser and of SQL, so that all three round alike."""
    (by_x, by_y, by_z), (x, y, z) = factors, columns
    with np.errstate(over="ignore", invalid="ignore"):
        return by_x * x + by_y * y + by_z * z


def _code_of_sum(factors: Sequence[float], columns: Sequence[str]) -> str:
    pairs = zip(factors, columns, strict=True)
    return f"({' + '.join(f'{double_literal(by)} * {name}' for by, name in pairs)})"
