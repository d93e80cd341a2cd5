import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.average_precision import class_average_precision
from samplewise.metrics.detection import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    DetectionBatch,
    detection_matches,
    detection_metrics,
)
from samplewise.metrics.instances import concatenate

SEEDS = st.integers(0, 2**32 - 1)
CAT, DOG = -7, 10**12  # class ids may be any integers
OBJECT = [0, 0, 100, 100]
HALF = [0, 0, 100, 30]  # overlaps by 0.3
FAR = [500, 500, 600, 600]


def _batch(*images):
    """Images as `(predictions, ground truths)`, each a list of `(box, label, ...)`."""
    predictions, truths = zip(*images, strict=True) if images else ((), ())
    return DetectionBatch.from_images(
        predicted_boxes=[[p[0] for p in image] for image in predictions],
        predicted_labels=[[p[1] for p in image] for image in predictions],
        confidences=[[p[2] for p in image] for image in predictions],
        ground_truth_boxes=[[t[0] for t in image] for image in truths],
        ground_truth_labels=[[t[1] for t in image] for image in truths],
        is_crowd=[[len(t) > 2 for t in image] for image in truths],
    )


def _kinds(metrics):
    return [PREDICTION_KINDS[code] for code in metrics.prediction_kind]


@pytest.mark.parametrize(
    ("box", "label", "kind", "related"),
    [
        (OBJECT, CAT, "true_positive", 0),
        (OBJECT, DOG, "class", 0),
        (HALF, CAT, "localisation", 0),
        (HALF, DOG, "both", 0),
        (FAR, CAT, "background", None),
    ],
)
def test_a_prediction_is_explained(box, label, kind, related):
    metrics = detection_metrics(_batch(([(box, label, 0.5)], [(OBJECT, CAT)])))
    assert _kinds(metrics) == [kind]
    assert metrics.related_ground_truth.tolist() == [related]


def test_the_less_confident_of_two_is_the_duplicate():
    metrics = detection_metrics(
        _batch(([(OBJECT, CAT, 0.1), (OBJECT, CAT, 0.9)], [(FAR, CAT), (OBJECT, CAT)]))
    )
    assert _kinds(metrics) == ["duplicate", "true_positive"]
    assert metrics.matched_ground_truth.tolist() == [None, 1]
    assert metrics.matched_prediction.tolist() == [None, 1]
    assert metrics.related_ground_truth.tolist() == [1, 1]


def test_a_crowd_region_absorbs_many_and_is_never_missed():
    inside = [10, 10, 20, 20]
    metrics = detection_metrics(
        _batch(([(inside, CAT, 0.5), (inside, CAT, 0.4)], [(OBJECT, CAT, "crowd")]))
    )
    assert _kinds(metrics) == ["ignored", "ignored"]
    assert metrics.matched_ground_truth.tolist() == [0, 0]
    assert metrics.iou.tolist() == [1, 1]
    assert GROUND_TRUTH_KINDS[metrics.ground_truth_kind[0]] == "ignored"
    assert metrics.matched_prediction.tolist() == [None]
    assert metrics.ignored_predictions.tolist() == [2]
    assert metrics.ignored_ground_truths.tolist() == [1]
    counts = (metrics.true_positives, metrics.false_positives, metrics.false_negatives)
    assert [count.tolist() for count in counts] == [[0], [0], [0]]


def test_a_missed_object_knows_what_nearly_found_it():
    metrics = detection_metrics(
        _batch(
            ([], [(FAR, CAT)]),
            ([(FAR, CAT, 0.1), (HALF, CAT, 0.2), (OBJECT, DOG, 0.9)], [(OBJECT, CAT)]),
        )
    )
    assert [GROUND_TRUTH_KINDS[code] for code in metrics.ground_truth_kind] == ["missed", "missed"]
    assert metrics.near_prediction.tolist() == [None, 2]


def test_indices_count_within_the_image():
    image = ([(FAR, CAT, 0.3), (OBJECT, CAT, 0.5)], [(HALF, DOG), (OBJECT, CAT)])
    metrics = detection_metrics(_batch(image, image, image))
    assert metrics.matched_ground_truth.tolist() == [None, 1] * 3
    assert metrics.matched_prediction.tolist() == [None, 1] * 3


def test_nothing_claimed_has_no_precision_and_nothing_to_find_no_recall():
    metrics = detection_metrics(
        _batch(
            ([], []),
            ([], [(OBJECT, CAT)]),
            ([(OBJECT, CAT, 0.5)], []),
            ([(OBJECT, CAT, 0.5)], [(OBJECT, CAT)]),
            ([(FAR, CAT, 0.5)], [(OBJECT, CAT)]),
        )
    )
    assert metrics.precision.tolist() == [None, None, 0, 1, 0]
    assert metrics.recall.tolist() == [None, 0, None, 1, 0]
    assert metrics.f1.tolist() == [None, 0, 0, 1, 0]
    assert metrics.mean_iou.tolist() == [None, None, None, 1, None]
    assert metrics.ap_50.tolist() == [None, 0, None, 1, 0]
    assert metrics.ap_50_95.tolist() == [None, 0, None, 1, 0]


def test_average_precision_of_an_image_is_the_mean_over_its_classes():
    metrics = detection_metrics(
        _batch(([(OBJECT, CAT, 0.5), (FAR, 3, 0.9)], [(OBJECT, CAT), (FAR, DOG)]))
    )
    assert metrics.ap_50.tolist() == [0.5]


def test_boxes_and_confidences_that_are_no_numbers_find_nothing():
    nan = float("nan")
    metrics = detection_metrics(
        _batch(
            ([([nan] * 4, CAT, 0.5), (OBJECT, CAT, nan)], [(OBJECT, CAT)]),
            ([(OBJECT, CAT, 0.5)], [([nan, 0, 1, 1], CAT)]),
        )
    )
    assert _kinds(metrics) == ["background", "true_positive", "background"]
    assert metrics.iou.tolist() == [0, 1, 0]
    assert metrics.recall.tolist() == [1, 0]


