"""Detection agrees with pycocotools to the last tie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplewise.metrics.average_precision import class_average_precision
from samplewise.metrics.boxes import pairwise_iou
from samplewise.metrics.detection import detection_matches, detection_metrics
from samplewise.metrics.matching import COCO_THRESHOLDS, match_image

SEEDS = st.integers(0, 2**32 - 1)
AREA_RANGES = [None, (0, 1024), (4, 16), (20, 1e10)]


def _of_coco(evaluation, batch, thresholds):
    """Matches by flat row out of pycocotools' dictionaries; 0 is no match, rows count from 1."""
    s, p, t = len(thresholds), len(batch.confidences), len(batch.ground_truth_labels)
    predictions, ignored = np.zeros((s, p), int), np.zeros((s, p), bool)
    truths = np.zeros((s, t), int)
    seen = np.zeros(p, bool)
    for image in filter(None, evaluation.evalImgs):
        rows = np.array(image["dtIds"], int) - 1
        seen[rows] = True
        predictions[:, rows] = image["dtMatches"]
        ignored[:, rows] = image["dtIgnore"]
        truths[:, np.array(image["gtIds"], int) - 1] = image["gtMatches"]
    return predictions, ignored, truths, seen


@settings(deadline=None, max_examples=150)
@given(seed=SEEDS, area_range=st.sampled_from(AREA_RANGES))
def test_every_match_is_the_one_of_pycocotools(
    draw_scenes, to_batch, coco_detection, seed, area_range
):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    ours = detection_matches(batch, area_range=area_range)
    evaluation = coco_detection(scenes, areaRng=[area_range or (0, 1e10)], areaRngLbl=["all"])
    predictions, ignored, truths, seen = _of_coco(evaluation, batch, COCO_THRESHOLDS)
    np.testing.assert_array_equal((ours.ground_truth + 1).filled(0)[:, seen], predictions[:, seen])
    np.testing.assert_array_equal(ours.prediction_ignored[:, seen], ignored[:, seen])
    lone = ~batch.is_crowd
    np.testing.assert_array_equal((ours.prediction + 1).filled(0)[:, lone], truths[:, lone])


@settings(deadline=None, max_examples=150)
@given(
    seed=SEEDS, area_range=st.sampled_from(AREA_RANGES), most=st.sampled_from([1, 2, 3, 100, None])
)
def test_average_precision_of_a_data_set_is_the_one_of_pycocotools(
    draw_scenes, to_batch, coco_detection, seed, area_range, most
):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    ours = class_average_precision(
        batch, detection_matches(batch, area_range=area_range), max_detections=most
    )
    evaluation = coco_detection(
        scenes, areaRng=[area_range or (0, 1e10)], areaRngLbl=["all"], maxDets=[most or 10**6]
    )
    values = evaluation.eval["precision"][:, :, :, 0, 0].mean(axis=1)
    counted = values[0] > -1
    assert ours.labels.tolist() == np.array(evaluation.params.catIds)[counted].tolist()
    np.testing.assert_allclose(ours.values, values[:, counted], rtol=0, atol=1e-12)
    whole = ours.mean()
    assert (whole is None) == (not counted.any())
    if whole is not None:
        assert whole == pytest.approx(values[:, counted].mean(), rel=0, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_average_precision_of_an_image_is_pycocotools_for_that_image_alone(
    draw_scenes, to_batch, coco_detection, seed
):
    scenes = draw_scenes(seed)
    ours = detection_metrics(to_batch(scenes))
    for image, scene in enumerate(scenes):
        precision = coco_detection([scene]).eval["precision"][:, :, :, 0, -1]
        for value, theirs in ((ours.ap_50, precision[0]), (ours.ap_50_95, precision)):
            theirs = theirs[theirs > -1]
            assert (value[image] is np.ma.masked) == (theirs.size == 0)
            if theirs.size:
                assert value[image] == pytest.approx(theirs.mean(), rel=0, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_counts_are_those_of_pycocotools(draw_scenes, to_batch, coco_detection, seed):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    ours = detection_metrics(batch)
    evaluation = coco_detection(scenes, iouThrs=[0.5], areaRng=[(0, 1e10)], areaRngLbl=["all"])
    matched, ignored, truths, seen = _of_coco(evaluation, batch, [0.5])
    right = (matched[0] > 0) & ~ignored[0]
    wrong = (matched[0] == 0) & ~ignored[0]
    missed = (truths[0] == 0) & ~batch.is_crowd
    n = len(scenes)
    assert (
        ours.true_positives.tolist()
        == np.bincount(batch.prediction_images[right], minlength=n).tolist()
    )
    assert (
        ours.false_positives.tolist()
        == np.bincount(batch.prediction_images[wrong], minlength=n).tolist()
    )
    assert (
        ours.false_negatives.tolist()
        == np.bincount(batch.ground_truth_images[missed], minlength=n).tolist()
    )


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_overlaps_are_those_of_pycocotools(draw_scenes, seed):
    from pycocotools import mask

    scene = draw_scenes(seed, 1)[0]
    if not len(scene.boxes) or not len(scene.predicted_boxes):
        return

    def xywh(boxes):
        return np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])

    theirs = mask.iou(
        xywh(scene.predicted_boxes), xywh(scene.boxes), scene.is_crowd.astype(np.uint8)
    )
    ours = pairwise_iou(scene.predicted_boxes, scene.boxes, scene.is_crowd)
    np.testing.assert_array_equal(ours, theirs)
