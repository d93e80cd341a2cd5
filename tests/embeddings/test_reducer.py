"""What every reducer promises, whatever its method."""

import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest

from samplewise.embeddings import (
    Reducer,
    ReductionWarning,
    load_reducer,
    make_reducer,
    save_reducer,
)
from samplewise.errors import InvalidArgumentError

METHODS = ["pca", "pacmap", "umap"]


@pytest.fixture(scope="module", params=METHODS)
def fitted(request: pytest.FixtureRequest, clusters: np.ndarray) -> Reducer:
    reducer = make_reducer(request.param, seed=7)
    with_gap = np.insert(clusters, 3, np.nan, axis=0)
    reducer.fit(np.concatenate([with_gap, clusters[:1]]))
    return reducer


def test_a_fit_places_every_row(fitted: Reducer):
    assert fitted.embedding_.shape == (122, 2)
    assert fitted.embedding_.dtype == np.float32
    assert fitted.used_method == fitted.method
    assert fitted.notes == []


def test_a_missing_row_has_no_place(fitted: Reducer):
    assert np.flatnonzero(np.isnan(fitted.embedding_).any(axis=1)).tolist() == [3]
    assert np.isnan(fitted.embedding_[3]).all()


def test_equal_rows_share_their_point(fitted: Reducer):
    assert np.array_equal(fitted.embedding_[0], fitted.embedding_[-1])


def test_neighbours_on_the_map_come_from_one_cluster(fitted: Reducer):
    if fitted.method == "pca":
        pytest.skip("a projection may lay clusters over each other")
    points = np.delete(fitted.embedding_, [3, 121], axis=0)
    far = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    assert np.mean(far.argmin(axis=1) % 6 == np.arange(120) % 6) > 0.95


def test_further_rows_are_placed_on_the_same_map_again_and_again(fitted: Reducer, draw):
    further = draw(10, seed=5)
    further[2, 0] = np.inf
    places = fitted.transform(further)
    assert np.flatnonzero(np.isnan(places[:, 0])).tolist() == [2]
    assert np.array_equal(places, fitted.transform(further), equal_nan=True)
    assert fitted.transform(further[:0]).shape == (0, 2)


def test_a_row_far_outside_is_placed_all_the_same(fitted: Reducer):
    assert np.isfinite(fitted.transform(np.full((1, 12), 1e30))).all()


def test_a_fitted_reducer_pickles(fitted: Reducer, draw):
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.embedding_, fitted.embedding_, equal_nan=True)
    assert np.array_equal(again.transform(draw(5, seed=8)), fitted.transform(draw(5, seed=8)))


def test_a_stored_reducer_places_rows_to_the_last_bit_as_before(fitted: Reducer, draw, tmp_path):
    again = load_reducer(tmp_path / "one", save_reducer(fitted, tmp_path / "one"))
    assert repr(again) == repr(fitted)
    assert again.options == fitted.options
    assert np.array_equal(again.embedding_, fitted.embedding_, equal_nan=True)
    assert np.array_equal(again.transform(draw(40, seed=8)), fitted.transform(draw(40, seed=8)))
    assert save_reducer(again, tmp_path / "two") == save_reducer(fitted, tmp_path / "one")


def test_pacmap_of_more_columns_than_it_takes_is_stored_all_the_same(draw, tmp_path):
    wide = draw(150, d=130)
    reducer = make_reducer("pacmap", n_iterations=(5, 5, 5))
    reducer.fit(wide)
    again = load_reducer(tmp_path / "wide", save_reducer(reducer, tmp_path / "wide"))
    further = draw(9, seed=3, d=130)
    assert np.array_equal(again.transform(further), reducer.transform(further))


def test_a_seed_decides_everything(fitted: Reducer, clusters: np.ndarray):
    once, twice = (make_reducer(fitted.method, seed=3) for _ in range(2))
    state = np.random.get_state()[1].copy()
    assert np.array_equal(once.fit(clusters), twice.fit(clusters))
    assert np.array_equal(np.random.get_state()[1], state), "the global generator was used"


def test_the_unit_of_the_numbers_does_not_matter(fitted: Reducer, clusters: np.ndarray):
    one, other = (make_reducer(fitted.method, seed=3) for _ in range(2))
    assert np.array_equal(one.fit(clusters), other.fit(clusters.astype(np.float64) * 2.0**200))


