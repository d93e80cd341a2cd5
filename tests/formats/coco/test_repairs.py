"""COCO files as they are in the wild: what is repaired is right, and counted."""

import codecs
import json
import math

import numpy as np
import pytest
from pycocotools import mask as coco_mask

from samplewise.formats.import_report import ImportReport


def boxes_of(table, row=0):
    return [list(b.values()) for b in table.table_rows[row]["bbs"]["instances"]]


def property_of(table, name, column="bbs", row=0):
    return table.table_rows[row][column]["instances_additional_data"][name]


def test_missing_images_are_kept_and_counted(read_coco, kept):
    table = read_coco(images=[{"id": 1, "file_name": "gone.jpg", "width": 5, "height": 5}])
    assert len(table) == 1
    assert kept(table) == {"images whose file is missing": 1}


def test_a_folder_without_a_single_image_is_said(read, coco_file, tmp_path, notes):
    read("coco", coco_file(), tmp_path / "wrong")
    assert "not one of its 1 images was found; is the image folder right?" in notes[0]


def test_missing_images_can_be_left_out_with_their_labels(read_coco, make_box, repaired):
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 5, "height": 5} for n in (1, 2)]
    table = read_coco(
        [make_box(1, image_id=2), make_box(2), make_box(3, image_id=2)],
        images=images,
        options={"missing_images": "drop"},
    )
    assert property_of(table, "annotation_id") == [2]
    assert repaired(table) == {
        "images whose file is missing: left out": 1,
        "labels of images that were left out: left out": 2,
    }


def test_crowd_that_is_not_said_is_0(read_coco, make_box, repaired):
    box = make_box()
    del box["iscrowd"]
    table = read_coco([box])
    assert property_of(table, "iscrowd") == [0]
    assert repaired(table) == {"annotations without `iscrowd`: read as 0": 1}


@pytest.mark.parametrize("crowd", [True, 1, 1.0])
def test_crowd_may_be_written_as_truth_or_number(read_coco, make_box, crowd):
    assert property_of(read_coco([make_box(iscrowd=crowd)]), "iscrowd") == [1]


@pytest.mark.parametrize(
    ("segmentation", "area"),
    [
        (None, 200.0),
        ([[0, 0, 4, 0, 4, 4], [10, 10, 12, 10, 12, 12, 10, 12]], 12.0),
        ({"size": [48, 64], "counts": [5, 7, 48 * 64 - 12]}, 7.0),
    ],
)
def test_an_area_that_is_not_said_is_that_of_the_mask_else_the_box(
    read_coco, make_box, repaired, segmentation, area
):
    table = read_coco([make_box(area=None, segmentation=segmentation)])
    assert property_of(table, "area") == [area]
    assert repaired(table) == {"annotations without `area`: that of the mask, else of the box": 1}


def test_annotations_without_an_id_get_one_of_their_own(read_coco, make_box, repaired):
    table = read_coco([make_box(None), make_box(4), make_box(4), make_box(2)])
    assert property_of(table, "annotation_id") == [5, 4, 6, 2]
    assert list(repaired(table).values()) == [2]


def test_fresh_ids_among_texts_are_texts_that_nobody_has(read_coco, make_box):
    table = read_coco([make_box("1"), make_box(None), make_box("1")])
    assert property_of(table, "annotation_id") == ["1", "2", "3"]


def test_boxes_outside_the_image_are_kept_and_counted(read_coco, make_box, kept):
    table = read_coco([make_box(bbox=[-5, 40, 100, 20]), make_box(2)])
    assert boxes_of(table)[0] == [-5, 40, 95, 60]
    assert kept(table) == {"boxes that reach outside their image": 1}


def test_an_area_too_large_for_a_number_is_null(read_coco, make_box):
    table = read_coco([make_box(bbox=[0, 0, 1e200, 1e200], area=None)])
    assert property_of(table, "area") == [None]


def test_boxes_without_an_area_are_kept_and_counted(read_coco, make_box, kept):
    table = read_coco([make_box(bbox=[5, 5, 0, 3]), make_box(2, bbox=[5, 5, 0, 0])])
    assert boxes_of(table) == [[5, 5, 5, 8], [5, 5, 5, 5]]
    assert kept(table) == {"boxes without an area": 2}


