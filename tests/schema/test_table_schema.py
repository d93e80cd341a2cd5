import json

import pyarrow as pa
import pytest
from inline_snapshot import snapshot

from samplewise import schemas as s
from samplewise.errors import ColumnNotFoundError, SchemaError
from samplewise.schema import AnyArrow, TableSchema
from samplewise.schema.column import FIELD_KEY

SCHEMA = TableSchema(
    {
        "image": s.ImageSchema(description="what the camera saw"),
        "bbs": s.BoundingBoxes2DSchema({3: "cat", 90: s.MapElement("dog", "Dog", "#ff0000")}),
        "other": AnyArrow(pa.date32(), description="when"),
    }
)


def test_what_a_column_means_travels_in_the_metadata_of_its_field():
    back = TableSchema.from_arrow(SCHEMA.to_arrow())
    assert dict(back) == dict(SCHEMA)
    assert back["other"].description == "when"
    assert back.at("bbs.instances_additional_data.label").value_map[90].display_color == "#ff0000"


def test_a_column_whose_type_was_changed_by_another_tool_is_told_by_its_type():
    field = pa.field("x", pa.string(), metadata=s.Int().to_field("x").metadata)
    assert TableSchema.from_arrow(pa.schema([field]))["x"] == s.String()


def test_a_kind_of_a_newer_version_is_told_by_its_type():
    newer = json.dumps({"kind": "hologram", "depth": 3}).encode()
    field = pa.field("x", pa.int64(), metadata={FIELD_KEY: newer})
    assert TableSchema.from_arrow(pa.schema([field]))["x"] == s.Int()


def test_fields_of_a_newer_version_are_left_out():
    newer = json.dumps({"kind": "int", "glow": True, "minimum": 1}).encode()
    field = pa.field("x", pa.int64(), metadata={FIELD_KEY: newer})
    assert TableSchema.from_arrow(pa.schema([field]))["x"] == s.Int(minimum=1)


def test_a_wrong_path_is_answered_with_the_closest_one():
    with pytest.raises(ColumnNotFoundError) as caught:
        SCHEMA.at("imag")
    assert str(caught.value) == snapshot("""\
there is no column `imag`.
Hint: did you mean `image`? There is: bbs, image, other.\
""")
    with pytest.raises(ColumnNotFoundError) as caught:
        SCHEMA.at("bbs.label")
    assert str(caught.value) == snapshot("""\
there is no `label` in column `bbs`.
Hint: there is: instances_additional_data.label.\
""")


def test_a_schema_of_something_else_is_refused():
    with pytest.raises(SchemaError, match="column `x` must have a column schema, but has a type"):
        TableSchema({"x": int})
