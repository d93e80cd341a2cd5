"""How often values occur among selected rows."""

import numpy as np
import pyarrow as pa

from samplewise.server import wire
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
        return _binned(values, rows, bins)
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


def _binned(values: pa.Array, rows: np.ndarray, bins: int) -> wire.Histogram:
    numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return wire.Histogram(counts=[], edges=[], nulls=len(rows))
    chosen = numbers[rows]
    usable = chosen[np.isfinite(chosen)]
    edges = np.histogram_bin_edges(finite, bins)
    counts, _ = np.histogram(usable, edges)
    return wire.Histogram(
        counts=counts.tolist(), edges=edges.tolist(), nulls=len(chosen) - len(usable)
    )
