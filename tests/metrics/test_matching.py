import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.errors import InvalidArgumentError
from samplewise.metrics.matching import match_image

SEEDS = st.integers(0, 2**32 - 1)


def _draw(seed):
    rng = np.random.default_rng(seed)
    p, t = rng.integers(0, 12, 2)
    crowd = rng.random(t) < 0.2
    return (
        rng.integers(0, 9, (p, t)) / 8,
        rng.integers(0, 6, p) / 5,
        crowd,
        crowd | (rng.random(t) < 0.2),
    )


def _one_after_the_other(overlaps, confidences, crowd, ignored, threshold):
    """The matching of COCO as its paper tells it."""
    found = np.full(len(overlaps), -1)
    for row in sorted(range(len(overlaps)), key=lambda r: -confidences[r]):
        free = [c for c in range(len(crowd)) if crowd[c] or c not in found]
        near = [c for c in free if overlaps[row, c] >= threshold]
        if near:
            found[row] = max(near, key=lambda c: (not ignored[c], overlaps[row, c], c))
    return found


@given(seed=SEEDS, threshold=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_all_at_once_matches_as_one_after_the_other(seed, threshold):
    overlaps, confidences, crowd, ignored = _draw(seed)
    ours = match_image(
        overlaps, confidences, thresholds=[threshold], is_crowd=crowd, ignored=ignored
    )
    theirs = _one_after_the_other(overlaps, confidences, crowd, ignored, threshold)
    np.testing.assert_array_equal(ours.ground_truth[0].filled(-1), theirs)


@given(seed=SEEDS)
def test_every_threshold_is_matched_on_its_own(seed):
    overlaps, confidences, crowd, ignored = _draw(seed)
    levels = [0.75, 0.25, 0.5]
    ours = match_image(overlaps, confidences, thresholds=levels, is_crowd=crowd, ignored=ignored)
    for row, level in enumerate(levels):
        alone = match_image(
            overlaps, confidences, thresholds=[level], is_crowd=crowd, ignored=ignored
        )
        np.testing.assert_array_equal(
            ours.ground_truth[row].filled(-1), alone.ground_truth[0].filled(-1)
        )


@given(seed=SEEDS)
def test_both_sides_of_a_match_know_of_each_other(seed):
    overlaps, confidences, crowd, ignored = _draw(seed)
    ours = match_image(overlaps, confidences, is_crowd=crowd, ignored=ignored)
    for row, column in enumerate(ours.ground_truth[0]):
        if column is not np.ma.masked:
            assert ours.overlap[0, row] == overlaps[row, column]
            assert ours.prediction_ignored[0, row] == ignored[column]
            assert crowd[column] or ours.prediction[0, column] == row


@given(seed=SEEDS)
def test_only_the_order_of_confidences_counts(seed):
    overlaps, confidences, *_ = _draw(seed)
    ours = match_image(overlaps, confidences)
    stretched = match_image(overlaps, np.exp(9 * confidences) - 1e6)
    np.testing.assert_array_equal(ours.ground_truth.filled(-1), stretched.ground_truth.filled(-1))


@given(seed=SEEDS)
def test_a_duplicate_prediction_finds_nothing_more(seed):
    overlaps, confidences, *_ = _draw(seed)
    if len(overlaps):
        twice = match_image(np.vstack([overlaps, overlaps[:1]]), np.append(confidences, -1.0))
        once = match_image(overlaps, confidences)
        assert twice.found.sum() <= once.found.sum() + 1
        np.testing.assert_array_equal(
            twice.ground_truth[:, :-1].filled(-1), once.ground_truth.filled(-1)
        )


def test_a_confidence_that_is_no_number_ranks_last():
    ours = match_image(np.array([[0.9], [0.6]]), np.array([np.nan, -3.0]))
    assert ours.ground_truth[0].tolist() == [None, 0]


def test_a_thousand_equal_predictions_and_objects_are_matched_in_order():
    ours = match_image(np.ones((1000, 1000)), np.zeros(1000))
    assert ours.ground_truth[0].tolist() == list(range(1000))[::-1]


@pytest.mark.parametrize("thresholds", [[1.5], [-0.1], [float("nan")]])
def test_a_threshold_must_be_a_fraction(thresholds):
    with pytest.raises(InvalidArgumentError, match=r"`thresholds` must be a list of fractions"):
        match_image(np.zeros((1, 1)), np.zeros(1), thresholds=thresholds)
