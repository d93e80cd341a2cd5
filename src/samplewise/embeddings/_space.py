"""Valid rows as points, for either metric."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy.typing import ArrayLike

from samplewise.embeddings._matrix import Frame, as_matrix, row_blocks, valid_rows
from samplewise.errors import InvalidArgumentError, did_you_mean

Metric = Literal["euclidean", "cosine"]
_METRICS = ("euclidean", "cosine")


@dataclass(frozen=True)
class Space:
    """Valid rows as points whose Euclidean distances order them.

    Args:
        rows: Their numbers, shape `(m,)`.
        points: Centred float64 (Euclidean) or unit vectors (cosine), shape `(m, d)`.
        n_rows: How many rows there were.
        metric: Which distance.
        frame: Centre and unit of the points, for Euclidean distances.
    """

    rows: Int[np.ndarray, " m"]
    points: Float[np.ndarray, "m d"]
    n_rows: int
    metric: Metric
    frame: Frame | None

    @classmethod
    def around(cls, matrix: Float[np.ndarray, "n d"], metric: Metric) -> "Space":
        """The space of embeddings without any of them in it."""
        if metric not in _METRICS:
            raise InvalidArgumentError(
                f"`metric` must name a distance, but is {metric!r}.",
                hint=did_you_mean(str(metric), _METRICS),
            )
        frame = None
        if metric == "euclidean" and (valid := valid_rows(matrix)).any():
            frame = Frame.around(matrix[valid])
        return cls(np.empty(0, np.int64), np.empty((0, matrix.shape[1])), 0, metric, frame)

    @classmethod
    def of(cls, x: ArrayLike, metric: Metric) -> "Space":
        """The space of embeddings, shape `(n, d)`."""
        matrix = as_matrix(x)
        return cls.around(matrix, metric).place(matrix)

    def rough(
        self, matrix: Float[np.ndarray, "n d"]
    ) -> tuple[Int[np.ndarray, " m"], Float32[np.ndarray, "m d"]]:
        """Numbers of the valid rows, and their points as float32: less room, right to 1e-7."""
        rows, points = [np.empty(0, np.int64)], [np.empty((0, matrix.shape[1]), np.float32)]
        for block in row_blocks(*matrix.shape):
            placed = self.place(matrix[block])
            rows.append(placed.rows + block.start)
            points.append(placed.points.astype(np.float32))
        return np.concatenate(rows), np.concatenate(points)

    def place(self, x: ArrayLike) -> "Space":
        """Other rows in this space."""
        matrix = as_matrix(x, "queries")
        if matrix.shape[1] != self.points.shape[1]:
            raise InvalidArgumentError(
                f"`queries` must have the {self.points.shape[1]} columns of `x`, but has "
                f"{matrix.shape[1]}."
            )
        rows = np.flatnonzero(valid_rows(matrix))
        points = matrix[rows].astype(np.float64)
        if self.metric == "cosine":
            points /= np.abs(points).max(axis=1, keepdims=True, initial=1e-300)
            lengths = np.linalg.norm(points, axis=1)
            rows, points = rows[lengths > 0], points[lengths > 0]
            points /= lengths[lengths > 0][:, None]
        elif self.frame is not None:
            points = points / self.frame.peak - self.frame.centre
        return Space(rows, points, len(matrix), self.metric, self.frame)

    def lengths(self, squares: np.ndarray) -> np.ndarray:
        """Distances of the metric from squared distances of points."""
        if self.metric == "cosine":
            return squares / 2
        return np.sqrt(squares) * (self.frame.peak if self.frame else 1.0)

    def square(self, distance: float) -> float:
        """Squared distance of points from a distance of the metric."""
        if self.metric == "cosine":
            return distance * 2
        return (distance / (self.frame.peak if self.frame else 1.0)) ** 2
