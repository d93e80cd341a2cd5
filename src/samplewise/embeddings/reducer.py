"""What every reducer does, whatever its method: checks, missing rows, stand-in, memory."""

import inspect
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import whole_number
from samplewise.embeddings._axes import Axes
from samplewise.embeddings._fitted_arrays import FittedArrays
from samplewise.embeddings._matrix import Frame, as_matrix, distinct_rows, valid_rows
from samplewise.errors import InvalidArgumentError, SamplewiseError

_SEEDS = 2**31  # PaCMAP hands its seed to compiled code as a signed 32-bit integer


class ReductionWarning(UserWarning):
    """A reduction went another way than asked; the text says which and why."""


class Reducer(ABC):
    """Places rows of `d` numbers as points of a few.

    The contract of every method:

    - `fit` returns the coordinates of its rows and keeps them as `embedding_`. They are what to
      store for these rows: `transform` of the same rows may place them a little differently.
    - `transform` places further rows on the same map. It does not move the fitted ones.
    - A row with NaN or infinity has no place: its coordinates are a row of NaN, to be stored as
      null (`valid_rows` tells). All other coordinates are finite float32.
    - Rows that are equal to the last bit are fitted once and share their point.
    - What the method cannot do with the data at hand (too few distinct rows, no spread, fewer
      columns than components), principal axes do in its place: `used_method` is then `"pca"`,
      and `notes` and a `ReductionWarning` say why.
    - The same rows, seed and package versions give the same coordinates.
    - It pickles, before and after the fit; what is stored is `to_arrays`, which runs nothing.

    Args:
        n_components: Coordinates a row; 2 or 3 can be drawn, others are warned about.
        seed: Whole number from 0 below 2**31.

    Raises:
        InvalidArgumentError: An argument breaks its rule.
    """

    method: ClassVar[str]
    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ("numpy",)

    def __init__(self, n_components: int = 2, seed: int = 42) -> None:
        self.n_components = whole_number("n_components", n_components, low=1, below=4097)
        self.seed = whole_number("seed", seed, low=0, below=_SEEDS)
        self.notes: list[str] = []
        self.embedding_: Float[np.ndarray, "n c"] | None = None
        self._frame: Frame | None = None
        self._stand_in: Axes | None = None
        if n_components not in (2, 3):
            self._note(f"`n_components` is {n_components}; only 2 or 3 can be drawn.")

    @property
    def used_method(self) -> str:
        """The method that made the coordinates: `method`, or `"pca"` where it stood in."""
        return self.method if self._stand_in is None else "pca"

    def fit(
        self, x: ArrayLike, *, progress: Callable[[float], None] | None = None
    ) -> Float[np.ndarray, "n c"]:
        """Find a map for these rows.

        Args:
            x: Embeddings, one a row, shape `(n, d)`.
            progress: Called now and then with the share that is done, in [0, 1].

        Returns:
            Coordinates, float32, shape `(n, c)`.

        Raises:
            InvalidArgumentError: `x` is no matrix of numbers, or no row of it is finite.
            MissingDependencyError: The package of the method is not installed.
            SamplewiseError: The method failed; the cause is chained.
        """
        matrix = as_matrix(x)
        valid = valid_rows(matrix)
        if not valid.any():
            raise InvalidArgumentError(
                f"`x` must have a row of finite numbers, but none of its {len(matrix)} is.",
                hint="look for NaN in the weights or the inputs of the model.",
            )
        rows = matrix if valid.all() else matrix[valid]
        self._frame = Frame.around(rows)
        z = self._frame.apply(rows)
        first, kind = distinct_rows(z)
        points = self._fit_distinct(z if len(first) == len(z) else z[first], progress)
        self.embedding_ = self._with_missing(points[kind], valid)
        return self.embedding_

    def transform(self, x: ArrayLike) -> Float[np.ndarray, "n c"]:
        """Place further rows on the fitted map.

        Args:
            x: Embeddings with as many columns as the fitted ones, shape `(n, d)`; `n` may be 0.

        Returns:
            Coordinates, float32, shape `(n, c)`.

        Raises:
            InvalidArgumentError: The reducer is not fitted, or `x` does not fit to it.
            SamplewiseError: The method failed; the cause is chained.
        """
        if self._frame is None or self.embedding_ is None:
            raise InvalidArgumentError(
                "`transform` needs a fitted reducer, but this one is not.", hint="call `fit` first."
            )
        matrix = as_matrix(x)
        if matrix.shape[1] != len(self._frame.centre):
            raise InvalidArgumentError(
                f"`x` must have the {len(self._frame.centre)} columns of the fitted rows, but has "
                f"{matrix.shape[1]}.",
                hint="embeddings of another model or layer need a reducer of their own.",
            )
        valid = valid_rows(matrix)
        z = self._frame.apply(matrix[valid])
        if self._stand_in is not None:
            points = self._stand_in.project(z)
        else:
            points = self._run_guarded(self._transform, z) if len(z) else self._nothing()
        return self._with_missing(points, valid)

    @property
    def options(self) -> dict[str, Any]:
        """The further arguments of its method, as they were given to `make_reducer`."""
        names = set(inspect.signature(type(self)).parameters) - {"n_components", "seed"}
        return {name: getattr(self, name) for name in sorted(names)}

    def to_arrays(self) -> dict[str, np.ndarray]:
        """All that the fit found, as arrays of numbers: `restore` makes it of them again.

        Raises:
            InvalidArgumentError: The reducer is not fitted.
        """
        if self._frame is None or self.embedding_ is None:
            raise InvalidArgumentError(
                "a reducer must be fitted to be stored, but this one is not.",
                hint="call `fit` first.",
            )
        if self._stand_in is not None:
            found = _arrays_of("stand_in", self._stand_in)
        else:
            found = {f"map.{name}": array for name, array in self._map_arrays().items()}
        arrays = {"embedding": self.embedding_, **_arrays_of("frame", self._frame), **found}
        return {name: np.asarray(array, order="C") for name, array in arrays.items()}

    def restore(self, arrays: FittedArrays) -> None:
        """Take what another reducer of the same arguments found.

        Args:
            arrays: Of its `to_arrays`, each checked when it is asked for.

        Raises:
            ValueError: An array is missing, or of another type or shape than it must have.
            MissingDependencyError: The package of the method is not installed.
        """
        size = self.n_components
        self.embedding_ = arrays.take("embedding", (None, size), finite=False)
        frame = arrays.fields("frame")
        centre = frame.take("centre", (None,))
        self._frame = Frame(float(frame.take("peak", ())), centre, float(frame.take("spread", ())))
        if arrays.has("stand_in"):
            self._stand_in = Axes.restore(arrays.fields("stand_in"), len(centre), size)
        else:
            self._restore_map(arrays.fields("map"), len(centre))

    @abstractmethod
    def _map_arrays(self) -> dict[str, np.ndarray]:
        """What the method itself found."""

    @abstractmethod
    def _restore_map(self, arrays: FittedArrays, n_columns: int) -> None: ...

    @abstractmethod
    def _fit(
        self, z: Float[np.ndarray, "n d"], progress: Callable[[float], None] | None
    ) -> np.ndarray: ...

    @abstractmethod
    def _transform(self, z: Float[np.ndarray, "n d"]) -> np.ndarray: ...

    def _minimum_rows(self) -> int:
        """How many distinct rows the method needs."""
        return 1

    def _fit_distinct(
        self, z: Float[np.ndarray, "n d"], progress: Callable[[float], None] | None
    ) -> np.ndarray:
        obstacle = self._obstacle(z)
        if obstacle is None:
            self._stand_in = None
            return self._run_guarded(self._fit, z, progress)
        self._note(f"{self.title} {obstacle}; principal axes (PCA) are used in its place.")
        self._stand_in = Axes.of(z, self.n_components, self.seed)
        return self._stand_in.project(z)

    def _obstacle(self, z: Float[np.ndarray, "n d"]) -> str | None:
        needed = self._minimum_rows()
        if len(z) < needed:
            return f"needs {needed} distinct rows, but there are {len(z)}"
        if self.method != "pca" and z.shape[1] < self.n_components:
            return f"needs {self.n_components} columns, but there are {z.shape[1]}"
        return None

    def _run_guarded(self, step: Callable[..., np.ndarray], *args: object) -> np.ndarray:
        """Run a step of a foreign package; what it raises becomes ours, with the cause."""
        try:
            points = step(*args)
        except (SamplewiseError, ImportError, MemoryError):
            raise
        except Exception as error:
            raise SamplewiseError(
                f"reducing with {self.title} failed: {type(error).__name__}: {error}",
                hint="try another `seed` or the method `pca`.",
            ) from error
        return np.asarray(points, np.float32)

    def _with_missing(self, points: np.ndarray, valid: np.ndarray) -> np.ndarray:
        out = np.full((len(valid), self.n_components), np.nan, np.float32)
        # A method may lose a row (UMAP: a vertex without edges): missing, never infinite.
        out[valid] = np.where(np.isfinite(points).all(axis=1, keepdims=True), points, np.nan)
        return out

    def _nothing(self) -> np.ndarray:
        return np.empty((0, self.n_components), np.float32)

    def _note(self, text: str) -> None:
        self.notes.append(text)
        warnings.warn(text, ReductionWarning, stacklevel=4)

    def __repr__(self) -> str:
        fitted = "not fitted" if self.embedding_ is None else f"{len(self.embedding_)} rows"
        return (
            f"{type(self).__name__}(n_components={self.n_components}, seed={self.seed}, {fitted})"
        )


def _arrays_of(name: str, value: Axes | Frame) -> dict[str, np.ndarray]:
    return {
        f"{name}.{field.name}": np.asarray(getattr(value, field.name)) for field in fields(value)
    }
