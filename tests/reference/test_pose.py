"""Pose estimation agrees with pycocotools' keypoint evaluation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.cocoeval import Params

from samplewise.metrics.average_precision import class_average_precision
from samplewise.metrics.keypoints import COCO_SIGMAS, pairwise_oks
from samplewise.metrics.pose import pose_matches, pose_metrics

SEEDS = st.integers(0, 2**32 - 1)
AREA_RANGES = st.sampled_from([None, (0.0, 1024.0), (1024.0, 1e10)])


def _sigmas(people):
    return np.linspace(0.03, 0.3, people[0].joints.shape[1])


def test_our_sigmas_are_those_of_pycocotools():
    np.testing.assert_array_equal(COCO_SIGMAS, Params("keypoints").kpt_oks_sigmas)


@given(seed=SEEDS)
def test_similarities_are_those_of_pycocotools(draw_people, coco_pose, seed):
    (one,) = people = draw_people(seed, 1)
    sigmas = _sigmas(people)
    order = np.argsort(-one.confidences, kind="stable")
    evaluation = coco_pose(people, sigmas)
    ours = pairwise_oks(
        one.predicted_joints, one.joints, one.visibility, one.boxes, one.areas, sigmas
    )
    for (_, label), theirs in evaluation.ious.items():
        if len(theirs):
            rows = order[one.predicted_labels[order] == label]
            np.testing.assert_array_equal(ours[rows][:, one.labels == label], theirs)


@given(seed=SEEDS, area_range=AREA_RANGES)
def test_every_match_is_the_one_of_pycocotools(
    draw_people, to_pose_batch, coco_pose, coco_matches, seed, area_range
):
    people = draw_people(seed)
    batch = to_pose_batch(people)
    ours = pose_matches(batch, sigmas=_sigmas(people), area_range=area_range)
    evaluation = coco_pose(
        people, _sigmas(people), areaRng=[area_range or (0, 1e10)], areaRngLbl=["all"]
    )
    found, ignored, finder, seen = coco_matches(
        evaluation, len(batch.confidences), len(batch.is_crowd)
    )
    np.testing.assert_array_equal((ours.ground_truth + 1).filled(0)[:, seen], found[:, seen])
    np.testing.assert_array_equal(ours.prediction_ignored[:, seen], ignored[:, seen])
    lone = ~batch.is_crowd
    np.testing.assert_array_equal((ours.prediction + 1).filled(0)[:, lone], finder[:, lone])


@given(seed=SEEDS, most=st.sampled_from([1, 2, 20]))
def test_average_precision_is_the_one_of_pycocotools(
    draw_people, to_pose_batch, coco_pose, seed, most
):
    people = draw_people(seed)
    batch, sigmas = to_pose_batch(people), _sigmas(people)
    ours = class_average_precision(batch, pose_matches(batch, sigmas=sigmas), max_detections=most)
    evaluation = coco_pose(people, sigmas, maxDets=[most])
    values = evaluation.eval["precision"][:, :, :, 0, 0].mean(axis=1)
    np.testing.assert_allclose(ours.values, values[:, values[0] > -1], rtol=0, atol=1e-12)


@given(seed=SEEDS)
def test_average_precision_of_an_image_is_pycocotools_for_that_image_alone(
    draw_people, to_pose_batch, coco_pose, seed
):
    people = draw_people(seed)
    ours = pose_metrics(to_pose_batch(people), sigmas=_sigmas(people))
    for image, one in enumerate(people):
        precision = coco_pose([one], _sigmas(people)).eval["precision"][:, :, :, 0, -1]
        counted = precision[0, 0] > -1
        if not counted.any():
            assert ours.ap_50[image] is ours.ap_50_95[image] is np.ma.masked
        else:
            theirs = precision[..., counted]
            assert ours.ap_50[image] == pytest.approx(theirs[0].mean(), rel=0, abs=1e-12)
            assert ours.ap_50_95[image] == pytest.approx(theirs.mean(), rel=0, abs=1e-12)
