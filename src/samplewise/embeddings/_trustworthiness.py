"""How far a map can be believed."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from samplewise.embeddings._distances import distance_block
from samplewise.embeddings._matrix import Frame, as_matrix, valid_rows
from samplewise.errors import InvalidArgumentError

_BLOCK_PAIRS = 1_000_000  # comparisons held at a time: 1 MB
_ROUNDING = 1e-14  # of squared distances of rows whose entries are at most 1; equal rows tie


def trustworthiness(
    x: ArrayLike, coordinates: ArrayLike, *, k: int = 15, max_rows: int = 2_000, seed: int = 0
) -> float | None:
    """Whether neighbours on the map are neighbours in the data, in [0, 1].

    1 means that all of the `k` nearest points of every point belong to its `k` nearest rows;
    points placed at random score about 0.5. Missing rows are left out. Of more than `max_rows`
    rows a sample drawn with the seed is judged, exactly: neighbours are then those in the sample,
    so compare scores of samples of one size. Equally near rows take no points from each other,
    where scikit-learn ranks them in an arbitrary order.

    Args:
        x: Embeddings, shape `(n, d)`.
        coordinates: Their places on the map, shape `(n, c)`.
        k: Neighbours of a point; lowered below half of the rows where there are few.
        max_rows: Most rows to judge.
        seed: Of the sample.

    Returns:
        The score, or None for fewer than three rows.

    Raises:
        InvalidArgumentError: The shapes do not match, or `k` or `max_rows` is not positive.

    Source:
        Venna, Kaski (2001), "Neighborhood preservation in nonlinear projection methods", eq. 1;
        agrees with `sklearn.manifold.trustworthiness`.
    """
    rows, points = as_matrix(x), as_matrix(coordinates, "coordinates")
    if len(rows) != len(points):
        raise InvalidArgumentError(
            f"`coordinates` must have the {len(rows)} rows of `x`, but has {len(points)}."
        )
    if k < 1 or max_rows < 3:
        raise InvalidArgumentError(
            f"`k` must be at least 1 and `max_rows` at least 3, but they are {k} and {max_rows}."
        )
    judged = np.flatnonzero(valid_rows(rows) & valid_rows(points))
    if len(judged) > max_rows:
        judged = np.sort(np.random.default_rng(seed).choice(judged, max_rows, replace=False))
    n = len(judged)
    if n < 3:
        return None
    k = min(k, (n - 1) // 2)
    penalty = _penalty(_center_and_scale(rows[judged]), _center_and_scale(points[judged]), k)
    return 1.0 - 2.0 / (n * k * (2 * n - 3 * k - 1)) * penalty


def _center_and_scale(rows: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
    return Frame.around(rows).apply(rows).astype(np.float64)


def _penalty(x: Float[np.ndarray, "n d"], points: Float[np.ndarray, "n c"], k: int) -> float:
    """Sum over near points of how many ranks beyond `k` their rows lie."""
    penalty = 0.0
    step = max(1, _BLOCK_PAIRS // (len(x) * k))
    for start in range(0, len(x), step):
        block = slice(start, start + step)
        in_data = distance_block(x[block], x)
        on_map = distance_block(points[block], points)
        own = np.arange(len(in_data)), np.arange(start, start + len(in_data))
        in_data[own] = on_map[own] = np.inf
        near = np.argpartition(on_map, k - 1, axis=1)[:, :k]
        limit = np.take_along_axis(in_data, near, axis=1) - _ROUNDING * x.shape[1]
        closer = in_data[:, None, :] < limit[:, :, None]
        penalty += float(np.maximum(closer.sum(axis=2) + 1 - k, 0).sum())
    return penalty
