"""Categories whose poses have different numbers of joints."""

import json

import pytest

from samplewise.data_types import Keypoints2D

NAMES = ("nose", "eye", "ear")


@pytest.fixture
def export_poses(read, tmp_path, make_image):
    """Exports poses of one image, each a label and a number of joints, and reads the file."""

    def export(*poses):
        value = Keypoints2D.create_empty(64, 48)
        for label, count in poses:
            value.add_instance([1.0, 2.0, 2] * count, label=label)
        lines = ((0, 1), (1, 2))
        schema = Keypoints2D.schema(["cat", "dog"], joint_names=NAMES, skeleton=lines)
        image = str(make_image(tmp_path / "1.jpg"))
        table = read("dict", {"image": [image], "poses": [value]}, {"poses": schema})
        path = table.export(tmp_path / "out.json")
        again = read("coco", path, task="pose")[0]["keypoints_2d"]
        return json.loads(path.read_text())["categories"], [len(k) for k in again.keypoints]

    return export


def test_each_category_names_the_joints_of_its_poses(export_poses):
    (cat, dog), counts = export_poses((0, 2), (1, 4))
    assert counts == [2, 4]
    assert (cat["keypoints"], cat["skeleton"]) == (["nose", "eye"], [[1, 2]])
    assert (dog["keypoints"], dog["skeleton"]) == ([*NAMES, "joint_3"], [[1, 2], [2, 3]])


def test_poses_of_one_category_get_as_many_joints(export_poses, notes):
    (cat, _), counts = export_poses((0, 1), (0, 3))
    assert counts == [3, 3]
    assert cat["keypoints"] == list(NAMES)
    assert "out.json: 1 instances whose missing joints are written as not labelled." in notes


def test_categories_without_poses_have_the_joints_of_the_column(export_poses):
    (_, dog), _ = export_poses((0, 3))
    assert dog["keypoints"] == list(NAMES)
