"""Drawn datasets for pose, segmentation and classification."""

import json

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from samplewise.demo.scenes import (
    FLIP_INDICES,
    IGNORED,
    JOINTS,
    SIGMAS,
    SKELETON,
    draw_classification_dataset,
    draw_pose_dataset,
    draw_segmentation_dataset,
)

SIZE = 64
NUMBERS = {"train": 24, "val": 12, "size": SIZE}
KINDS = [draw_pose_dataset, draw_segmentation_dataset, draw_classification_dataset]


def planted(dataset) -> list[dict]:
    return json.loads(dataset.planted_errors.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pose(tmp_path_factory):
    return draw_pose_dataset(tmp_path_factory.mktemp("pose"), **NUMBERS, error_rate=0.3)


@pytest.fixture(scope="module")
def segmentation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("segmentation")
    return draw_segmentation_dataset(folder, **NUMBERS, error_rate=0.3)


@pytest.fixture(scope="module")
def classification(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classification")
    return draw_classification_dataset(folder, **NUMBERS, error_rate=0.3)


@pytest.mark.parametrize("draw", KINDS)
def test_the_same_seed_draws_the_same_bytes(draw, tmp_path):
    first, second = (draw(tmp_path / name, train=4, val=2, size=SIZE) for name in "ab")
    files = sorted(path.relative_to(first.folder) for path in first.folder.rglob("*.*"))
    assert len(files) > 6
    for file in files:
        assert (first.folder / file).read_bytes() == (second.folder / file).read_bytes()


def test_a_figure_is_the_mirror_image_of_its_flip():
    assert [FLIP_INDICES[index] for index in FLIP_INDICES] == list(range(len(JOINTS)))
    assert {tuple(sorted((FLIP_INDICES[a], FLIP_INDICES[b]))) for a, b in SKELETON} == {
        tuple(sorted(line)) for line in SKELETON
    }
    assert [SIGMAS[index] for index in FLIP_INDICES] == list(SIGMAS)


def test_pycocotools_reads_the_joints(pose):
    coco = COCO(pose.val.labels)
    (category,) = coco.loadCats(coco.getCatIds())
    assert category["keypoints"] == list(JOINTS)
    assert {index for line in category["skeleton"] for index in line} <= set(range(1, 14))
    assert len(coco.getImgIds()) == 12


def test_joints_lie_in_the_image_and_count_as_coco_counts_them(pose):
    flags = set()
    for annotation in json.loads(pose.train.labels.read_text())["annotations"]:
        joints = np.array(annotation["keypoints"]).reshape(len(JOINTS), 3)
        assert annotation["num_keypoints"] == np.count_nonzero(joints[:, 2])
        assert ((joints[:, :2] >= 0) & (joints[:, :2] < SIZE)).all()
        assert (joints[joints[:, 2] == 0] == 0).all()
        flags |= set(joints[:, 2].tolist())
    assert flags == {0, 1, 2}


def test_visible_joints_lie_in_the_box_of_their_figure(tmp_path):
    drawn = draw_pose_dataset(tmp_path, **NUMBERS, error_rate=0)
    for annotation in json.loads(drawn.train.labels.read_text())["annotations"]:
        joints = np.array(annotation["keypoints"]).reshape(-1, 3)
        seen = joints[joints[:, 2] == 2, :2]
        corner, sides = np.array(annotation["bbox"][:2]), np.array(annotation["bbox"][2:])
        assert (seen >= corner - 1).all()
        assert (seen <= corner + sides + 1).all()


def test_planted_pose_errors_stand_in_the_file_as_recorded(pose):
    errors = planted(pose)
    assert {error["kind"] for error in errors} == {
        "swapped_sides",
        "shifted_joint",
        "missing_figure",
    }
    for error in errors:
        labels = json.loads(getattr(pose, error["split"]).labels.read_text())
        stored = {a["id"]: a["keypoints"] for a in labels["annotations"]}
        assert stored.get(error["annotation_id"]) == error["planted"] != error["true"]


def test_every_image_has_a_class_map_of_its_size(segmentation):
    for split in segmentation.splits:
        stems = sorted(path.stem for path in split.images.iterdir())
        assert stems == sorted(path.stem for path in split.labels.iterdir())
        for path in split.labels.iterdir():
            with Image.open(path) as labels:
                assert labels.size == (SIZE, SIZE)
                assert labels.mode == "P"
                assert set(np.unique(labels)) <= {*segmentation.classes, IGNORED}


def test_two_classes_never_touch_without_an_ignored_pixel_between(segmentation):
    for path in segmentation.train.labels.iterdir():
        labels = np.asarray(Image.open(path)).astype(int)
        for first, second in ((labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1])):
            assert not ((first != second) & (first != IGNORED) & (second != IGNORED)).any()


def test_planted_segmentation_errors_change_their_class_map(segmentation, tmp_path):
    clean = draw_segmentation_dataset(tmp_path, **NUMBERS, error_rate=0)
    recorded = {(error["split"], error["file_name"][:6]) for error in planted(segmentation)}
    changed = set()
    for name in ("train", "val"):
        for path in getattr(clean, name).labels.iterdir():
            other = getattr(segmentation, name).labels / path.name
            if path.read_bytes() != other.read_bytes():
                changed.add((name, path.stem))
    assert recorded == changed != set()


def test_pictures_lie_in_the_folder_of_their_class_unless_planted(classification):
    names = list(classification.classes.values())
    assert names == sorted(names)
    wrong = {(e["split"], e["file_name"]): e["true"] for e in planted(classification)}
    assert wrong
    for split in classification.splits:
        assert sorted(path.name for path in split.images.iterdir()) == names
        for path in split.images.glob("*/*"):
            file_name = path.relative_to(split.images).as_posix()
            true = wrong.pop((split.name, file_name), path.parent.name)
            assert true == names[int(path.stem) % len(names)]
    assert wrong == {}
