"""What to reduce, how, and what came out."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from samplewise.embeddings._arguments import whole_number
from samplewise.embeddings._matrix import as_matrix
from samplewise.embeddings._methods import make_reducer
from samplewise.embeddings.reducer import Reducer, ReductionWarning
from samplewise.errors import InvalidArgumentError, did_you_mean

GroupKey = tuple[Any, ...]
"""The epoch (None outside of a training), then whatever tells groups apart, such as the split."""

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, in [0, 1]."""

_STRATEGIES = ("reference", "concatenation")


@dataclass(frozen=True)
class ReductionPlan:
    """How to place the embeddings of several epochs and splits on one map.

    Separate maps of two epochs cannot be compared: a point that did not change jumps by a third
    of the map. So there is one map, made in one of two ways:

    - `"reference"` fits on one epoch, all its splits together, and places the other epochs on
      that map. The reference is the last epoch by default, the network that the user keeps.
      Points of the reference are placed best; those of epochs in which the network saw the data
      very differently are drawn to whatever is nearest, and their lower `trustworthiness` says so.
    - `"concatenation"` fits on all epochs together: every epoch is placed as well as the others,
      at the price of a fit on all rows. Best with UMAP; PaCMAP takes most neighbours of a point
      from its own copies in other epochs.

    Args:
        method: `"pacmap"`, `"umap"` or `"pca"`.
        n_components: Coordinates a row, 2 or 3 recommended.
        seed: Of the method and of every sample that is drawn.
        strategy: `"reference"` or `"concatenation"`.
        reference: Epoch to fit on; by default the last one that has a valid row.
        options: Further options of the method, as of `make_reducer`.
        fallback: Take PCA, with a `ReductionWarning`, where the method is not installed or fails.
            Arguments that break their rule are errors all the same.
        max_fit_rows: Fit on a random sample of so many rows at most, and place the others on its
            map like those of other epochs; None fits on all.

    Raises:
        InvalidArgumentError: An argument breaks its rule.
    """

    method: str = "pacmap"
    n_components: int = 2
    seed: int = 42
    strategy: Literal["reference", "concatenation"] = "reference"
    reference: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    fallback: bool = False
    max_fit_rows: int | None = 100_000

    def __post_init__(self) -> None:
        if self.strategy not in _STRATEGIES:
            raise InvalidArgumentError(
                f"`strategy` must say what to fit on, but is {self.strategy!r}.",
                hint=did_you_mean(str(self.strategy), _STRATEGIES),
            )
        if self.strategy == "concatenation" and self.reference is not None:
            raise InvalidArgumentError(
                "`reference` must be left out with the strategy `concatenation`, but is "
                f"{self.reference}."
            )
        if self.max_fit_rows is not None:
            whole_number("max_fit_rows", self.max_fit_rows, low=1)
        with warnings.catch_warnings():  # said once, by the reducer that is fitted
            warnings.simplefilter("ignore", ReductionWarning)
            self.reducer()

    def reducer(self) -> Reducer:
        """An unfitted reducer of this plan."""
        return make_reducer(self.method, self.n_components, self.seed, **self.options)


@dataclass(frozen=True)
class Reduction:
    """Places of embeddings on one map.

    Args:
        coordinates: For each group float32 of shape `(n, c)`; a row of NaN stands for null.
        trustworthiness: For each group, on at most 2,000 of its rows; None under three rows.
        method: What was asked for.
        used_method: What was done: `method`, or `"pca"` where it stood in.
        n_components: Coordinates a row.
        seed: Of the fit.
        strategy: `"reference"` or `"concatenation"`.
        reference: The epoch of the fit; None for a concatenation and outside of a training.
        notes: What went another way than asked.
        reducer: The fitted reducer; None where it lives in a file only.
        reducer_sha256: Hash of that file, as `load_reducer` wants it.
    """

    coordinates: dict[GroupKey, Float[np.ndarray, "n c"]]
    trustworthiness: dict[GroupKey, float | None]
    method: str
    used_method: str
    n_components: int
    seed: int
    strategy: str
    reference: int | None
    notes: tuple[str, ...] = ()
    reducer: Reducer | None = None
    reducer_sha256: str | None = None


def as_groups(groups: Mapping[GroupKey, ArrayLike]) -> dict[GroupKey, Float[np.ndarray, "n d"]]:
    """Groups of embeddings at the border.

    Raises:
        InvalidArgumentError: There is none, a key has no epoch, or a group is no matrix or has
            another number of columns than the first.
    """
    matrices: dict[GroupKey, np.ndarray] = {}
    for key, x in groups.items():
        if not isinstance(key, tuple) or not key or not _is_epoch(key[0]):
            raise InvalidArgumentError(
                f"`groups` must have keys like (epoch, split), but one is {key!r}.",
                hint="the epoch is a whole number, or None outside of a training.",
            )
        matrices[key] = as_matrix(x, f"groups[{key!r}]")
        first_key, first = next(iter(matrices.items()))
        if matrices[key].shape[1] != first.shape[1]:
            raise InvalidArgumentError(
                f"embeddings must be of one length, but {first_key!r} has "
                f"{first.shape[1]} columns and {key!r} has {matrices[key].shape[1]}.",
                hint="reduce embeddings of different models or layers separately.",
            )
    if not matrices:
        raise InvalidArgumentError(
            "embeddings must have at least one row, but have none.",
            hint="collect with `collect_embeddings=True` first.",
        )
    return matrices


def _is_epoch(value: object) -> bool:
    return value is None or (isinstance(value, int | np.integer) and not isinstance(value, bool))
