import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.embeddings import NeighbourSearch, nearest_neighbours
from samplewise.errors import InvalidArgumentError


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@given(n=st.integers(2, 80), k=st.integers(1, 9), seed=st.integers(0, 99))
def test_a_search_finds_what_the_full_search_finds(metric, n: int, k: int, seed: int):
    x = np.random.default_rng(seed).normal(size=(n, 4)) + 100
    full = nearest_neighbours(x, k, metric=metric)
    indices, distances = NeighbourSearch.of(x, metric).nearest(x[1], k, leave_out=1)
    assert indices.tolist() == full.indices[1].tolist()
    np.testing.assert_allclose(distances, full.distances[1], rtol=1e-9)


def test_equally_near_rows_come_in_order():
    search = NeighbourSearch.of(np.ones((50, 3)))
    assert search.nearest(np.ones(3), 50)[0].tolist() == list(range(50))


def test_missing_rows_are_not_found_and_find_nothing():
    search = NeighbourSearch.of([[1.0, 0], [np.nan, 0], [0, 1]])
    assert search.nearest([1.0, 0.1], 5)[0].tolist() == [0, 2]
    assert search.nearest([np.nan, 0.1], 5)[0].tolist() == []


def test_nothing_is_near_in_nothing():
    assert len(NeighbourSearch.of(np.empty((0, 3))).nearest([1.0, 2, 3])[0]) == 0


def test_a_query_of_another_length_is_refused():
    with pytest.raises(InvalidArgumentError, match="must have the 2 columns"):
        NeighbourSearch.of([[1.0, 2]]).nearest([1.0])
