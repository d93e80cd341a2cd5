"""Flat arrays as Arrow columns with one list an image."""

import numpy as np
import pyarrow as pa


def nullable(values: np.ndarray) -> pa.Array:
    """Masked values become null."""
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values))
    return pa.array(values)


def lists_of(values: np.ndarray, offsets: np.ndarray) -> pa.ListArray:
    """One list an image, of numbers, or of one list an object where `values` has two axes.

    Args:
        values: Of all images, shape `(t,)` or `(t, k)`.
        offsets: Those of image `i` are `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.
    """
    flat = nullable(values) if values.ndim == 1 else rows_of(values)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def rows_of(values: np.ndarray) -> pa.ListArray:
    """An array of shape `(p, k)` as `p` lists."""
    p, k = values.shape
    ends = pa.array(np.arange(p + 1) * k, pa.int32())
    return pa.ListArray.from_arrays(ends, nullable(values.ravel()))
