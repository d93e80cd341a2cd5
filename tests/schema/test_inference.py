import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from PIL import Image

from samplewise import schemas as s
from samplewise.data_types import BoundingBoxes2D, Keypoints2D
from samplewise.errors import SchemaError
from samplewise.schema import AnyArrow, TableSchema
from samplewise.schema.inference import infer_column, widen_type

GUESSES = [
    ("x", [1, 2, None], s.Int()),
    ("x", [1, 2.5], s.Float()),
    ("x", [True, None], s.Bool()),
    ("x", ["a", "b"], s.String()),
    ("x", [None, None], s.String()),
    ("x", [], s.String()),
    ("x", np.array([1, 2], np.int16), s.Int()),
    ("x", np.array([1, 2], np.float32), s.Float(bits=32)),
    ("x", np.zeros((3, 4)), s.ArraySchema((4,), "float64")),
    ("x", [np.zeros((2, 2)), None, np.ones((2, 2))], s.ArraySchema((2, 2), "float64")),
    ("x", torch.zeros(3, 4), s.ArraySchema((4,), "float32")),
    ("x", np.zeros((3, 4), np.float16), s.ArraySchema((4,), "float32")),
    ("embedding", np.zeros((3, 4)), s.EmbeddingSchema(4)),
    ("x", [[1], [2, 3]], s.ListSchema(s.Int())),
    ("x", [np.zeros(2), np.zeros(3)], s.ListSchema(s.Float())),
    ("x", [torch.tensor(1.5)], s.Float()),
    ("image", ["a", "b"], s.ImageSchema()),
    ("picture", ["a.JPG", "b.png"], s.ImageSchema()),
    ("picture", ["a.jpg", "b.txt"], s.String()),
    ("image", [5, 6], s.Int()),
    ("x", [Image.new("RGB", (2, 2))], s.ImageSchema()),
    ("image", np.zeros((3, 8, 8, 3), np.uint8), s.ImageSchema()),
    ("x", pd.Series(["b", "a"], dtype="category"), s.CategoricalLabelSchema(["a", "b"])),
    ("weight", [0.5, 1.0], s.SampleWeightSchema()),
    ("weight", [1, 2], s.SampleWeightSchema()),
    ("weight", [-1.0, 2.0], s.Float()),
]


@pytest.mark.parametrize(("name", "values", "kind"), GUESSES)
def test_the_kind_of_a_column_is_guessed_from_its_values(name: str, values: object, kind: object):
    assert infer_column(name, values) == kind


def test_boxes_without_a_schema_keep_their_properties():
    boxes = BoundingBoxes2D.create_empty(10, 10)
    boxes.add_instance([0, 0, 1, 1], 3, confidence=0.5)
    kind = infer_column("bbs", [None, boxes])
    assert kind == s.BoundingBoxes2DSchema(additional={"confidence": s.Float()})
    assert isinstance(infer_column("k", [Keypoints2D.create_empty(1, 1)]), s.Keypoints2DSchema)


def test_a_column_of_many_kinds_is_refused_by_name():
    with pytest.raises(SchemaError, match="column `x` must have values of one kind"):
        infer_column("x", [1, "a"])


def test_types_that_a_query_engine_cannot_scan_are_widened_wherever_they_are():
    kind = pa.struct([("a", pa.list_(pa.float16())), ("b", pa.large_list(pa.string_view()))])
    assert widen_type(kind) == pa.struct(
        [("a", pa.list_(pa.float32())), ("b", pa.list_(pa.string()))]
    )
    assert widen_type(pa.dictionary(pa.int8(), pa.large_string())) == pa.string()


def test_what_has_no_kind_keeps_its_arrow_type():
    assert infer_column("x", [dt.date(2026, 1, 1)]) == AnyArrow(pa.date32())
    assert TableSchema.infer({"x": [{"a": 1}]})["x"] == AnyArrow(pa.struct([("a", pa.int64())]))
