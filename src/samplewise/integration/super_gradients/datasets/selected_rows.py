"""Which rows of which Tables does a loader read?"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from super_gradients.training.datasets.samplers.repeated_augmentation_sampler import (
    RepeatAugSampler,
)
from torch.utils.data import (
    DistributedSampler,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    WeightedRandomSampler,
)

from samplewise._notes import note
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.datasets.classification_dataset import (
    ClassificationDataset,
)
from samplewise.integration.super_gradients.datasets.detection_dataset import DetectionDataset
from samplewise.integration.super_gradients.datasets.pose_dataset import PoseEstimationDataset
from samplewise.integration.super_gradients.datasets.segmentation_dataset import (
    SegmentationDataset,
)
from samplewise.integration.super_gradients.datasets.stock import Place, stock_table
from samplewise.tables import Table

_OURS = (ClassificationDataset, DetectionDataset, PoseEstimationDataset, SegmentationDataset)
# What says how often and when, and not which samples belong to the split.
_DRAWING = (
    DistributedSampler,
    RandomSampler,
    RepeatAugSampler,
    SequentialSampler,
    WeightedRandomSampler,
)
_KNOWN = (
    "the datasets of samplewise.integration.super_gradients; SuperGradients' DetectionDataset, "
    "COCOPoseEstimationDataset, COCOKeypointsDataset, SegmentationDataSet and what derives from "
    "them; torchvision's ImageFolder, CIFAR and MNIST; Subset and ConcatDataset of these"
)
_WAY_OUT = (
    "give it the attributes `dataset` (what it wraps) and `indices` (which of its samples it "
    "takes, one integer a sample); or `table` (a Table) and `example_ids` (the row of every sample)"
)


@dataclass(frozen=True, eq=False)
class SelectedRows:
    """Rows of one Table that a loader reads.

    Args:
        split: `train`, `val`, ...; None outside a training.
        table: The Table.
        rows: Which of its rows, ascending, each once, int64.
        dataset: What reads the Table, inside of everything that is wrapped around it.
    """

    split: str | None
    table: Table
    rows: np.ndarray
    dataset: Any = None

    def join(self, other: "SelectedRows") -> "SelectedRows":
        """The rows of both; they are of one Table."""
        return replace(self, rows=np.union1d(self.rows, other.rows))


def select_rows(dataset: Any, place: Place) -> list[SelectedRows]:
    """The rows that a dataset reads, Table by Table.

    A dataset itself stands for all rows of its Table, also those without labels that it leaves
    out; what selects some of its samples, for their rows alone.

    Args:
        dataset: What the loader reads.
        place: Split of the rows, and where a Table that is made goes.

    Raises:
        InvalidArgumentError: It cannot be told which rows these are: the dataset is of no known
            kind, or wraps another one in an unknown way, or does not name its classes.
    """
    return _by_table(_read(dataset, place), place)


def select_rows_of_loader(loader: Any, place: Place) -> list[SelectedRows]:
    """The same for a loader, whose sampler may select samples too.

    A sampler with `indices` selects these, and so does a list in its place. What draws by weights
    or at random, shares among processes or drops a last batch selects nothing: it says how often
    and when.

    Raises:
        InvalidArgumentError: As for `select_rows`; or a sampler of unknown kind has no `indices`,
            and draws fewer samples than there are.
    """
    samples = _read(loader.dataset, place)
    drawn = _sampler_places(loader, len(samples.rows), place)
    if drawn is not None:
        what = f"the `indices` of the {place.split} loader's sampler"
        samples = samples.pick(_as_places(drawn, len(samples.rows), what))
    return _by_table(samples, place)


@dataclass(frozen=True, eq=False)
class _Samples:
    """What the samples of a dataset are.

    Args:
        leaves: The datasets that read a Table, each with its Table.
        numbers: Which leaf each sample is from, shape `(n,)`.
        rows: Its row of that leaf's Table, shape `(n,)`.
        left_out: By leaf, rows that belong to it and are no samples.
    """

    leaves: list[tuple[Any, Table]]
    numbers: np.ndarray
    rows: np.ndarray
    left_out: list[np.ndarray]

    def pick(self, places: np.ndarray) -> "_Samples":
        """Some of the samples, and nothing besides."""
        none = [np.zeros(0, np.int64) for _ in self.leaves]
        return _Samples(self.leaves, self.numbers[places], self.rows[places], none)


def _by_table(samples: _Samples, place: Place) -> list[SelectedRows]:
    found: dict[Table, SelectedRows] = {}
    for number, (dataset, table) in enumerate(samples.leaves):
        rows = np.union1d(samples.rows[samples.numbers == number], samples.left_out[number])
        if len(rows):
            new = SelectedRows(place.split, table, rows.astype(np.int64), dataset)
            found[table] = found[table].join(new) if table in found else new
    return list(found.values())


def _read(dataset: Any, place: Place) -> _Samples:
    """The samples of a dataset: one that reads a Table, or what is wrapped around some."""
    known = _read_leaf(dataset, place)
    if known is not None:
        return known
    inner, indices = _own(dataset, "dataset"), _own(dataset, "indices")
    if inner is not None and indices is not None:
        samples = _read(inner, place)
        what = f"the `indices` of the {place.split} loader's {_name(dataset)}"
        return _check(samples.pick(_as_places(indices, len(samples.rows), what)), dataset, place)
    parts = _own(dataset, "datasets")
    if isinstance(parts, list | tuple) and parts:
        return _check(_concatenate([_read(part, place) for part in parts]), dataset, place)
    if inner is not None and hasattr(inner, "__getitem__") and not isinstance(inner, str):
        return _check(_read(inner, place), dataset, place)
    raise InvalidArgumentError(
        f"the {place.split} loader must read a dataset that a Table is known for or can be made "
        f"of, but reads a {type(dataset).__module__}.{type(dataset).__qualname__}.",
        hint=f"known are {_KNOWN}. If it is yours, {_WAY_OUT}",
    )


def _read_leaf(dataset: Any, place: Place) -> _Samples | None:
    """The samples of a dataset that reads a Table; None for any other."""
    table, rows = _own(dataset, "table"), _own(dataset, "example_ids")
    if isinstance(table, Table) and rows is not None:
        what = f"the `example_ids` of the {place.split} loader's {_name(dataset)}"
        rows = _as_places(rows, len(table), what)
        all_rows = _all_rows(dataset, rows)
    elif (stock := stock_table(dataset, place)) is not None:
        table, rows, all_rows = stock.table, np.array(stock.example_ids, int), stock.all_rows
    elif isinstance(table, Table) and _own(dataset, "dataset") is None:
        rows = all_rows = np.arange(len(table))
    else:
        return None
    left_out = np.setdiff1d(all_rows, rows).astype(np.int64)
    leaf = _Samples([(dataset, table)], np.zeros(len(rows), int), rows, [left_out])
    return _check(leaf, dataset, place)


def _all_rows(dataset: Any, rows: np.ndarray) -> np.ndarray:
    """With those that it leaves out in training; of a dataset that is not ours nobody knows."""
    if isinstance(dataset, DetectionDataset):
        return np.arange(dataset.sample_count)
    return np.arange(len(dataset.table)) if isinstance(dataset, _OURS) else rows


def _concatenate(parts: Sequence[_Samples]) -> _Samples:
    starts = np.cumsum([0, *(len(part.leaves) for part in parts)])
    return _Samples(
        [leaf for part in parts for leaf in part.leaves],
        np.concatenate([part.numbers + at for part, at in zip(parts, starts, strict=False)]),
        np.concatenate([part.rows for part in parts]),
        [rows for part in parts for rows in part.left_out],
    )


def _check(samples: _Samples, dataset: Any, place: Place) -> _Samples:
    """Refuse what has another number of samples than it says: it selects in a way of its own."""
    try:
        count = len(dataset)
    except (TypeError, NotImplementedError):  # a stream
        return samples
    if count != len(samples.rows):
        raise InvalidArgumentError(
            f"the {place.split} loader's {_name(dataset)} must say which rows its {count} samples "
            f"are, but what it reads has {len(samples.rows)}.",
            hint=_WAY_OUT,
        )
    return samples


def _sampler_places(loader: Any, count: int, place: Place) -> Any:
    """Which samples the sampler of a loader can draw; None: all of them.

    Raises:
        InvalidArgumentError: It is of a kind of its own, says nothing of its samples, and draws
            fewer than there are.
    """
    batches = getattr(loader, "batch_sampler", None)
    if getattr(loader, "batch_size", None) is None and batches is not None:
        if isinstance(batches, list | tuple):
            return [place for batch in batches for place in batch]
        sampler = _own(batches, "sampler") or batches
    else:
        sampler = getattr(loader, "sampler", None)
    while (inner := _own(sampler, "sampler")) is not None:  # of SuperGradients' DDP
        sampler = inner
    if isinstance(sampler, list | tuple | range | np.ndarray) or hasattr(sampler, "detach"):
        return sampler
    if isinstance(sampler, _DRAWING):
        source = _own(sampler, "data_source") or _own(sampler, "dataset")
        fewer = count if source is None else len(source)
        return range(fewer) if fewer < count else None
    indices = _own(sampler, "indices")
    if indices is None and sampler is not None and not isinstance(loader.dataset, IterableDataset):
        _check_unknown(sampler, count, place)
    return indices


def _check_unknown(sampler: Any, count: int, place: Place) -> None:
    """Take a sampler that nobody knows for one that orders all samples, unless it has fewer."""
    try:
        drawn = len(sampler) * getattr(sampler, "batch_size", 1)
    except (TypeError, NotImplementedError):
        drawn = 0
    what = f"the {place.split} loader's {_name(sampler)}"
    if drawn < count:
        raise InvalidArgumentError(
            f"{what} must say which of the {count} samples it draws, but has no `indices`.",
            hint="give it the attribute `indices`: one integer for each sample that belongs to the "
            f"split; or `range({count})` where all do",
        )
    note(f"{what} does not say which samples it draws (`indices`): all {count} are collected.")


def _as_places(values: Any, count: int, what: str) -> np.ndarray:
    """Integers that name some of `count` things, int64; negative ones count from the end.

    Raises:
        InvalidArgumentError: They are no integers, or lie outside.
    """
    places = np.asarray(values.detach().cpu() if hasattr(values, "detach") else _as_list(values))
    if not places.size:
        return np.zeros(0, np.int64)
    if places.dtype == bool:
        raise InvalidArgumentError(
            f"{what} must be integers, one a sample, but are a mask of booleans.",
            hint="np.flatnonzero(mask).tolist()",
        )
    if places.ndim != 1 or not np.issubdtype(places.dtype, np.integer):
        raise InvalidArgumentError(
            f"{what} must be integers, one a sample, but are {places.dtype} of shape "
            f"{places.shape}.",
            hint=_WAY_OUT,
        )
    wrong = places[(places < -count) | (places >= count)]
    if len(wrong):
        raise InvalidArgumentError(
            f"{what} must lie in [0, {count}), the samples that there are, but one is {wrong[0]}."
        )
    return np.where(places < 0, places + count, places).astype(np.int64)


def _as_list(values: Any) -> Any:
    return list(values) if isinstance(values, Sequence) else values


def _own(thing: Any, name: str) -> Any:
    """An attribute of a thing itself, and not of what its `__getattr__` asks instead."""
    if inspect.getattr_static(thing, name, None) is None:
        return None
    return getattr(thing, name, None)


def _name(dataset: Any) -> str:
    return type(dataset).__name__
