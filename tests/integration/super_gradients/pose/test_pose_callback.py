"""What is stored where model and Table differ, and where there is nothing to store."""

import numpy as np
import pytest
from super_gradients.training.utils.predict import (
    ImagePoseEstimationPrediction,
    PoseEstimationPrediction,
)

from samplewise import Table
from samplewise.data_types import Keypoints2D
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients import PoseEstimationMetricsCollectionCallback
from samplewise.schemas import Keypoints2DSchema

JOINTS = np.array([[10, 10, 2], [40, 40, 1], [0, 0, 0]])
MOVED = JOINTS + np.array([3, 4, 0])


@pytest.fixture
def callback():
    return PoseEstimationMetricsCollectionCallback("p")


@pytest.fixture
def make_table(tmp_path):
    def make(labels, classes=("person", "dog"), **skeleton):
        value = Keypoints2D.create_empty(96, 96)
        for label in labels:
            value.add_instance(JOINTS, label)
        skeleton = {"joint_names": ["a", "b", "c"], "oks_sigmas": [0.1] * 3, **skeleton}
        return Table.from_dict(
            {"image": ["a.jpg"], "keypoints_2d": [value]},
            {"keypoints_2d": Keypoints2DSchema(classes, **skeleton)},
            table_name="t",
            dataset_name="d",
            project_name="p",
            root_url=str(tmp_path),
        )

    return make


def collected(callback, table, poses, boxes=True):
    """Columns as the engine stores them, for one image."""
    poses = np.asarray(poses, np.float32)
    skeleton = np.zeros((0, 3), int)
    prediction = PoseEstimationPrediction(
        poses,
        np.linspace(0.9, 0.5, len(poses)),
        np.zeros((len(poses), 4)) if boxes else None,
        skeleton,
        skeleton,
        skeleton,
        image_shape=(96, 96),
    )
    one = ImagePoseEstimationPrediction(image=None, prediction=prediction, class_names=None)
    columns = callback.compute_metrics(table.image_urls(), one, table)
    kinds = callback.metrics_column_schemas(table)
    assert columns.keys() == kinds.keys()
    row = {}
    for name, values in columns.items():
        listed = values.tolist() if isinstance(values, np.ma.MaskedArray) else values
        row[name] = kinds[name].to_arrow(listed, name=name).to_pylist()[0]
    return row


def labels_of(row):
    return row["keypoints_2d_predicted"]["instances_additional_data"]["label"]


def test_a_table_with_one_class_gives_its_id_to_predictions(callback, make_table):
    assert labels_of(collected(callback, make_table([1, 1]), [JOINTS])) == [1]


def test_with_several_classes_predictions_match_and_have_no_label(callback, make_table):
    row = collected(callback, make_table([0, 1]), [JOINTS, JOINTS])
    assert labels_of(row) == [None, None]
    assert row["true_positives"] == 2


def test_an_image_without_poses_and_predictions_has_nulls(callback, make_table):
    row = collected(callback, make_table([], classes=["x"]), np.zeros((0, 3, 3)))
    assert row["n_predictions"] == row["missed_joints"] == 0
    assert row["precision"] is row["ap_50"] is row["mean_oks"] is row["mean_joint_error"] is None
    assert row["keypoints_2d_predicted"]["instances"] == row["joint_error"] == []


def test_without_predictions_all_labelled_joints_are_missed(callback, make_table):
    row = collected(callback, make_table([0]), np.zeros((0, 3, 3)))
    assert (row["labelled_joints"], row["invisible_joints"], row["missed_joints"]) == (2, 1, 2)
    assert row["joint_error"] == [[None] * 3]
    assert row["ground_truth_oks"] == row["ground_truth_match"] == [None]


def test_predictions_without_boxes_are_stored_without(callback, make_table):
    row = collected(callback, make_table([0]), [JOINTS], boxes=False)
    (found,) = row["keypoints_2d_predicted"]["instances"]
    assert found["bounding_box"] is None
    assert [joint["visibility"] for joint in found["keypoints"]] == [2, 2, 2]


def test_errors_of_joints_are_distances(callback, make_table):
    row = collected(callback, make_table([0]), [MOVED])
    assert row["joint_error"] == [[5.0, 5.0, None]]
    assert row["mean_joint_error"] == 5.0
    assert row["mean_joint_error_normalised"] == pytest.approx(5 / 30)  # its box is 30 x 30


def test_a_model_with_other_joints_is_refused(callback, make_table):
    with pytest.raises(CollectionError, match="must have the 3 joints of the table, but has 4"):
        collected(callback, make_table([0]), np.zeros((1, 4, 3)))


def test_a_skeleton_without_sigmas_is_measured_as_super_gradients_does(
    callback, make_table, capsys
):
    row = collected(callback, make_table([0], oks_sigmas=()), [MOVED])
    assert row["mean_oks"] == pytest.approx(np.exp(-25 / (2 * 0.2**2 * 900)))
    assert "have no OKS sigmas; all are taken as 0.1" in capsys.readouterr().err


def test_sigmas_of_another_skeleton_are_refused(callback, make_table):
    table = make_table([0], joint_names=(), oks_sigmas=[0.1] * 2, flip_indices=[0, 1, 2])
    with pytest.raises(InvalidArgumentError, match="one OKS sigma a joint, but have 2 for 3"):
        callback.metrics_column_schemas(table)


def test_predictions_may_stay_unstored(make_table):
    callback = PoseEstimationMetricsCollectionCallback("p", collect_predictions=False)
    assert "keypoints_2d_predicted" not in collected(callback, make_table([0]), [JOINTS])


def test_a_column_that_holds_no_keypoints_is_refused(make_table):
    callback = PoseEstimationMetricsCollectionCallback("p", label_column_name="image")
    with pytest.raises(InvalidArgumentError, match="must hold keypoints"):
        callback.metrics_column_schemas(make_table([0]))
