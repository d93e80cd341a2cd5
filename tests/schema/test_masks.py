import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra import numpy as npst
from PIL import Image
from pycocotools import mask as coco_mask

from samplewise.data_types import SegmentationMasks, SemanticSegmentation
from samplewise.errors import SchemaError
from samplewise.schema.run_lengths import (
    class_map_of,
    encode_mask,
    mask_of,
    run_lengths_of_classes,
)
from samplewise.schemas import SegmentationMasksSchema, SemanticSegmentationSchema

SHAPES = npst.array_shapes(min_dims=2, max_dims=2, max_side=9)


@given(npst.arrays(bool, SHAPES))
def test_a_mask_of_pixels_comes_back(mask: np.ndarray):
    masks = SegmentationMasks.create_empty(mask.shape[1], mask.shape[0])
    masks.add_instance(mask, 0)
    stored = SegmentationMasksSchema(["a"]).to_arrow([masks], name="m").to_pylist()[0]
    np.testing.assert_array_equal(SegmentationMasks.from_stored(stored).mask(0), mask)


@given(npst.arrays(np.int64, SHAPES, elements={"min_value": 0, "max_value": 3}))
def test_a_class_map_comes_back(pixels: np.ndarray):
    kind = SemanticSegmentationSchema(["a", "b", "c", "d"])
    stored = kind.to_arrow([pixels, torch.as_tensor(pixels)], name="m").to_pylist()
    for value in stored:
        np.testing.assert_array_equal(kind.to_sample(value).load(), pixels)


@given(npst.arrays(bool, npst.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_run_lengths_are_those_of_pycocotools(mask: np.ndarray):
    reference = coco_mask.encode(np.asfortranarray(mask, np.uint8))["counts"].decode()
    assert encode_mask(mask) == reference
    np.testing.assert_array_equal(mask_of(reference, *mask.shape), mask)


def test_uncompressed_run_lengths_of_a_file_are_read():
    masks = SegmentationMasks.create_empty(3, 2)
    masks.add_instance({"size": [2, 3], "counts": [1, 2, 3]}, 0)
    assert masks.mask(0).tolist() == [[False, True, False], [True, False, False]]


def test_run_lengths_of_another_size_are_refused():
    with pytest.raises(ValueError, match="has no 6 pixels"):
        mask_of(encode_mask(np.zeros((2, 3))), 3, 3)


def test_polygons_are_kept_as_they_are_and_drawn_when_asked():
    masks = SegmentationMasks.create_empty(10, 10)
    masks.add_instance(polygons=[[1, 1, 8, 1, 8, 8, 1, 8]], label=0)
    assert masks.to_stored()["instances"][0]["polygons"] == [[1, 1, 8, 1, 8, 8, 1, 8]]
    assert masks.mask(0)[4, 4]
    assert not masks.mask(0)[9, 9]


def test_a_class_map_on_disk_is_loaded_by_its_url(tmp_path):
    Image.fromarray(np.array([[0, 7]], np.uint8)).save(tmp_path / "map.png")
    assert SemanticSegmentation(str(tmp_path / "map.png")).load().tolist() == [[0, 7]]


def test_what_is_no_mask_is_refused():
    masks = SegmentationMasks.create_empty(4, 4)
    with pytest.raises(SchemaError, match="and not both"):
        masks.add_instance()
    with pytest.raises(SchemaError, match=r"must have shape \(h, w\)"):
        masks.add_instance(np.zeros(3))
    with pytest.raises(SchemaError, match="must be the URL of a class map"):
        SemanticSegmentationSchema().to_arrow([3], name="m")
    with pytest.raises(SchemaError, match=r"must be integers of shape \(h, w\)"):
        SemanticSegmentationSchema().to_arrow([np.zeros((2, 2))], name="m")


@given(npst.arrays(np.int64, SHAPES, elements={"min_value": -2, "max_value": 3}))
def test_run_lengths_of_classes_are_those_of_their_masks(pixels: np.ndarray):
    texts = run_lengths_of_classes(pixels)
    expected = {int(c): encode_mask(pixels == c) for c in np.unique(pixels)}
    assert texts == expected
    np.testing.assert_array_equal(class_map_of(texts, *pixels.shape), pixels)


def test_pixels_of_no_class_are_zero():
    assert class_map_of({5: encode_mask(np.eye(2))}, 2, 2).tolist() == [[5, 0], [0, 5]]
