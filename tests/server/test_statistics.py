"""Labels of every task, counted again in another way."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image, ImageDraw

import samplewise as sw
from samplewise.schema.masks import SegmentationMasksSchema, SemanticSegmentation
from samplewise.server.statistics.masks import masks as masks_statistics

DRAW = runpy.run_path(str(Path(__file__).with_name("task_tables.py")))
LABELS = "instances_additional_data"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A store with a Table of each task; nobody changes it."""
    return DRAW["draw_task_tables"](tmp_path_factory.mktemp("tasks"))


@pytest.fixture
def ask(make_browser):
    """Asks for the statistics of a column of a Table."""

    def asked(root: Path, name: str, column: str) -> Any:
        table = {"kind": "table", "project": "tasks", "dataset": name.partition("-")[0]}
        source = {**table, "table": name}
        return make_browser(root).post("/api/statistics", source=source, column=column)

    return asked


def stored(root: Path, name: str) -> sw.Table:
    return sw.Table.from_names(name, name, "tasks", str(root))


def checks(found: Any) -> dict[str, list[int]]:
    return {one["name"]: one["example_ids"] for one in found["checks"]}


def edited(root: Path, name: str, column: str, row: int, change: Any) -> sw.Table:
    """A revision, in dataset `name`, with another value of a row."""
    table = stored(root, name)
    value = table.table_rows[row][column]
    change(value)
    return table.edit({column: {row: value}}, f"{name}-wrong-{row}")


def test_joints_are_counted_by_their_visibility(ask, root):
    found = ask(root, "pose", "keypoints_2d")
    table = stored(root, "pose")
    poses = [
        pose["keypoints"] for row in table.table_rows for pose in row["keypoints_2d"]["instances"]
    ]
    assert found["instances"] == len(poses)
    names = table.schema["keypoints_2d"].joint_names
    for place, joint in enumerate(found["joints"]):
        seen = [pose[place]["visibility"] for pose in poses]
        counts = {"visible": seen.count(2), "hidden": seen.count(1), "missing": seen.count(0)}
        assert joint == {"name": names[place], **counts}
    labelled = [sum(joint["visibility"] > 0 for joint in pose) for pose in poses]
    assert found["histograms"]["labelled"]["counts"] == np.bincount(labelled).tolist()
    assert checks(found) == {}


def test_poses_that_are_hardly_right_are_named(ask, root):
    def beyond(value: Any) -> None:
        joint = next(j for j in value["instances"][0]["keypoints"] if j["visibility"])
        joint["x"] = 70.0

    def unseen(value: Any) -> None:
        for joint in value["instances"][0]["keypoints"]:
            joint["visibility"] = 0
        value[LABELS]["label"][0] = None

    edited(root, "pose", "keypoints_2d", 1, beyond)
    edited(root, "pose", "keypoints_2d", 2, unseen)
    edited(
        root,
        "pose",
        "keypoints_2d",
        3,
        lambda value: (value.update(instances=[]), value.pop(LABELS)),
    )
    assert checks(ask(root, "pose-wrong-1", "keypoints_2d")) == {"Joints out of the image": [1]}
    assert checks(ask(root, "pose-wrong-2", "keypoints_2d")) == {
        "No joint": [2],
        "Without a class": [2],
    }
    assert checks(ask(root, "pose-wrong-3", "keypoints_2d")) == {"Without poses": [3]}


def test_masks_are_measured_as_polygons_and_as_run_lengths(ask, root):
    found = ask(root, "masks", "segmentations")
    areas = []
    for row in stored(root, "masks").table_rows:
        for place, one in enumerate(row["segmentations"]["instances"]):
            box = row["bbs"]["instances"][place]
            w, h = box["x_max"] - box["x_min"], box["y_max"] - box["y_min"]
            # A rhombus is half of its box; run lengths were painted as whole boxes.
            areas.append(w * h / 2 if one["polygons"] else painted(box))
    sides = np.sqrt(np.array(areas) / 64**2)
    counts, edges = np.histogram(sides, 30)
    assert found["instances"] == len(areas)
    assert found["histograms"]["area"]["counts"] == counts.tolist()
    assert found["histograms"]["area"]["edges"] == pytest.approx(edges)
    assert sum(one["instances"] for one in found["classes"]) == len(areas)
    assert checks(found).keys() <= {"Tiny", "Without masks"}


