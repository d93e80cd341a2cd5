"""Nearest rows, exactly, in blocks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import whole_number
from samplewise.embeddings._distances import distance_block
from samplewise.embeddings._space import Metric, Space

_BLOCK_ROWS = 1_024  # 1,024 x 4,096 float64: 32 MB of distances at a time
_BLOCK_OTHERS = 4_096


@dataclass(frozen=True)
class Neighbours:
    """The nearest rows of every row that has a place.

    Args:
        rows: Numbers of the rows that were asked for and are valid, ascending, shape `(m,)`.
            Rows with NaN or infinity are not among them; for cosine, rows of zeros neither.
        indices: Their neighbours' numbers, the nearest first, shape `(m, k)`; among equally near
            of them the lower number first.
        distances: How far they are, float64, shape `(m, k)`.
        n_rows: How many rows were asked for, valid or not.
    """

    rows: Int[np.ndarray, " m"]
    indices: Int[np.ndarray, "m k"]
    distances: Float[np.ndarray, "m k"]
    n_rows: int

    def outlier_scores(self) -> Float[np.ndarray, " n"]:
        """See the function `outlier_scores`; for neighbours that are known already."""
        scores = np.full(self.n_rows, np.nan)
        if self.indices.shape[1]:
            scores[self.rows] = self.distances.mean(axis=1)
        return scores


def nearest_neighbours(
    x: ArrayLike, k: int = 10, *, queries: ArrayLike | None = None, metric: Metric = "euclidean"
) -> Neighbours:
    """The `k` nearest other rows of every row, by brute force.

    Memory stays bounded whatever `n`: distances are made and dropped in blocks. The time grows
    with `n` squared.

    Args:
        x: Embeddings, shape `(n, d)`. Rows with NaN are nobody's neighbours.
        k: Neighbours a row, at least 1; as many as there are where there are fewer.
        queries: Rows to find neighbours for, shape `(q, d)`; the rows of `x` by default, where
            no row is its own neighbour.
        metric: `"euclidean"`, or `"cosine"`: 1 minus the cosine of the angle, in [0, 2].

    Raises:
        InvalidArgumentError: An argument breaks its rule.

    Examples:
        >>> nearest_neighbours([[0.0], [1.0], [5.0]], k=1).indices.tolist()
        [[1], [0], [1]]
    """
    k = whole_number("k", k, low=1)
    space = Space.of(x, metric)
    asked = space if queries is None else space.place(queries)
    k = min(k, max(0, len(space.rows) - (queries is None)))
    found = [
        _nearest_of_block(asked.points[block], space.points, k, own)
        for block, own in _blocks(len(asked.rows), own=queries is None)
        if k
    ]
    indices = np.concatenate([i for i, _ in found]) if found else _empty(asked, k).astype(np.int64)
    squares = np.concatenate([s for _, s in found]) if found else _empty(asked, k)
    return Neighbours(asked.rows, space.rows[indices], space.lengths(squares), asked.n_rows)


def outlier_scores(
    x: ArrayLike, k: int = 10, *, metric: Metric = "euclidean"
) -> Float[np.ndarray, " n"]:
    """How lonely each row is: the mean distance to its `k` nearest other rows.

    Args:
        x: Embeddings, shape `(n, d)`.
        k: Neighbours a row, at least 1; as many as there are where there are fewer.
        metric: `"euclidean"` or `"cosine"`.

    Returns:
        Scores, 0 or more, shape `(n,)`, the higher the lonelier. NaN, to be stored as null, for
        rows that are missing and where there is no other row.

    Raises:
        InvalidArgumentError: An argument breaks its rule.

    Source:
        Angiulli, Pizzuti (2002), "Fast outlier detection in high dimensional spaces": their
        weight, divided by `k` so that it is a distance.

    Examples:
        >>> outlier_scores([[0.0], [1.0], [5.0]], k=1).tolist()
        [1.0, 1.0, 4.0]
    """
    return nearest_neighbours(x, k, metric=metric).outlier_scores()


def _empty(asked: Space, k: int) -> Float[np.ndarray, "m k"]:
    return np.empty((len(asked.rows), k))


def _blocks(n: int, *, own: bool) -> Iterator[tuple[slice, int | None]]:
    for start in range(0, n, _BLOCK_ROWS):
        yield slice(start, min(start + _BLOCK_ROWS, n)), start if own else None


def _nearest_of_block(
    block: Float[np.ndarray, "b d"], points: Float[np.ndarray, "m d"], k: int, own: int | None
) -> tuple[Int[np.ndarray, "b k"], Float[np.ndarray, "b k"]]:
    """Indices and squared distances; `own` is the number of the first row, to leave itself out."""
    best = np.full((len(block), k), np.inf)
    indices = np.zeros((len(block), k), np.int64)
    for start in range(0, len(points), _BLOCK_OTHERS):
        squares = distance_block(block, points[start : start + _BLOCK_OTHERS])
        if own is not None:
            _forget_own(squares, own - start)
        best, indices = _merge_nearest(best, indices, squares, start)
    return _measure_blocks(block, points, indices)


def _forget_own(squares: np.ndarray, offset: int) -> None:
    rows = np.arange(len(squares))
    columns = rows + offset
    inside = (columns >= 0) & (columns < squares.shape[1])
    squares[rows[inside], columns[inside]] = np.inf


def _merge_nearest(
    best: np.ndarray, indices: np.ndarray, squares: np.ndarray, start: int
) -> tuple[np.ndarray, np.ndarray]:
    """The `k` best of those known and those of a block, of which few come into question."""
    k = best.shape[1]
    if squares.shape[1] > k and np.isinf(best[0, -1]):
        columns = np.argpartition(squares, k - 1, axis=1)[:, :k]
        return np.take_along_axis(squares, columns, axis=1), columns + start
    limit = best.max(axis=1, keepdims=True)
    rows, columns = np.nonzero(squares < limit)
    owner = np.concatenate([np.repeat(np.arange(len(best)), k), rows])
    value = np.concatenate([best.ravel(), squares[rows, columns]])
    number = np.concatenate([indices.ravel(), columns + start])
    order = np.lexsort((number, value, owner))
    first = np.searchsorted(owner[order], np.arange(len(best)))
    kept = order[first[:, None] + np.arange(k)]
    return value[kept], number[kept]


def _measure_blocks(
    block: np.ndarray, points: np.ndarray, indices: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Distances from differences: those from products of near rows are rounding errors."""
    squares = np.empty(indices.shape)
    for column in range(indices.shape[1]):
        difference = block - points[indices[:, column]]
        squares[:, column] = np.einsum("ij,ij->i", difference, difference)
    order = np.lexsort((indices, squares))
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(squares, order, axis=1)
