"""What no image can have is refused in every form it comes in; predictions are never refused."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.data_types import BoundingBoxes2D, Keypoints2D, SegmentationMasks
from samplewise.errors import SchemaError
from samplewise.schema.boxes import boxes_from_arrow, boxes_to_arrow
from samplewise.schema.violations import Tally
from samplewise.schemas import (
    BoundingBoxes2DSchema,
    Float,
    Int,
    Keypoints2DSchema,
    SegmentationMasksSchema,
    SemanticSegmentationSchema,
)

BOXES = BoundingBoxes2DSchema(
    ["cat", "dog"], additional={"confidence": Float(), "iscrowd": Int(minimum=0, maximum=1)}
)
POSES = Keypoints2DSchema(["person"])
MASKS = SegmentationMasksSchema(["thing"])
GOOD = {"x_min": 1.0, "y_min": 1.0, "x_max": 5.0, "y_max": 5.0}
JOINT = {"x": 1.0, "y": 2.0, "visibility": 2}
RLE = {"height": 2, "width": 3, "counts": "15"}


def value(instance: Any, **properties: Any) -> dict[str, Any]:
    """A good instance and another one, in stored form, in an image of 3 x 2 pixels."""
    good = {"x_min": GOOD, "keypoints": {"keypoints": [JOINT]}, "polygons": {"rle": RLE}}
    kind = next((key for key in good if key in instance), "x_min")
    return {
        "x_min": 0.0,
        "y_min": 0.0,
        "x_max": 3.0,
        "y_max": 2.0,
        "instances": [good[kind], instance],
        "instances_additional_data": {name: [None, one] for name, one in properties.items()},
    }


IMPOSSIBLE = [
    (BOXES, GOOD | {"x_max": 0.5}, {}, "box 1 must end where it begins"),
    (BOXES, GOOD | {"y_min": math.inf}, {}, "box 1 must have four numbers"),
    (BOXES, GOOD | {"y_min": math.nan}, {}, "box 1 must have four numbers"),
    (BOXES, {"x_min": 1.0}, {}, "box 1 must have four numbers"),
    (BOXES, GOOD, {"label": 7}, "must have the id of a class as `label`, but 7 is none"),
    (BOXES, GOOD, {"confidence": 1.5}, "must have a `confidence` from 0 to 1, but is 1.5"),
    (BOXES, GOOD, {"confidence": math.nan}, "must have a finite number as `confidence`"),
    (BOXES, GOOD, {"iscrowd": 2}, "must have a `iscrowd` from 0 to 1"),
    (POSES, {"keypoints": [JOINT | {"visibility": 3}]}, {}, "pose 1 must have joints"),
    (POSES, {"keypoints": [JOINT | {"visibility": None}]}, {}, "pose 1 must have joints"),
    (POSES, {"keypoints": [JOINT | {"x": math.nan}]}, {}, "pose 1 must have joints"),
    (POSES, {"keypoints": [], "bounding_box": GOOD | {"x_min": 9.0}}, {}, "must end where"),
    (POSES, {"keypoints": [], "bounding_box": {"x_min": 9.0}}, {}, "must have four numbers"),
    (MASKS, {"polygons": [[1.0, 2, 3, 4, 5]]}, {}, "mask 1 must have polygons"),
    (MASKS, {"polygons": [[1.0, 2, 3, 4]]}, {}, "at least 3 points"),
    (MASKS, {"polygons": [[1.0, 2, 3, 4, 5, math.inf]]}, {}, "must have polygons of finite"),
    (MASKS, {"polygons": None, "rle": RLE | {"counts": "12"}}, {}, "fill their image"),
    (MASKS, {"polygons": None, "rle": RLE | {"counts": "hello world"}}, {}, "can be read"),
    (MASKS, {"polygons": None, "rle": RLE | {"counts": None}}, {}, "can be read"),
    (MASKS, {"polygons": None, "rle": RLE | {"height": 3, "width": 2}}, {}, "size of its image"),
]


@pytest.mark.parametrize("form", ["stored", "arrow", "chunked"])
@pytest.mark.parametrize(("kind", "instance", "properties", "words"), IMPOSSIBLE)
def test_labels_that_no_image_can_have_are_refused(kind, instance, properties, words, form):
    values: Any = [None, value(instance, **properties)]
    if form != "stored":
        values = as_arrow(kind, values)
        values = pa.chunked_array([values]) if form == "chunked" else values
    with pytest.raises(SchemaError) as caught:
        kind.to_arrow(values, name="c", first_row=10)
    assert caught.value.message.startswith("column `c`, row 11: ")
    assert words in caught.value.message


@pytest.mark.parametrize(("kind", "instance", "properties", "words"), IMPOSSIBLE)
def test_predictions_that_no_image_can_have_are_left_out_or_kept_and_counted(
    kind, instance, properties, words
):
    tally = Tally()
    values = [None, value(instance, **properties), value(instance, **properties)]
    array = kind.predictions_to_arrow(values, name="c", tally=tally)
    assert array.is_null().to_pylist() == [True, False, False]
    count = len(array[1].as_py()["instances"])
    assert (sum(tally.left_out.values()), sum(tally.kept.values())) in {(2, 0), (0, 2)}
    assert count == (1 if tally.left_out else 2)
    assert {len(each) for each in array[1].as_py()["instances_additional_data"].values()} == {count}


def as_arrow(kind: Any, values: list[Any]) -> pa.Array:
    """Stored values as another program would hand them over, unchecked."""
    full = [one and {**one, "instances_additional_data": properties(kind, one)} for one in values]
    return pa.array(full, kind.arrow_type)


def properties(kind: Any, one: dict[str, Any]) -> dict[str, Any]:
    given = one["instances_additional_data"]
    return {name: given.get(name, [None, None]) for name in kind.properties}


@pytest.mark.parametrize(
    "make",
    [
        lambda: BoundingBoxes2D((0, 0, 9, 9), {}, np.array([[5.0, 0, 1, 9]])),
        lambda: Keypoints2D((0, 0, 9, 9), {}, [np.array([[1.0, 1, 0.5]])], [None]),
        lambda: Keypoints2D((0, 0, 9, 9), {}, [np.array([[1.0, np.nan, 2]])], [None]),
        lambda: SegmentationMasks(
            (0, 0, 9, 9), {}, [{"polygons": None, "rle": {"height": 4, "width": 4, "counts": "`0"}}]
        ),
        lambda: BoundingBoxes2D((0, 0, np.inf, 9), {}),
        lambda: BoundingBoxes2D((5, 0, 1, 9), {}),
    ],
)
def test_samples_that_no_image_can_have_are_refused(make):
    sample = make()
    with pytest.raises(SchemaError, match="column `c`, row 0: "):
        type(sample).schema().to_arrow([sample], name="c")


def test_properties_that_are_fewer_than_instances_are_refused_in_arrow_too():
    boxes = as_arrow(BOXES, [value(GOOD)]).to_pylist()
    boxes[0]["instances_additional_data"]["label"] = [1]
    with pytest.raises(SchemaError, match="label` must have one value per instance"):
        BOXES.to_arrow(pa.array(boxes, BOXES.arrow_type), name="c")


@pytest.mark.parametrize("counts", ["1", "o", "hello world"])
def test_class_maps_whose_run_lengths_do_not_fill_them_are_refused(counts):
    kind = SemanticSegmentationSchema(["a"])
    stored = {"height": 2, "width": 3, "classes": [{"label": 0, "counts": counts}]}
    with pytest.raises(SchemaError, match="row 1: the run lengths of each class must fill"):
        kind.to_arrow([np.zeros((2, 3), int), stored], name="m")


@given(st.lists(st.lists(st.booleans(), max_size=4), max_size=5), st.integers(0, 99))
def test_what_is_left_of_predictions_are_the_possible_ones(flags: list[list[bool]], seed: int):
    rng = np.random.default_rng(seed)
    bad = np.array([flag for each in flags for flag in each], bool)
    corners = np.sort(rng.uniform(0, 9, (len(bad), 2, 2)), axis=1).reshape(-1, 4)
    corners[bad, rng.integers(0, 4, bad.sum())] = np.nan
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in flags])]).astype(int)
    scores = rng.random(len(bad))
    column = boxes_to_arrow(
        corners, offsets, {"confidence": scores}, np.zeros((len(flags), 4)), BOXES
    )
    tally = Tally()
    left = boxes_from_arrow(BOXES.predictions_to_arrow(column, name="b", tally=tally))
    np.testing.assert_array_equal(left.boxes, corners[~bad])
    np.testing.assert_array_equal(left.numbers("confidence"), scores[~bad])
    assert np.diff(left.offsets).tolist() == [each.count(False) for each in flags]
    assert sum(tally.left_out.values()) == bad.sum()