def test_progress_comes_in_shares(clusters: np.ndarray, capsys: pytest.CaptureFixture[str]):
    heard: list[float] = []
    make_reducer("pacmap").fit(clusters, progress=heard.append)
    assert len(heard) > 10
    assert heard == sorted(heard)
    assert heard[0] >= 0
    assert heard[-1] <= 1
    assert capsys.readouterr() == ("", "")


def test_pacmap_leaves_the_threads_of_others_alone(clusters: np.ndarray):
    faiss, numba = pytest.importorskip("faiss"), pytest.importorskip("numba")
    before = faiss.omp_get_max_threads(), numba.get_num_threads()
    faiss.omp_set_num_threads(2)
    make_reducer("pacmap").fit(clusters)
    assert (faiss.omp_get_max_threads(), numba.get_num_threads()) == (2, before[1])
    faiss.omp_set_num_threads(before[0])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "x",
    [
        np.zeros((1, 4)),
        np.ones((50, 4)) * 0.1,
        np.arange(6.0).reshape(3, 2),
        np.random.default_rng(0).normal(size=(100, 1)),
        np.full((2, 3), 1e308),
    ],
    ids=["one row", "equal rows", "three rows", "one column", "huge numbers"],
)
def test_what_a_method_cannot_do_principal_axes_do(method: str, x: np.ndarray, tmp_path: Path):
    reducer = make_reducer(method)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        places = reducer.fit(x)
    assert np.isfinite(places).all()
    assert reducer.used_method == "pca"
    assert [str(w.message) for w in caught] == reducer.notes
    assert np.allclose(reducer.transform(x), places, atol=1e-6)
    again = load_reducer(tmp_path / "pca", save_reducer(reducer, tmp_path / "pca"))
    assert np.array_equal(again.embedding_, places)
    assert (again.method, again.used_method, again.notes) == (method, "pca", reducer.notes)
    assert np.array_equal(again.transform(x), reducer.transform(x))


def test_the_stand_in_says_why(clusters: np.ndarray):
    with pytest.warns(
        ReductionWarning,
        match=r"PaCMAP needs 37 distinct rows, but there are 20; principal axes \(PCA\) are used",
    ):
        make_reducer("pacmap").fit(clusters[:20])


@pytest.mark.parametrize("method", METHODS)
def test_no_valid_row_is_an_error(method: str):
    with pytest.raises(InvalidArgumentError, match="a row of finite numbers, but none of its 3"):
        make_reducer(method).fit(np.full((3, 2), np.nan))


@pytest.mark.parametrize(
    ("x", "said"),
    [
        ([[1.0, 2.0], [3.0]], "a matrix of numbers"),
        ([["a", "b"]], "a matrix of numbers"),
        ([[1.0, None]], "a matrix of numbers"),
        ([1.0, 2.0], r"shape \(n, d\) with d >= 1, but has shape \(2,\)"),
        (np.ones((3, 0)), r"but has shape \(3, 0\)"),
        (np.ones((2, 3), complex), "of type complex128"),
    ],
)
def test_what_is_no_matrix_is_refused(x: object, said: str):
    with pytest.raises(InvalidArgumentError, match=said):
        make_reducer("pca").fit(x)


def test_a_masked_value_is_a_missing_one():
    x = np.ma.masked_array([[1, 2], [3, 4], [5, 7]], mask=[[0, 0], [0, 1], [0, 0]])
    assert np.isnan(make_reducer("pca").fit(x)[:, 0]).tolist() == [False, True, False]


def test_a_reducer_that_is_not_fitted_says_so():
    with pytest.raises(InvalidArgumentError, match=r"needs a fitted reducer.*\n.*call `fit` first"):
        make_reducer("pca").transform([[1.0]])


def test_rows_of_another_length_are_refused(clusters: np.ndarray):
    reducer = make_reducer("pca")
    reducer.fit(clusters)
    with pytest.raises(InvalidArgumentError, match="the 12 columns of the fitted rows, but has 5"):
        reducer.transform(np.ones((2, 5)))


@pytest.mark.parametrize("n_components", [1, 4])
def test_dimensions_that_nobody_can_draw_are_warned_about(n_components: int, clusters: np.ndarray):
    with pytest.warns(ReductionWarning, match="only 2 or 3 can be drawn"):
        reducer = make_reducer("pca", n_components)
    assert reducer.fit(clusters).shape == (120, n_components)
