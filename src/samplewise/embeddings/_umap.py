"""UMAP, through the `umap-learn` package."""

import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from samplewise._extras import require
from samplewise.embeddings._arguments import number_from, whole_number
from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings._progress import report_steps
from samplewise.embeddings.reducer import Reducer
from samplewise.errors import InvalidArgumentError


class UMAPReducer(Reducer):
    """Keeps neighbourhoods; the best of the measured ones on a concatenation of epochs.

    With a seed it runs on one core, and it compiles most of itself anew in every process
    (20 s and more before it starts).

    Args:
        n_components: Coordinates a row, 2 or 3 recommended.
        seed: Of the start and of the sampling.
        n_neighbors: Size of a neighbourhood, at least 2.
        min_dist: How close two points may come, in units of the map, from 0 to 1.
        metric: `"euclidean"` or `"cosine"`.

    Raises:
        InvalidArgumentError: An argument breaks its rule.

    Source:
        McInnes, Healy, Melville (2018), "UMAP", arXiv:1802.03426; computed by `umap-learn`.
    """

    method: ClassVar[str] = "umap"
    title: ClassVar[str] = "UMAP"
    packages: ClassVar[tuple[str, ...]] = ("umap-learn", "pynndescent", "scikit-learn", "numpy")

    def __init__(
        self,
        n_components: int = 2,
        seed: int = 42,
        *,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        metric: str = "euclidean",
    ) -> None:
        super().__init__(n_components, seed)
        self.n_neighbors = whole_number("n_neighbors", n_neighbors, low=2)
        if metric not in ("euclidean", "cosine"):
            raise InvalidArgumentError(
                f'`metric` must be "euclidean" or "cosine", but is {metric!r}.'
            )
        self.min_dist = number_from("min_dist", min_dist, low=0.0, high=1.0)
        self.metric = metric
        self._map: Any = None
        self._points = np.empty((0, 0), np.float32)

    def _minimum_rows(self) -> int:
        # The start is an eigenvector problem with `n_components + 1` vectors.
        return max(self.n_neighbors + 1, self.n_components + 3)

    def _fit(self, z: np.ndarray, progress: Callable[[float], None] | None) -> np.ndarray:
        with warnings.catch_warnings(), report_steps(None, progress) as lines:
            warnings.simplefilter("ignore")  # of scikit-learn and SciPy, about our seed and sizes
            bar = {"file": lines, "disable": progress is None, "mininterval": 0.5}
            self._map = self._make_map(tqdm_kwds=bar)
            points = self._map.fit_transform(z)
            self._map.tqdm_kwds = {"disable": True}
        self._points = z
        return points

    def _make_map(self, **more: Any) -> Any:
        umap = require("umap", package="umap-learn", extra="umap", purpose="reducing with UMAP")
        return umap.UMAP(
            n_components=self.n_components,
            n_neighbors=self.n_neighbors,
            min_dist=self.min_dist,
            metric=self.metric,
            random_state=self.seed,
            n_jobs=1,  # any other number is reset, with a warning, where there is a seed
            **more,
        )

    def _map_arrays(self) -> dict[str, np.ndarray]:
        return {"points": self._points, "places": self._map.embedding_}

    def _restore_map(self, arrays: FittedArrays, n_columns: int) -> None:
        """Neighbours are found anew, by the same seeded search; nothing is moved on the map."""
        points = arrays.take("points", (None, n_columns), at_least=self._minimum_rows())
        places = arrays.take("places", (len(points), self.n_components), finite=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = np.zeros_like(places)
            self._map = self._make_map(n_epochs=0, init=start, tqdm_kwds={"disable": True})
            self._map.fit(points)
        self._map.n_epochs = None
        self._map.embedding_ = places
        self._points = points

    def _transform(self, z: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._map.transform(z)
