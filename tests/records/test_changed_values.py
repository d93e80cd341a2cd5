"""What differs between two Arrow columns is what differs between their values in Python."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.records.changed_values import differs

NUMBERS = st.sampled_from([0.0, -0.0, 1.5, math.nan, math.inf])
BOX = st.fixed_dictionaries({"x": st.none() | NUMBERS, "label": st.none() | st.integers(0, 2)})
LISTS = pa.list_(pa.list_(pa.int64()))
KINDS = {
    pa.float64(): NUMBERS,
    pa.int64(): st.integers(0, 2),
    pa.bool_(): st.booleans(),
    pa.string(): st.sampled_from(["", "a", "b"]),
    pa.binary(): st.sampled_from([b"", b"a", b"b"]),
    pa.null(): st.none(),
    pa.float16(): st.sampled_from([0.0, 1.5]).map(np.float16),
    pa.timestamp("us"): st.integers(0, 2),
    pa.dictionary(pa.int8(), pa.string()): st.sampled_from(["a", "b"]),
    pa.list_(pa.float32()): st.lists(st.none() | NUMBERS, max_size=2),
    pa.large_list(pa.int64()): st.lists(st.integers(0, 1), max_size=2),
    pa.list_(pa.float32(), 2): st.lists(st.none() | NUMBERS, min_size=2, max_size=2),
    pa.list_(pa.struct({"x": pa.float64(), "label": pa.int64()})): st.lists(
        st.none() | BOX, max_size=2
    ),
    pa.struct(
        {"boxes": pa.list_(pa.list_(pa.int64())), "name": pa.string()}
    ): st.fixed_dictionaries(
        {
            "boxes": st.none() | st.lists(st.lists(st.integers(0, 1), max_size=2), max_size=2),
            "name": st.none() | st.sampled_from(["a", "b"]),
        }
    ),
}


def is_same(one, other):
    """Whether two values of Python are the same; NaN is."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other or (one != one and other != other)  # noqa: PLR0124 NaN


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(data=st.data())
def test_values_differ_as_they_do_in_python(kind, data):
    pairs = st.tuples(*[st.none() | KINDS[kind]] * 2)
    drawn = data.draw(st.lists(pairs, max_size=6))
    before, after = (pa.array([pair[side] for pair in drawn], kind) for side in (0, 1))
    expected = [
        not is_same(*pair) for pair in zip(before.to_pylist(), after.to_pylist(), strict=True)
    ]
    assert differs(before, after).tolist() == expected
    assert differs(before[1:], after[1:]).tolist() == expected[1:]


def test_values_of_two_types_are_compared_as_values():
    found = differs(pa.array([1, 2, None]), pa.array([1.0, 3.0, None]))
    assert found.tolist() == [False, True, False]
