import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from samplewise.schema.run_lengths import compress, expand, measure_run_lengths

COUNTS = st.lists(st.integers(0, 2**31), max_size=6)
TEXTS = st.none() | st.text("048PoO'`\x01é ", max_size=6)


@given(st.lists(COUNTS, max_size=5), st.integers(0, 3))
def test_many_masks_are_measured_as_one_by_one(masks: list[list[int]], start: int):
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in masks])]).astype(int)
    flat = np.array([count for each in masks for count in each], np.int64)
    areas, totals = measure_run_lengths(pa.array(compress(flat, offsets), pa.string()).slice(start))
    assert areas.tolist() == [sum(each[1::2]) for each in masks[start:]]
    assert totals.tolist() == [sum(each) for each in masks[start:]]


@given(st.lists(TEXTS, max_size=6))
def test_texts_that_are_no_run_lengths_measure_nothing(texts: list[str | None]):
    _, totals = measure_run_lengths(pa.array(texts, pa.string()))
    for text, total in zip(texts, totals.tolist(), strict=True):
        assert total == total_of(text)


def total_of(text: str | None) -> int:
    """The sum of the counts, one text at a time."""
    try:
        counts = expand(text) if text is not None else np.array([-1])
    except (ValueError, UnicodeEncodeError):
        return -1
    return -1 if (counts < 0).any() else int(counts.sum())
