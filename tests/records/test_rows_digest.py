"""The digest of rows tells rows from others, and nothing else."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.records.rows_digest import RowsDigest

POINT = pa.struct([("x", pa.float64()), ("names", pa.list_(pa.string()))])
TYPES = [pa.int64(), pa.string(), pa.list_(pa.list_(pa.int32())), POINT, pa.bool_(), pa.binary()]
VALUES = {
    pa.int64(): st.integers(-5, 5),
    pa.string(): st.sampled_from(["", "a", "ab", "b"]),
    pa.list_(pa.list_(pa.int32())): st.lists(st.lists(st.integers(0, 3), max_size=2), max_size=2),
    POINT: st.fixed_dictionaries(
        {"x": st.sampled_from([0.0, 1.5]), "names": st.lists(st.sampled_from("ab"), max_size=2)}
    ),
    pa.bool_(): st.booleans(),
    pa.binary(): st.sampled_from([b"", b"\0", b"\xff"]),
}


def digest(*arrays: pa.Array) -> str:
    found = RowsDigest()
    for array in arrays:
        found.update({"column": array})
    return found.hexdigest()


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_rows_have_one_digest_however_they_are_cut(kind):
    @given(st.lists(st.none() | VALUES[kind], max_size=6), st.integers(0, 6))
    def check(values: list, cut: int) -> None:
        whole = pa.array(values, kind)
        assert digest(whole) == digest(whole[:cut], whole[cut:])
        assert digest(whole) == digest(pa.array(values[:cut], kind), pa.array(values[cut:], kind))

    check()


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_other_rows_have_another_digest(kind):
    rows = st.lists(st.none() | VALUES[kind], max_size=4)

    @given(rows, rows)
    def check(some: list, others: list) -> None:
        same = digest(pa.array(some, kind)) == digest(pa.array(others, kind))
        assert same == (some == others)

    check()


def test_what_lies_behind_a_null_does_not_count():
    hidden = pa.Array.from_buffers(
        pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(np.array([1, 7]))]
    )
    assert digest(hidden) == digest(pa.array([1, None], pa.int64()))