def test_huge_and_empty_boxes_are_boxes():
    huge, point = [-1e9, -1e9, 1e9, 1e9], [5, 5, 5, 5]
    metrics = detection_metrics(
        _batch(([(huge, CAT, 0.5), (point, CAT, 0.4)], [(huge, CAT), (point, CAT)]))
    )
    assert _kinds(metrics) == ["true_positive", "background"]


def _draw(seed):
    rng = np.random.default_rng(seed)

    def boxes(count):
        corner = rng.integers(0, 6, (count, 2))
        return np.hstack([corner, corner + rng.integers(0, 6, (count, 2))])

    def image():
        p, t = rng.integers(0, 8, 2)
        labels = rng.choice([CAT, 0, DOG], p + t)
        confidences = rng.permutation(p) / 10
        predictions = list(zip(boxes(p), labels[:p], confidences, strict=True))
        truths = [
            (b, c, "crowd")[: 2 + (rng.random() < 0.2)]
            for b, c in zip(boxes(t), labels[p:], strict=True)
        ]
        return predictions, truths

    return [image() for _ in range(rng.integers(1, 5))]


@given(seed=SEEDS)
def test_counts_and_kinds_agree(seed):
    batch = _batch(*_draw(seed))
    m = detection_metrics(batch)
    np.testing.assert_array_equal(
        m.n_predictions, m.true_positives + m.false_positives + m.ignored_predictions
    )
    np.testing.assert_array_equal(
        m.n_ground_truths, m.true_positives + m.false_negatives + m.ignored_ground_truths
    )
    for kinds, names, images, code, counts in (
        (
            m.prediction_kind,
            PREDICTION_KINDS,
            batch.prediction_images,
            "true_positive",
            m.true_positives,
        ),
        (
            m.prediction_kind,
            PREDICTION_KINDS,
            batch.prediction_images,
            "ignored",
            m.ignored_predictions,
        ),
        (
            m.ground_truth_kind,
            GROUND_TRUTH_KINDS,
            batch.ground_truth_images,
            "missed",
            m.false_negatives,
        ),
    ):
        rows = images[kinds == names.index(code)]
        np.testing.assert_array_equal(np.bincount(rows, minlength=batch.n_images), counts)


@given(seed=SEEDS)
def test_the_order_of_boxes_does_not_matter(seed):
    images = _draw(seed)
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(predictions)) for predictions, _ in images]
    shuffled = [
        ([predictions[i] for i in order], truths)
        for order, (predictions, truths) in zip(orders, images, strict=True)
    ]
    ours, theirs = detection_metrics(_batch(*images)), detection_metrics(_batch(*shuffled))
    assert ours.ap_50_95.tolist() == pytest.approx(theirs.ap_50_95.tolist())
    start = 0
    for order in orders:
        rows = start + order
        np.testing.assert_array_equal(
            ours.prediction_kind[rows], theirs.prediction_kind[start : start + len(order)]
        )
        start += len(order)


@given(seed=SEEDS)
def test_a_duplicate_prediction_never_raises_the_score(seed):
    images = _draw(seed)
    twice = [
        ([*predictions, *[(b, c, -1.0 - s) for b, c, s in predictions]], truths)
        for predictions, truths in images
    ]
    once, doubled = detection_metrics(_batch(*images)), detection_metrics(_batch(*twice))
    assert (doubled.precision.filled(0) <= once.precision.filled(0) + 1e-12).all()


@given(seed=SEEDS)
def test_batches_can_be_joined_before_or_after(seed):
    images = _draw(seed)
    whole = detection_metrics(_batch(*images))
    joined = detection_metrics(concatenate([_batch(image) for image in images]))
    np.testing.assert_array_equal(whole.prediction_kind, joined.prediction_kind)
    assert whole.ap_50_95.tolist() == joined.ap_50_95.tolist()


def test_a_data_set_without_objects_has_no_average_precision():
    batch = _batch(([(OBJECT, CAT, 0.5)], []))
    assert class_average_precision(batch, detection_matches(batch)).mean() is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"confidences": [[0.5], []]}, "`confidences` must have one entry an image"),
        ({"confidences": [[0.5, 0.4]]}, r"`confidences` must have shape \(1,\) in image 0"),
        ({"predicted_boxes": [[1, 2, 3, 4]]}, r"`predicted_boxes` must have shape \(4, 4\)"),
        ({"predicted_boxes": []}, "`predicted_boxes` must have one entry an image"),
        ({"predicted_labels": [["cat"]]}, "`predicted_labels` must be numbers"),
        ({"predicted_labels": [[0.5]]}, "`predicted_labels` must be whole numbers"),
    ],
)
def test_lists_that_do_not_fit_are_refused(change, message):
    columns = {
        "predicted_boxes": [[OBJECT]],
        "predicted_labels": [[1.0]],
        "confidences": [[0.5]],
        "ground_truth_boxes": [[]],
        "ground_truth_labels": [[]],
    }
    assert DetectionBatch.from_images(**columns).predicted_labels.dtype == np.int64
    with pytest.raises(InvalidArgumentError, match=message):
        DetectionBatch.from_images(**{**columns, **change})


def test_thresholds_must_rise():
    with pytest.raises(InvalidArgumentError, match="must rise from 0 to 1"):
        detection_metrics(_batch(), iou_threshold=0.1)


def test_no_batches_cannot_be_joined():
    with pytest.raises(InvalidArgumentError, match="`batches` must hold a batch"):
        concatenate([])
