import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from samplewise.data_types import Keypoints2D, SegmentationMasks
from samplewise.schema.keypoints import keypoints_from_arrow
from samplewise.schema.masks import masks_from_arrow
from samplewise.schema.ragged import instances_from_arrow
from samplewise.schemas import Float, Int, Keypoints2DSchema, SegmentationMasksSchema

POSES = Keypoints2DSchema(["cat", "dog"], additional={"area": Float(), "iscrowd": Int()})
MASKS = SegmentationMasksSchema(["cat", "dog"])
COUNTS = st.lists(st.none() | st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=5)


def poses_of(counts: list[int] | None, rng: np.random.Generator) -> Keypoints2D | None:
    """Poses of some numbers of joints, every second one with a box."""
    if counts is None:
        return None
    poses = Keypoints2D.create_empty(64, 48)
    for place, count in enumerate(counts):
        joints = np.hstack([rng.uniform(0, 40, (count, 2)), rng.integers(0, 3, (count, 1))])
        box = None if place % 2 else [1, 2, 3, 4]
        poses.add_instance(joints, place % 2, bounding_box=box, area=float(place))
    return poses


@given(COUNTS, st.integers(0, 4), st.integers(0, 99))
def test_flat_keypoints_are_those_of_the_samples(counts: list, start: int, seed: int):
    rng = np.random.default_rng(seed)
    samples = [poses_of(each, rng) for each in counts]
    flat = keypoints_from_arrow(POSES.to_arrow(samples, name="k").slice(start))
    there = [len(sample) if sample else 0 for sample in samples[start:]]
    expected = [points for sample in samples[start:] if sample for points in sample.keypoints]
    boxes = [box for sample in samples[start:] if sample for box in sample.bounding_boxes]
    assert np.diff(flat.offsets).tolist() == there
    assert np.diff(flat.point_offsets).tolist() == [len(points) for points in expected]
    np.testing.assert_array_equal(flat.points, np.vstack([np.zeros((0, 3)), *expected]))
    assert np.isnan(flat.boxes).all(axis=1).tolist() == [box is None for box in boxes]
    assert flat.numbers("area").tolist() == [i for n in there for i in range(n)]


def test_flat_masks_are_those_of_the_samples():
    masks = SegmentationMasks.create_empty(5, 4)
    masks.add_instance(polygons=[[0, 0, 4, 0, 4, 3], [1, 1, 2, 1, 2, 2]], label=1)
    masks.add_instance(np.eye(4, 5, dtype=bool), 0)
    flat = masks_from_arrow(MASKS.to_arrow([None, masks], name="m"))
    assert flat.offsets.tolist() == [0, 0, 2]
    assert np.diff(flat.polygons.offsets).tolist() == [2, 0]
    assert flat.polygons.areas().tolist() == [6.5, 0]
    assert flat.run_lengths.is_null().to_pylist() == [True, False]
    assert flat.heights.to_pylist() == [None, 4]
    assert flat.integers("label", -1).tolist() == [1, 0]


def test_a_property_without_a_value_for_each_instance_is_left_out():
    column = POSES.to_arrow([poses_of([2, 2], np.random.default_rng(0))], name="k")
    value = column.to_pylist()[0]
    value["instances_additional_data"]["area"] = None
    flat = instances_from_arrow(pa.array([value], column.type))
    assert "area" not in flat.properties
    assert flat.values("area") == [None, None]
    assert np.isnan(flat.numbers("area")).all()
    assert flat.integers("iscrowd", -1).tolist() == [-1, -1]


def test_a_column_in_several_chunks_is_read_as_one():
    column = POSES.to_arrow([poses_of([3], np.random.default_rng(0)), None], name="k")
    flat = keypoints_from_arrow(pa.chunked_array([column, column]))
    assert flat.images.tolist() == [0, 2]
    assert keypoints_from_arrow(pa.chunked_array([], column.type)).offsets.tolist() == [0]
