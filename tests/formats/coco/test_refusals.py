"""COCO files that are refused: with the file, the id and the reason."""

import json

import pytest

from samplewise.errors import FormatError, InvalidArgumentError

IMAGE = {"id": 1, "file_name": "1.jpg", "width": 64, "height": 48}


def refused(read_coco, annotations=(), **sections):
    with pytest.raises(FormatError) as caught:
        read_coco(annotations, **sections)
    assert "labels.json" in caught.value.message
    return caught.value.message.split("labels.json` ")[1]


def refused_text(read, path, text):
    path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
    with pytest.raises(FormatError) as caught:
        read("coco", path)
    assert str(path) in caught.value.message
    return caught.value.message.split(f"{path}` ")[1]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"image_id": 99}, "it names image 99, which is not in `images`."),
        ({"image_id": "x"}, "it names image 'x', which is not in `images`."),
        ({"image_id": None}, "it names no image."),
        ({"category_id": 2}, "it names category 2, which is not in `categories`."),
        ({"category_id": None}, "it has a box and names no category."),
        ({"bbox": "1 2 3 4"}, "Expected `array | null`, got `str` - at `$.bbox`."),
        ({"area": "big"}, "Expected `float | null`, got `str` - at `$.area`."),
    ],
)
def test_an_annotation_that_is_wrong_is_named(read_coco, make_box, fields, reason):
    message = refused(read_coco, [make_box(1), make_box(17, **fields)])
    assert message == f"is wrong in annotation 17: {reason}"


def test_a_box_of_five_numbers_is_refused(read_coco, make_box):
    message = refused(read_coco, [make_box(3, bbox=[1, 2, 3, 4, 0.5])])
    assert message.endswith("as `bbox` of annotation 3, but has 5.")


def test_keypoints_must_be_as_many_as_the_category_has_joints(read_coco, make_box):
    person = {"id": 7, "name": "person", "keypoints": ["a", "b"]}
    message = refused(read_coco, [make_box(3, keypoints=[1, 1, 2])], categories=[person])
    assert message == (
        "must have 6 numbers as `keypoints` of annotation 3, three for each joint of its category, "
        "but has 3."
    )


def test_two_images_with_one_id_are_refused(read_coco):
    message = refused(read_coco, images=[IMAGE, {**IMAGE, "file_name": "2.jpg"}])
    assert message == "has two images with id 1: `1.jpg` and `2.jpg`."


def test_two_categories_with_one_id_are_refused(read_coco):
    categories = [{"id": 1, "name": "cat"}, {"id": 1, "name": "dog"}]
    assert refused(read_coco, categories=categories) == (
        "has two categories with id 1: `cat` and `dog`."
    )


def test_an_image_without_an_id_or_a_name_is_refused(read_coco):
    assert (
        refused(read_coco, images=[{"file_name": "1.jpg"}]) == "has an image without `id`: `1.jpg`."
    )
    assert refused(read_coco, images=[{"id": 5}]) == "has no `file_name` for image 5."


def test_an_image_of_another_type_is_refused(read_coco):
    message = refused(read_coco, images=[IMAGE, {**IMAGE, "id": 2, "width": "64"}])
    assert message == "is wrong in image 2: Expected `float | null`, got `str` - at `$.width`."


def test_a_category_without_an_id_is_refused(read_coco):
    message = refused(read_coco, categories=[{"name": "cat"}])
    assert message == "has a category without a usable `id`: 'cat' has None."


def test_missing_images_can_be_refused(read_coco):
    message = refused(
        read_coco,
        images=[{**IMAGE, "file_name": "gone.jpg"}],
        options={"missing_images": "raise"},
    )
    assert message.startswith("has 1 images whose file is missing, of 1; the first is `")


def test_what_to_do_with_missing_images_must_be_known(read_coco):
    with pytest.raises(InvalidArgumentError, match="one of keep, drop, raise"):
        read_coco(options={"missing_images": "ignore"})


def test_a_file_that_is_not_there_is_refused(read, tmp_path):
    with pytest.raises(FormatError, match=r"nowhere\.json` cannot be read: No such file"):
        read("coco", tmp_path / "nowhere.json")


@pytest.mark.parametrize("text", ["", "  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(read, tmp_path, text):
    assert refused_text(read, tmp_path / "a.json", text) == "must be a COCO file, but is empty."


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"images": [],\n "annotations": [,]}', "at line 2, column 18 (byte 32)."),
        ('{"images": [], "annotations": [', "truncated (after 31 bytes)."),
        ("<html></html>", "at line 1, column 1 (byte 0)."),
        ('{"images": [NaN, }', "at line 1, column 13 (byte 12)."),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_the_place(read, tmp_path, text, where):
    message = refused_text(read, tmp_path / "a.json", text)
    assert message.startswith("must be JSON, but ")
    assert message.endswith(where)


@pytest.mark.parametrize("name", ['"file_name"', '"note"'])
def test_a_file_in_another_encoding_is_refused(read, tmp_path, name):
    text = f'{{"images":\n[{{"id": 1, "file_name": "1.jpg", {name}: "Größe"}}]}}'
    message = refused_text(read, tmp_path / "a.json", text.encode("latin-1"))
    assert message == "must be text in UTF-8, but is not, at line 2."


def test_a_list_of_results_is_refused_with_a_hint(read, tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[]")
    with pytest.raises(FormatError, match="a list alone is a file of results"):
        read("coco", path)


def test_a_json_of_something_else_is_refused(read, tmp_path):
    message = refused_text(read, tmp_path / "a.json", '{"version": "5.0", "shapes": []}')
    assert message == "must have `images`, but has version, shapes."


def test_sections_must_be_lists(read, tmp_path):
    path = tmp_path / "a.json"
    assert "must have a list as `images`" in refused_text(read, path, '{"images": {}}')
    text = json.dumps({"images": [], "annotations": 3})
    assert "must have a list as `annotations`" in refused_text(read, path, text)


def test_nothing_is_left_of_a_refused_file(read_coco, make_box, tmp_path):
    # The keypoints are read while the table is written.
    person = {"id": 7, "name": "person", "keypoints": ["a", "b"]}
    images = [{**IMAGE, "id": n} for n in range(5000)]
    boxes = [make_box(n, image_id=n, keypoints=[1] * (6 if n < 4990 else 9)) for n in range(5000)]
    refused(read_coco, boxes, images=images, categories=[person])
    assert list((tmp_path / "store").rglob("table.json")) == []
    assert list((tmp_path / "store").rglob("*.lance")) == []
