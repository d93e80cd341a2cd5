"""Masks agree with pycocotools and with plain images."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from samplewise.metrics.masks import (
    decode,
    encode,
    from_polygons,
    mask_areas,
    mask_boxes,
    pairwise_mask_iou,
)
from samplewise.metrics.run_lengths import packed

SEEDS = st.integers(0, 2**32 - 1)


def _draw(seed):
    rng = np.random.default_rng(seed)
    h, w = rng.integers(1, 30, 2)
    return [rng.random((rng.integers(0, 5), h, w)) < rng.random() for _ in range(2)]


@given(seed=SEEDS)
def test_run_lengths_are_those_of_pycocotools(seed):
    for mask in np.concatenate(_draw(seed)):
        theirs = coco.encode(np.asfortranarray(mask, np.uint8))
        (ours,) = encode(mask[None])
        assert (ours["size"], ours["counts"]) == (theirs["size"], theirs["counts"])
        np.testing.assert_array_equal(decode([ours])[0], mask)


@given(runs=st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_long_runs_are_packed_as_pycocotools_packs_them(runs):
    theirs = coco.frPyObjects({"size": [1, sum(runs)], "counts": runs}, 1, sum(runs))
    ours = packed({"size": [1, sum(runs)], "counts": runs})
    assert ours["counts"] == theirs["counts"]
    assert mask_areas([ours]).tolist() == mask_areas([theirs]).tolist() == [sum(runs[1::2])]


@given(seed=SEEDS)
def test_overlaps_of_masks_are_those_of_pixels(seed):
    p, t = _draw(seed)
    crowd = np.random.default_rng(seed).random(len(t)) < 0.5
    ours = pairwise_mask_iou(encode(p), encode(t), crowd)
    both = (p[:, None] & t[None]).sum(axis=(2, 3))
    size = np.broadcast_to(p.sum(axis=(1, 2))[:, None], both.shape)
    union = np.where(crowd, size, size + t.sum(axis=(1, 2)) - both)
    np.testing.assert_allclose(ours, both / np.maximum(union, 1), rtol=1e-12)


@given(seed=SEEDS)
def test_boxes_lie_close_around_masks(seed):
    masks, _ = _draw(seed)
    for mask, box in zip(masks, mask_boxes(encode(masks)), strict=True):
        y, x = np.nonzero(mask)
        around = [x.min(), y.min(), x.max() + 1, y.max() + 1] if len(x) else [0, 0, 0, 0]
        assert box.tolist() == around


@given(seed=SEEDS)
def test_polygons_are_filled_as_pycocotools_fills_them(seed):
    rng = np.random.default_rng(seed)
    polygons = [rng.uniform(-5, 35, 2 * rng.integers(3, 7)).tolist() for _ in range(2)]
    theirs = coco.merge(coco.frPyObjects(polygons, 25, 30))
    ours = from_polygons([*polygons, [1, 2, 3, 4]], height=25, width=30)
    assert ours["counts"] == theirs["counts"]
    assert mask_areas([ours]) == coco.area(theirs)
