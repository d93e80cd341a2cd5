"""What the first format wrote keeps opening; `write.py` says what it was."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import samplewise as sw
from samplewise import schemas as s
from samplewise.tables import Run

NAMES = ("all kinds", "project")


@pytest.fixture
def root(tmp_path: Path) -> str:
    """A copy: reading must not need to write, but the tests below derive and go on."""
    return str(shutil.copytree(Path(__file__).with_name("store"), tmp_path / "store"))


@pytest.fixture
def table(root: str) -> sw.Table:
    return sw.Table.from_names("initial", *NAMES, root)


def test_all_rows_of_all_kinds_are_there(table):
    assert len(table) == 4
    assert table.description == "the first revision"
    assert table.image_urls() == [f"/pictures/{i}.jpg" for i in range(4)]
    assert table.to_arrow(["image"]).to_pydict()["image"][0] == "<DATA>/0.jpg"
    rows = table.to_arrow().drop_columns(["image", "embedding", "array"]).to_pylist()
    assert [row["label"] for row in rows] == [90, 1, None, 1]
    assert [row["list"] for row in rows] == [[1], [], None, [2, 3]]
    assert [row["text"] for row in rows] == ["ü", "", None, "x"]
    assert [row["weight"] for row in rows] == [1.0] * 4
    assert rows[1]["class_map"]["url"] == "<DATA>/map.png"


def test_values_have_their_sample_form(table):
    kinds = table.schema
    row = table.row(2)
    boxes = kinds["bbs"].to_sample(row["bbs"])
    np.testing.assert_array_equal(boxes.boxes, [[0, 0, 10.5, 10], [1, 1, 11.5, 11]])
    assert boxes.properties == {"label": [1, 90], "confidence": [0.0, 0.125]}
    assert (boxes.image_width, boxes.image_height) == (64, 48)
    first = table.row(0)
    keypoints = kinds["keypoints_2d"].to_sample(first["keypoints_2d"])
    assert keypoints.keypoints[0].tolist() == [[1, 2, 2], [3, 4, 0]]
    masks = kinds["segmentations"].to_sample(first["segmentations"])
    np.testing.assert_array_equal(masks.mask(0), np.eye(4, dtype=bool))
    assert masks.instances[1]["polygons"] == [[0, 0, 3, 0, 3, 3]]
    assert kinds["class_map"].to_sample(first["class_map"]).load().tolist() == np.eye(3).tolist()
    assert kinds["array"].to_sample(first["array"]).tolist() == [[0, 1], [2, 3]]
    assert kinds["embedding"].to_sample(row["embedding"]).tolist() == [6, 7, 8]


def test_columns_mean_what_they_meant(table):
    classes = {1: s.MapElement("cat", "Cat", "#ff0000"), 90: s.MapElement("dog")}
    assert table.schema["label"] == s.CategoricalLabelSchema(classes, description="what it is")
    assert table.schema.at("bbs.instances_additional_data.label").value_map == classes
    assert table.schema["class_map"].ignore_label == 255
    assert table.schema["keypoints_2d"].joint_names == ("a", "b")
    assert {kind.kind for kind in table.schema.values()} >= {"image", "embedding", "array"}


def test_revisions_and_their_history_are_there(table, root):
    second = sw.Table.from_names("initial_0000", *NAMES, root)
    third = sw.Table.from_names("third", *NAMES, root)
    assert [row["weight"] for row in second.table_rows] == [1.0, 0.5, 1.0]
    assert second.image_urls() == ["/pictures/new.jpg", "/pictures/1.jpg", "/pictures/3.jpg"]
    assert [t.name for t in third.lineage()] == ["initial", "initial_0000", "third"]
    assert table.latest() == third


def test_the_run_is_there(root):
    run = Run.from_names("run", "project", root)
    assert (run.status, run.description, run.parameters) == ("completed", "a run", {"lr": 0.1})
    assert run.history.column("value").to_pylist()[::2] == [0.25, 0.5]
    assert run.collections == [{"epoch": 1, "split": "val", "rows": 3}]
    metrics = run.metrics(["example_id", "iou", "weight", "epoch", "split"]).to_pylist()
    assert metrics[1] == {
        "example_id": 1,
        "iou": None,
        "weight": 0.5,
        "epoch": 1,
        "split": "val",
    }
    predicted = run.metrics(["bbs_predicted"]).to_pylist()[0]["bbs_predicted"]
    assert predicted["instances_additional_data"]["label"] == [1]


def test_work_goes_on(table, root):
    edited = table.latest().edit({"text": {0: "new"}})
    assert edited.row(0)["text"] == "new"
    assert edited.name == "third_0000"
    run = Run.from_names("run", "project", root)
    run.reopen()
    run.log({"mAP@0.50": 0.75}, epoch=2, split="val")
    run.add_metrics({"iou": [1.0, 1.0]}, foreign_table_url=edited.url, epoch=2, split="val")
    run.close()
    assert run.metrics(epoch=2).num_rows == 2
    assert run.history.num_rows == 4
