"""COCO files that are in order: every part of them is in the Table."""

import json

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from samplewise.errors import InvalidArgumentError
from samplewise.schema import Int, String

JOINTS = ["nose", "left_eye", "right_eye"]
PERSON = {"id": 3, "name": "person", "keypoints": JOINTS, "skeleton": [[1, 2], [3, 1]]}


def stored(table, column, row=0):
    value = table.table_rows[row][column]
    return value["instances"], value["instances_additional_data"]


def test_a_row_is_an_image(read_coco, tmp_path):
    row = read_coco().table_rows[0]
    assert row["image"] == str(tmp_path / "1.jpg")
    assert (row["image_id"], row["width"], row["height"], row["weight"]) == (1, 64, 48, 1.0)


def test_boxes_are_corners_with_their_properties(read_coco, make_box):
    instances, properties = stored(read_coco([make_box(5)]), "bbs")
    assert instances == [{"x_min": 1.5, "y_min": 2.0, "x_max": 11.5, "y_max": 22.0}]
    assert properties == {"label": [7], "annotation_id": [5], "iscrowd": [0], "area": [150.25]}


def test_classes_keep_their_ids_with_gaps(read_coco):
    path = "bbs.instances_additional_data.label"
    assert read_coco().get_simple_value_map(path) == {1: "cat", 7: "dog"}


def test_boxes_know_the_extent_of_their_image(read_coco, make_box):
    boxes = read_coco([make_box()])[0]["bbs"]
    assert (boxes.image_width, boxes.image_height) == (64, 48)


def test_annotations_of_an_image_keep_the_order_of_the_file(read_coco, make_box):
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 9, "height": 9} for n in (4, 2)]
    boxes = [make_box(n, image_id=2 if n % 2 else 4) for n in range(6)]
    table = read_coco(boxes, images=images)
    assert table.to_arrow()["image_id"].to_pylist() == [4, 2]
    assert stored(table, "bbs", 0)[1]["annotation_id"] == [0, 2, 4]
    assert stored(table, "bbs", 1)[1]["annotation_id"] == [1, 3, 5]


def test_images_without_annotations_are_rows(read_coco):
    assert len(read_coco()[0]["bbs"]) == 0


def test_a_file_without_images_is_an_empty_table(read_coco):
    assert len(read_coco(images=[])) == 0


def test_a_file_without_annotations_is_one_of_images(read, coco_file):
    path = coco_file()
    document = json.loads(path.read_text())
    del document["annotations"], document["categories"]
    path.write_text(json.dumps(document))
    assert len(read("coco", path)) == 1


def test_polygons_stay_as_they_are(read_coco, make_box):
    ring = [1, 2, 3.25, 4, 5, 6.125]
    instances, properties = stored(read_coco([make_box(segmentation=[ring])]), "segmentations")
    assert instances == [{"polygons": [ring], "rle": None}]
    assert properties["annotation_id"] == [1]


@pytest.mark.parametrize("is_text", [False, True])
def test_run_lengths_are_kept_as_text(read_coco, make_box, is_text):
    from pycocotools import mask as coco_mask

    runs = {"size": [48, 64], "counts": [0, 4, 2, 48 * 64 - 6]}
    text = coco_mask.frPyObjects(runs, 48, 64)["counts"].decode()
    given = text if is_text else runs["counts"]
    box = make_box(iscrowd=1, segmentation={"size": [48, 64], "counts": given})
    instances, _ = stored(read_coco([box]), "segmentations")
    assert instances == [{"polygons": None, "rle": {"height": 48, "width": 64, "counts": text}}]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools
def test_masks_open_as_pixels(read_coco, make_box):
    box = make_box(segmentation={"size": [48, 64], "counts": [0, 48, 48 * 63]})
    mask = read_coco([box])[0]["segmentations"].mask(0)
    assert mask.shape == (48, 64)
    assert mask.sum() == 48


def test_masks_are_of_those_annotations_that_have_one(read_coco, make_box):
    ring = [1, 2, 3, 4, 5, 6]
    table = read_coco([make_box(1), make_box(2, segmentation=[ring]), make_box(3, segmentation=[])])
    assert len(table[0]["bbs"]) == 3
    assert stored(table, "segmentations")[1]["annotation_id"] == [2]


