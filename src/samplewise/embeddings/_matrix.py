"""Embeddings at the border: anything that looks like a matrix becomes one."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike

from samplewise.errors import InvalidArgumentError

_BLOCK_VALUES = 4_000_000  # values converted to float64 at a time: 32 MB
_FARTHEST = 1e6  # spreads from the centre; squares of it still fit into float32


def as_matrix(x: ArrayLike, name: str = "x") -> Float[np.ndarray, "n d"]:
    """Take embeddings as a matrix of float32, or of float64 where they came as such.

    A masked value becomes NaN; NaN and infinity are allowed here, see `valid_rows`.

    Args:
        x: One embedding a row, shape `(n, d)`; `n` may be 0.
        name: What the caller calls them, for the error.

    Raises:
        InvalidArgumentError: They are not numbers, or not a matrix with at least one column.
    """
    array = _array_of(x)
    if array.dtype.kind not in "fiu":
        raise InvalidArgumentError(
            f"`{name}` must be a matrix of numbers, shape (n, d), but is {_describe(x, array)}.",
            hint="stack the embeddings with `numpy.stack`; write NaN where one is missing.",
        )
    if array.ndim != 2 or 0 in array.shape[1:]:
        raise InvalidArgumentError(
            f"`{name}` must have shape (n, d) with d >= 1, but has shape {array.shape}.",
            hint="pool feature maps to one vector a sample first.",
        )
    return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)


def _array_of(x: ArrayLike) -> np.ndarray:
    if isinstance(x, np.ma.MaskedArray):
        return np.ma.filled(x.astype(np.result_type(x.dtype, np.float32)), np.nan)
    try:
        return np.asarray(x)
    except ValueError:  # rows of different lengths
        return np.empty(0, object)


def _describe(x: object, array: np.ndarray) -> str:
    return f"of type {array.dtype}" if isinstance(x, np.ndarray) else "neither that nor regular"


def valid_rows(x: ArrayLike) -> Bool[np.ndarray, " n"]:
    """Which rows hold finite numbers only. The others have no place, and null coordinates.

    Args:
        x: Embeddings or coordinates, shape `(n, d)`.

    Raises:
        InvalidArgumentError: `x` is not a matrix of numbers.

    Examples:
        >>> valid_rows([[1.0, 2.0], [float("nan"), 0.0]]).tolist()
        [True, False]
    """
    matrix = as_matrix(x)
    valid = np.empty(len(matrix), bool)
    for block in row_blocks(*matrix.shape):
        valid[block] = np.isfinite(matrix[block]).all(axis=1)
    return valid


def row_blocks(n_rows: int, n_columns: int) -> list[slice]:
    """Slices of rows that hold at most `_BLOCK_VALUES` values each, but at least one row."""
    step = max(1, _BLOCK_VALUES // max(1, n_columns))
    return [slice(start, min(start + step, n_rows)) for start in range(0, n_rows, step)]


def distinct_rows(
    x: Float[np.ndarray, "n d"],
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " n"]]:
    """Rows that differ in at least one bit.

    Returns:
        The first row of each kind, ascending, shape `(m,)`; for every row its kind, shape `(n,)`.
    """
    x = np.ascontiguousarray(x) + 0.0  # minus zero equals zero, and so shall its bytes
    as_bytes = x.view(np.dtype((np.void, x.dtype.itemsize * x.shape[1])))[:, 0]
    _, first, kind = np.unique(as_bytes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[kind]


@dataclass(frozen=True)
class Frame:
    """Where the fitted rows lie, so that numbers of any size fit into float32.

    Distances keep their proportions: one centre and one unit for all columns.

    Args:
        peak: Largest absolute value of the fitted rows.
        centre: Mean of each column, in peaks, shape `(d,)`.
        spread: Largest absolute deviation from the centre, in peaks; 0 where all rows are equal.
    """

    peak: float
    centre: Float[np.ndarray, " d"]
    spread: float

    @classmethod
    def around(cls, x: Float[np.ndarray, "n d"]) -> "Frame":
        """The frame of finite rows; there is at least one."""
        low, high = x.min(axis=0).astype(np.float64), x.max(axis=0).astype(np.float64)
        peak = float(max(np.abs(low).max(), np.abs(high).max())) or 1.0
        total = np.zeros(x.shape[1])
        for block in row_blocks(*x.shape):
            total += (x[block] / np.float64(peak)).sum(axis=0)
        # The mean of equal numbers differs from them by a rounding error, which the division
        # by the spread would blow up to noise.
        centre = np.where(low == high, low / peak, total / len(x))
        spread = float(np.maximum(high / peak - centre, centre - low / peak).max())
        return cls(peak, centre, spread)

    def apply(self, x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
        """Rows in units of the spread around the centre, as float32.

        A row that was not fitted may lie far outside; it is pulled back to a million spreads.
        """
        out = np.empty(x.shape, np.float32)
        for block in row_blocks(*x.shape):
            z = x[block] / np.float64(self.peak) - self.centre
            out[block] = np.clip(z / (self.spread or 1.0), -_FARTHEST, _FARTHEST)
        return out
