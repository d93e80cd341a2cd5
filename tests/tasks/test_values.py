"""What tasks compute from plain arrays, counted by hand."""

import numpy as np
import pytest

from samplewise.errors import CollectionError
from samplewise.metrics.classification import classification_metrics
from samplewise.tasks import (
    ClassificationTask,
    DetectionTask,
    PoseTask,
    PredictedBoxes,
    PredictedClassMap,
    PredictedLogits,
    PredictedPoses,
    SegmentationTask,
)


def test_a_found_box_a_missed_one_and_a_crowd_that_counts_for_nothing(boxes):
    task = DetectionTask()
    found = PredictedBoxes([[0, 0, 10, 10]], [0], [0.9])
    columns = task.columns([0, 1], [found, found], task.read_labels(boxes), with_predictions=True)
    assert columns["true_positives"].tolist() == [1, 0]
    assert columns["false_negatives"].tolist() == [1, 0]
    assert columns["false_positives"].tolist() == [0, 0]
    label = columns["bbs_predicted"].field("instances_additional_data").field("label")
    assert label.to_pylist() == [[3], [3]]


def test_a_pose_without_a_box_is_stored_without_one(poses):
    task = PoseTask()
    found = PredictedPoses([[[10, 10], [40, 40], [1, 1]]], [0.9])
    columns = task.columns([0], [found], task.read_labels(poses), with_predictions=True)
    (stored,) = columns["keypoints_2d_predicted"].to_pylist()
    assert stored["instances"][0]["bounding_box"] is None
    assert stored["instances_additional_data"]["label"] == [5]
    assert stored["instances_additional_data"]["joint_confidences"] == [[1.0, 1.0, 1.0]]
    assert columns["mean_oks"].tolist() == [1.0]


def test_poses_that_no_image_can_have_are_neither_counted_nor_stored_but_told(poses):
    task, good = PoseTask(), [[10, 10], [40, 40], [1, 1]]
    joints = np.array([good, [[np.inf, 0], *good[1:]], good, good], float)
    corners = [[0, 0, 50, 50], [0, 0, 50, 50], [9, 9, 1, 1], [0, 0, 50, 50]]
    found = PredictedPoses(joints, [0.9, 0.8, 0.7, np.nan], corners)
    columns = task.columns([0], [found], task.read_labels(poses), with_predictions=True)
    assert columns["n_predictions"].tolist() == [1]
    assert len(columns["keypoints_2d_predicted"][0]["instances"]) == 1
    assert sorted(task.count_left_out([found, found]).values()) == [2, 2, 2]


def test_poses_of_another_skeleton_are_refused(poses):
    task = PoseTask()
    found = PredictedPoses(np.zeros((1, 4, 2)), [0.9])
    with pytest.raises(CollectionError, match="must have the 3 joints of the table, but has 4"):
        task.columns([0], [found], task.read_labels(poses), with_predictions=True)


def test_pixels_without_a_class_do_not_count_and_a_row_without_a_map_has_nulls(class_maps):
    task = SegmentationTask()
    found = PredictedClassMap([[1, 0, 1], [1, 1, 2]])
    columns = task.columns(
        [0, 1], [found, found], task.read_labels(class_maps), with_predictions=True
    )
    assert columns["pixel_accuracy"] == [3 / 5, None]
    assert columns["class_labels"] == [[2, 7, 9], None]
    assert columns["segmentation_predicted"][1].load().tolist() == [[7, 2, 7], [7, 7, 9]]


def test_logits_are_measured_as_the_metrics_room_does(labels):
    task, logits = ClassificationTask(), np.array([[1.0, 3.0], [0.5, 0.25], [2.0, 1.0]])
    columns = task.columns(
        [0, 1, 2],
        [PredictedLogits(row) for row in logits],
        task.read_labels(labels),
        with_predictions=True,
    )
    true = np.ma.MaskedArray([7, 3, 0], [False, False, True])
    expected = classification_metrics(logits, labels=np.array([3, 7]), true_labels=true)
    assert columns["cross_entropy"] == expected.cross_entropy.tolist()
    assert columns["predicted_label"] == [7, 3, 3]
    assert columns["correct"] == [True, True, None]


def test_logits_of_other_classes_are_refused(labels):
    task = ClassificationTask()
    with pytest.raises(CollectionError, match=r"one logit per class \(2\), but gives shape \(3,\)"):
        task.columns(
            [0], [PredictedLogits(np.zeros(3))], task.read_labels(labels), with_predictions=False
        )
