"""Every metric takes empty input, ignores the order of images and returns one value per sample."""

from collections.abc import Callable
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.metrics.classification import classification_metrics
from samplewise.metrics.detection import DetectionBatch, detection_metrics
from samplewise.metrics.pose import PoseBatch, pose_metrics
from samplewise.metrics.segmentation import segmentation_metrics

SEEDS = st.integers(0, 2**32 - 1)


class Family(NamedTuple):
    """A kind of metric: how to draw one image, how to score some, which columns are per image."""

    draw: Callable[[np.random.Generator], dict[str, np.ndarray]]
    score: Callable[[dict[str, list[np.ndarray]]], object]
    others: frozenset[str]  # one value per object, not per image

    def columns(self, images: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        names = self.draw(np.random.default_rng(0))
        metrics = self.score({name: [image[name] for image in images] for name in names})
        return {
            field.name: getattr(metrics, field.name)
            for field in fields(metrics)
            if field.name not in self.others
        }


def _draw_boxes(rng, count):
    corner = rng.uniform(-5, 20, (count, 2))
    return np.hstack([corner, corner + rng.uniform(0, 15, (count, 2))])


def _draw_detections(rng):
    p, t = rng.integers(0, 9), rng.integers(0, 6)
    return {
        "predicted_boxes": _draw_boxes(rng, p),
        "predicted_labels": rng.choice([-4, 0, 77], p),
        "confidences": rng.random(p),
        "ground_truth_boxes": _draw_boxes(rng, t),
        "ground_truth_labels": rng.choice([-4, 0, 77], t),
        "is_crowd": rng.random(t) < 0.2,
    }


def _draw_poses(rng):
    p, t = rng.integers(0, 6), rng.integers(0, 5)
    return {
        "predicted_joints": rng.uniform(0, 9, (p, 17, 2)),
        "confidences": rng.random(p),
        "joint_confidences": rng.random((p, 17)),
        "ground_truth_joints": rng.uniform(0, 9, (t, 17, 2)),
        "visibility": rng.integers(0, 3, (t, 17)),
        "is_crowd": rng.random(t) < 0.2,
    }


def _draw_maps(rng):
    shape = rng.integers(1, 12, 2)
    return {
        "predictions": rng.choice([-4, 0, 77], shape),
        "ground_truths": rng.choice([-4, 0, 77, 255], shape),
    }


def _draw_logits(rng):
    return {"logits": rng.normal(0, 3, 7), "true_labels": rng.integers(0, 8) * 3}


def _score_logits(columns):
    return classification_metrics(
        np.array(columns["logits"]).reshape(-1, 7),
        labels=np.arange(7) * 3,
        true_labels=np.array(columns["true_labels"], np.int64),
    )


_OBJECTS = {
    "matched_ground_truth",
    "related_ground_truth",
    "prediction_kind",
    "matched_prediction",
    "near_prediction",
    "ground_truth_kind",
    "matches",
}
FAMILIES = {
    "detection": Family(
        _draw_detections,
        lambda columns: detection_metrics(DetectionBatch.from_images(**columns)),
        frozenset({*_OBJECTS, "iou"}),
    ),
    "pose": Family(
        _draw_poses,
        lambda columns: pose_metrics(
            PoseBatch.from_images(**columns), joint_confidence_threshold=0.2
        ),
        frozenset(
            {
                *_OBJECTS,
                "oks",
                "ground_truth_oks",
                "joint_kind",
                "joint_error",
                "joint_error_normalised",
            }
        ),
    ),
    "segmentation": Family(
        _draw_maps,
        lambda columns: segmentation_metrics(**columns, labels=[-4, 0, 77], ignore_label=255),
        frozenset({"labels"}),
    ),
    "classification": Family(_draw_logits, _score_logits, frozenset()),
}

each_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def _draw_images(family, seed):
    rng = np.random.default_rng(seed)
    return [family.draw(rng) for _ in range(rng.integers(1, 7))]


def _assert_equal(ours, theirs):
    np.testing.assert_array_equal(np.ma.getmaskarray(ours), np.ma.getmaskarray(theirs))
    np.testing.assert_allclose(np.ma.getdata(ours), np.ma.getdata(theirs), rtol=1e-12, atol=0)


@each_family
def test_empty_input_gives_empty_columns(family):
    for name, values in family.columns([]).items():
        assert len(values) == 0, name


@each_family
@given(seed=SEEDS)
def test_every_image_gets_one_value(family, seed):
    images = _draw_images(family, seed)
    for name, values in family.columns(images).items():
        assert len(values) == len(images), name


@each_family
@given(seed=SEEDS)
def test_the_order_of_images_does_not_matter(family, seed):
    images = _draw_images(family, seed)
    order = np.random.default_rng(seed).permutation(len(images))
    shuffled = family.columns([images[i] for i in order])
    for name, values in family.columns(images).items():
        _assert_equal(shuffled[name], values[order])


@each_family
@given(seed=SEEDS)
def test_an_image_gets_alone_what_it_gets_among_others(family, seed):
    images = _draw_images(family, seed)
    alone = family.columns(images[:1])
    for name, values in family.columns(images).items():
        _assert_equal(alone[name], values[:1])


@each_family
@given(seed=SEEDS)
def test_no_value_is_nan_and_fractions_lie_between_0_and_1(family, seed):
    for name, values in family.columns(_draw_images(family, seed)).items():
        assert not np.isnan(np.ma.getdata(values).astype(float)).any(), name
        if np.ma.isMaskedArray(values) and name not in UNBOUNDED:
            assert (values.compressed() >= 0).all(), name
            assert (values.compressed() <= 1).all(), name


UNBOUNDED = {
    "predicted_label",
    "top_labels",
    "entropy",
    "cross_entropy",
    "mean_joint_error",
    "mean_joint_error_normalised",
}


@each_family
@given(seed=SEEDS)
def test_what_is_masked_holds_0(family, seed):
    for name, values in family.columns(_draw_images(family, seed)).items():
        hidden = np.ma.getdata(values)[np.ma.getmaskarray(values)]
        assert not hidden.any(), name
