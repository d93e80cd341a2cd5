"""COCO files out."""

import json

import numpy as np
import pytest
from pycocotools.coco import COCO

from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import InvalidArgumentError
from samplewise.formats import coco
from samplewise.schemas import BoundingBoxes2DSchema, Keypoints2DSchema, SegmentationMasksSchema

RING = [1.0, 2.0, 30.0, 2.0, 30.0, 40.0]


def exported(table, path, **options):
    return json.loads(table.export(path, **options).read_text())


def by_id(document):
    return {entry["id"]: entry for entry in document["annotations"]}


def test_pycocotools_opens_what_is_written(read_coco, make_box, tmp_path):
    boxes = [
        make_box(1, segmentation=[RING]),
        make_box(2, iscrowd=1, segmentation={"size": [48, 64], "counts": [9, 50, 3013]}),
    ]
    path = read_coco(boxes).export(tmp_path / "out.json")
    reference = COCO(str(path))
    assert reference.getCatIds() == [1, 7]
    assert reference.getAnnIds(iscrowd=True) == [2]
    assert reference.loadImgs(1)[0]["file_name"] == "1.jpg"
    assert reference.annToRLE(reference.loadAnns(2)[0])["size"] == [48, 64]


def test_what_was_read_is_written(read_coco, make_box, coco_file, tmp_path):
    boxes = [
        make_box(5, segmentation=[RING, RING], score=0.25, occluded=[1, {"a": "é"}]),
        make_box(2, segmentation={"size": [48, 64], "counts": [9, 50, 3013]}, iscrowd=1),
        make_box(3, bbox=[0.1, 0.2, 0.3, 7]),
        {"id": 77, "image_id": 1, "caption": "two dogs"},
    ]
    sections = {"info": {"a": 1}, "licenses": [{"id": 1, "name": "x"}], "type": "instances"}
    given = json.loads(coco_file(boxes, **sections).read_text())
    written = exported(read_coco(boxes, **sections), tmp_path / "out.json")
    assert by_id(written) == by_id(given)
    assert {**written, "annotations": 0} == {**given, "annotations": 0}


def test_widths_that_are_differences_come_back_too(read_coco, make_box, tmp_path):
    boxes = [make_box(n, bbox=[n / 10, 5, 5.3 - n / 10, 5.7 - 5]) for n in range(40)]
    written = exported(read_coco(boxes), tmp_path / "out.json")
    assert [entry["bbox"] for entry in written["annotations"]] == [box["bbox"] for box in boxes]


def test_run_lengths_stay_lists_or_texts(read_coco, make_box, tmp_path):
    text = {"size": [48, 64], "counts": "042fo2"}
    (entry,) = exported(read_coco([make_box(segmentation=text)]), tmp_path / "a.json")[
        "annotations"
    ]
    assert entry["segmentation"] == text


def test_category_ids_that_are_words_come_back(read_coco, make_box, tmp_path):
    categories = [{"id": "cat", "name": "a cat"}, {"id": "dog", "name": "a dog", "x": 1}]
    table = read_coco([make_box(category_id="dog")], categories=categories)
    written = exported(table, tmp_path / "out.json")
    assert written["categories"] == categories
    assert written["annotations"][0]["category_id"] == "dog"


def test_names_are_relative_to_the_image_folder(read_coco, tmp_path, make_image):
    make_image(tmp_path / "a" / "1.jpg")
    images = [{"id": 1, "file_name": "a/1.jpg"}, {"id": 2, "file_name": "s3://b/2.jpg"}]
    table = read_coco(images=images)

    def names(**options):
        written = exported(table, tmp_path / "out.json", **options)
        return [image["file_name"] for image in written["images"]]

    assert names() == ["a/1.jpg", "s3://b/2.jpg"]
    assert names(image_folder=tmp_path / "a") == ["1.jpg", "s3://b/2.jpg"]
    assert names(image_folder="/else") == [str(tmp_path / "a" / "1.jpg"), "s3://b/2.jpg"]


def test_aliases_are_written_out(read_coco, tmp_path):
    table = read_coco(options={"aliases": {"DATA": str(tmp_path)}})
    assert table.to_arrow()["image"].to_pylist() == ["<DATA>/1.jpg"]
    assert exported(table, tmp_path / "out.json")["images"][0]["file_name"] == "1.jpg"


