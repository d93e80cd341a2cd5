"""Which values of two Arrow columns differ, row by row, without a Python object for each."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def differs(before: pa.Array, after: pa.Array) -> np.ndarray:
    """Whether each value is another one; NaN is the same as NaN.

    Args:
        before: One value per row, `n` of them.
        after: As many, of the same type or of another.

    Returns:
        bool, shape `(n,)`.
    """
    if before.type != after.type:
        return _differ_in_python(before, after)
    before, after = _plain(before), _plain(after)
    there, still = (side.is_valid().to_numpy(zero_copy_only=False) for side in (before, after))
    both = there & still
    found = there != still
    if both.any():
        mask = pa.array(both)
        found[both] = _values_differ(before.filter(mask), after.filter(mask))
    return found


def _plain(values: pa.Array) -> pa.Array:
    if isinstance(values.type, pa.BaseExtensionType):
        return values.storage
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _values_differ(before: pa.Array, after: pa.Array) -> np.ndarray:
    """Of values none of which is null."""
    kind = before.type
    if pa.types.is_struct(kind):
        fields = zip(before.flatten(), after.flatten(), strict=True)
        return np.logical_or.reduce([differs(*field) for field in fields])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _lists_differ(before, after)
    try:
        return _numbers_differ(before, after)
    except pa.ArrowNotImplementedError:
        return _differ_in_python(before, after)


def _numbers_differ(before: pa.Array, after: pa.Array) -> np.ndarray:
    """Of numbers, texts, bytes and what else Arrow compares itself."""
    unequal = pc.call_function("not_equal", [before, after])
    if pa.types.is_floating(before.type):
        nan = [pc.call_function("is_nan", [side]) for side in (before, after)]
        unequal = pc.call_function("and_not", [unequal, pc.call_function("and", nan)])
    return unequal.to_numpy(zero_copy_only=False)


def _lists_differ(before: pa.Array, after: pa.Array) -> np.ndarray:
    lengths, others = (
        pc.call_function("list_value_length", [side]).to_numpy(zero_copy_only=False)
        for side in (before, after)
    )
    found = lengths != others
    alike = ~found
    mask = pa.array(alike)
    values = differs(before.filter(mask).flatten(), after.filter(mask).flatten())
    rows = np.repeat(np.flatnonzero(alike), lengths[alike])
    found[rows[values]] = True
    return found


def _differ_in_python(before: pa.Array, after: pa.Array) -> np.ndarray:
    pairs = zip(before.to_pylist(), after.to_pylist(), strict=True)
    return np.array([not _is_same(old, new) for old, new in pairs], bool)


def _is_same(old: Any, new: Any) -> bool:
    return old == new or repr(old) == repr(new)  # NaN is not equal to itself
