"""Principal components: no optional package, instant, and a poor map of clusters."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from samplewise.embeddings._axes import Axes
from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings.reducer import Reducer


class PCAReducer(Reducer):
    """Projection on the directions of the largest variance. The one that always works.

    It needs NumPy alone. Coordinates are in units of the largest deviation from the mean of the
    fitted rows. Where the data has fewer dimensions than asked for, the rest is 0.

    Args:
        n_components: Coordinates a row, 2 or 3 recommended.
        seed: Used above 2,048 rows *and* columns only, where the axes are found by iteration.

    Source:
        Pearson (1901); the same axes and signs as scikit-learn's `PCA`.

    Examples:
        >>> PCAReducer().fit([[0, 0, 0], [4, 0, 0], [2, 1, 0], [2, -1, 0]]).tolist()
        [[-1.0, 0.0], [1.0, 0.0], [0.0, 0.5], [0.0, -0.5]]
    """

    method: ClassVar[str] = "pca"
    title: ClassVar[str] = "PCA"

    def __init__(self, n_components: int = 2, seed: int = 42) -> None:
        super().__init__(n_components, seed)
        self._axes: Axes | None = None

    def _fit(self, z: np.ndarray, progress: Callable[[float], None] | None) -> np.ndarray:
        self._axes = Axes.of(z, self.n_components, self.seed)
        return self._axes.project(z)

    def _map_arrays(self) -> dict[str, np.ndarray]:
        assert self._axes is not None
        return {"centre": self._axes.centre, "directions": self._axes.directions}

    def _restore_map(self, arrays: FittedArrays, n_columns: int) -> None:
        self._axes = Axes.restore(arrays, n_columns, self.n_components)

    def _transform(self, z: np.ndarray) -> np.ndarray:
        assert self._axes is not None
        return self._axes.project(z)
