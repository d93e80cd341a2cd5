import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.embeddings import _survey, near_duplicates, outlier_scores, survey
from samplewise.errors import InvalidArgumentError


def with_copies(n: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, 5))
    return x[random.integers(0, max(1, n * 3 // 4), n)] * random.uniform(1, 2, (n, 1))


@given(st.integers(1, 60), st.integers(1, 6), st.integers(0, 99))
def test_scores_are_those_of_the_full_search(n: int, k: int, seed: int):
    x = with_copies(n, seed)
    found = survey({"all": x}, k=k)["all"]
    np.testing.assert_allclose(
        found.outlier_scores, outlier_scores(x, k, metric="cosine"), atol=1e-6
    )


@given(st.integers(2, 60), st.integers(0, 99))
def test_duplicates_are_the_pairs_within_the_threshold(n: int, seed: int):
    x, cut = with_copies(n, seed), n // 2
    found = survey({"a": x[:cut], "b": x[cut:]}, threshold=0.001)
    pairs = near_duplicates(x, 0.001).pairs
    same = (pairs < cut).all(axis=1) | (pairs >= cut).all(axis=1)
    own = np.bincount(pairs[same].ravel(), minlength=n)
    elsewhere = np.bincount(pairs[~same].ravel(), minlength=n)
    assert np.concatenate([found[g].near_duplicates for g in "ab"]).tolist() == own.tolist()
    others = np.concatenate([found[g].near_duplicates_elsewhere for g in "ab"])
    assert others.tolist() == elsewhere.tolist()


def test_blocks_are_one_search(monkeypatch):
    x = with_copies(90, 3)
    whole = survey({"a": x[:50], "b": x[50:]}, k=4)
    monkeypatch.setattr(_survey, "_BLOCK_ROWS", 7)
    monkeypatch.setattr(_survey, "_BLOCK_OTHERS", 11)
    parts = survey({"a": x[:50], "b": x[50:]}, k=4)
    for group in "ab":
        for name in ("near_duplicates", "near_duplicates_elsewhere", "duplicate_of"):
            assert getattr(parts[group], name).tolist() == getattr(whole[group], name).tolist()
        np.testing.assert_allclose(
            parts[group].outlier_scores, whole[group].outlier_scores, atol=1e-6
        )


def test_the_first_of_its_copies_is_no_duplicate():
    x = np.array([[0.0, 1], [1, 0], [2, 0], [0, 3], [3, 0]])
    assert survey({0: x})[0].duplicate_of.tolist() == [-1, -1, 1, 0, 1]


@pytest.mark.parametrize("spread", [1.0, 0.01])
def test_copies_are_told_by_how_near_others_are(spread: float):
    random = np.random.default_rng(0)
    x = np.ones(40) + spread * random.normal(size=(100, 40))
    x[7] = x[3] + 1e-3 * spread * random.normal(size=40)
    found = survey({0: x[:80], 1: x[80:]})[0]
    assert np.flatnonzero(found.near_duplicates).tolist() == [3, 7]
    assert found.threshold == pytest.approx(0.1 * np.median(found.outlier_scores), rel=0.1)


def test_missing_rows_are_nobodys_copies():
    x = np.array([[np.nan, 0], [1, 0], [0, 0], [1, 0]])
    found = survey({0: x}, k=1)[0]
    assert found.is_valid.tolist() == [False, True, False, True]
    assert found.near_duplicates.tolist() == [0, 1, 0, 1]
    assert found.duplicate_of.tolist() == [-1, -1, -1, 1]
    np.testing.assert_array_equal(np.isnan(found.outlier_scores), ~found.is_valid)


def test_progress_comes_in_shares():
    shares: list[float] = []
    survey({0: with_copies(9, 0), 1: with_copies(3, 0)}, progress=lambda _, s: shares.append(s))
    assert shares == [0.75, 1.0]


@pytest.mark.parametrize(
    ("wrong", "said"), [({"k": 0}, "`k` must"), ({"threshold": 3.0}, "`thres")]
)
def test_an_argument_that_breaks_its_rule_is_named(wrong: dict, said: str):
    with pytest.raises(InvalidArgumentError, match=said):
        survey({0: [[1.0, 2.0]]}, **wrong)
