import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import manifold

from samplewise.embeddings import trustworthiness
from samplewise.errors import InvalidArgumentError


@given(st.integers(3, 90), st.integers(1, 30), st.integers(0, 2**31))
def test_it_is_the_number_of_scikit_learn(n: int, k: int, seed: int):
    random = np.random.default_rng(seed)
    x, places = random.normal(size=(n, 6)), random.normal(size=(n, 2))
    k_allowed = min(k, (n - 1) // 2)
    theirs = manifold.trustworthiness(x, places, n_neighbors=k_allowed)
    assert trustworthiness(x, places, k=k) == pytest.approx(theirs, abs=1e-12)


def test_a_map_that_is_the_data_is_trusted_fully(clusters: np.ndarray):
    assert trustworthiness(clusters, clusters * 3 + 1) == 1.0


def test_equal_rows_may_lie_in_any_order():
    x = np.repeat(np.random.default_rng(0).normal(size=(4, 5)), 30, axis=0)
    places = np.repeat([[0.0, 0], [0, 1], [1, 0], [1, 1]], 30, axis=0)
    assert trustworthiness(x, places) == 1.0


def test_missing_rows_are_left_out(clusters: np.ndarray):
    places = clusters[:, :2].copy()
    whole = trustworthiness(clusters, places)
    gaps = np.insert(clusters, [5, 80], np.nan, axis=0), np.insert(places, [5, 80], 0.0, axis=0)
    assert trustworthiness(*gaps) == whole


def test_a_sample_is_judged_where_there_are_many_rows(draw):
    x = draw(3000)
    sampled = trustworthiness(x, x[:, :2], max_rows=500)
    assert sampled == trustworthiness(x, x[:, :2], max_rows=500)
    assert sampled != trustworthiness(x, x[:, :2], max_rows=500, seed=1)
    assert sampled == pytest.approx(trustworthiness(x, x[:, :2], k=90, max_rows=3000), abs=0.05)


def test_two_rows_have_no_score():
    assert trustworthiness(np.eye(2), np.eye(2)) is None


def test_rows_that_do_not_match_are_refused():
    with pytest.raises(InvalidArgumentError, match="must have the 3 rows of `x`, but has 2"):
        trustworthiness(np.eye(3), np.eye(2))
    with pytest.raises(InvalidArgumentError, match="`k` must be at least 1"):
        trustworthiness(np.eye(3), np.eye(3), k=0)
