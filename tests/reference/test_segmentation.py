"""Segmentation agrees with scikit-learn, torchmetrics and the authors of Boundary IoU."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, jaccard_score

from samplewise.metrics.boundaries import boundary, boundary_iou
from samplewise.metrics.segmentation import segmentation_metrics

SEEDS = st.integers(0, 2**32 - 1)
LABELS = [-3, 0, 7, 19, 10**6]
IGNORED = 255


def _draw_map(rng, shape, labels):
    coarse = rng.choice(labels, (3, 4))
    rows, columns = (np.sort(rng.integers(0, n, m)) for n, m in zip((3, 4), shape, strict=True))
    return coarse[np.ix_(rows, columns)]


def _draw_pair(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 40, 2))
    truth = _draw_map(rng, shape, [*LABELS[:-1], IGNORED])
    prediction = np.where(rng.random(shape) < 0.3, rng.choice(LABELS), truth)
    return np.where(prediction == IGNORED, rng.choice(LABELS), prediction), truth


@given(seed=SEEDS)
def test_overlaps_and_accuracy_are_those_of_sklearn(seed):
    prediction, truth = _draw_pair(seed)
    ours = segmentation_metrics([prediction], [truth], labels=LABELS, ignore_label=IGNORED)
    valid = truth != IGNORED
    if not valid.any():
        assert ours.pixel_accuracy[0] is ours.mean_iou[0] is np.ma.masked
        return
    t, p = truth[valid], prediction[valid]
    present = np.isin(LABELS, [t, p] if len(t) == 1 else np.union1d(t, p))
    assert (~np.ma.getmaskarray(ours.iou[0]) == present).all()
    for values, score in ((ours.iou, jaccard_score), (ours.dice, f1_score)):
        theirs = score(t, p, labels=np.array(LABELS)[present], average=None)
        np.testing.assert_allclose(values[0].compressed(), theirs, rtol=1e-12)
    assert ours.mean_iou[0] == pytest.approx(ours.iou[0].compressed().mean(), rel=1e-12)
    assert ours.pixel_accuracy[0] == pytest.approx(accuracy_score(t, p), rel=1e-12)


@given(seed=SEEDS, ignored=st.sampled_from([None, 0, 2]))
def test_overlaps_are_those_of_torchmetrics(seed, ignored):
    from torchmetrics.functional import jaccard_index  # takes 15 seconds

    rng = np.random.default_rng(seed)
    p, t = (_draw_map(rng, (20, 30), np.arange(4)) for _ in range(2))
    ours = segmentation_metrics([p], [t], labels=range(4), ignore_label=ignored)
    theirs = jaccard_index(
        torch.tensor(p), torch.tensor(t), 4, ignore_index=ignored, absent_score=0, reduction="none"
    )
    np.testing.assert_allclose(ours.iou[0].filled(0), theirs.numpy(), atol=1e-6)


@given(seed=SEEDS, ratio=st.sampled_from([0.02, 0.1, 0.5]))
def test_a_boundary_is_what_erosion_takes_away(seed, ratio):
    rng = np.random.default_rng(seed)
    mask = _draw_map(rng, tuple(rng.integers(1, 60, 2)), [False, True])
    width = max(1, round(ratio * np.hypot(*mask.shape)))
    padded = np.pad(mask.astype(np.uint8), 1)  # the image's border is contour
    eroded = cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=width)[1:-1, 1:-1]
    np.testing.assert_array_equal(boundary(mask, ratio=ratio), mask & ~eroded.astype(bool))


@given(seed=SEEDS)
def test_boundary_overlap_of_every_class_is_that_of_its_masks(seed):
    prediction, truth = _draw_pair(seed)
    ours = segmentation_metrics(
        [prediction], [truth], labels=LABELS, ignore_label=IGNORED, boundary_ratio=0.05
    )
    for column, label in enumerate(ours.labels):
        p, t = (prediction == label) & (truth != IGNORED), truth == label
        theirs = boundary_iou(p, t, ratio=0.05)
        value = ours.boundary_iou[0, column]
        assert (value is np.ma.masked) == (theirs is None)
        assert theirs is None or value == pytest.approx(theirs, rel=1e-12)
