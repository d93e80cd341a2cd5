"""One map for all epochs and splits of a run."""

import warnings
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from samplewise.embeddings._matrix import valid_rows
from samplewise.embeddings._pca import PCAReducer
from samplewise.embeddings._plan import GroupKey, Progress, Reduction, ReductionPlan, as_groups
from samplewise.embeddings._trustworthiness import trustworthiness
from samplewise.embeddings.reducer import Reducer, ReductionWarning
from samplewise.errors import InvalidArgumentError

_FIT_SHARE, _PLACE_SHARE = 0.7, 0.95  # of the progress; the rest is judging
_Matrices = dict[GroupKey, Float[np.ndarray, "n d"]]


def reduce_epochs(
    groups: Mapping[GroupKey, ArrayLike],
    plan: ReductionPlan | None = None,
    *,
    fitted: Reducer | None = None,
    progress: Progress | None = None,
) -> Reduction:
    """Place the embeddings of all groups on one map, in this process.

    A training should call `reduce_in_process` instead, which leaves it free of the packages.

    Args:
        groups: Embeddings, shape `(n, d)`, by `(epoch, split, ...)`; rows with NaN are missing.
        plan: How to; PaCMAP on the last epoch by default.
        fitted: Place on the map of this reducer, which is fitted already, instead of fitting one.
        progress: Called with `"fit"`, `"place"` or `"judge"` and the share of all that is done.

    Raises:
        InvalidArgumentError: An argument breaks its rule, or nothing valid is there to fit on.
        MissingDependencyError: The package of the method is not installed, without `fallback`.
        SamplewiseError: The method failed, without `fallback`; the cause is chained.
    """
    plan = plan or ReductionPlan()
    matrices = as_groups(groups)
    progress = progress or _unheard
    if fitted is not None:
        return _place_groups(matrices, plan, fitted, {}, progress)
    try:
        return _reduce_groups(matrices, plan, plan.reducer(), progress)
    except InvalidArgumentError:
        raise
    except Exception as error:
        if not plan.fallback or plan.method == "pca":
            raise
        return reduce_with_pca(matrices, plan, error, progress=progress)


def reduce_with_pca(
    groups: Mapping[GroupKey, ArrayLike],
    plan: ReductionPlan,
    error: Exception,
    *,
    progress: Progress | None = None,
) -> Reduction:
    """The fallback: the same plan with PCA, and a warning that says why."""
    cause = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
    note = f"PCA is used in place of {plan.method}, because {cause.rstrip('.')}."
    warnings.warn(note, ReductionWarning, stacklevel=3)
    stand_in = PCAReducer(plan.n_components, plan.seed)
    reduction = _reduce_groups(as_groups(groups), plan, stand_in, progress or _unheard)
    return replace(reduction, method=plan.method, notes=(*reduction.notes, note))


def _unheard(what: str, share: float) -> None:
    del what, share


def _reduce_groups(
    matrices: _Matrices, plan: ReductionPlan, reducer: Reducer, progress: Progress
) -> Reduction:
    keys = _choose_epochs_to_fit(matrices, plan)
    rows = np.concatenate([matrices[key] for key in keys])
    drawn = _draw_sample(rows, plan)
    progress("fit", 0.0)
    coordinates = np.empty((len(rows), plan.n_components), np.float32)
    coordinates[drawn] = reducer.fit(
        rows if drawn.all() else rows[drawn],
        progress=None if progress is _unheard else lambda s: progress("fit", s * _FIT_SHARE),
    )
    if not drawn.all():
        coordinates[~drawn] = reducer.transform(rows[~drawn])
    ends = np.cumsum([len(matrices[key]) for key in keys])
    known = dict(zip(keys, np.split(coordinates, ends[:-1]), strict=True))
    return _place_groups(matrices, plan, reducer, known, progress)


def _choose_epochs_to_fit(matrices: _Matrices, plan: ReductionPlan) -> list[GroupKey]:
    usable = [key for key, x in matrices.items() if valid_rows(x).any()]
    if not usable:
        raise InvalidArgumentError(
            "embeddings must have a row of finite numbers, but have none.",
            hint="look for NaN in the weights or the inputs of the model.",
        )
    if plan.strategy == "concatenation":
        return list(matrices)
    reference = plan.reference if plan.reference is not None else _last(usable)
    keys = [key for key in matrices if key[0] == reference]
    if not any(key in usable for key in keys):
        raise InvalidArgumentError(
            f"`reference` must be an epoch with embeddings, but is {reference}.",
            hint=f"there is: {sorted({key[0] for key in usable if key[0] is not None})}.",
        )
    return keys


def _last(keys: list[GroupKey]) -> int | None:
    return max((key[0] for key in keys if key[0] is not None), default=None)


def _draw_sample(rows: Float[np.ndarray, "n d"], plan: ReductionPlan) -> Bool[np.ndarray, " n"]:
    """Which rows to fit on: all, or a sample of the valid ones."""
    valid = np.flatnonzero(valid_rows(rows))
    if plan.max_fit_rows is None or len(valid) <= plan.max_fit_rows:
        return np.ones(len(rows), bool)
    drawn = np.zeros(len(rows), bool)
    chosen = np.random.default_rng(plan.seed).choice(valid, plan.max_fit_rows, replace=False)
    drawn[chosen] = True
    return drawn


def _place_groups(
    matrices: _Matrices,
    plan: ReductionPlan,
    reducer: Reducer,
    known: dict[GroupKey, Float[np.ndarray, "n c"]],
    progress: Progress,
) -> Reduction:
    coordinates: dict[GroupKey, np.ndarray] = {}
    scores: dict[GroupKey, float | None] = {}
    for done, (key, x) in enumerate(matrices.items()):
        progress("place", _FIT_SHARE + (_PLACE_SHARE - _FIT_SHARE) * done / len(matrices))
        coordinates[key] = known[key] if key in known else reducer.transform(x)
    for done, (key, x) in enumerate(matrices.items()):
        progress("judge", _PLACE_SHARE + (1 - _PLACE_SHARE) * done / len(matrices))
        scores[key] = trustworthiness(x, coordinates[key], seed=plan.seed)
    progress("judge", 1.0)
    on_reference = known and plan.strategy == "reference"
    return Reduction(
        coordinates=coordinates,
        trustworthiness=scores,
        method=reducer.method,
        used_method=reducer.used_method,
        n_components=reducer.n_components,
        seed=reducer.seed,
        strategy=plan.strategy,
        reference=next(iter(known))[0] if on_reference else None,
        notes=tuple(reducer.notes),
        reducer=reducer,
    )
