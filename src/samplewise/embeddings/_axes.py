"""Principal axes in NumPy alone: PCA must work where nothing else is installed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings._matrix import row_blocks

_EXACT_SIZE = 2_048  # an eigenvalue problem of this size takes a second or two
_POWER_STEPS = 12
_SPARE_AXES = 20


@dataclass(frozen=True)
class Axes:
    """Directions in which the fitted rows vary most.

    Args:
        centre: Mean of the fitted rows, shape `(d,)`.
        directions: Orthonormal rows, the largest variance first, shape `(c, d)`; rows of zeros
            where the data has fewer dimensions.
    """

    centre: Float[np.ndarray, " d"]
    directions: Float[np.ndarray, "c d"]

    @classmethod
    def of(cls, x: Float[np.ndarray, "n d"], n_components: int, seed: int) -> "Axes":
        """The axes of `n` rows; exact up to 2,048 rows or columns, else by subspace iteration.

        The sign of an axis is such that its largest entry is positive.

        Source:
            Halko, Martinsson, Tropp (2011), "Finding structure with randomness", algorithm 4.4;
            the sign rule is that of scikit-learn's `PCA`.
        """
        centre = x.mean(axis=0, dtype=np.float64)
        n, d = x.shape
        if d <= min(n, _EXACT_SIZE):
            directions = _by_columns(x, centre)
        elif n <= _EXACT_SIZE:
            directions = _by_rows(x, centre)
        else:
            directions = _by_iteration(x, centre, n_components, seed)
        found = directions[:n_components]
        largest = np.abs(found).argmax(axis=1)
        signs = np.where(found[np.arange(len(found)), largest] < 0, -1.0, 1.0)
        padded = np.zeros((n_components, d))
        padded[: len(found)] = found * signs[:, None]
        return cls(centre, padded)

    @classmethod
    def restore(cls, arrays: FittedArrays, n_columns: int, n_components: int) -> "Axes":
        """Axes that were stored; see `FittedArrays.take` for what it raises."""
        return cls(
            arrays.take("centre", (n_columns,)),
            arrays.take("directions", (n_components, n_columns)),
        )

    def project(self, x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n c"]:
        """Coordinates of rows along the axes, float32."""
        out = np.empty((len(x), len(self.directions)), np.float32)
        for block in row_blocks(*x.shape):
            out[block] = (x[block] - self.centre) @ self.directions.T
        return out


def _by_columns(x: np.ndarray, centre: np.ndarray) -> np.ndarray:
    scatter = np.zeros((x.shape[1], x.shape[1]))
    for block in row_blocks(*x.shape):
        z = x[block] - centre
        scatter += z.T @ z
    return _descending(scatter)


def _by_rows(x: np.ndarray, centre: np.ndarray) -> np.ndarray:
    z = x - centre
    _, values, directions = np.linalg.svd(z, full_matrices=False)
    return directions[values > values[:1] * 1e-7]


def _by_iteration(x: np.ndarray, centre: np.ndarray, n_components: int, seed: int) -> np.ndarray:
    wide = min(n_components + _SPARE_AXES, *x.shape)
    basis = np.random.default_rng(seed).normal(size=(x.shape[1], wide))
    for _ in range(_POWER_STEPS):
        basis = np.linalg.qr(_scatter_times(x, centre, basis))[0]
    return _descending(basis.T @ _scatter_times(x, centre, basis)) @ basis.T


def _scatter_times(x: np.ndarray, centre: np.ndarray, basis: np.ndarray) -> np.ndarray:
    product = np.zeros_like(basis)
    for block in row_blocks(*x.shape):
        z = x[block] - centre
        product += z.T @ (z @ basis)
    return product


def _descending(scatter: np.ndarray) -> np.ndarray:
    """Eigenvectors as rows, the largest eigenvalue first, without those of no variance."""
    values, vectors = np.linalg.eigh(scatter)
    kept = values > max(values[-1], 0.0) * 1e-14
    return vectors[:, kept][:, ::-1].T
