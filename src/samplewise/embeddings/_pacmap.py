"""PaCMAP: the default, through the `pacmap` package."""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from samplewise._extras import require
from samplewise.embeddings._arguments import number_from, whole_number
from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings._progress import report_steps
from samplewise.embeddings.reducer import Reducer
from samplewise.errors import InvalidArgumentError

_MOST_COLUMNS = 100  # what the package reduces its rows to, and how it links their index
_LINKS = 32


class PaCMAPReducer(Reducer):
    """Keeps both neighbours and the coarse arrangement of clusters.

    `transform` pulls a row to the points of its nearest fitted rows. It shows a row that changed
    its neighbourhood as a jump, and hardly shows a drift inside of one.

    Args:
        n_components: Coordinates a row, 2 or 3 recommended.
        seed: Of the pairs that are drawn.
        n_neighbors: Near pairs a row.
        mid_near_ratio: Mid-near pairs a row for each near pair; they arrange the clusters.
        further_ratio: Far pairs a row for each near pair; they push apart.
        n_iterations: Steps of the three phases: arrange, tighten, refine.

    Raises:
        InvalidArgumentError: An argument breaks its rule.

    Source:
        Wang, Huang, Rudin, Shaposhnik (2021), "Understanding how dimension reduction tools work",
        JMLR 22; computed by their package `pacmap`.
    """

    method: ClassVar[str] = "pacmap"
    title: ClassVar[str] = "PaCMAP"
    packages: ClassVar[tuple[str, ...]] = ("pacmap", "faiss-cpu", "scikit-learn", "numpy")

    def __init__(
        self,
        n_components: int = 2,
        seed: int = 42,
        *,
        n_neighbors: int = 10,
        mid_near_ratio: float = 0.5,
        further_ratio: float = 2.0,
        n_iterations: tuple[int, int, int] = (100, 100, 250),
    ) -> None:
        super().__init__(n_components, seed)
        self.n_neighbors = whole_number("n_neighbors", n_neighbors, low=1)
        self.mid_near_ratio = number_from("mid_near_ratio", mid_near_ratio, low=0.1)
        self.further_ratio = number_from("further_ratio", further_ratio, low=0.1)
        self.n_iterations = _three_phases(n_iterations)
        self._map: Any = None

    def _minimum_rows(self) -> int:
        pairs = round(self.n_neighbors * (1 + self.mid_near_ratio + self.further_ratio))
        return max(pairs + 2, 8)  # with fewer rows the package silently takes other ratios

    def _fit(self, z: np.ndarray, progress: Callable[[float], None] | None) -> np.ndarray:
        with _quiet(), _same_faiss_threads(), _one_numba_thread():
            self._map = self._make_map()
            self._map.verbose = progress is not None
            with report_steps(sum(self.n_iterations), progress):
                points = self._map.fit_transform(z, save_pairs=False)
            self._map.verbose = False
            # As they will be once they were stored: products round differently in another order.
            axes = self._map.tsvd_transformer
            axes.components_ = np.ascontiguousarray(axes.components_)
        return points

    def _make_map(self) -> Any:
        return _package("pacmap").PaCMAP(
            n_components=self.n_components,
            n_neighbors=self.n_neighbors,
            MN_ratio=self.mid_near_ratio,
            FP_ratio=self.further_ratio,
            num_iters=self.n_iterations,
            random_state=self.seed,
            save_tree=True,  # `transform` looks its neighbours up in it
        )

    def _map_arrays(self) -> dict[str, np.ndarray]:
        axes = self._map.tsvd_transformer
        arrays = {
            "places": self._map.embedding_,
            "points": self._map.tree.reconstruct_n(0, self._map.tree.ntotal),
            "mean": self._map.xmean,
            "axes": axes.components_,
        }
        if self._map.pca_solution:  # the package reduces more than 100 columns to so many
            return arrays
        low, high = np.asarray(self._map.xmin), np.asarray(self._map.xmax)
        return {**arrays, "low": low, "high": high, "axes_mean": axes.mean_}

    def _restore_map(self, arrays: FittedArrays, n_columns: int) -> None:
        """The index of neighbours is built anew from its points: seeded, it is the same index."""
        decomposition = _package("sklearn.decomposition")
        wide = n_columns > _MOST_COLUMNS
        with _quiet(), _same_faiss_threads():
            fitted = self._make_map()
            fitted.pca_solution = wide
            fitted.xmean = arrays.take("mean", (n_columns,))
            if wide:
                axes = decomposition.TruncatedSVD(_MOST_COLUMNS, random_state=self.seed)
                fitted.xmin = fitted.xmax = 0
            else:
                axes = decomposition.PCA(self.n_components, random_state=self.seed)
                axes.mean_ = arrays.take("axes_mean", (n_columns,))
                axes.explained_variance_ = np.ones(self.n_components, axes.mean_.dtype)
                fitted.xmin, fitted.xmax = arrays.take("low", ())[()], arrays.take("high", ())[()]
            size = min(n_columns, _MOST_COLUMNS)
            n_axes = _MOST_COLUMNS if wide else self.n_components
            axes.components_ = arrays.take("axes", (n_axes, n_columns))
            axes.n_features_in_ = n_columns
            fitted.tsvd_transformer = axes
            points = arrays.take("points", (None, size), at_least=self._minimum_rows())
            fitted.embedding_ = arrays.take("places", (len(points), self.n_components))
            faiss = _package("faiss")
            faiss.omp_set_num_threads(1)  # several threads would link the points in another order
            fitted.tree = faiss.IndexHNSWFlat(size, _LINKS, faiss.METRIC_L2)
            fitted.tree.add(points)
        self._map = fitted

    def _transform(self, z: np.ndarray) -> np.ndarray:
        with _quiet(), _one_numba_thread():
            return self._map.transform(z, save_pairs=False)


def _package(module: str) -> ModuleType:
    return require(module, package="pacmap", extra="pacmap", purpose="reducing with PaCMAP")


@contextmanager
def _quiet() -> Iterator[None]:
    """The package logs a warning for every seed, and scikit-learn warns of what it calls."""
    logger = logging.getLogger("pacmap")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


@contextmanager
def _same_faiss_threads() -> Iterator[None]:
    """A seeded PaCMAP leaves faiss on one thread for the rest of the process."""
    faiss = _package("faiss")
    threads = faiss.omp_get_max_threads()
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


@contextmanager
def _one_numba_thread() -> Iterator[None]:
    """The gradient is one sequential loop; further threads only wait for each other 900 times.

    On two cores that others use too, one thread was 6 times faster, to the same coordinates.
    """
    numba = _package("numba")
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)


def _three_phases(value: tuple[int, int, int]) -> tuple[int, int, int]:
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise InvalidArgumentError(
            f"`n_iterations` must be three whole numbers, but is {value!r}.",
            hint="the default is (100, 100, 250).",
        )
    first, second, third = (whole_number("n_iterations", steps, low=1) for steps in value)
    return first, second, third
