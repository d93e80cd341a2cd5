"""Columns as other libraries hold them, made ours once: NumPy, PyTorch, pandas, Polars, Arrow."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise._arguments import shorten
from samplewise.errors import SchemaError


def as_column(values: Any) -> "pa.Array | np.ndarray | list[Any]":
    """A column as Arrow, as a NumPy array, or as a list, whichever loses nothing.

    Args:
        values: Arrow data, an array of NumPy or PyTorch, a series of pandas or Polars, or any
            iterable.

    Returns:
        An Arrow array where there are nulls or the values are Arrow's already; a NumPy array that
        holds no objects; or a list.

    Raises:
        SchemaError: It is no sequence of values.
    """
    values = as_plain(values)
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, pa.ChunkedArray):
        return join_chunks(values)
    if isinstance(values, np.ndarray):
        return _from_numpy(values)
    if hasattr(values, "dtype") and hasattr(values, "iloc"):
        return _from_pandas(values)
    if hasattr(values, "dtype") and hasattr(values, "to_arrow"):
        return as_column(values.to_arrow())  # Polars
    if not isinstance(values, Iterable):
        raise SchemaError(f"a column must be a sequence of values, but is {shorten(values)}.")
    return list(values)


def as_floats(values: Any, name: str) -> np.ndarray:
    """Numbers as float64, of whatever shape they have.

    Raises:
        SchemaError: They are no numbers, or of no one shape.
    """
    try:
        return np.asarray(as_plain(values), np.float64)
    except (TypeError, ValueError):
        raise SchemaError(f"`{name}` must be numbers, but is {shorten(values)}.") from None


def as_plain(value: Any) -> Any:
    """A tensor as a NumPy array on the CPU, or a number where it has no dimensions."""
    if not hasattr(value, "detach"):
        return value
    array = value.detach().cpu().numpy()
    return array.item() if array.ndim == 0 else array


def as_lists(value: Any) -> Any:
    """A value as Arrow understands it: arrays and tensors, wherever in it, as lists."""
    value = as_plain(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_lists(item) for item in value]
    return value


def join_chunks(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _from_numpy(array: np.ndarray) -> "pa.Array | np.ndarray | list[Any]":
    if array.dtype == object:
        return list(array)
    if isinstance(array, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(array)
        return pa.array(array.data, mask=mask) if array.ndim == 1 else array.data
    return array


def _from_pandas(series: Any) -> "pa.Array | list[Any]":
    if str(series.dtype) == "object":
        missing = series.isna()
        return [None if gone else value for gone, value in zip(missing, series, strict=True)]
    return as_column(pa.array(series, from_pandas=True))
