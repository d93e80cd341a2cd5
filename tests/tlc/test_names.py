"""Every name of the contract is one of our things."""

import importlib
import subprocess
import sys
from pathlib import Path

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
    "name", ["Run", "Table", "TableWriter", "active_run", "close", "init", "set_active_run"]
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


def test_colours_have_the_names_of_the_contract():
    helper = tlc.helpers.ColorHelper
    assert helper.hex_to_rgb_tuple("#ff8001") == (255, 128, 1)
    assert helper.rgb_tuple_to_hex((255, 128, 1)) == "#ff8001"


@pytest.mark.parametrize("module", ["data_types", "schemas"])
def test_modules_of_the_contract_are_ours_name_by_name(module):
    ours = importlib.import_module(f"samplewise.{module}")
    theirs = importlib.import_module(f"samplewise.tlc.{module}")
    assert theirs.__all__ == ours.__all__
    assert all(getattr(theirs, name) is getattr(ours, name) for name in ours.__all__)


def test_the_integration_gives_the_classes_of_the_page():
    theirs = importlib.import_module("samplewise.tlc.integration.super_gradients")
    assert sorted(theirs.__all__) == sorted(name for _, name in SUPER_GRADIENTS)


@pytest.mark.parametrize(
    ("name", "hint"), [("join_tables", "use Table.sql"), ("Tabel", "did you mean `Table`")]
)
def test_a_name_that_is_not_given_says_what_to_use(name, hint):
    with pytest.raises(AttributeError, match=f"has no `{name}`.\nHint: {hint}"):
        getattr(tlc, name)


def test_an_object_is_asked_for_where_it_lies(tmp_path):
    here = tlc.Url(tmp_path) / "ä.txt"
    assert (here.exists(), here.create_unique()) == (False, here)
    Path(here).write_bytes(b"x")
    assert (here.exists(), here.read_bytes()) == (True, b"x")
    assert here.create_unique() == here.create_sibling("ä_0000.txt")
    assert here.to_relative(tmp_path) == "ä.txt"
    assert tlc.Url("s3://b/x/y").to_relative("s3://b/x") == "y"
    assert tlc.Url("s3://b/x").to_relative("s3://c") == "s3://b/x"


@pytest.mark.parametrize("url", ["/elsewhere/clean", "clean"])
def test_a_url_outside_of_the_dataset_names_no_revision(table, url):
    with pytest.raises(InvalidArgumentError, match="`table_url` must be a name in"):
        table.delete_rows([0], table_url=url)


@pytest.mark.parametrize("wrong", [1.5, "three"])
def test_an_epoch_is_a_whole_number(wrong):
    with pytest.raises(InvalidArgumentError, match="`epoch` must be a 0-based number"):
        tlc.log({"epoch": wrong, "loss": 1.0})


def test_an_epoch_is_named_once():
    with pytest.raises(InvalidArgumentError, match="`epoch` must be named once"):
        tlc.log({"epoch": 1, "loss": 1.0}, epoch=2)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"num_keypoints": 0}, "`num_keypoints` must be a positive integer, but is 0"),
        ({"num_keypoints": 2, "oks_sigmas": [0.1]}, "`oks_sigmas` must have one entry for each"),
        ({"num_keypoints": 2, "lines": [0, 2]}, "`lines` must join joints 0 to 1, but has 2"),
        ({"lines": [0, 1, 2]}, "`lines` must have two joint indices for each line"),
        ({"triangles": [0, 1, 2]}, "`triangles` must be left out"),
        ({"point_attributes": [3]}, "`point_attributes` must have names or `MapElement`s"),
    ],
)
def test_a_skeleton_that_does_not_fit_together_is_refused(told, error):
    with pytest.raises(InvalidArgumentError, match=error):
        tlc.data_types.Keypoints2D.schema(["figure"], **told)


def test_what_a_pose_cannot_store_is_refused():
    poses = tlc.data_types.Keypoints2D.create_empty(10, 10)
    with pytest.raises(InvalidArgumentError, match="`keypoint_confidences` must be left out"):
        poses.add_instance([[1, 2]], keypoint_confidences=[0.5])