def test_a_revision_keeps_what_the_file_said(read_coco, make_box, tmp_path):
    images = [{"id": n, "file_name": "1.jpg", "width": 9, "height": 9} for n in (1, 2)]
    table = read_coco([make_box(), make_box(2, image_id=2)], images=images, info={"year": 1})
    written = exported(table.delete_rows([1]), tmp_path / "out.json")
    assert written["info"] == {"year": 1}
    assert written["categories"][1]["supercategory"] == "animal"
    assert [image["id"] for image in written["images"]] == [1]
    assert [entry["id"] for entry in written["annotations"]] == [1]


def test_a_deleted_box_takes_its_mask_with_it(read_coco, make_box, tmp_path):
    table = read_coco([make_box(n, segmentation=[RING]) for n in (1, 2)])
    boxes = table[0]["bbs"]
    boxes.boxes = boxes.boxes[1:]
    boxes.properties = {name: values[1:] for name, values in boxes.properties.items()}
    edited = table.edit({"bbs": {0: boxes}})
    (entry,) = exported(edited, tmp_path / "out.json")["annotations"]
    assert (entry["id"], entry["segmentation"]) == (2, [RING])


def test_an_added_box_gets_a_free_id(read_coco, make_box, tmp_path):
    table = read_coco([make_box(41)])
    boxes = table[0]["bbs"]
    boxes.add_instance([1, 2, 4, 8], label=1)
    written = by_id(exported(table.edit({"bbs": {0: boxes}}), tmp_path / "out.json"))
    assert written[42] == {
        "id": 42,
        "image_id": 1,
        "category_id": 1,
        "bbox": [1, 2, 3, 6],
        "area": 18,
        "iscrowd": 0,
    }


def test_weights_survive(read, read_coco, tmp_path):
    table = read_coco(images=[{"id": n, "file_name": "1.jpg"} for n in (1, 2)])
    path = table.edit({"weight": {1: 0.25}}).export(tmp_path / "out.json")
    assert read("coco", path).to_arrow()["weight"].to_pylist() == [1.0, 0.25]


def test_a_table_that_was_never_coco_is_written(read, tmp_path, make_image):
    boxes = {
        "instances": [{"x_min": 1, "y_min": 2, "x_max": 4, "y_max": 6}],
        "instances_additional_data": {"label": [2]},
    }
    image = str(make_image(tmp_path / "x.png", (20, 10)))
    table = read(
        "dict",
        {"image": [image], "bbs": [boxes], "camera": ["front"]},
        {"bbs": BoundingBoxes2DSchema({2: "cup"})},
    )
    written = exported(table, tmp_path / "out.json")
    (image,) = written["images"]
    size = {"width": 20, "height": 10}
    assert image == {"id": 1, "file_name": "x.png", "camera": "front", **size}
    assert written["categories"] == [{"id": 2, "name": "cup"}]
    assert written["annotations"][0]["bbox"] == [1, 2, 3, 4]


def test_masks_and_keypoints_alone_are_annotations(read, tmp_path, make_image):
    masks = {"instances": [{"polygons": [RING], "rle": None}]}
    points = [{"x": x, "y": 2 * x, "visibility": v} for x, v in ((3, 2), (5, 1), (0, 0))]
    joints = {"instances": [{"keypoints": points, "bounding_box": None}]}
    table = read(
        "dict",
        {"image": [str(make_image(tmp_path / "x.png"))], "m": [masks], "k": [joints]},
        {
            "m": SegmentationMasksSchema(["a"]),
            "k": Keypoints2DSchema(["a"], joint_names=("x", "y", "z"), skeleton=[(0, 1)]),
        },
    )
    written = exported(table, tmp_path / "out.json")
    (entry,) = written["annotations"]
    assert entry["segmentation"] == [RING]
    assert entry["bbox"] == [1, 2, 29, 38]
    assert entry["area"] == 29 * 38 / 2
    assert entry["num_keypoints"] == 2
    assert written["categories"][0]["keypoints"] == ["x", "y", "z"]
    assert written["categories"][0]["skeleton"] == [[1, 2]]


def test_a_table_without_images_is_refused(read, tmp_path):
    with pytest.raises(InvalidArgumentError, match="must have a column of images, but has x"):
        read("dict", {"x": [1]}).export(tmp_path / "out.json")


def test_a_failed_export_leaves_the_old_file(read_coco, tmp_path, monkeypatch):
    table = read_coco()
    path = tmp_path / "out.json"
    path.write_text("old")
    monkeypatch.delattr(coco._writing._CocoWriting, "_categories")
    with pytest.raises(AttributeError):
        table.export(path)
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".out*")) == []


