"""How often values occur among selected rows."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.schema.instances import CONFIDENCE
from samplewise.server import wire
from samplewise.server.filters.instances import InstancesFilter
from samplewise.server.source import OpenSource

_MOST_VALUES = 1_000


def histogram(source: OpenSource, column: str, rows: np.ndarray, bins: int) -> wire.Histogram:
    """Exact counts of the values of a column.

    Args:
        source: The source.
        column: A plotted column.
        rows: Which rows count, 0-based.
        bins: How many bins numbers get, over the range of all rows.

    Raises:
        ColumnNotFoundError: There is no such column.
        InvalidArgumentError: It has more than one value per row.
    """
    values = source.values(column)
    if source.column(column).role == "number":
        return _bin(source, column, rows, bins)
    chosen = values.take(pa.array(rows))
    counted = chosen.drop_null().value_counts()
    pairs = sorted(
        zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True),
        key=lambda pair: -pair[1],
    )[:_MOST_VALUES]
    return wire.Histogram(
        counts=[count for _, count in pairs],
        values=[value for value, _ in pairs],
        nulls=chosen.null_count,
    )


def _bin(source: OpenSource, column: str, rows: np.ndarray, bins: int) -> wire.Histogram:
    key = (source.version, column, "bins", bins)
    binned = source.hot.get(key, lambda: _Bins.of(source.numbers(column), bins))
    counts = np.bincount(binned.places[rows], minlength=bins + 1)
    if binned.edges is None:
        return wire.Histogram(counts=[], edges=[], nulls=len(rows))
    return wire.Histogram(
        counts=counts[:bins].tolist(), edges=binned.edges.tolist(), nulls=int(counts[bins])
    )


class _Bins(NamedTuple):
    """Where the values of a column fall: a brush that moves asks again and again.

    Args:
        edges: Edges of the bins; None without any finite value.
        places: Bin of each row; the number of bins where it has none; shape `(n,)`.
    """

    edges: np.ndarray | None
    places: np.ndarray

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.places.nbytes

    @classmethod
    def of(cls, numbers: np.ndarray, bins: int) -> "_Bins":
        """Bins of one width over the range of all values, as NumPy's."""
        is_finite = np.isfinite(numbers)
        places = np.full(len(numbers), bins, np.uint16)
        if not is_finite.any():
            return cls(None, places)
        finite = numbers[is_finite]
        edges = np.histogram_bin_edges(finite, bins)
        found = np.searchsorted(edges, finite, side="right") - 1
        places[is_finite] = np.clip(found, 0, bins - 1)  # the last bin has its end in it
        return cls(edges, places)


def instance_histogram(
    source: OpenSource,
    column: str,
    path: str,
    confidence: float | None,
    rows: np.ndarray,
    conditions: Sequence[InstancesFilter] = (),
) -> wire.Histogram:
    """How many samples have an instance of each class.

    Args:
        source: The source.
        column: A column of instances or lists.
        path: The property; empty for a column of lists.
        confidence: Least confidence of an instance that counts; None takes all.
        rows: Which rows count, 0-based.
        conditions: What an instance of the column must fulfil to count.

    Raises:
        ColumnNotFoundError: There is no such column or property.
        InvalidArgumentError: It holds no classes.
    """
    key = (source.version, column, path, "has", confidence, msgspec.json.encode(conditions))
    found = source.hot.get(key, lambda: _Classes.of(source, column, path, confidence, conditions))
    counted = np.zeros(len(source), bool)
    counted[rows] = True
    counts = np.bincount(found.places[counted[found.rows]], minlength=len(found.ids))
    pairs = sorted(zip(counts.tolist(), found.ids.tolist(), strict=True), reverse=True)
    return wire.Histogram(
        counts=[count for count, _ in pairs[:_MOST_VALUES]],
        values=[value for _, value in pairs[:_MOST_VALUES]],
    )


class _Classes(NamedTuple):
    """Which sample has an instance of which class, each pair once.

    Args:
        ids: The classes, ascending, shape `(c,)`.
        rows: The row of the sample, shape `(p,)`.
        places: The place of the class in `ids`, shape `(p,)`.
    """

    ids: np.ndarray
    rows: np.ndarray
    places: np.ndarray

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.rows.nbytes + self.places.nbytes

    @classmethod
    def of(
        cls,
        source: OpenSource,
        column: str,
        path: str,
        confidence: float | None,
        conditions: Sequence[InstancesFilter],
    ) -> "_Classes":
        """The classes of all instances of a column; missing ones count for nothing."""
        lists = source.lists(column, path)
        if not pa.types.is_integer(lists.values.type):
            raise InvalidArgumentError(
                f"`property` must hold classes, but {column}.{path} is {lists.values.type}."
            )
        chosen = lists.values.is_valid().to_numpy(zero_copy_only=False)
        if confidence is not None:
            scores = source.lists(column, CONFIDENCE).values.cast(pa.float64())
            chosen = chosen & (scores.to_numpy(zero_copy_only=False) >= confidence)
        for each in conditions:
            chosen = chosen & each.mask_instances(source)
        values = lists.values.fill_null(0).cast(pa.int64()).to_numpy(zero_copy_only=False)
        ids = np.unique(values[lists.values.is_valid().to_numpy(zero_copy_only=False)])
        rows = np.repeat(np.arange(len(source)), np.diff(lists.offsets))[chosen]
        pairs = np.unique(rows * max(len(ids), 1) + np.searchsorted(ids, values[chosen]))
        rows, places = np.divmod(pairs, max(len(ids), 1))
        return cls(ids, rows.astype(np.int32), places.astype(np.int32))
