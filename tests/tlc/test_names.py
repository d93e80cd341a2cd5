"""Every name of the contract is one of our things."""

import importlib
import subprocess
import sys

import pytest

import samplewise
from samplewise import Table, tlc
from samplewise.demo.scenes import FLIP_INDICES, JOINTS, SIGMAS, SKELETON
from samplewise.errors import InvalidArgumentError
from samplewise.schemas import Keypoints2DSchema

SUPER_GRADIENTS = [
    ("callbacks.base_callback", "MetricsCollectionCallback"),
    ("callbacks.detection_callback", "DetectionMetricsCollectionCallback"),
    ("callbacks.pose_callback", "PoseEstimationMetricsCollectionCallback"),
    ("callbacks.pipeline_params", "PipelineParams"),
    ("callbacks.embeddings_pipeline", "EmbeddingsPipeline"),
    ("datasets.detection_dataset", "DetectionDataset"),
    ("datasets.pose_dataset", "PoseEstimationDataset"),
]


@pytest.fixture
def table(tmp_path):
    schema = Keypoints2DSchema(
        ["figure"],
        joint_names=JOINTS,
        skeleton=SKELETON,
        flip_indices=FLIP_INDICES,
        oks_sigmas=SIGMAS,
        point_colors=["#ff0000"] * len(JOINTS),
    )
    empty = tlc.data_types.Keypoints2D.create_empty(10, 10)
    return Table.from_dict(
        {"keypoints_2d": [empty], "number": [1]},
        {"keypoints_2d": schema},
        table_name="t",
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )


@pytest.mark.parametrize(("module", "name"), SUPER_GRADIENTS)
def test_every_module_of_the_contract_gives_our_class(module, name):
    ours = importlib.import_module("samplewise.integration.super_gradients")
    theirs = importlib.import_module(f"samplewise.tlc.integration.super_gradients.{module}")
    assert getattr(theirs, name) is getattr(ours, name)
    assert theirs.__all__ == [name]


@pytest.mark.parametrize(
    "name", ["Run", "Table", "TableWriter", "active_run", "close", "init", "log", "set_active_run"]
)
def test_names_of_the_front_door_are_the_same(name):
    assert getattr(tlc, name) is getattr(samplewise, name)


def test_importing_the_names_does_not_import_super_gradients():
    program = "import sys, samplewise.tlc; print('super_gradients' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]


def test_the_keypoint_helper_reads_the_skeleton_of_a_table(table):
    helper = tlc.helpers.KeypointHelper
    assert helper.get_oks_sigmas_from_table(table) == list(SIGMAS)
    assert helper.get_flip_indices_from_table(table, "keypoints_2d") == list(FLIP_INDICES)
    assert helper.get_lines_from_table(table) == list(SKELETON)


def test_the_keypoint_helper_names_and_colours_joints_and_lines(table):
    helper = tlc.helpers.KeypointHelper
    joints = helper.get_keypoint_attributes_from_table(table)
    assert [joint.internal_name for joint in joints] == list(JOINTS)
    assert {joint.display_color for joint in joints} == {"#ff0000"}
    lines = helper.get_line_attributes_from_table(table)
    assert lines[0].internal_name == "head-left_shoulder"
    assert len({line.display_color for line in lines}) == len(SKELETON)


def test_the_keypoint_helper_refuses_other_columns(table):
    with pytest.raises(InvalidArgumentError, match="column `number` of table `t` must hold keypo"):
        tlc.helpers.KeypointHelper.get_lines_from_table(table, "number")


def test_colours_go_there_and_back():
    helper = tlc.helpers.ColorHelper
    assert helper.hex_to_rgb("#ff8001") == (255, 128, 1)
    assert helper.rgb_to_hex((255, 128, 1)) == "#ff8001"


@pytest.mark.parametrize("wrong", ["", "#ff", "red", "#gg0000"])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(InvalidArgumentError, match="must be like '#ff8800'"):
        tlc.helpers.ColorHelper.hex_to_rgb(wrong)


def test_urls_are_texts_that_can_be_joined(table):
    url = tlc.Url("s3://bucket/") / "a" / "b.jpg"
    assert url == "s3://bucket/a/b.jpg"
    assert (url.name, url.parent, url.to_absolute()) == ("b.jpg", "s3://bucket/a", url)
    assert tlc.Table.from_url(tlc.Url(table.url)) == table
    assert type(url.to_str()) is str
