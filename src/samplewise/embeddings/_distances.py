"""Squared distances of blocks of rows."""

import numpy as np
from jaxtyping import Float


def distance_block(
    rows: Float[np.ndarray, "b d"],
    others: Float[np.ndarray, "m d"],
    squared_norms: Float[np.ndarray, " m"] | None = None,
) -> Float[np.ndarray, "b m"]:
    """Squared Euclidean distances, float64, never negative.

    Matrix products make it fast. Their rounding is about 1e-16 of the squared norms, so rows
    should be centred, and distances that matter to the last digit be taken from differences.

    Args:
        rows: Centred float64 rows.
        others: Centred float64 rows to measure to.
        squared_norms: Squared norms of `others`, if at hand.
    """
    if squared_norms is None:
        squared_norms = np.einsum("ij,ij->i", others, others)
    squares = rows @ others.T
    squares *= -2.0
    squares += squared_norms
    squares += np.einsum("ij,ij->i", rows, rows)[:, None]
    return np.maximum(squares, 0.0, out=squares)
