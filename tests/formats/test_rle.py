"""Run lengths, against COCO's own code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as coco_mask

from samplewise.formats import rle
from samplewise.schema import run_lengths

masks = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12))


def counts_of(mask: np.ndarray) -> np.ndarray:
    flat = mask.flatten(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff([0, *edges, len(flat)])
    return np.array([0, *runs] if flat[0] else runs, np.int64)


def coco_text(mask: np.ndarray) -> str:
    return coco_mask.encode(np.asfortranarray(mask, np.uint8))["counts"].decode()


@given(st.lists(masks, max_size=5))
def test_texts_are_those_of_coco(found: list[np.ndarray]):
    counts = [counts_of(mask) for mask in found]
    offsets = np.concatenate([[0], np.cumsum([len(c) for c in counts])]).astype(int)
    flat = np.concatenate([np.zeros(0, np.int64), *counts])
    assert run_lengths.compress(flat, offsets) == [coco_text(mask) for mask in found]


@given(masks)
def test_a_text_holds_the_counts(mask: np.ndarray):
    assert run_lengths.expand(coco_text(mask)).tolist() == counts_of(mask).tolist()


@given(st.lists(st.integers(0, 2**40), max_size=30))
def test_any_counts_survive_a_text(counts: list[int]):
    (text,) = run_lengths.compress(np.array(counts, np.int64), np.array([0, len(counts)]))
    assert run_lengths.expand(text).tolist() == counts


@given(masks)
def test_the_box_around_a_mask_is_that_of_coco(mask: np.ndarray):
    found = rle.box_around(counts_of(mask), mask.shape[0])
    x, y, width, height = coco_mask.toBbox(coco_mask.encode(np.asfortranarray(mask, np.uint8)))
    assert found == ([x, y, x + width, y + height] if mask.any() else None)


@given(masks)
def test_the_area_is_the_number_of_pixels(mask: np.ndarray):
    assert rle.area(counts_of(mask)) == mask.sum()


@pytest.mark.parametrize("text", ["\x01", "P", "o"])
def test_a_text_that_is_cut_off_is_refused(text: str):
    with pytest.raises(ValueError, match="run lengths"):
        run_lengths.expand(text)