@pytest.mark.parametrize("name", ["annotations.json", "keypoints_annotations.json"])
def test_real_files_come_back_number_for_number(read, shared_data, tmp_path, name):
    folder = shared_data / "coco128"
    given = json.loads((folder / name).read_text())
    written = exported(read("coco", folder / name, folder / "images"), tmp_path / "out.json")
    assert by_id(written) == by_id(given)
    assert {**written, "annotations": 0} == {**given, "annotations": 0}


def test_predictions_are_written_as_coco_results(read_coco, make_box, tmp_path):
    import pyarrow as pa

    table = read_coco([make_box(3, bbox=[1, 2, 10, 20])])
    schema = BoundingBoxes2DSchema({1: "cat", 7: "dog"}, additional={"confidence": _float()})
    boxes = {
        "instances": [dict(zip(("x_min", "y_min", "x_max", "y_max"), (1, 2, 11, 22), strict=True))],
        "instances_additional_data": {"label": [7], "confidence": [0.75]},
    }
    column = schema.to_arrow([boxes], name="bbs_predicted")
    metrics = pa.table({"example_id": [0], "bbs_predicted": column})
    path = coco.write_results(metrics, table, tmp_path / "results.json")
    found = COCO(str(table.export(tmp_path / "gt.json"))).loadRes(str(path))
    (entry,) = found.loadAnns(found.getAnnIds())
    assert (entry["category_id"], entry["score"], entry["bbox"]) == (7, 0.75, [1, 2, 10, 20])


def _float():
    from samplewise.schemas import Float

    return Float()


def test_predicted_keypoints_are_written_with_their_score(read_coco, tmp_path):
    import pyarrow as pa

    schema = Keypoints2DSchema(["person"], additional={"confidence": _float()})
    points = [{"x": 1, "y": 2, "visibility": 2}]
    value = {
        "instances": [{"keypoints": points, "bounding_box": None}],
        "instances_additional_data": {"label": [0], "confidence": [np.float32(0.5)]},
    }
    column = schema.to_arrow([value], name="keypoints_2d_predicted")
    metrics = pa.table({"example_id": [0], "keypoints_2d_predicted": column})
    table = read_coco()
    path = coco.write_results(
        metrics, table, tmp_path / "results.json", column="keypoints_2d_predicted"
    )
    (entry,) = json.loads(path.read_text())
    assert entry == {"image_id": 1, "category_id": 0, "score": 0.5, "keypoints": [1, 2, 2]}


def test_torchvision_opens_what_is_written(read_coco, make_box, tmp_path):
    from torchvision.datasets import CocoDetection

    path = read_coco([make_box(1, segmentation=[RING])]).export(tmp_path / "out" / "labels.json")
    image, (annotation,) = CocoDetection(str(tmp_path), str(path))[0]
    assert image.size == (64, 48)
    assert annotation["bbox"] == [1.5, 2, 10, 20]


def test_rows_without_an_image_are_left_out_and_said(read, tmp_path, make_image, notes):
    boxes = BoundingBoxes2D.create_empty(64, 48)
    boxes.add_instance([1, 2, 3, 4], label=0)
    rows = {"image": [None, str(make_image(tmp_path / "1.jpg"))], "bbs": [boxes, boxes]}
    table = read("dict", rows, {"bbs": BoundingBoxes2DSchema(["cat"])})
    notes.clear()
    again = read("coco", table.export(tmp_path / "out.json"))
    assert notes[0] == "out.json: 1 rows left out: they have no image."
    assert again.image_urls() == [str(tmp_path / "1.jpg")]
    assert len(again[0]["bbs"].boxes) == 1


def test_images_whose_file_is_gone_are_named_and_said(read_coco, tmp_path, notes):
    table = read_coco()
    (tmp_path / "1.jpg").unlink()
    notes.clear()
    table.export(tmp_path / "out.json")
    assert notes == ["out.json: 1 images whose file is missing named all the same."]


def test_names_with_dots_do_not_lead_out_of_the_folder(read, tmp_path):
    rows = {"image": ["<DATA>/a/../../evil.jpg", "<DATA>/a/../b.jpg"]}
    table = read("dict", rows, aliases={"DATA": str(tmp_path / "data")})
    written = exported(table, tmp_path / "data" / "out.json")
    names = [image["file_name"] for image in written["images"]]
    assert names == [str(tmp_path / "evil.jpg"), "b.jpg"]