def painted(box: dict[str, float]) -> float:
    image = np.zeros((64, 64))
    left, top, right, bottom = (round(box[side]) for side in ("x_min", "y_min", "x_max", "y_max"))
    image[top:bottom, left:right] = 1
    return image.sum()


def test_the_area_of_a_polygon_is_that_of_its_pixels(ask, root):
    ring = [10.0, 10.0, 50.0, 14.0, 40.0, 44.0, 24.0, 30.0, 12.0, 40.0]
    edited(root, "masks", "segmentations", 0, lambda value: only(value, [ring]))
    table = sw.Table.from_names("masks-wrong-0", "masks", "tasks", str(root)).delete_rows(
        range(1, 8), "masks-one"
    )
    image = Image.new("1", (640, 640))
    ImageDraw.Draw(image).polygon([10 * each for each in ring], fill=1)
    pixels = np.asarray(image).sum() / 100
    edges = ask(root, table.name, "segmentations")["histograms"]["area"]["edges"]
    middle = (edges[0] + edges[-1]) / 2
    assert middle == pytest.approx(np.sqrt(pixels / 64**2), rel=0.02)


def only(value: Any, polygons: Any) -> None:
    value["instances"] = [{"polygons": polygons, "rle": None}]
    value[LABELS] = {name: given[:1] for name, given in value[LABELS].items()}


def test_masks_that_are_hardly_right_are_named(ask, root):
    wrong = {
        4: ("Out of the image", lambda value: only(value, [[1.0, 1, 90, 1, 30, 30]])),
        5: ("Empty", lambda value: only(value, [])),
        6: ("Tiny", lambda value: only(value, [[1.0, 1, 3, 1, 3, 3]])),
    }
    for row, (name, change) in wrong.items():
        edited(root, "masks", "segmentations", row, change)
        assert row in checks(ask(root, f"masks-wrong-{row}", "segmentations"))[name]


def test_run_lengths_of_an_old_store_that_cannot_be_read_are_named():
    kind = SegmentationMasksSchema()
    masks = [{"polygons": None, "rle": {"height": 4, "width": 4, "counts": c}} for c in ("o", "0P")]
    column = pa.array([{"instances": masks, "instances_additional_data": {}}], kind.arrow_type)
    found = masks_statistics(column, np.array([5]), kind)
    assert {one.name: one.example_ids for one in found.checks}["Not readable"] == [5]


def test_pixels_of_class_maps_are_counted_without_those_ignored(ask, root):
    found = ask(root, "maps", "mask")
    maps = [
        SemanticSegmentation.from_stored(row["mask"]).load()
        for row in stored(root, "maps").table_rows
    ]
    pixels = np.bincount(np.concatenate([each.ravel() for each in maps]))[:255]
    assert {one["id"]: one["instances"] for one in found["classes"]} == {
        i: count for i, count in enumerate(pixels.tolist()) if count
    }
    assert {one["id"]: one["samples"] for one in found["classes"]} == {
        i: sum(bool((each == i).any()) for each in maps) for i in np.flatnonzero(pixels).tolist()
    }
    assert found["samples"] == len(maps)


def test_class_maps_that_are_hardly_right_are_named(ask, root, tmp_path):
    table = stored(root, "maps")
    strange = np.zeros((8, 8), np.uint8)
    strange[0] = 77
    values = {
        0: str(tmp_path / "lost.png"),
        1: strange,
        2: np.zeros((8, 8), np.uint8),
        3: None,
    }
    table.edit({"mask": values}, "maps-wrong")
    found = checks(ask(root, "maps-wrong", "mask"))
    assert found.pop("One class only") == [2]
    assert found == {"Not readable": [0], "No class": [1], "Without a class map": [3]}


def test_a_column_without_labels_is_refused(make_browser, root):
    table = {"kind": "table", "project": "tasks", "dataset": "folders", "table": "folders"}
    browser = make_browser(root)
    status, problem = browser.problem("/api/statistics", source=table, column="label")
    assert (status, "keypoints, masks or class maps" in problem["detail"]) == (400, True)
