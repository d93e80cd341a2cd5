"""Detection agrees with pycocotools to the last tie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask

from samplewise.metrics.average_precision import class_average_precision
from samplewise.metrics.boxes import pairwise_iou
from samplewise.metrics.detection import detection_matches, detection_metrics

SEEDS = st.integers(0, 2**32 - 1)
AREA_RANGES = st.sampled_from([None, (0.0, 1024.0), (4.0, 16.0), (20.0, 1e10)])


def _settings_of(area_range, most=100):
    return {"areaRng": [area_range or (0, 1e10)], "areaRngLbl": ["all"], "maxDets": [most]}


@given(seed=SEEDS, area_range=AREA_RANGES)
def test_every_match_is_the_one_of_pycocotools(
    draw_scenes, to_batch, coco_detection, coco_matches, seed, area_range
):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    ours = detection_matches(batch, area_range=area_range)
    evaluation = coco_detection(scenes, **_settings_of(area_range))
    predictions, ignored, truths, seen = coco_matches(
        evaluation, len(batch.confidences), len(batch.is_crowd)
    )
    np.testing.assert_array_equal((ours.ground_truth + 1).filled(0)[:, seen], predictions[:, seen])
    np.testing.assert_array_equal(ours.prediction_ignored[:, seen], ignored[:, seen])
    lone = ~batch.is_crowd
    np.testing.assert_array_equal((ours.prediction + 1).filled(0)[:, lone], truths[:, lone])


@given(seed=SEEDS, area_range=AREA_RANGES, most=st.sampled_from([1, 2, 3, 100, None]))
def test_average_precision_of_a_data_set_is_the_one_of_pycocotools(
    draw_scenes, to_batch, coco_detection, seed, area_range, most
):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    matches = detection_matches(batch, area_range=area_range)
    ours = class_average_precision(batch, matches, max_detections=most)
    evaluation = coco_detection(scenes, **_settings_of(area_range, most or 10**6))
    values = evaluation.eval["precision"][:, :, :, 0, 0].mean(axis=1)
    counted = values[0] > -1
    assert ours.labels.tolist() == np.array(evaluation.params.catIds)[counted].tolist()
    np.testing.assert_allclose(ours.values, values[:, counted], rtol=0, atol=1e-12)
    whole = values[:, counted].mean() if counted.any() else None
    assert ours.mean() == (whole if whole is None else pytest.approx(whole, rel=0, abs=1e-12))


@given(seed=SEEDS)
def test_average_precision_of_an_image_is_pycocotools_for_that_image_alone(
    draw_scenes, to_batch, coco_detection, seed
):
    scenes = draw_scenes(seed)
    ours = detection_metrics(to_batch(scenes))
    for image, scene in enumerate(scenes):
        precision = coco_detection([scene]).eval["precision"][:, :, :, 0, -1]
        counted = precision[0, 0] > -1
        if not counted.any():
            assert ours.ap_50[image] is ours.ap_50_95[image] is np.ma.masked
        else:
            theirs = precision[..., counted]
            assert ours.ap_50[image] == pytest.approx(theirs[0].mean(), rel=0, abs=1e-12)
            assert ours.ap_50_95[image] == pytest.approx(theirs.mean(), rel=0, abs=1e-12)


@given(seed=SEEDS)
def test_counts_are_those_of_pycocotools(draw_scenes, to_batch, coco_detection, coco_matches, seed):
    scenes = draw_scenes(seed)
    batch = to_batch(scenes)
    ours = detection_metrics(batch)
    evaluation = coco_detection(scenes, iouThrs=[0.5], **_settings_of(None))
    found, ignored, finder, _ = coco_matches(evaluation, len(ours.iou), len(batch.is_crowd))
    images, truth_images = batch.prediction_images, batch.ground_truth_images
    for values, owner in (
        (ours.true_positives, images[(found[0] > 0) & ~ignored[0]]),
        (ours.false_positives, images[(found[0] == 0) & ~ignored[0]]),
        (ours.false_negatives, truth_images[(finder[0] == 0) & ~batch.is_crowd]),
    ):
        assert values.tolist() == np.bincount(owner, minlength=len(scenes)).tolist()


@given(seed=SEEDS)
def test_overlaps_are_those_of_pycocotools(draw_scenes, seed):
    def xywh(boxes):
        return np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])

    (scene,) = draw_scenes(seed, 1)
    ours = pairwise_iou(scene.predicted_boxes, scene.boxes, scene.is_crowd)
    if ours.size:
        crowd = scene.is_crowd.astype(np.uint8)
        theirs = mask.iou(xywh(scene.predicted_boxes), xywh(scene.boxes), crowd)
        np.testing.assert_array_equal(ours, theirs)
