import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.keypoints import COCO_SIGMAS, joint_similarity, pairwise_oks
from samplewise.metrics.pose import JOINT_KINDS, PREDICTION_KINDS, PoseBatch, pose_metrics

SIGMAS = [0.1, 0.1, 0.1]
BODY = np.array([[0, 0], [100, 0], [0, 100.0]])
ALL = [2, 2, 2]


def _batch(predictions, truths, visibility, **columns):
    return PoseBatch.from_images(
        predicted_joints=[predictions],
        confidences=[np.linspace(1, 0, len(predictions))],
        ground_truth_joints=[truths],
        visibility=[visibility],
        **columns,
    )


def _joints(metrics):
    return [[JOINT_KINDS[code] for code in row] for row in metrics.joint_kind]


def test_a_perfect_pose_is_found_with_all_its_joints():
    metrics = pose_metrics(_batch([BODY], [BODY], [ALL]), sigmas=SIGMAS)
    assert metrics.oks.tolist() == metrics.ground_truth_oks.tolist() == [1]
    assert metrics.ap_50_95.tolist() == metrics.mean_oks.tolist() == [1]
    assert _joints(metrics) == [["found"] * 3]
    assert metrics.mean_joint_error.tolist() == [0]


def test_each_joint_has_its_own_error():
    off = BODY + np.array([[3, 4], [0, 0], [60, 80]])
    metrics = pose_metrics(_batch([off], [BODY], [[2, 1, 2]]), sigmas=SIGMAS)
    assert metrics.joint_error.tolist() == [[5, 0, 100]]
    assert metrics.joint_error_normalised.tolist() == [[0.05, 0, 1]]
    assert _joints(metrics) == [["found", "found", "missed"]]
    assert metrics.labelled_joints.tolist() == [3]
    assert metrics.missed_joints.tolist() == [1]
    assert metrics.invisible_joints.tolist() == [1]
    assert metrics.mean_joint_error.tolist() == [35]


def test_joints_that_nobody_labelled_have_no_error():
    metrics = pose_metrics(_batch([BODY], [BODY], [[2, 0, 1]]), sigmas=SIGMAS)
    assert _joints(metrics) == [["found", "unlabelled", "found"]]
    assert metrics.joint_error.tolist() == [[0, None, 0]]
    assert metrics.labelled_joints.tolist() == [2]


def test_all_joints_of_a_pose_that_nobody_found_are_missed():
    metrics = pose_metrics(_batch([BODY + 1000], [BODY], [ALL]), sigmas=SIGMAS)
    assert _joints(metrics) == [["missed"] * 3]
    assert metrics.joint_error.tolist() == [[None] * 3]
    assert metrics.missed_joints.tolist() == [3]
    assert metrics.mean_joint_error.tolist() == metrics.mean_oks.tolist() == [None]
    assert metrics.recall.tolist() == [0]


def test_a_joint_that_was_not_predicted_is_missed():
    blind = BODY.copy()
    blind[0] = np.nan
    metrics = pose_metrics(_batch([blind], [BODY], [ALL]), sigmas=SIGMAS)
    assert metrics.oks.tolist() == pytest.approx([2 / 3])
    assert _joints(metrics) == [["missed", "found", "found"]]
    assert metrics.joint_error.tolist() == [[None, 0, 0]]


def test_a_joint_of_low_confidence_counts_as_not_predicted():
    batch = _batch([BODY], [BODY], [ALL], joint_confidences=[[[0.1, 0.5, 0.9]]])
    metrics = pose_metrics(batch, sigmas=SIGMAS, joint_confidence_threshold=0.5)
    assert _joints(metrics) == [["missed", "found", "found"]]
    assert metrics.oks.tolist() == [1]  # as in COCO


def test_crowds_and_poses_without_labels_are_never_missed():
    metrics = pose_metrics(
        _batch([], [BODY, BODY], [ALL, [0, 0, 0]], is_crowd=[[True, False]]), sigmas=SIGMAS
    )
    assert metrics.ignored_ground_truths.tolist() == [2]
    assert metrics.false_negatives.tolist() == metrics.labelled_joints.tolist() == [0]
    assert metrics.ap_50.tolist() == [None]
    assert _joints(metrics) == [["ignored"] * 3, ["unlabelled"] * 3]


def test_a_pose_near_an_object_without_labelled_joints_is_ignored():
    metrics = pose_metrics(
        _batch([BODY], [BODY], [[0, 0, 0]], ground_truth_boxes=[[[0, 0, 100, 100]]]), sigmas=SIGMAS
    )
    assert metrics.ignored_predictions.tolist() == [1]
    assert metrics.precision.tolist() == [None]


def test_a_second_pose_at_the_same_place_is_a_duplicate():
    metrics = pose_metrics(_batch([BODY, BODY + 1], [BODY], [ALL]), sigmas=SIGMAS)
    kinds = [PREDICTION_KINDS[code] for code in metrics.prediction_kind]
    assert kinds == ["true_positive", "duplicate"]


def test_boxes_are_the_extent_of_the_labelled_joints_if_not_given():
    batch = _batch([], [BODY, BODY], [[2, 2, 0], [0, 0, 0]])
    assert batch.ground_truth_boxes.tolist() == [[0, 0, 100, 0], [0, 0, 0, 0]]


@given(seed=st.integers(0, 2**32 - 1))
def test_similarity_falls_with_distance_and_stays_a_fraction(seed):
    rng = np.random.default_rng(seed)
    truth, step = rng.uniform(0, 50, (1, 17, 2)), rng.normal(0, 1, (1, 17, 2))
    args = (np.full((1, 17), 2), np.array([[0, 0, 50, 50.0]]), np.array([2500.0]))
    values = [pairwise_oks(truth + step * s, truth, *args)[0, 0] for s in (0, 1, 2, 1e300)]
    assert values[0] == 1
    assert values == sorted(values, reverse=True)
    assert values[-1] == 0


def test_a_joint_is_missed_from_2_35_standard_deviations_on():
    distance = np.sqrt(8 * np.log(2)) * COCO_SIGMAS * 10
    joints = np.stack([distance, np.zeros(17)], axis=1)[None]
    similarity = joint_similarity(joints, np.zeros((1, 17, 2)), np.array([100.0]))
    np.testing.assert_allclose(similarity, 0.5)


def test_poses_of_other_skeletons_need_their_sigmas():
    with pytest.raises(InvalidArgumentError, match=r"`sigmas` must have one value a joint"):
        pose_metrics(_batch([BODY], [BODY], [ALL]))


def test_images_of_different_skeletons_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"`predicted_joints` must have shape \(1, 17"):
        PoseBatch.from_images(
            predicted_joints=[np.zeros((1, 17, 2)), [BODY]],
            confidences=[[1], [1]],
            ground_truth_joints=[[], []],
            visibility=[[], []],
        )
