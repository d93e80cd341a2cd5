"""How often values occur among selected rows."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.server import wire
from samplewise.server.columns import CONFIDENCE, Lists
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
        return _binned(source, column, rows, bins)
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


def _binned(source: OpenSource, column: str, rows: np.ndarray, bins: int) -> wire.Histogram:
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
    source: OpenSource, column: str, path: str, confidence: float | None, rows: np.ndarray
) -> wire.Histogram:
    """How many samples have an instance of each class.

    Args:
        source: The source.
        column: A column of instances or lists.
        path: The property; empty for a column of lists.
        confidence: Least confidence of an instance that counts; None takes all.
        rows: Which rows count, 0-based.

    Raises:
        ColumnNotFoundError: There is no such column or property.
        InvalidArgumentError: It holds no classes.
    """
    lists = source.lists(column, path)
    if not pa.types.is_integer(lists.values.type):
        raise InvalidArgumentError(
            f"`property` must hold classes, but {column}.{path} is {lists.values.type}."
        )
    classes = lists.values.unique().drop_null().cast(pa.int64()).to_numpy(zero_copy_only=False)
    values = lists.values.cast(pa.float64()).to_numpy(zero_copy_only=False)  # null becomes NaN
    counts_too = np.ones(len(values), bool)
    if confidence is not None:
        scores = source.lists(column, CONFIDENCE).values.cast(pa.float64())
        counts_too = scores.to_numpy(zero_copy_only=False) >= confidence
    key = (source.version, column, path, "has", confidence)
    has = source.hot.get(key, lambda: _has(lists, values, classes, counts_too))
    pairs = sorted(
        ((int(has[at, rows].sum()), int(value)) for at, value in enumerate(classes)), reverse=True
    )[:_MOST_VALUES]
    return wire.Histogram(
        counts=[count for count, _ in pairs], values=[value for _, value in pairs]
    )


def _has(
    lists: Lists, values: np.ndarray, classes: np.ndarray, counts_too: np.ndarray
) -> np.ndarray:
    """Which row has an instance of which class; bool, shape `(c, n)`."""
    has = np.zeros((len(classes), len(lists.offsets) - 1), bool)
    row_of = np.repeat(np.arange(has.shape[1]), np.diff(lists.offsets))
    chosen = counts_too & np.isfinite(values)
    place = np.searchsorted(np.sort(classes), values[chosen])
    has[np.argsort(classes)[place], row_of[chosen]] = True
    return has
