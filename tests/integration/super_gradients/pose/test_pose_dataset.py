"""What SuperGradients gets from a Table with keypoints."""

import json

import numpy as np
import pytest
from super_gradients.training.datasets.pose_estimation_datasets import COCOPoseEstimationDataset

from samplewise import Table
from samplewise.data_types import Keypoints2D
from samplewise.demo.scenes import SIGMAS, SKELETON
from samplewise.errors import ColumnNotFoundError, FormatError, InvalidArgumentError
from samplewise.integration.super_gradients import PoseEstimationDataset
from samplewise.schemas import Float, Int, Keypoints2DSchema

JOINTS = ("a", "b", "c")


@pytest.fixture
def make_table(tmp_path, figures):
    image = str(next(figures.train.images.iterdir()))

    def make(values, schema=None, images=None):
        additional = {"iscrowd": Int(), "area": Float()}
        return Table.from_dict(
            {"image": images or [image] * len(values), "keypoints_2d": values},
            {
                "keypoints_2d": schema
                or Keypoints2DSchema(["x"], joint_names=JOINTS, additional=additional)
            },
            table_name="t",
            dataset_name="d",
            project_name="p",
            root_url=str(tmp_path),
            if_exists="overwrite",
        )

    return make


def pose(*instances):
    value = Keypoints2D.create_empty(96, 96)
    for keypoints, properties in instances:
        value.add_instance(keypoints, 0, **properties)
    return value


THREE = np.array([[10, 10, 2], [40, 20, 1], [0, 0, 0]])


def test_samples_are_those_of_super_gradients(figures, coco_tables, tmp_path):
    labels = json.loads(figures.train.labels.read_text())
    for annotation in labels["annotations"]:
        annotation["segmentation"] = []  # asked for, and not looked at without crowds
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    colors = [(0, 0, 0)]
    theirs = COCOPoseEstimationDataset(
        data_dir="",
        images_dir=str(figures.train.images),
        json_file=str(tmp_path / "labels.json"),
        include_empty_samples=True,
        transforms=[],
        edge_links=SKELETON,
        edge_colors=colors * len(SKELETON),
        keypoint_colors=colors * len(SIGMAS),
    )
    ours = PoseEstimationDataset(coco_tables[0], [])
    assert (len(ours), ours.num_joints) == (len(theirs), theirs.num_joints)
    assert ours.edge_links == theirs.edge_links
    for index in range(len(theirs)):
        for name in ("image", "mask", "joints", "areas", "bboxes_xywh", "is_crowd"):
            found = getattr(ours[index], name)
            expected = getattr(theirs[index], name)
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(found, expected, atol=2e-5)


def test_what_predict_does_is_what_super_gradients_dataset_says(make_dataset, tables):
    params = make_dataset(tables[0]).get_dataset_preprocessing_params()
    (steps,) = (each["processings"] for each in params["image_processor"].values())
    assert [next(iter(step)) for step in steps] == [
        "ReverseImageChannels",
        "KeypointsLongestMaxSizeRescale",
        "KeypointsBottomRightPadding",
        "StandardizeImage",
        "ImagePermute",
    ]


def test_a_pose_without_box_and_area_has_those_of_its_labelled_joints(make_table):
    sample = PoseEstimationDataset(make_table([pose((THREE, {}))]), []).load_sample(0)
    assert sample.bboxes_xywh.tolist() == [[10, 10, 30, 10]]
    assert sample.areas.tolist() == [300]


def test_crowd_regions_are_left_out_of_the_mask(make_table):
    crowd = {"iscrowd": 1, "bounding_box": [10, 20, 30, 40]}
    sample = PoseEstimationDataset(make_table([pose((THREE, crowd))]), []).load_sample(0)
    assert sample.is_crowd.tolist() == [True]
    assert np.count_nonzero(sample.mask == 0) == 20 * 20
    assert not sample.mask[20:40, 10:30].any()


def test_a_row_without_poses_is_a_sample(make_table):
    sample = PoseEstimationDataset(make_table([pose(), None]), []).load_sample(1)
    assert sample.joints.shape == (0, 3, 3)
    assert sample.bboxes_xywh.shape == (0, 4)


def test_loading_a_sample_changes_nothing_in_the_dataset(make_table):
    dataset = PoseEstimationDataset(make_table([pose((THREE, {}))]), [])
    dataset.load_sample(0).joints[:] = 7
    assert dataset.load_sample(0).joints[0].tolist() == THREE.tolist()


def test_colours_are_those_of_the_schema_or_chosen(make_table):
    schema = Keypoints2DSchema(
        ["x"], joint_names=JOINTS, skeleton=[(0, 1)], line_colors=["#0080ff"]
    )
    dataset = PoseEstimationDataset(make_table([pose()], schema), [])
    assert dataset.edge_colors == [(0, 128, 255)]
    assert len(set(dataset.keypoint_colors)) == 3


def test_a_skeleton_without_lines_has_no_colours_of_lines(make_table):
    dataset = PoseEstimationDataset(make_table([pose()]), [])
    assert dataset.edge_links == dataset.edge_colors == []


def test_a_table_without_such_a_column_is_refused(make_table):
    table = make_table([pose()])
    with pytest.raises(ColumnNotFoundError, match="no column `joints`"):
        PoseEstimationDataset.check_table(table, keypoints_column="joints")
    with pytest.raises(InvalidArgumentError, match="column `image` of table `t` must hold keypo"):
        PoseEstimationDataset.check_table(table, keypoints_column="image")


def test_a_table_whose_joints_nobody_knows_is_refused(make_table):
    table = make_table([pose()], Keypoints2DSchema(["x"]))
    with pytest.raises(InvalidArgumentError, match="must say which joints there are"):
        PoseEstimationDataset.check_table(table)


def test_poses_of_another_skeleton_are_refused(make_table):
    table = make_table([pose((THREE, {}), (THREE[:2], {}))])
    with pytest.raises(InvalidArgumentError, match="3 joints in each pose, but pose 1 has 2"):
        PoseEstimationDataset.check_table(table)


def test_an_image_that_is_not_there_is_named(make_table):
    dataset = PoseEstimationDataset(make_table([pose()], images=["/nowhere/a.jpg"]), [])
    with pytest.raises(FormatError, match=r"a\.jpg` cannot be read"):
        dataset.load_sample(0)