def test_keypoints_carry_their_skeleton_from_0_on(read_coco, make_box):
    joints = [1, 2, 2, 3.5, 4, 1, 0, 0, 0]
    box = make_box(category_id=3, keypoints=joints, num_keypoints=2)
    table = read_coco([box], categories=[PERSON])
    schema = table.schema["keypoints_2d"]
    assert schema.joint_names == tuple(JOINTS)
    assert schema.skeleton == ((0, 1), (2, 0))
    assert schema.flip_indices == (0, 2, 1)
    assert table[0]["keypoints_2d"].keypoints[0].reshape(-1).tolist() == joints
    assert stored(table, "keypoints_2d")[1]["num_keypoints"] == [2]


def test_keypoints_are_of_those_annotations_that_have_any(read_coco, make_box):
    boxes = [make_box(1), make_box(2, category_id=3, keypoints=[1, 1, 2] * 3)]
    table = read_coco(boxes, categories=[{"id": 7, "name": "dog"}, PERSON])
    assert stored(table, "keypoints_2d")[1]["annotation_id"] == [2]


def test_a_task_has_its_column_even_if_it_is_empty(read_coco):
    assert "segmentations" in read_coco(options={"task": "segment"}).columns
    assert "keypoints_2d" in read_coco(options={"task": "pose"}).columns
    assert "segmentations" not in read_coco().columns


def test_scores_and_other_fields_are_there_only_if_the_file_has_them(read_coco, make_box):
    plain = read_coco([make_box()]).schema["bbs"].properties
    rich = read_coco([make_box(1, score=0.5, occluded=True), make_box(2)])
    assert not {"score", "attributes"} & plain.keys()
    properties = stored(rich, "bbs")[1]
    assert properties["score"] == [0.5, None]
    assert properties["attributes"] == ['{"occluded":true}', None]


def test_other_fields_of_images_are_kept_as_they_stand(read_coco):
    image = (
        '{"id": 1, "file_name": "1.jpg", "width": 64, "height": 48, "gps": [1.50,  2], "x": "é"}'
    )
    table = read_coco(images=[json.loads(image)])
    assert json.loads(table.table_rows[0]["image_info"]) == {"gps": [1.5, 2], "x": "é"}
    assert "image_info" not in read_coco().columns


def test_texts_in_any_script_are_kept(read, tmp_path, make_image):
    name = "Größe 文字 🍎.jpg"
    make_image(tmp_path / name)
    document = {"images": [{"id": 1, "file_name": name, "地点": "東京" * 9}]}
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    row = read("coco", path).table_rows[0]
    assert row["image"] == str(tmp_path / name)
    assert json.loads(row["image_info"]) == {"地点": "東京" * 9}


def test_captions_are_kept(read_coco):
    caption = {"id": 9, "image_id": 1, "caption": "a cat, perhaps"}
    table = read_coco([caption])
    assert [json.loads(text) for text in table.table_rows[0]["other_annotations"]] == [caption]
    assert len(table[0]["bbs"]) == 0


def test_the_rest_of_the_file_is_in_the_source(read_coco):
    sections = {"info": {"year": 2024}, "licenses": [{"id": 3}], "type": "instances"}
    source = read_coco(**sections).source
    assert source["info"] == {"year": 2024}
    assert source["licenses"] == [{"id": 3}]
    assert source["other"] == {"type": "instances"}
    assert source["categories"][1]["supercategory"] == "animal"


def test_ids_that_are_texts_stay_texts(read_coco, make_box):
    image = {"id": "img-1", "file_name": "1.jpg", "width": 64, "height": 48}
    table = read_coco([make_box("a", image_id="img-1")], images=[image])
    assert isinstance(table.schema["image_id"], String)
    assert table.table_rows[0]["image_id"] == "img-1"
    assert stored(table, "bbs")[1]["annotation_id"] == ["a"]
    assert isinstance(read_coco().schema["image_id"], Int)


def test_images_of_the_same_name_in_two_folders_stay_apart(read_coco, tmp_path, make_image):
    images = [{"id": n, "file_name": f"{n}/1.jpg", "width": 9, "height": 9} for n in (1, 2)]
    for image in images:
        make_image(tmp_path / image["file_name"])
    table = read_coco(images=images)
    assert table.image_urls() == [str(tmp_path / "1" / "1.jpg"), str(tmp_path / "2" / "1.jpg")]