def test_negative_sides_are_turned_round(read_coco, make_box, repaired):
    table = read_coco([make_box(bbox=[10, 20, -4, 5])])
    assert boxes_of(table) == [[6, 20, 10, 25]]
    assert repaired(table) == {"boxes with a negative side: corners exchanged": 1}


@pytest.mark.parametrize(
    "bbox", [[], None, [1, 2, None, 4], [math.nan, 1, 2, 3], [0, 0, 5, math.inf]]
)
def test_a_box_that_is_none_is_drawn_around_the_mask(read_coco, make_box, repaired, bbox):
    table = read_coco([make_box(bbox=bbox, segmentation=[[3, 4, 10, 4, 10, 9]])])
    assert boxes_of(table) == [[3, 4, 10, 9]]
    assert repaired(table)["annotations without a usable `bbox`: box around mask"] == 1


def test_a_box_is_drawn_around_run_lengths(read_coco, make_box):
    rle = {"size": [48, 64], "counts": [48 + 3, 5, 48 * 62 + 40]}
    assert boxes_of(read_coco([make_box(bbox=[], segmentation=rle)])) == [[1, 3, 2, 8]]


def test_a_box_is_drawn_around_the_labelled_keypoints(read_coco, make_box):
    box = make_box(bbox=None, keypoints=[0, 0, 0, 5, 6, 1, 9, 8, 2])
    assert boxes_of(read_coco([box])) == [[5, 6, 9, 8]]


@pytest.mark.parametrize("bbox", [[math.nan] * 4, [1, 2, None, 4]])
def test_an_annotation_with_nothing_to_draw_a_box_around_is_set_aside(
    read_coco, make_box, repaired, bbox
):
    table = read_coco([make_box(bbox=bbox), make_box(2)])
    assert property_of(table, "annotation_id") == [2]
    (text,) = table.table_rows[0]["other_annotations"]
    assert json.loads(text)["id"] == 1
    (reason,) = (r for r in repaired(table) if "other_annotations" in r)
    assert repaired(table)[reason] == 1


def test_numbers_that_json_has_not_are_null_and_counted(read_coco, make_box, repaired):
    box = make_box(area=math.nan, note="NaN, -Infinity [NaN]", score=-math.inf)
    table = read_coco([box])
    assert property_of(table, "area") == [200.0]
    assert "NaN, -Infinity [NaN]" in property_of(table, "attributes")[0]
    assert repaired(table)["numbers that JSON has not (NaN, Infinity): read as null"] == 2


def test_sizes_that_are_missing_come_from_the_image(read_coco, repaired):
    table = read_coco(images=[{"id": 1, "file_name": "1.jpg", "width": 0}])
    assert (table.table_rows[0]["width"], table.table_rows[0]["height"]) == (64, 48)
    assert repaired(table) == {"images without `width` or `height`: read from the image file": 1}


def test_a_size_that_nobody_knows_is_null(read_coco, make_box, kept):
    table = read_coco([make_box()], images=[{"id": 1, "file_name": "gone.jpg"}])
    row = table.table_rows[0]
    assert (row["width"], row["bbs"]["x_max"], row["bbs"]["x_min"]) == (None, None, None)
    assert kept(table)["images whose size is unknown"] == 1


def test_backslashes_in_names_are_slashes(read_coco, tmp_path, make_image, repaired):
    make_image(tmp_path / "a" / "b.jpg")
    table = read_coco(images=[{"id": 1, "file_name": "a\\b.jpg", "width": 9, "height": 9}])
    assert table.image_urls() == [str(tmp_path / "a" / "b.jpg")]
    assert repaired(table) == {"file names with backslashes: written with slashes": 1}


def test_a_url_stands_in_for_a_name(read_coco, repaired):
    url = "http://images.example.org/1.jpg"
    table = read_coco(images=[{"id": 1, "coco_url": url, "width": 9, "height": 9}])
    assert table.image_urls() == [url]
    assert repaired(table) == {"images without `file_name`: their `coco_url` is taken": 1}


def test_images_and_categories_entered_twice_are_entered_once(read_coco, make_box, repaired):
    image = {"id": 1, "file_name": "1.jpg", "width": 64, "height": 48}
    category = {"id": 7, "name": "dog"}
    table = read_coco([make_box()], images=[image, image], categories=[category, category])
    assert len(table) == 1
    assert list(repaired(table).values()) == [1, 1]


