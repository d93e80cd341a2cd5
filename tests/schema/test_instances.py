import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.data_types import BoundingBoxes2D, Keypoints2D
from samplewise.errors import SchemaError
from samplewise.schema.boxes import boxes_from_arrow, boxes_to_arrow
from samplewise.schemas import BoundingBoxes2DSchema, Float, Int

COUNTS = st.lists(st.integers(0, 4), max_size=6)
KIND = BoundingBoxes2DSchema(["cat", "dog"], additional={"confidence": Float()})


def drawn(counts: list[int], seed: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    t = int(offsets[-1])
    corners = np.sort(rng.uniform(0, 99, (t, 2, 2)), axis=1).reshape(t, 4)
    return corners, offsets, rng.integers(0, 2, t), rng.random(t)


@given(COUNTS)
def test_flat_boxes_come_back_from_arrow(counts: list[int]):
    boxes, offsets, labels, confidences = drawn(counts)
    extents = np.tile([0.0, 0.0, 99.0, np.nan], (len(counts), 1))
    properties = {"label": labels, "confidence": confidences}
    back = boxes_from_arrow(boxes_to_arrow(boxes, offsets, properties, extents, KIND))
    np.testing.assert_array_equal(back.boxes, boxes)
    np.testing.assert_array_equal(back.offsets, offsets)
    np.testing.assert_array_equal(back.extents, extents)
    np.testing.assert_array_equal(back.integers("label", -1), labels)
    np.testing.assert_array_equal(back.numbers("confidence"), confidences)


@given(COUNTS)
def test_flat_boxes_and_single_samples_give_the_same_arrow(counts: list[int]):
    boxes, offsets, labels, confidences = drawn(counts)
    samples = []
    for i in range(len(counts)):
        sample = BoundingBoxes2D.create_empty(99, None)
        for j in range(offsets[i], offsets[i + 1]):
            sample.add_instance(boxes[j], int(labels[j]), confidence=confidences[j])
        samples.append(sample)
    extents = np.tile([0.0, np.nan, 99.0, np.nan], (len(counts), 1))
    flat = boxes_to_arrow(
        boxes, offsets, {"label": labels, "confidence": confidences}, extents, KIND
    )
    assert KIND.to_arrow(samples, name="bbs").to_pylist() == flat.to_pylist()


def test_a_null_and_a_slice_of_boxes_are_read_right():
    boxes, offsets, labels, _ = drawn([2, 0, 3])
    full = boxes_to_arrow(boxes, offsets, {"label": labels}, np.zeros((3, 4)), KIND)
    rows = pa.concat_arrays([full, pa.nulls(1, full.type), full]).slice(2, 3)
    back = boxes_from_arrow(rows)
    assert np.diff(back.offsets).tolist() == [3, 0, 2]
    np.testing.assert_array_equal(back.boxes, np.vstack([boxes[2:], boxes[:2]]))


def test_properties_that_the_schema_does_not_know_are_refused_with_a_hint():
    boxes = BoundingBoxes2D.create_empty(4, 4)
    boxes.add_instance([0, 0, 1, 1], 0, iou=0.5)
    with pytest.raises(SchemaError, match="but has `iou`") as caught:
        KIND.to_arrow([boxes], name="bbs")
    assert caught.value.hint == "name it in the schema: additional={'iou': Float()}"


def test_a_label_outside_the_classes_is_refused():
    boxes = BoundingBoxes2D.create_empty(4, 4)
    boxes.add_instance([0, 0, 1, 1], 2)
    with pytest.raises(SchemaError, match="row 0: box 0 must have the id of a class"):
        KIND.to_arrow([boxes], name="bbs")


def test_a_property_that_only_some_instances_have_is_null_for_the_others():
    boxes = BoundingBoxes2D.create_empty(4, 4)
    boxes.add_instance([0, 0, 1, 1], 0)
    boxes.add_instance([0, 0, 2, 2], None, confidence=0.5)
    stored = KIND.to_stored(boxes)
    assert stored["instances_additional_data"] == {"label": [0, None], "confidence": [None, 0.5]}
    assert BoundingBoxes2D.from_stored(stored).labels.tolist() == [0, -1]


def test_keypoints_come_in_the_three_forms_people_have():
    people = Keypoints2D.create_empty(10, 10)
    people.add_instance([[1, 2], [3, 4]], visibilities=[2, 0])
    people.add_instance([1, 2, 2, 3, 4, 0])
    people.add_instance([[1, 2, 2], [3, 4, 0]], bounding_box=[0, 0, 5, 5])
    assert all(np.array_equal(points, people.keypoints[0]) for points in people.keypoints)
    kind = Keypoints2D.schema(["person"], joint_names=["a", "b"], additional={"area": Int()})
    assert len(kind.to_sample(kind.to_arrow([people], name="k").to_pylist()[0])) == 3
    with pytest.raises(SchemaError, match=r"`keypoints` must have shape"):
        people.add_instance([1, 2, 3, 4])
