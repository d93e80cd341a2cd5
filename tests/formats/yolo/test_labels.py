"""What the lines of a YOLO label file mean."""

import os

import pytest

from samplewise.errors import FormatError
from samplewise.formats.import_report import ImportReport
from samplewise.formats.skeletons import COCO_JOINTS

FLIPS = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]


def boxes_of(table, row=0):
    return [list(b.values()) for b in table.table_rows[row]["bbs"]["instances"]]


def test_fractions_become_pixels(read_yolo):
    table = read_yolo({"1": "1 0.5 0.5 0.2 0.4\n\n0 0.25 0.5 0.5 1\n"})
    row = table.table_rows[0]
    assert (row["width"], row["height"]) == (100, 50)
    assert boxes_of(table) == [[40, 15, 60, 35], [0, 0, 50, 50]]
    assert row["bbs"]["instances_additional_data"] == {"label": [1, 0], "annotation_id": [1, 2]}
    assert row["bbs"]["x_max"] == 100


def test_a_polygon_has_the_box_around_it(read_yolo):
    table = read_yolo({"1": "1 0.1 0.2 0.5 0.2 0.5 0.8\n0 0.5 0.5 0.2 0.4"})
    assert boxes_of(table)[0] == [10, 10, 50, 40]
    masks = table.table_rows[0]["segmentations"]
    assert masks["instances"][0]["polygons"] == [[10, 10, 50, 10, 50, 40]]
    assert masks["instances_additional_data"]["annotation_id"] == [1]


def test_boxes_without_an_area_are_kept_and_counted(read_yolo, kept):
    table = read_yolo({"1": "1 0.5 0.5 0.2 0\n0 0.5 0.5 0 0\n0 0.1 0.2 0.5 0.2 0.5 0"})
    assert boxes_of(table)[0] == [40, 25, 60, 25]
    assert kept(table)["boxes without an area"] == 2


def test_joints_of_three_numbers_have_a_visibility(read_yolo):
    line = "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 1 0 0 0"
    table = read_yolo({"1": line}, kpt_shape=[3, 3], flip_idx=[0, 2, 1])
    joints = table[0]["keypoints_2d"]
    assert joints.keypoints[0].tolist() == [[10, 10, 2], [30, 20, 1], [0, 0, 0]]
    assert joints.bounding_boxes[0].tolist() == [40, 15, 60, 35]
    schema = table.schema["keypoints_2d"]
    assert (schema.num_joints, schema.flip_indices) == (3, (0, 2, 1))


def test_joints_of_two_numbers_are_seen_unless_they_lie_at_the_origin(read_yolo):
    table = read_yolo({"1": "0 0.5 0.5 0.2 0.4 0.1 0.2 0 0"}, kpt_shape=[2, 2])
    assert table[0]["keypoints_2d"].keypoints[0].tolist() == [[10, 10, 2], [0, 0, 0]]


def test_cocos_order_of_joints_is_known_by_its_flips(read_yolo):
    table = read_yolo(kpt_shape=[17, 3], flip_idx=FLIPS, options={"task": "pose"})
    schema = table.schema["keypoints_2d"]
    assert schema.joint_names == COCO_JOINTS
    assert len(schema.oks_sigmas) == 17


def test_joints_may_have_names(read_yolo):
    names = {0: ["tail", "left_ear", "right_ear"]}
    table = read_yolo(kpt_shape=[3, 3], kpt_names=names, options={"task": "pose"})
    assert table.schema["keypoints_2d"].joint_names == ("tail", "left_ear", "right_ear")
    assert table.schema["keypoints_2d"].flip_indices == (0, 2, 1)


def test_instances_are_numbered_through_all_images(read_yolo):
    table = read_yolo({"1": "0 0.5 0.5 1 1", "2": None, "3": "0 0.5 0.5 1 1\n1 0.5 0.5 1 1"})
    numbers = [r["bbs"]["instances_additional_data"]["annotation_id"] for r in table.table_rows]
    assert numbers == [[1], [], [2, 3]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 0.5 0.5 0.2", "must have 4 numbers after the class (a box) or an even number from 6"),
        ("0 0.5 0.5 0.2 0.2 0.9", "but has 5."),
        ("0 0.5 0.5 0.2 x", "must hold numbers only, but is `0 0.5 0.5 0.2 x`."),
        ("2 0.5 0.5 0.2 0.2", "names class 2, but there are the classes 0 to 1."),
        ("0.5 0.5 0.5 0.2 0.2", "names class 0.5"),
        ("-1 0.5 0.5 0.2 0.2", "names class -1"),
        ("0 50 30 20 10", "must have fractions of the image's size in [0, 1], but has 50."),
        ("0 -0.2 0.5 0.2 0.2", "but has -0.2."),
        ("0 nan 0.5 0.2 0.2", "must hold finite numbers only."),
    ],
)
def test_a_line_that_is_wrong_is_left_out_counted_and_named(read_yolo, repaired, line, reason):
    table = read_yolo({"ok": "0 0.5 0.5 1 1", "wrong": f"0 0.5 0.5 1 1\n\n{line}\n"})
    assert [len(sample["bbs"]) for sample in table] == [1, 1]
    assert repaired(table) == {"lines that are no labels: left out": 1}
    [found] = ImportReport.of(table.source).repaired.values()
    [example] = found.examples
    assert "labels/train/wrong.txt`, line 3: " in example
    assert reason in example


def test_labels_of_another_kind_are_refused_with_the_first_line(read_yolo):
    with pytest.raises(FormatError) as caught:
        read_yolo({"1": "0 50 30 20 10\n", "2": "0 10 10 5 5\n"})
    assert "labels/train/1.txt`, line 1: must have fractions" in caught.value.message
    assert "No line of any label file is a label." in caught.value.message


def test_a_label_file_that_cannot_be_read_is_counted_and_named(read, dataset, repaired):
    file = dataset({"1": "0 .5 .5 1 1", "2": "0 .5 .5 1 1", "3": None})
    (file.parent / "labels/train/2.txt").write_bytes(b"0 .5 .5 1 1 \xff")
    os.mkfifo(file.parent / "labels/train/3.txt")
    table = read("yolo", file)
    assert [len(sample["bbs"]) for sample in table] == [1, 0, 0]
    assert repaired(table) == {"label files that cannot be read: left out": 2}


def test_boxes_beyond_the_edge_and_labels_given_twice_are_counted(read_yolo, kept):
    table = read_yolo({"1": "0 0.95 0.5 0.2 1\n1 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n"})
    assert kept(table) == {
        "boxes that reach outside their image": 1,
        "labels that are there twice, with the same class and box": 1,
    }


def test_a_line_of_joints_must_fit_the_layout(read_yolo):
    with pytest.raises(FormatError, match=r", 10 \(a box and 2 joints of 3 numbers\)"):
        read_yolo({"1": "0 0.5 0.5 0.2 0.4 0.1"}, kpt_shape=[2, 3])


def test_classes_written_as_decimals_are_classes(read_yolo):
    table = read_yolo({"1": "1.000000 0.5 0.5 0.2 0.4"})
    assert table[0]["bbs"].labels.tolist() == [1]


def test_labels_with_a_byte_order_mark_are_read(read_yolo):
    assert len(read_yolo({"1": "\ufeff0 0.5 0.5 0.2 0.4"})[0]["bbs"]) == 1