def test_ids_that_are_texts_here_and_numbers_there_are_the_same(read_coco, make_box, repaired):
    table = read_coco([make_box(image_id="1", category_id="7"), make_box(2, image_id=1.0)])
    assert property_of(table, "label") == [7, 7]
    assert list(repaired(table).values()) == [1, 1]


def test_category_ids_that_are_numbers_as_texts_are_numbers(read_coco, make_box, repaired):
    categories = [{"id": "3", "name": "a"}, {"id": "12", "name": "b"}]
    table = read_coco([make_box(category_id="12")], categories=categories)
    assert property_of(table, "label") == [12]
    assert repaired(table) == {"category ids that are texts: read as integers": 2}


def test_category_ids_that_are_words_are_numbered(read_coco, make_box, repaired):
    categories = [{"id": "cat", "name": "a cat"}, {"id": "dog", "name": "a dog"}]
    table = read_coco([make_box(category_id="dog")], categories=categories)
    assert property_of(table, "label") == [1]
    assert table.get_simple_value_map("bbs.instances_additional_data.label")[1] == "a dog"
    assert repaired(table) == {"category ids that are no integers: numbered from 0": 2}


def test_categories_without_a_name_are_named_by_their_id(read_coco):
    table = read_coco(categories=[{"id": 4}, {"id": 5, "name": 5.5}])
    path = "bbs.instances_additional_data.label"
    assert table.get_simple_value_map(path) == {4: "4", 5: "5.5"}


def test_image_ids_of_two_kinds_become_texts(read_coco, make_box):
    images = [{"id": n, "file_name": "1.jpg", "width": 9, "height": 9} for n in (1, "b")]
    table = read_coco([make_box(image_id=1), make_box(2, image_id="b")], images=images)
    assert table.to_arrow()["image_id"].to_pylist() == ["1", "b"]
    assert property_of(table, "annotation_id", row=1) == [2]


@pytest.mark.parametrize("bom", [codecs.BOM_UTF8, None])
def test_a_byte_order_mark_does_not_hurt(read, coco_file, make_box, bom):
    path = coco_file([make_box()])
    text = path.read_text()
    path.write_bytes(bom + text.encode() if bom else text.encode("utf-16"))
    assert len(read("coco", path)[0]["bbs"]) == 1


def test_skeletons_that_count_from_0_are_read_so(read_coco, repaired):
    person = {"id": 3, "name": "person", "keypoints": ["a", "b"], "skeleton": [[0, 1], [1, 9]]}
    table = read_coco(categories=[person], options={"task": "pose"})
    assert table.schema["keypoints_2d"].skeleton == ((0, 1),)
    assert len(repaired(table)) == 2


def test_joints_without_names_are_numbered(read_coco, make_box):
    table = read_coco([make_box(keypoints=[1, 1, 2, 5, 5, 1])])
    assert table.schema["keypoints_2d"].joint_names == ("joint_0", "joint_1")


def test_keypoints_without_a_position_are_not_labelled(read_coco, make_box, repaired):
    table = read_coco([make_box(keypoints=[1, 1, 2, None, 5, 2, 3, 3, 0.7])])
    points = table[0]["keypoints_2d"].keypoints[0].tolist()
    assert points == [[1, 1, 2], [0, 0, 0], [3, 3, 2]]
    assert list(repaired(table).values()) == [1, 1, 1]


def test_masks_that_are_no_masks_are_left_out(read_coco, make_box, repaired):
    table = read_coco([make_box(1, segmentation="oops"), make_box(2, segmentation={"a": 1})])
    assert len(table[0]["segmentations"]) == 0
    assert repaired(table) == {"masks that are neither polygons nor run lengths: left out": 2}


CUT = "run lengths that cannot be read or do not fill their image: left out"
OTHER_SIZE = "run lengths of another size than their image: left out"
TEXT = coco_mask.frPyObjects({"size": [48, 64], "counts": [9, 50, 3013]}, 48, 64)["counts"].decode()


