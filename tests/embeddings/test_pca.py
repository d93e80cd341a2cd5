import numpy as np
import pytest
from sklearn.decomposition import PCA

from samplewise.embeddings import PCAReducer
from samplewise.embeddings._axes import _by_columns, _by_iteration


@pytest.mark.parametrize("shape", [(60, 5), (10, 30), (400, 300)])
def test_the_axes_are_those_of_scikit_learn(shape: tuple[int, int]):
    x = np.random.default_rng(0).normal(size=shape) * np.geomspace(10, 0.1, shape[1]) + 3
    ours, theirs = PCAReducer(3).fit(x), PCA(3, svd_solver="full").fit_transform(x)
    unit = np.abs(x - x.mean(axis=0)).max()
    assert np.allclose(ours * unit, theirs, atol=1e-4 * unit)


def test_axes_found_by_iteration_are_the_exact_ones():
    x = np.random.default_rng(0).normal(size=(400, 300))
    x[:, 5:8] *= [5, 4, 3]
    centre = x.mean(axis=0)
    exact, iterated = _by_columns(x, centre), _by_iteration(x, centre, 3, seed=0)
    assert np.allclose(np.abs(exact[:3] @ iterated[:3].T), np.eye(3), atol=1e-6)


def test_a_transform_of_the_fitted_rows_is_their_fit(clusters: np.ndarray):
    reducer = PCAReducer(3)
    assert np.array_equal(reducer.fit(clusters), reducer.transform(clusters))


def test_dimensions_that_the_data_lacks_are_zero():
    places = PCAReducer(3).fit([[0.0, 5.0], [1.0, 5.0], [2.0, 5.0]])
    assert np.array_equal(places[:, 1:], np.zeros((3, 2)))
