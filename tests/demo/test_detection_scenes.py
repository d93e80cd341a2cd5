"""Scenes with boxes: right where nothing was planted, wrong exactly where written down."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from samplewise.demo.scenes import (
    CATEGORIES,
    PLANTED_KINDS,
    DrawnDataset,
    draw_detection_dataset,
)
from samplewise.errors import AlreadyExistsError, InvalidArgumentError

SIZE = 64


def draw(folder: Path, **options) -> DrawnDataset:
    return draw_detection_dataset(folder, **{"train": 40, "val": 16, "size": SIZE, **options})


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> DrawnDataset:
    return draw(tmp_path_factory.mktemp("drawn"), error_rate=0.2)


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> DrawnDataset:
    return draw(tmp_path_factory.mktemp("clean"), error_rate=0)


def labels(dataset: DrawnDataset, split: str) -> dict:
    return json.loads(getattr(dataset, split).labels.read_text(encoding="utf-8"))


def planted(dataset: DrawnDataset) -> list[dict]:
    return json.loads(dataset.planted_errors.read_text(encoding="utf-8"))


def iou(first: list[float], second: list[float]) -> float:
    a, b = np.array(first), np.array(second)
    sides = np.minimum(a[:2] + a[2:], b[:2] + b[2:]) - np.maximum(a[:2], b[:2])
    shared = sides.clip(0).prod()
    return float(shared / (a[2:].prod() + b[2:].prod() - shared))


def test_every_listed_image_exists_and_has_the_listed_size(drawn):
    for split in drawn.splits:
        for image in labels(drawn, split.name)["images"]:
            with Image.open(split.images / image["file_name"]) as picture:
                assert picture.size == (image["width"], image["height"]) == (SIZE, SIZE)


def test_the_files_are_jpeg_and_png(drawn):
    assert {path.suffix for path in drawn.train.images.iterdir()} == {".jpg", ".png"}


def test_pycocotools_reads_every_annotation(drawn):
    coco = COCO(drawn.train.labels)
    assert len(coco.getImgIds()) == 40
    assert coco.getCatIds() == sorted(CATEGORIES)
    assert len(coco.loadAnns(coco.getAnnIds())) == len(labels(drawn, "train")["annotations"])


def test_category_ids_have_gaps_and_do_not_start_at_zero():
    assert sorted(CATEGORIES) != list(range(len(CATEGORIES)))
    assert sorted(CATEGORIES) != list(range(1, len(CATEGORIES) + 1))
    assert min(CATEGORIES) > 0


def test_boxes_lie_inside_their_image_and_have_an_area(drawn):
    for split in drawn.splits:
        for annotation in labels(drawn, split.name)["annotations"]:
            x, y, width, height = annotation["bbox"]
            assert min(x, y) >= 0
            assert min(width, height) > 0
            assert max(x + width, y + height) <= SIZE + 0.02
            assert 0 < annotation["area"] <= width * height + 0.02


def test_the_same_seed_draws_the_same_bytes(drawn, tmp_path):
    again = draw(tmp_path, error_rate=0.2)
    files = sorted(path.relative_to(again.folder) for path in again.folder.rglob("*.*"))
    assert len(files) > 56
    for file in files:
        assert (drawn.folder / file).read_bytes() == (again.folder / file).read_bytes()


def test_another_seed_draws_other_scenes(drawn, tmp_path):
    other = draw(tmp_path, train=1, val=0, seed=1)
    name = "000001.jpg"
    assert (other.train.images / name).read_bytes() != (drawn.train.images / name).read_bytes()


def test_a_scene_does_not_depend_on_how_many_are_drawn(drawn, tmp_path):
    few = draw(tmp_path, train=2, val=2)
    for split in ("train", "val"):
        for path in getattr(few, split).images.iterdir():
            assert path.read_bytes() == (getattr(drawn, split).images / path.name).read_bytes()


def test_planted_errors_change_no_picture(drawn, clean):
    for path in clean.train.images.iterdir():
        assert path.read_bytes() == (drawn.train.images / path.name).read_bytes()


def test_without_errors_nothing_is_recorded(clean):
    assert planted(clean) == []


def test_the_record_explains_every_difference_to_the_right_labels(drawn, clean):
    for split in ("train", "val"):
        right = {a["id"]: a for a in labels(clean, split)["annotations"]}
        wrong = {a["id"]: a for a in labels(drawn, split)["annotations"]}
        changed = {i for i in right.keys() | wrong.keys() if right.get(i) != wrong.get(i)}
        recorded = {e["annotation_id"]: e for e in planted(drawn) if e["split"] == split}
        assert changed == recorded.keys()
        for number, error in recorded.items():
            for side, found in (("true", right), ("planted", wrong)):
                assert (error[side] is None) == (number not in found)
                if error[side] is not None:
                    assert error[side]["bbox"] == found[number]["bbox"]
                    assert error[side]["category_id"] == found[number]["category_id"]
                    assert error[side]["category"] == CATEGORIES[error[side]["category_id"]]


def test_the_record_names_the_image_of_each_error(drawn):
    for error in planted(drawn):
        images = {i["id"]: i["file_name"] for i in labels(drawn, error["split"])["images"]}
        assert images[error["image_id"]] == error["file_name"]


def test_all_kinds_are_planted_in_equal_numbers(drawn):
    kinds = [error["kind"] for error in planted(drawn)]
    counts = [kinds.count(kind) for kind in PLANTED_KINDS]
    assert set(kinds) == set(PLANTED_KINDS)
    assert max(counts) - min(counts) <= 1


def test_as_many_errors_are_planted_as_asked_for(drawn, clean):
    boxes = [len(labels(clean, split)["annotations"]) for split in ("train", "val")]
    assert len(planted(drawn)) == sum(round(0.2 * count) for count in boxes)


def test_no_image_has_two_errors(tmp_path):
    places = [(e["split"], e["image_id"]) for e in planted(draw(tmp_path, error_rate=1.0))]
    assert len(places) == len(set(places)) > 40


def test_each_kind_of_error_is_what_it_says(drawn):
    for error in planted(drawn):
        true, wrong = error["true"], error["planted"]
        if error["kind"] == "wrong_class":
            assert true["bbox"] == wrong["bbox"]
            assert true["category_id"] != wrong["category_id"]
        elif error["kind"] == "shifted_box":
            assert true["category_id"] == wrong["category_id"]
            assert iou(true["bbox"], wrong["bbox"]) < 0.5
        elif error["kind"] == "missing_box":
            assert wrong is None
        else:
            assert true is None


def test_a_spurious_box_lies_where_little_is(drawn, clean):
    for error in planted(drawn):
        if error["kind"] == "spurious_box":
            there = [
                iou(annotation["bbox"], error["planted"]["bbox"])
                for annotation in labels(clean, error["split"])["annotations"]
                if annotation["image_id"] == error["image_id"]
            ]
            assert max(there) < 0.3


def test_progress_counts_all_images(tmp_path):
    calls = []
    draw(tmp_path, train=3, val=2, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 5) for done in range(1, 6)]


def test_a_drawn_folder_is_drawn_anew_without_leftovers(tmp_path):
    draw(tmp_path, train=3, val=2)
    again = draw(tmp_path, train=1, val=1)
    assert [path.name for path in again.train.images.iterdir()] == ["000001.jpg"]


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(AlreadyExistsError, match="holds something else"):
        draw(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "option",
    [{"train": -1}, {"val": -1}, {"size": 31}, {"seed": -1}, {"error_rate": 1.1}],
    ids=str,
)
def test_a_number_out_of_range_is_refused_by_its_name(option, tmp_path):
    with pytest.raises(InvalidArgumentError, match=f"`{next(iter(option))}` must be"):
        draw(tmp_path, **option)


def test_no_images_make_an_empty_dataset(tmp_path):
    nothing = draw(tmp_path, train=0, val=0)
    assert labels(nothing, "train")["images"] == []
    assert planted(nothing) == []
