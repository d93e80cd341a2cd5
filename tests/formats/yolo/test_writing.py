"""Datasets in YOLO's layout out."""

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from samplewise import Table
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats.yolo._lines import join_rings

LABELS = {"a": "1 0.123456 0.5 0.2 0.4\n0 0.25 0.5 0.5 1", "b": "", "c": "0 0.5 0.5 0.1 0.1"}


def rows(table, *columns):
    names = columns or [c for c in table.columns if c != "image"]
    return table.to_arrow(list(names)).to_pydict()


def test_out_and_in_again_changes_nothing(read, read_yolo, tmp_path):
    table = read_yolo(LABELS)
    file = table.export(tmp_path / "out" / "data.yaml")
    assert rows(read("yolo", file)) == rows(table)
    assert yaml.safe_load(file.read_text())["names"] == {0: "cat", 1: "dog"}


def test_polygons_go_out_and_in_again(read, read_yolo, tmp_path):
    table = read_yolo({"a": "1 0.1 0.2 0.5 0.2 0.5 0.8"}, options={"task": "segment"})
    file = table.export(tmp_path / "out", "yolo")
    assert rows(read("yolo", file, task="segment")) == rows(table)


def test_joints_go_out_and_in_again(read, read_yolo, tmp_path):
    line = "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 1 0 0 0"
    table = read_yolo({"a": line}, kpt_shape=[3, 3], flip_idx=[0, 2, 1], options={"task": "pose"})
    file = table.export(tmp_path / "out", "yolo")
    again = read("yolo", file, task="pose")
    assert rows(again) == rows(table)
    assert again.schema["keypoints_2d"] == table.schema["keypoints_2d"]


def test_images_are_linked_or_copied(read_yolo, tmp_path):
    table = read_yolo(LABELS)
    linked = table.export(tmp_path / "linked", "yolo").parent / "images" / "train" / "a.png"
    copied = table.export(tmp_path / "copied", "yolo", images="copy").parent / "images/train/a.png"
    assert linked.is_symlink()
    assert not copied.is_symlink()
    assert copied.read_bytes() == linked.read_bytes()


def test_splits_are_added_to_a_layout(read, read_yolo, tmp_path):
    table = read_yolo(LABELS)
    table.export(tmp_path / "out" / "data.yaml")
    file = table.delete_rows([0]).export(tmp_path / "out" / "data.yaml", split="val")
    assert len(read("yolo", file, "val")) == 2
    assert len(read("yolo", file, "train")) == 3


def test_another_dataset_is_not_overwritten(read_yolo, tmp_path):
    read_yolo(LABELS).export(tmp_path / "out", "yolo")
    other = read_yolo({"x": None}, names=["ape", "bee"])
    with pytest.raises(FormatError, match=r"holds a dataset with the classes \['cat', 'dog'\]"):
        other.export(tmp_path / "out", "yolo")


def test_what_yolo_cannot_hold_is_said(read_coco, make_box, tmp_path, notes):
    table = read_coco(
        [
            make_box(1, bbox=[-4, 0, 8, 6]),
            make_box(2, iscrowd=1),
            make_box(3, bbox=[70, 5, 5, 5]),
            make_box(4, category_id=1),
        ]
    )
    notes.clear()
    file = table.export(tmp_path / "out", "yolo")
    lines = (file.parent / "labels" / "train" / "1.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["1", "0"]
    assert lines[0] == "1 0.03125 0.0625 0.0625 0.125"
    assert notes == [
        "data.yaml: 1 boxes cut at the edge of their image, 1 crowd regions left out, "  # noqa: ISC004
        "1 boxes without an area in their image left out, 2 classes numbered anew from 0."
    ]


def test_images_in_folders_keep_them_apart(read, read_coco, tmp_path, make_image):
    images = [{"id": n, "file_name": f"{n}/1.jpg"} for n in (1, 2)]
    for image in images:
        make_image(tmp_path / image["file_name"])
    file = read_coco(images=images).export(tmp_path / "out", "yolo")
    assert len(read("yolo", file)) == 2


def test_two_rows_of_one_image_are_refused(read_coco, tmp_path):
    images = [{"id": n, "file_name": "1.jpg"} for n in (1, 2)]
    with pytest.raises(InvalidArgumentError, match="each row must have an image of its own name"):
        read_coco(images=images).export(tmp_path / "out", "yolo")


def test_images_elsewhere_are_refused(read_coco, tmp_path):
    images = [{"id": 1, "file_name": "s3://b/1.jpg", "width": 5, "height": 5}]
    with pytest.raises(InvalidArgumentError, match="must be files of this machine, but 1 of 1"):
        read_coco(images=images).export(tmp_path / "out", "yolo")


def test_a_task_needs_its_column(read_yolo, tmp_path):
    with pytest.raises(InvalidArgumentError, match="must have masks or keypoints for task `pose`"):
        read_yolo().export(tmp_path / "out", "yolo", task="pose")


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=3))
def test_rings_joined_cover_the_same_pixels(sides):
    from pycocotools import mask as coco_mask

    rings = [
        [20 * i, 2, 20 * i + w, 2, 20 * i + w, 2 + h, 20 * i, 2 + h]
        for i, (w, h) in enumerate(sides)
    ]
    apart = coco_mask.merge(coco_mask.frPyObjects(rings, 20, 60))
    joined_ring = join_rings([np.array(ring).reshape(-1, 2) for ring in rings])
    joined = coco_mask.frPyObjects([joined_ring.reshape(-1).tolist()], 20, 60)[0]
    assert coco_mask.area(joined) == pytest.approx(coco_mask.area(apart), abs=len(rings))


def test_real_boxes_go_out_and_in_again(shared_data, tmp_path):
    folder = shared_data / "coco128"
    names = {"project_name": "p", "root_url": str(tmp_path / "store")}
    table = Table.from_coco(
        folder / "annotations.json", folder / "images", dataset_name="a", **names
    )
    again = Table.from_yolo(table.export(tmp_path / "out", "yolo"), dataset_name="b", **names)
    assert len(again) == 128
    before, after = table[3]["bbs"], again[3]["bbs"]
    assert after.labels.tolist() == before.labels.tolist()
    assert abs(after.boxes - before.boxes).max() < 1e-5
