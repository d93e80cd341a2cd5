"""Ranking label errors: properties that hold for any predictions and labels."""

from dataclasses import replace

import numpy as np
import pytest

from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.label_evidence import keep_best, overlapping_predictions
from samplewise.metrics.label_issues import KINDS, LabelSuspects, find_label_issues
from samplewise.metrics.planted_errors import plant_errors

N_IMAGES, N_LABELS, N_CLASSES = 120, 4, 3


def draw(seed: int = 0) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Boxes that do not overlap, and their classes."""
    rng = np.random.default_rng(seed)
    boxes, classes = [], []
    for _ in range(N_IMAGES):
        corner = np.array([[0, 0], [100, 0], [0, 100], [100, 100]]) + rng.uniform(0, 30, (4, 2))
        boxes.append(np.concatenate([corner, corner + rng.uniform(25, 60, (4, 2))], axis=1))
        classes.append(rng.integers(0, N_CLASSES, 4))
    return boxes, classes


def batch_of(boxes, classes, predicted, predicted_classes, confidences) -> DetectionBatch:
    return DetectionBatch.from_images(
        predicted_boxes=predicted,
        predicted_labels=predicted_classes,
        confidences=confidences,
        ground_truth_boxes=boxes,
        ground_truth_labels=classes,
    )


def seen_by_a_good_model(boxes, classes, seed: int = 1) -> tuple[list, list, list]:
    """Predictions of every object, a little beside it, and a few that are about nothing."""
    rng = np.random.default_rng(seed)
    predicted, labels, confidences = [], [], []
    for here, of_class in zip(boxes, classes, strict=True):
        corner = rng.uniform(0, 170, (2, 2))
        nothing = np.concatenate([corner, corner + 20], axis=1)
        predicted.append(np.concatenate([here + rng.normal(0, 1.5, here.shape), nothing]))
        labels.append([*of_class, *rng.integers(0, N_CLASSES, 2)])
        confidences.append([*rng.uniform(0.5, 0.95, len(here)), *rng.uniform(0.05, 0.3, 2)])
    return predicted, labels, confidences


def ranks(found: LabelSuspects, n_labels: int) -> np.ndarray:
    """Rank of each label among all suspects, 0 the likeliest."""
    order = np.argsort(np.argsort(-found.score, kind="stable"))
    out = np.full(n_labels, -1)
    out[found.label[found.label >= 0]] = order[found.label >= 0]
    return out


def test_a_perfect_model_finds_no_issue_in_perfect_labels():
    boxes, classes = draw()
    ones = [np.ones(len(each)) for each in boxes]
    found = find_label_issues([batch_of(boxes, classes, boxes, classes, ones)])
    assert found.score.max() < 0.05
    assert found.image_score.max() < 0.15
    assert (found.label >= 0).all(), "nothing is missing"


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_error_is_first_says_its_kind_and_how_to_mend_it(kind: str):
    boxes, classes = draw()
    seen = seen_by_a_good_model(boxes, classes)
    before = find_label_issues([batch_of(boxes, classes, *seen)])
    true_box, true_class = boxes[7][2].copy(), int(classes[7][2])
    if kind == "wrong_class":
        classes[7][2] = (true_class + 1) % N_CLASSES
    elif kind == "badly_placed":
        boxes[7][2] += (true_box[2] - true_box[0]) * np.array([0.4, 0, 0.4, 0])
    elif kind == "missing":
        boxes[7], classes[7] = np.delete(boxes[7], 2, axis=0), np.delete(classes[7], 2)
    else:
        boxes[7] = np.concatenate([boxes[7], [[205.0, 5, 240, 60]]])
        classes[7] = np.append(classes[7], 0)
    batch = batch_of(boxes, classes, *seen)
    found = find_label_issues([batch])
    first = int(found.score.argmax())
    assert (KINDS[found.kind[first]], found.image[first]) == (kind, 7)
    assert found.image_score.argmax() == 7
    assert found.score[first] > 2 * before.score.max() or found.score[first] > 0.5
    if kind != "spurious":
        prediction = found.prediction[first]
        assert batch.predicted_labels[prediction] == true_class
        np.testing.assert_allclose(batch.predicted_boxes[prediction], true_box, atol=8)
    if kind != "missing":
        assert found.label[first] == batch.ground_truth_offsets[7] + (
            4 if kind == "spurious" else 2
        )


@pytest.mark.parametrize("seed", range(3))
def test_planting_an_error_never_lowers_the_rank_of_its_label(seed: int):
    boxes, classes = draw(seed)
    seen = seen_by_a_good_model(boxes, classes, seed)
    before = ranks(find_label_issues([batch_of(boxes, classes, *seen)]), 4 * N_IMAGES)
    for image in (3, 50, 99):
        changed = [each.copy() for each in classes]
        changed[image][1] = (changed[image][1] + 1) % N_CLASSES
        after = ranks(find_label_issues([batch_of(boxes, changed, *seen)]), 4 * N_IMAGES)
        assert after[4 * image + 1] <= before[4 * image + 1]


def test_the_order_of_images_changes_nothing():
    boxes, classes = draw()
    seen = seen_by_a_good_model(boxes, classes)
    classes[5][0] = (classes[5][0] + 1) % N_CLASSES
    lists = [boxes, classes, *seen]
    order = np.random.default_rng(4).permutation(N_IMAGES)
    here = find_label_issues([batch_of(*lists)])
    there = find_label_issues([batch_of(*([each[i] for i in order] for each in lists))])
    first, again = here.image[here.score.argmax()], order[there.image[there.score.argmax()]]
    assert first == again == 5
    np.testing.assert_allclose(there.image_score, here.image_score[order], rtol=1e-6)


def test_crowds_are_not_judged_and_nothing_is_missing_in_them():
    boxes, classes = draw()
    batch = batch_of(boxes, classes, *seen_by_a_good_model(boxes, classes))
    crowd = replace(batch, is_crowd=np.ones(len(batch.ground_truth_boxes), bool))
    found = find_label_issues([crowd])
    assert (found.label == -1).all()


@pytest.mark.parametrize("predictions", [0, 1])
def test_empty_images_have_no_issues_and_break_nothing(predictions: int):
    nothing = [np.zeros((0, 4))] * 3
    boxes = [np.array([[1.0, 1, 9, 9]] * predictions).reshape(-1, 4)] * 3
    found = find_label_issues(
        [batch_of(nothing, [[]] * 3, boxes, [[0] * predictions] * 3, [[0.9] * predictions] * 3)]
    )
    assert len(found.image_score) == 3
    assert len(found.score) == 3 * predictions
    assert np.isfinite(found.score).all()


def test_of_overlapping_candidates_greedy_suppression_keeps_the_same():
    torchvision = pytest.importorskip("torchvision")
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 60, (200, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(5, 40, (200, 2))], axis=1)
    scores = rng.random(200)
    batch = batch_of([np.zeros((0, 4))], [[]], [boxes], [[0] * 200], [scores])
    expected = torchvision.ops.nms(torch.tensor(boxes), torch.tensor(scores), 0.45)
    assert np.flatnonzero(keep_best(scores, overlapping_predictions(batch))).tolist() == sorted(
        expected.tolist()
    )


def test_planted_errors_are_what_they_are_called():
    boxes, classes = draw()
    batch = batch_of(boxes, classes, *seen_by_a_good_model(boxes, classes))
    planted = plant_errors(batch, np.random.default_rng(0))
    counts = {kind: int((planted.kind == KINDS.index(kind)).sum()) for kind in KINDS}
    assert all(counts[kind] > 5 for kind in ("wrong_class", "badly_placed", "spurious"))
    assert len(planted.removed) > 5
    expected = len(batch.ground_truth_boxes) - len(planted.removed) + counts["spurious"]
    assert len(planted.batch.ground_truth_boxes) == len(planted.kind) == expected
    assert planted.batch.ground_truth_offsets[-1] == expected
