"""What every column kind must do, also those that are added later."""

import json
import pickle
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import samplewise as sw
from samplewise import data_types as d
from samplewise import schemas as s
from samplewise.schema import AnyArrow, ColumnSchema, TableSchema
from samplewise.schema.column import _KINDS


def _boxes() -> d.BoundingBoxes2D:
    value = d.BoundingBoxes2D.create_empty(640, 480)
    value.add_instance([1.5, 2, 3, 4], 0, confidence=0.5)
    value.add_instance([0, 0, 1, 1], None)
    return value


def _keypoints() -> d.Keypoints2D:
    value = d.Keypoints2D.create_empty(640, None)
    value.add_instance([[1, 2, 2], [3, 4, 0]], 0, bounding_box=[0, 0, 5, 5])
    value.add_instance([[1, 2, 1], [3, 4, 0]], 0)
    return value


def _masks() -> d.SegmentationMasks:
    value = d.SegmentationMasks.create_empty(4, 4)
    value.add_instance(np.eye(4, dtype=bool), 0)
    value.add_instance(polygons=[[0, 0, 3, 0, 3, 3]], label=0)
    return value


COLUMNS: dict[str, tuple[ColumnSchema, list[Any]]] = {
    "float": (s.Float(description="ü", unit="m", minimum=0.0), [0.5, float("inf"), -0.0]),
    "int": (s.Int(minimum=0), [1, 2**63 - 1, -(2**63)]),
    "bool": (s.Bool(hidden=True), [True, False]),
    "string": (s.String(), ["", "ü\n\0", "x" * 1000]),
    "categorical_label": (
        s.CategoricalLabelSchema({1: "a", 90: s.MapElement("b", "B", "#fff")}),
        [90],
    ),
    "sample_weight": (s.SampleWeightSchema(), [0.0, 1.0]),
    "image": (s.ImageSchema(sample_type="url"), ["/a/b.png", "<DATA>/c d.png"]),
    "embedding": (s.EmbeddingSchema(2), [np.ones(2)]),
    "array": (s.ArraySchema((2, 3), "int16"), [np.arange(6).reshape(2, 3)]),
    "list": (s.ListSchema(s.ListSchema(s.Int())), [[], [[1], [], [2, 3]]]),
    "arrow": (AnyArrow(pa.struct([("a", pa.list_(pa.date32()))])), [{"a": []}, {"a": None}]),
    "bounding_boxes_2d": (
        s.BoundingBoxes2DSchema(["cat"], additional={"confidence": s.Float()}),
        [_boxes(), d.BoundingBoxes2D.create_empty(None, None)],
    ),
    "keypoints_2d": (
        s.Keypoints2DSchema(
            ["person"],
            joint_names=["a", "b"],
            skeleton=[[0, 1]],
            flip_indices=[1, 0],
            oks_sigmas=[0.1, 0.2],
            point_colors=["#f00", "#0f0"],
            line_colors=["#00f"],
        ),
        [_keypoints(), d.Keypoints2D.create_empty(1, 1)],
    ),
    "segmentation_masks": (s.SegmentationMasksSchema(["a"]), [_masks()]),
    "semantic_segmentation": (
        s.SemanticSegmentationSchema(["a", "b"], ignore_label=255),
        [np.eye(3, dtype=int), "/a/map.png"],
    ),
}
each_kind = pytest.mark.parametrize("kind", COLUMNS)


def test_no_kind_is_forgotten_here():
    ours = {name for name, kind in _KINDS.items() if kind.__module__.startswith("samplewise.")}
    assert ours == set(COLUMNS)


@each_kind
def test_what_it_is_survives_json_pickle_and_arrow(kind):
    schema, _ = COLUMNS[kind]
    assert type(schema).from_json(json.loads(json.dumps(schema.to_json()))) == schema
    assert pickle.loads(pickle.dumps(schema)) == schema
    assert TableSchema.from_arrow(TableSchema({"x": schema}).to_arrow())["x"] == schema


@each_kind
def test_values_and_nulls_round_trip_through_storage(kind, tmp_path):
    schema, values = COLUMNS[kind]
    values = [None, *values, None]
    table = sw.Table.from_dict(
        {"v": values}, {"v": schema}, dataset_name="d", project_name="p", root_url=str(tmp_path)
    )
    expected = schema.to_arrow(values, name="v")
    opened = sw.Table.from_url(table.url)
    assert opened.schema["v"] == schema
    assert opened.get_column_as_pyarrow_array("v").to_pylist() == expected.to_pylist()
    stored = [row["v"] for row in opened.table_rows] if not schema.holds_urls else []
    assert not stored or stored == expected.to_pylist()
    assert opened.sql("select v from rows order by example_id").num_rows == len(values)
    pq.write_table(opened.to_arrow(), tmp_path / "t.parquet")
    names = {"table_name": "again", "dataset_name": "d", "project_name": "p"}
    again = sw.Table.from_parquet(tmp_path / "t.parquet", root_url=str(tmp_path), **names)
    assert again.schema["v"] == schema
    assert again.to_arrow().to_pylist() == opened.to_arrow().to_pylist()


@each_kind
def test_stored_and_sample_form_are_two_forms_of_one_value(kind):
    schema, values = COLUMNS[kind]
    stored = schema.to_arrow(values, name="v").to_pylist()
    samples = [schema.to_sample(value) for value in stored]
    assert schema.to_arrow(samples, name="v").to_pylist() == stored
    assert schema.to_arrow(stored, name="v").to_pylist() == stored
    assert schema.to_sample(None) is None


@each_kind
def test_a_value_can_be_edited_and_taken_away(kind, tmp_path):
    schema, values = COLUMNS[kind]
    table = sw.Table.from_dict(
        {"v": [None, values[0]], "x": [0, 1]},
        {"v": schema},
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )
    if not schema.writable:
        with pytest.raises(ValueError, match="must not be edited"):
            table.edit({"v": {0: values[0]}})
        return
    edited = table.edit({"v": {0: values[-1], 1: None}})
    expected = schema.to_arrow([values[-1], None], name="v").to_pylist()
    assert edited.get_column_as_pyarrow_array("v").to_pylist() == expected


@each_kind
def test_metrics_of_every_kind_stand_in_a_run(kind, tmp_path):
    schema, values = COLUMNS[kind]
    run = sw.tables.Run.create("p", "r", root_url=str(tmp_path))
    run.add_metrics({"v": [values[0], None]}, {"v": schema})
    assert TableSchema.from_arrow(run.metric_streams[0].arrow_schema)["v"] == schema
    assert run.metrics().num_rows == 2
    run.close()


@each_kind
def test_urls_inside_are_found_and_changed(kind):
    schema, values = COLUMNS[kind]
    seen: list[str] = []
    for value in schema.to_arrow(values, name="v").to_pylist():
        assert schema.map_urls(value, lambda url: seen.append(url) or url) == value
    assert bool(seen) == schema.holds_urls


@each_kind
def test_nonsense_is_refused_with_the_name_of_the_column(kind):
    schema, _ = COLUMNS[kind]
    with pytest.raises(sw.errors.SchemaError, match="column `v`"):
        schema.to_arrow([object()], name="v")
