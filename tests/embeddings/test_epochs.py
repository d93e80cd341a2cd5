import sys

import numpy as np
import pytest

from samplewise.embeddings import (
    PCAReducer,
    ReductionPlan,
    ReductionWarning,
    reduce_epochs,
    trustworthiness,
)
from samplewise.errors import InvalidArgumentError, MissingDependencyError, SamplewiseError

PCA = ReductionPlan(method="pca")


@pytest.fixture
def groups(draw) -> dict:
    """Two splits over three epochs of a slow drift; one row is missing in the first epoch."""
    drawn = {
        (epoch, split): draw(n, seed=n) + epoch * 0.1
        for epoch in (0, 4, 9)
        for split, n in (("train", 60), ("val", 30))
    }
    drawn[0, "val"][7] = np.nan
    return drawn


def test_the_last_epoch_is_fitted_and_the_others_are_placed_on_its_map(groups: dict):
    reduction = reduce_epochs(groups, PCA)
    alone = PCAReducer()
    alone.fit(np.concatenate([groups[9, "train"], groups[9, "val"]]))
    assert reduction.reference == 9
    for key, x in groups.items():
        assert np.allclose(reduction.coordinates[key], alone.transform(x), equal_nan=True)
    assert np.array_equal(reduction.reducer.embedding_[60:], reduction.coordinates[9, "val"])


def test_fitted_rows_keep_their_place(groups: dict):
    reduction = reduce_epochs(groups, ReductionPlan(method="pacmap"))
    fitted = np.concatenate([reduction.coordinates[9, "train"], reduction.coordinates[9, "val"]])
    assert np.array_equal(reduction.reducer.embedding_, fitted)


def test_a_point_that_did_not_change_stays_where_it_is(groups: dict):
    for key in groups:
        groups[key] = groups[9, key[1]]
    for strategy in ("reference", "concatenation"):
        places = reduce_epochs(groups, ReductionPlan("pca", strategy=strategy)).coordinates
        assert np.allclose(places[0, "train"], places[9, "train"], atol=1e-6)


def test_another_reference_can_be_named(groups: dict):
    assert reduce_epochs(groups, ReductionPlan("pca", reference=4)).reference == 4
    with pytest.raises(InvalidArgumentError, match=r"but is 5.\nHint: there is: \[0, 4, 9\]"):
        reduce_epochs(groups, ReductionPlan("pca", reference=5))


def test_an_epoch_of_missing_rows_is_no_reference(groups: dict):
    groups[9, "train"][:] = groups[9, "val"][:] = np.nan
    reduction = reduce_epochs(groups, PCA)
    assert reduction.reference == 4
    assert np.isnan(reduction.coordinates[9, "val"]).all()
    assert reduction.trustworthiness[9, "val"] is None


def test_groups_outside_of_a_training_have_no_epoch(draw):
    reduction = reduce_epochs({(None, "test"): draw(50)}, PCA)
    assert reduction.reference is None
    assert reduction.coordinates[None, "test"].shape == (50, 2)


def test_a_concatenation_is_fitted_as_one(groups: dict):
    plan = ReductionPlan("pca", strategy="concatenation")
    reduction = reduce_epochs(groups, plan)
    together = PCAReducer().fit(np.concatenate(list(groups.values())))
    placed = np.concatenate(list(reduction.coordinates.values()))
    assert np.array_equal(placed, together, equal_nan=True)
    assert reduction.reference is None


def test_every_group_is_judged(groups: dict):
    reduction = reduce_epochs(groups, PCA)
    for key, score in reduction.trustworthiness.items():
        assert score == trustworthiness(groups[key], reduction.coordinates[key])


def test_a_sample_is_fitted_where_there_are_too_many_rows(groups: dict):
    reduction = reduce_epochs(groups, ReductionPlan("pca", max_fit_rows=20))
    assert len(reduction.reducer.embedding_) == 20
    assert np.isfinite(reduction.coordinates[9, "train"]).all()


def test_new_rows_are_placed_on_a_fitted_map(groups: dict, draw):
    first = reduce_epochs(groups, PCA)
    later = reduce_epochs({(None, "new"): draw(5, seed=9)}, fitted=first.reducer)
    expected = first.reducer.transform(draw(5, seed=9))
    assert np.array_equal(later.coordinates[None, "new"], expected)
    assert (later.method, later.reference) == ("pca", None)


def test_progress_never_goes_back(groups: dict):
    heard: list[tuple[str, float]] = []
    reduce_epochs(groups, PCA, progress=lambda what, share: heard.append((what, share)))
    assert list(dict.fromkeys(what for what, _ in heard)) == ["fit", "place", "judge"]
    assert [share for _, share in heard] == sorted(share for _, share in heard)
    assert heard[-1] == ("judge", 1.0)


def test_pca_stands_in_for_a_package_that_is_missing(groups: dict, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingDependencyError, match="umap-learn"):
        reduce_epochs(groups, ReductionPlan("umap"))
    with pytest.warns(ReductionWarning, match="PCA .* because reducing with UMAP needs `umap-le"):
        reduction = reduce_epochs(groups, ReductionPlan("umap", fallback=True))
    assert (reduction.method, reduction.used_method) == ("umap", "pca")
    assert len(reduction.notes) == 1


@pytest.mark.usefixtures("wrong_types")
@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({}, "embeddings must have at least one row, but have none"),
        ({"val": np.eye(3)}, r"keys like \(epoch, split\), but one is 'val'"),
        ({("val", 1): np.eye(3)}, r"but one is \('val', 1\)"),
        ({(0, "a"): np.eye(3), (1, "a"): np.eye(4)}, r"has 3 columns and \(1, 'a'\) has 4"),
        ({(0, "a"): np.ones(3)}, r"`groups\[\(0, 'a'\)\]` must have shape"),
        ({(0, "a"): np.full((2, 2), np.nan)}, "a row of finite numbers, but have none"),
        ({(0, "a"): np.ones((0, 2))}, "a row of finite numbers, but have none"),
    ],
)
def test_groups_that_cannot_be_reduced_say_why(groups: dict, said: str):
    with pytest.raises(InvalidArgumentError, match=said):
        reduce_epochs(groups, ReductionPlan("pca", fallback=True))


@pytest.mark.usefixtures("wrong_types")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"strategy": "concat"}, "did you mean `concatenation`"),
        ({"strategy": "concatenation", "reference": 1}, "must be left out"),
        ({"max_fit_rows": 0}, "`max_fit_rows` must be a whole number from 1"),
        ({"method": "tsne"}, "`method` must name a reducer"),
        ({"options": {"n_neighbours": 5}}, "did you mean `n_neighbors`"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused_at_once(wrong: dict, said: str):
    with pytest.raises(SamplewiseError, match=f"(?i){said}"):
        ReductionPlan(**wrong)
