"""Rows that lie almost on each other."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import number_from
from samplewise.embeddings._distances import distance_block
from samplewise.embeddings._space import Metric, Space
from samplewise.errors import InvalidArgumentError

_BLOCK_ROWS = 1_024
_BLOCK_OTHERS = 4_096
_SLACK = 1e-12  # products of matrices are no closer; differences decide


@dataclass(frozen=True)
class NearDuplicates:
    """Pairs of rows within a distance, and what follows for each row.

    Args:
        pairs: Row numbers, the lower one first, sorted, shape `(m, 2)`.
        distances: How far the two are, float64, shape `(m,)`.
        n_rows: How many rows were looked at.
    """

    pairs: Int[np.ndarray, "m 2"]
    distances: Float[np.ndarray, " m"]
    n_rows: int

    @property
    def counts(self) -> Int[np.ndarray, " n"]:
        """How many near duplicates each row has, shape `(n,)`; 0 for missing rows."""
        return np.bincount(self.pairs.ravel(), minlength=self.n_rows)

    @property
    def groups(self) -> Int[np.ndarray, " n"]:
        """For each row the lowest row that a chain of pairs leads to; itself where it has none."""
        lowest = np.arange(self.n_rows)
        first, second = self.pairs[:, 0], self.pairs[:, 1]
        while (lowest[first] != lowest[second]).any():
            low = np.minimum(lowest[first], lowest[second])
            np.minimum.at(lowest, lowest[first], low)
            np.minimum.at(lowest, lowest[second], low)
            while (lowest[lowest] != lowest).any():
                lowest = lowest[lowest]
        return lowest


def near_duplicates(
    x: ArrayLike, threshold: float, *, metric: Metric = "cosine", max_pairs: int = 1_000_000
) -> NearDuplicates:
    """All pairs of rows that are at most `threshold` apart.

    Memory stays bounded; the time grows with `n` squared.

    Args:
        x: Embeddings, shape `(n, d)`. Missing rows are nobody's duplicates.
        threshold: Largest distance, 0 or more; in [0, 2] for cosine, where 0.02 to 0.05 finds
            near copies with most networks.
        metric: `"cosine"` (1 minus the cosine of the angle) or `"euclidean"`.
        max_pairs: Most pairs to hold.

    Raises:
        InvalidArgumentError: An argument breaks its rule, or there are more pairs.

    Examples:
        >>> near_duplicates([[1.0, 0.0], [0.0, 1.0], [2.0, 0.01]], 0.01).pairs.tolist()
        [[0, 2]]
    """
    threshold = number_from("threshold", threshold, low=0.0)
    space = Space.of(x, metric)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    total = 0
    for rows in range(0, len(space.rows), _BLOCK_ROWS):
        for others in range(rows, len(space.rows), _BLOCK_OTHERS):
            pairs, distances = _pairs_of_block(space, rows, others, threshold)
            total += len(pairs)
            if total > max_pairs:
                raise InvalidArgumentError(
                    f"`threshold` must leave at most {max_pairs} pairs, but {threshold:g} leaves "
                    "more.",
                    hint="lower it, or raise `max_pairs`; equal embeddings everywhere mean that "
                    "the model tells its inputs apart no more.",
                )
            found.append((pairs, distances))
    if not found:
        return NearDuplicates(np.empty((0, 2), np.int64), np.empty(0), space.n_rows)
    pairs = np.concatenate([p for p, _ in found])
    distances = np.concatenate([d for _, d in found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return NearDuplicates(space.rows[pairs[order]], distances[order], space.n_rows)


def _pairs_of_block(
    space: Space, rows: int, others: int, threshold: float
) -> tuple[Int[np.ndarray, "m 2"], Float[np.ndarray, " m"]]:
    block = space.points[rows : rows + _BLOCK_ROWS]
    squares = distance_block(block, space.points[others : others + _BLOCK_OTHERS])
    i, j = np.nonzero(squares <= space.square(threshold) * (1 + 1e-9) + _SLACK * block.shape[1])
    i, j = i + rows, j + others
    i, j = i[i < j], j[i < j]
    distances = np.empty(len(i))
    step = max(1, 4_000_000 // block.shape[1])
    for start in range(0, len(i), step):
        part = slice(start, start + step)
        difference = space.points[i[part]] - space.points[j[part]]
        distances[part] = space.lengths(np.einsum("ij,ij->i", difference, difference))
    near = distances <= threshold
    return np.stack([i[near], j[near]], axis=1), distances[near]
