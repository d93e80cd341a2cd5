import numpy as np
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.classification import classification_metrics

CAT, DOG, OWL = -7, 10**12, 3  # class ids may be any integers
LABELS = np.array([CAT, DOG, OWL])


def _score(logits, truth=None, labels=LABELS):
    return classification_metrics(np.array(logits, float), labels=labels, true_labels=truth)


def test_a_sure_prediction_has_a_margin_and_no_entropy():
    metrics = _score([[0, 1000, 0]], np.array([DOG]))
    assert metrics.predicted_label.tolist() == [DOG]
    assert metrics.confidence.tolist() == metrics.margin.tolist() == [1]
    assert metrics.entropy.tolist() == metrics.cross_entropy.tolist() == [0]
    assert metrics.correct.tolist() == [True]


def test_all_classes_alike_have_the_largest_entropy():
    metrics = _score([[5, 5, 5]], np.array([OWL]))
    assert metrics.entropy.tolist() == pytest.approx([np.log(3)])
    assert metrics.margin.tolist() == [0]
    assert metrics.predicted_label.tolist() == [CAT]  # the first of equal ones
    assert metrics.correct.tolist() == [False]
    assert metrics.correct_in_top.tolist() == [True]


def test_what_compares_with_a_missing_or_unknown_label_is_missing():
    truth = np.ma.MaskedArray([CAT, CAT, 99], [False, True, False])
    metrics = _score([[9, 0, 0]] * 3, truth)
    assert metrics.correct.tolist() == metrics.correct_in_top.tolist() == [True, None, None]
    assert metrics.cross_entropy.tolist()[1:] == [None, None]
    assert metrics.predicted_label.tolist() == [CAT] * 3
    assert _score([[9, 0, 0]]).correct.tolist() == [None]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_nothing_follows_from_logits_that_are_no_numbers(broken):
    metrics = _score([[0, broken, 0], [9, 0, 0]], np.array([CAT, CAT]))
    for values in vars(metrics).values():
        assert np.ma.getmaskarray(values)[0].all()
        assert not np.ma.getmaskarray(values)[1].any()


def test_an_impossible_class_costs_infinitely_much():
    metrics = _score([[0, -np.inf, 0]], np.array([DOG]))
    assert metrics.cross_entropy.tolist() == [np.inf]
    assert metrics.entropy.tolist() == pytest.approx([np.log(2)])


def test_a_single_class_has_no_margin():
    metrics = _score([[3]], np.array([CAT]), labels=LABELS[:1])
    assert metrics.margin.tolist() == [None]
    assert metrics.top_labels.tolist() == [[CAT]]


@pytest.mark.parametrize(
    ("logits", "truth", "labels", "message"),
    [
        ([[]], None, LABELS[:0], "`logits` must have shape"),
        ([1, 2, 3], None, LABELS, "`logits` must have shape"),
        ([[1, 2]], None, LABELS, "`labels` must be 2 different class ids"),
        ([[1, 2]], None, np.array([4, 4]), "`labels` must be 2 different class ids"),
        ([[1, 2, 3]], np.array([1, 2]), LABELS, "`true_labels` must have shape"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(logits, truth, labels, message):
    with pytest.raises(InvalidArgumentError, match=message):
        _score(logits, truth, labels)
