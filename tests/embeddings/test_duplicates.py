import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import pairwise_distances

from samplewise.embeddings import near_duplicates
from samplewise.errors import InvalidArgumentError


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@given(st.integers(0, 60), st.floats(0.01, 1.5), st.integers(0, 2**31))
def test_pairs_are_all_that_are_near(metric: str, n: int, threshold: float, seed: int):
    x = np.random.default_rng(seed).normal(size=(n, 3))
    far = pairwise_distances(x, metric=metric) if n else np.empty((0, 0))
    expected = np.argwhere(np.triu(far <= threshold, 1))
    found = near_duplicates(x, threshold, metric=metric)
    assert found.pairs.tolist() == expected.tolist()
    assert np.allclose(found.distances, far[tuple(expected.T)])
    assert np.array_equal(found.counts, (far <= threshold).sum(axis=1) - 1)


def test_copies_are_found_across_blocks(draw):
    x = draw(5000)
    x[4999], x[4998] = x[3], x[4100]
    found = near_duplicates(x, 0.0, metric="euclidean")
    assert found.pairs.tolist() == [[3, 4999], [4100, 4998]]
    assert found.distances.tolist() == [0.0, 0.0]


def test_a_chain_of_pairs_is_one_group():
    found = near_duplicates([[5.0], [1.0], [np.nan], [3.0], [2.0], [9.0]], 1.0, metric="euclidean")
    assert found.groups.tolist() == [0, 1, 2, 1, 1, 5]
    assert found.counts.tolist() == [0, 1, 0, 1, 2, 0]


@given(st.integers(1, 40), st.integers(0, 2**31))
def test_groups_are_connected_components(n: int, seed: int):
    from scipy.sparse.csgraph import connected_components

    x = np.random.default_rng(seed).uniform(size=(n, 2))
    groups = near_duplicates(x, 0.15, metric="euclidean").groups
    _, theirs = connected_components(pairwise_distances(x) <= 0.15)
    assert np.array_equal(groups[:, None] == groups, theirs[:, None] == theirs)
    assert (groups <= np.arange(n)).all()


def test_too_many_pairs_are_refused_instead_of_filling_the_memory():
    with pytest.raises(InvalidArgumentError, match=r"at most 100 pairs, but 0\.1 leaves more"):
        near_duplicates(np.ones((50, 3)), 0.1, max_pairs=100)


@pytest.mark.usefixtures("wrong_types")
@pytest.mark.parametrize("threshold", [-1, float("nan"), None])
def test_a_threshold_is_a_number_from_zero(threshold: float):
    with pytest.raises(InvalidArgumentError, match="`threshold` must be a number, at least 0"):
        near_duplicates(np.eye(2), threshold)
