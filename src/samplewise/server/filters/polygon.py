"""Points inside a polygon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.lasso import as_corners, code_of_inside
from samplewise.server.polygons import inside

if TYPE_CHECKING:
    from samplewise.server.python_code import CopiedQuery
    from samplewise.server.source import OpenSource


class PolygonFilter(FilterKind, tag="polygon"):
    """Points inside a polygon over two columns (even-odd rule); decided exactly on the server."""

    x: str
    y: str
    points: list[tuple[float, float]]

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows whose point lies inside."""
        return inside(as_corners(self.points), source.numbers(self.x), source.numbers(self.y))

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """The rule, edge by edge."""
        return code_of_inside(self.points, query.double(self.x), query.double(self.y))
