import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from samplewise.embeddings import nearest_neighbours, outlier_scores
from samplewise.errors import InvalidArgumentError

METRICS = ["euclidean", "cosine"]


@pytest.mark.parametrize("metric", METRICS)
@given(st.integers(2, 60), st.integers(1, 70), st.integers(0, 2**31))
def test_neighbours_are_those_of_scikit_learn(metric: str, n: int, k: int, seed: int):
    x = np.random.default_rng(seed).normal(size=(n, 4)) * 5 + 100
    theirs = NearestNeighbors(metric=metric, algorithm="brute").fit(x)
    distances, indices = theirs.kneighbors(n_neighbors=min(k, n - 1))
    ours = nearest_neighbours(x, k, metric=metric)
    assert np.allclose(ours.distances, distances, atol=1e-7)
    assert np.mean(ours.indices == indices) > 0.9  # theirs round where ours do not


@pytest.mark.parametrize("metric", METRICS)
def test_many_blocks_are_one_search(metric: str, draw):
    x = draw(9000, n_clusters=3)
    asked = draw(1500, seed=2)
    theirs = NearestNeighbors(n_neighbors=12, metric=metric, algorithm="brute").fit(x)
    found = nearest_neighbours(x, 12, queries=asked, metric=metric)
    assert np.allclose(found.distances, theirs.kneighbors(asked)[0], atol=1e-5)
    assert len(set(found.indices[0])) == 12


def test_copies_far_from_the_origin_are_at_distance_zero():
    x = np.random.default_rng(0).normal(size=(50, 8)) + 1e6
    found = nearest_neighbours(np.concatenate([x, x]), 1)
    assert np.array_equal(found.indices[:, 0], np.roll(np.arange(100), 50))
    assert np.array_equal(found.distances, np.zeros((100, 1)))


def test_missing_rows_have_no_neighbours_and_are_nobodys():
    found = nearest_neighbours([[0.0], [np.nan], [1.0], [5.0]], 2)
    assert found.rows.tolist() == [0, 2, 3]
    assert found.indices.tolist() == [[2, 3], [0, 3], [2, 0]]
    assert np.isnan(found.outlier_scores()).tolist() == [False, True, False, False]


def test_a_row_of_zeros_has_no_direction():
    found = nearest_neighbours([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]], 1, metric="cosine")
    assert found.rows.tolist() == [1, 2]
    assert found.distances.tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n", [0, 1])
def test_who_is_alone_has_no_neighbours(metric: str, n: int):
    found = nearest_neighbours(np.ones((n, 3)), metric=metric)
    assert found.indices.shape == found.distances.shape == (n, 0)
    assert np.isnan(outlier_scores(np.ones((n, 3)), metric=metric)).all()


@given(st.integers(0, 2**31))
def test_the_order_of_rows_does_not_matter(seed: int):
    random = np.random.default_rng(seed)
    x, order = random.normal(size=(30, 3)), random.permutation(30)
    assert np.allclose(outlier_scores(x, 4)[order], outlier_scores(x[order], 4))


def test_the_loneliest_row_scores_highest(clusters: np.ndarray):
    x = np.concatenate([clusters, np.full((1, 12), 40.0)])
    assert outlier_scores(x).argmax() == 120
    assert outlier_scores(x, metric="cosine").shape == (121,)


def test_numbers_of_any_size_are_measured():
    assert nearest_neighbours([[0.0], [3e300]], 1).distances.tolist() == [[3e300], [3e300]]
    assert outlier_scores([[1e-200, 0], [0, 1e-200]], 1, metric="cosine").tolist() == [1, 1]


@pytest.mark.usefixtures("wrong_types")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"k": 0}, "`k` must be a whole number from 1"),
        ({"metric": "cosin"}, "did you mean `cosine`"),
        ({"queries": np.ones((1, 5))}, "must have the 2 columns of `x`, but has 5"),
    ],
)
def test_an_argument_that_breaks_its_rule_is_named(wrong: dict, said: str):
    with pytest.raises(InvalidArgumentError, match=f"(?i){said}"):
        nearest_neighbours(np.eye(2), **wrong)