def test_an_image_folder_can_be_given(read, coco_file, tmp_path, make_image):
    there = make_image(tmp_path / "pictures" / "1.jpg")
    assert read("coco", coco_file(), tmp_path / "pictures").image_urls() == [str(there)]


def test_names_may_be_absolute_or_urls(read_coco, tmp_path, make_image):
    here = str(make_image(tmp_path / "elsewhere" / "2.png"))
    names = [here, "s3://bucket/3.jpg"]
    images = [{"id": i, "file_name": n, "width": 9, "height": 9} for i, n in enumerate(names)]
    assert read_coco(images=images).image_urls() == names


def test_more_annotations_than_fit_a_batch_keep_their_place(read_coco, make_box, monkeypatch):
    monkeypatch.setattr("samplewise.formats.coco._reading._CHUNK", 7)
    monkeypatch.setattr("samplewise.formats.coco._reading._ROWS", 3)
    images = [{"id": n, "file_name": "1.jpg", "width": 9, "height": 9} for n in range(10)]
    rng = np.random.default_rng(0)
    owners = rng.integers(0, 10, 50).tolist()
    ring = [1, 1, 2, 1, 2, 2]
    boxes = [
        make_box(n, image_id=owner, segmentation=[[*ring, n, n]] if n % 3 else [])
        for n, owner in enumerate(owners)
    ]
    table = read_coco(boxes, images=images)
    for row in range(10):
        mine = [n for n, owner in enumerate(owners) if owner == row]
        assert stored(table, "bbs", row)[1]["annotation_id"] == mine
        masks, properties = stored(table, "segmentations", row)
        assert properties["annotation_id"] == [n for n in mine if n % 3]
        assert [mask["polygons"][0][-1] for mask in masks] == [n for n in mine if n % 3]


def test_an_unknown_task_is_refused(read_coco):
    with pytest.raises(InvalidArgumentError, match="one of detect, segment, pose"):
        read_coco(options={"task": "box"})


def test_real_boxes_and_polygons_are_all_there(read, shared_data):
    folder = shared_data / "coco128"
    document = json.loads((folder / "annotations.json").read_text())
    table = read("coco", folder / "annotations.json", folder / "images", task="segment")
    boxes = table.to_arrow()["bbs"].combine_chunks()
    found = {
        number: [b["x_min"], b["y_min"]]
        for row in boxes.to_pylist()
        for number, b in zip(
            row["instances_additional_data"]["annotation_id"], row["instances"], strict=True
        )
    }
    assert found == {a["id"]: a["bbox"][:2] for a in document["annotations"]}
    assert table.source["repaired"] == table.source["kept"] == {}


def test_real_keypoints_agree_with_pycocotools(read, shared_data):
    from pycocotools.coco import COCO

    folder = shared_data / "coco128"
    reference = COCO(str(folder / "keypoints_annotations.json"))
    table = read("coco", folder / "keypoints_annotations.json", folder / "images", task="pose")
    assert len(table.schema["keypoints_2d"].oks_sigmas) == 17
    for row in table.table_rows:
        anns = reference.loadAnns(reference.getAnnIds(row["image_id"]))
        points = [
            [n for p in i["keypoints"] for n in (p["x"], p["y"], p["visibility"])]
            for i in row["keypoints_2d"]["instances"]
        ]
        assert points == [ann["keypoints"] for ann in anns]
        areas = row["keypoints_2d"]["instances_additional_data"]["area"]
        assert areas == [ann["area"] for ann in anns]


def test_turned_images_have_the_size_they_are_shown_in(read_coco, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (30, 20)).save(tmp_path / "turned.jpg", exif=exif)
    row = read_coco(images=[{"id": 1, "file_name": "turned.jpg"}]).table_rows[0]
    assert (row["width"], row["height"]) == (20, 30)


def test_batches_are_of_the_promised_types(coco_file, make_box):
    from samplewise.formats import coco

    ring = [1, 2, 3, 4, 5, 6]
    batches, schema, _ = coco.read(coco_file([make_box(segmentation=[ring])]), task="pose")
    for batch in batches:
        assert list(batch) == list(schema)
        assert {n: a.type for n, a in batch.items()} == {n: k.arrow_type for n, k in schema.items()}
        assert all(isinstance(array, pa.Array) for array in batch.values())
