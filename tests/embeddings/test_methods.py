import sys

import numpy as np
import pytest

from samplewise.embeddings import PaCMAPReducer, PCAReducer, UMAPReducer, make_reducer
from samplewise.errors import InvalidArgumentError, MissingDependencyError


def test_a_method_is_found_by_its_name():
    assert type(make_reducer()) is PaCMAPReducer
    assert type(make_reducer("UMAP", 3, min_dist=0.0)) is UMAPReducer
    assert type(make_reducer("pca")) is PCAReducer


@pytest.mark.usefixtures("wrong_types")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"method": "pacmapp"}, "did you mean `pacmap`"),
        ({"method": None}, "must name a reducer, but is None"),
        ({"method": "umap", "min_dst": 0.1}, "UMAP has no option `min_dst`.\n.*`min_dist`"),
        ({"method": "pca", "n_neighbors": 3}, "PCA has no option `n_neighbors`"),
        ({"n_components": 0}, "`n_components` must be a whole number from 1 below 4097, but is 0"),
        ({"n_components": 2.0}, "`n_components` must be a whole number, but is 2.0"),
        ({"seed": -1}, "`seed` must be a whole number from 0 below 2147483648, but is -1"),
        ({"n_neighbors": True}, "`n_neighbors` must be a whole number, but is True"),
        ({"further_ratio": 0}, "`further_ratio` must be a number, at least 0.1, but is 0"),
        ({"n_iterations": 450}, "`n_iterations` must be three whole numbers"),
        ({"method": "umap", "min_dist": 2}, "from 0 to 1, but is 2"),
        ({"method": "umap", "metric": "dot"}, '"euclidean" or "cosine"'),
    ],
)
def test_an_argument_that_breaks_its_rule_is_named(wrong: dict, said: str):
    with pytest.raises(InvalidArgumentError, match=f"(?is){said}"):
        make_reducer(**wrong)


@pytest.mark.parametrize(
    ("method", "module", "package", "title"),
    [("umap", "umap", "umap-learn", "UMAP"), ("pacmap", "faiss", "pacmap", "PaCMAP")],
)
def test_a_package_that_is_not_installed_is_named_with_its_extra(
    method: str,
    module: str,
    package: str,
    title: str,
    clusters: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError) as raised:
        make_reducer(method).fit(clusters)
    assert str(raised.value) == (
        f"reducing with {title} needs `{package}`.\nHint: pip install 'samplewise[{method}]'"
    )