@pytest.mark.parametrize(
    ("size", "counts", "reason"),
    [
        ([48, 64], [1, 2], CUT),
        ([48, 64], [3000, -1, 73], CUT),
        ([48, 64], [1e30, 5], CUT),
        ([48, 64], "hello world", CUT),
        ([48, 64], "", CUT),
        ([48, 64], TEXT[:-1], CUT),
        ([48, 64], TEXT * 2, CUT),
        ([48, 64], "é", CUT),
        ([48, 64], "b'cut", CUT),
        ([64, 48], TEXT, OTHER_SIZE),
        ([4, 4], [3, 13], OTHER_SIZE),
        ([-48, -64], TEXT, CUT),
    ],
)
def test_run_lengths_that_are_none_are_left_out_and_told(
    read_coco, make_box, repaired, size, counts, reason
):
    box = make_box(segmentation={"size": size, "counts": counts})
    table = read_coco([box, make_box(2, segmentation={"size": [48, 64], "counts": TEXT})])
    assert repaired(table) == {reason: 1}
    assert len(table[0]["bbs"]) == 2
    assert len(table[0]["segmentations"]) == 1


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools
@pytest.mark.parametrize(
    ("size", "counts", "told"),
    [
        ([48.0, 64.0], [9.0, 50.0, 3013.0], {}),
        (
            [48, 64],
            str(TEXT.encode()),
            {"run lengths written as Python's bytes (`b'...'`): read as the text inside": 1},
        ),
        (
            [48, 64],
            [9.5, 50.5, 3013],
            {"run lengths that are no whole numbers: cut to whole ones": 1},
        ),
    ],
)
def test_run_lengths_that_pycocotools_reads_are_read(
    read_coco, make_box, repaired, size, counts, told
):
    table = read_coco([make_box(segmentation={"size": size, "counts": counts})])
    reference = coco_mask.decode({"size": [48, 64], "counts": TEXT})
    np.testing.assert_array_equal(table[0]["segmentations"].mask(0), reference)
    assert repaired(table) == told


def test_numbers_beyond_their_bounds_are_read_as_coco_does(read_coco, make_box, repaired):
    joints = [1, 1, 2, 4, 5, 1, 0, 0, 0]
    table = read_coco(
        [
            make_box(1, iscrowd=2, area=-1, keypoints=joints, num_keypoints=2.0),
            make_box(2, keypoints=joints, num_keypoints=-3),
            make_box(3, keypoints=joints, num_keypoints=1.5),
        ]
    )
    assert property_of(table, "iscrowd") == [1, 0, 0]
    assert property_of(table, "area")[0] == 200
    assert property_of(table, "num_keypoints", "keypoints_2d") == [2, 2, 2]
    assert repaired(table) == {
        "`iscrowd` other than 0 and 1: read as 1": 1,
        "negative `area`: that of the mask, else of the box": 1,
        "`num_keypoints` that is no count: counted": 2,
    }


def test_rings_that_are_no_polygons_are_left_out_and_told(read_coco, make_box, repaired):
    whole = [1.0, 2, 3, 4, 5, 6]
    table = read_coco(
        [
            make_box(1, segmentation=[whole, [1, 2, 3, 4]]),
            make_box(2, segmentation=[[*whole, 7]]),
            make_box(3, segmentation=[[1, 2]]),
        ]
    )
    masks = table[0]["segmentations"].instances
    assert [mask["polygons"] for mask in masks] == [[whole], [whole]]
    assert repaired(table) == {
        "polygons of fewer than 3 points: left out": 2,
        "polygons with an odd number of coordinates: without the last one": 1,
    }


def test_scores_that_are_no_fractions_are_kept_and_told(read_coco, make_box, kept):
    table = read_coco([make_box(score=97.5)])
    assert property_of(table, "score") == [97.5]
    assert kept(table) == {"scores outside of 0 to 1": 1}


def test_a_report_says_where_things_were_found_first(read_coco, make_box):
    table = read_coco([make_box(n, bbox=[5, 5, -1, 3]) for n in range(10, 30)])
    found = ImportReport.of(table.source).repaired["boxes with a negative side: corners exchanged"]
    assert found.count == 20
    assert found.examples == ("10", "11", "12", "13", "14")


def test_one_line_says_what_was_done(read_coco, make_box, notes):
    read_coco([make_box(bbox=[5, 5, -1, 3]), make_box(2, bbox=[60, 40, 50, 50])])
    (note,) = notes
    assert note == (
        "labels.json: repaired 1 boxes with a negative side: corners exchanged; "
        "kept as it is 1 boxes that reach outside their image. Details: `table.source`."
    )


def test_nothing_is_said_of_a_file_in_order(read_coco, make_box, notes):
    read_coco([make_box()])
    assert notes == []
