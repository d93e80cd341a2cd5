"""What a column means, whatever kind it is of."""

from typing import Any

import pyarrow as pa
import pytest

import samplewise as sw
from samplewise import schemas as s
from samplewise.errors import SchemaError
from samplewise.schema import AnyArrow, TableSchema
from samplewise.schema.column import FIELD_KEY

MEANING: dict[str, Any] = {
    "description": "how far off",
    "unit": "mm",
    "title": "off",
    "better": "lower",
    "prominence": 3,
}
KINDS = [
    s.Float(**MEANING),
    s.Int(**MEANING),
    s.Bool(**MEANING),
    s.CategoricalLabelSchema(["a"], **MEANING),
    s.ListSchema(s.Float(**MEANING), **MEANING),
    s.EmbeddingSchema(2, **MEANING),
    s.ArraySchema((2,), **MEANING),
    s.BoundingBoxes2DSchema(["a"], additional={"iou": s.Float(**MEANING)}),
    s.SemanticSegmentationSchema(["a"], **MEANING),
    AnyArrow(pa.duration("s"), **MEANING),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_what_a_column_means_travels_in_its_arrow_field(kind):
    read = TableSchema.from_arrow(pa.schema([kind.to_field("mine")]))["mine"]
    assert read.to_json() == kind.to_json()


def test_a_column_whose_type_another_tool_has_changed_means_the_same():
    field = s.Float(**MEANING).to_field("mine").with_type(pa.float32())
    read = TableSchema.from_arrow(pa.schema([field]))["mine"]
    assert read.arrow_type == pa.float32()
    assert {name: getattr(read, name) for name in MEANING} == MEANING


def test_a_file_written_before_columns_said_which_way_is_better_says_nothing_of_it():
    field = pa.field("f1", pa.float64(), metadata={FIELD_KEY: b'{"kind": "float"}'})
    read = TableSchema.from_arrow(pa.schema([field]))["f1"]
    assert (read.better, read.prominence, read.title) == (None, 0, "")


def test_a_direction_is_one_of_two_words():
    with pytest.raises(SchemaError, match=r"`better` must be one of higher, lower, but is"):
        s.Float(better="up")
    with pytest.raises(SchemaError, match=r"`prominence` must be an integer, but is"):
        s.CategoricalLabelSchema(["a"], prominence="very")


def test_a_direction_survives_every_way_of_making_a_revision(tmp_path):
    table = sw.Table.from_dict(
        {"image": ["a.jpg", "b.jpg", "c.jpg"], "blur": [0.1, 0.2, 0.3]},
        {"blur": s.Float(**MEANING)},
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )
    edited = table.edit({"blur": {0: 0.5}})
    deleted = edited.delete_rows([1])
    path = deleted.export(tmp_path / "file.parquet")
    read = sw.Table.from_parquet(
        path, table_name="read", dataset_name="d", project_name="p", root_url=str(tmp_path)
    )
    for each in (table, edited, deleted, sw.Table.from_url(deleted.url), read):
        assert each.schema["blur"] == s.Float(**MEANING)
