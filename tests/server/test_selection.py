"""How rows are sorted and counted, which filters are refused; `filters` tests what they take."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

VAL = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}
PROJECTED = {
    "kind": "projected",
    "x": "embedding_pca.0",
    "y": "embedding_pca.1",
    "z": "f1",
    "across": [1, 0, 0.5],
    "up": [0, 1, -0.25],
    "points": [[0, 0], [1, 0], [0, 1]],
}
TABLE = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}


class Rows(list):
    """Rows that a failing example does not print."""

    def __repr__(self):
        return f"{len(self)} rows"


@pytest.fixture(scope="module")
def asked(browser) -> Any:
    """A browser, and all rows of a collection."""
    return browser, Rows(browser.post("/api/rows", source=VAL, limit=1000).to_pylist())


def test_the_code_of_a_selection_of_a_table_selects_the_same(browser):
    filters = [
        {"kind": "instances", "column": "bbs", "property": "label", "values": [7]},
        {"kind": "range", "column": "bbs.count", "low": 2},
    ]
    names: dict[str, Any] = {}
    exec(browser.post("/api/python", source=TABLE, filters=filters)["code"], names)
    found = browser.post("/api/ids", source=TABLE, filters=filters).column(0).to_pylist()
    assert names["selected"].column("example_id").to_pylist() == found
    assert found


@given(
    column=st.sampled_from(["f1", "true_positives", "image", "embedding_pca.1", "ap_50"]),
    descending=st.booleans(),
    offset=st.integers(0, 30),
    limit=st.integers(0, 30),
)
@settings(max_examples=30)
def test_pages_are_parts_of_one_order(asked, column, descending, offset, limit):
    browser, rows = asked
    name, _, element = column.partition(".")
    keyed = [(row[name][int(element)] if element else row[name], row["example_id"]) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[1])
    known.sort(key=lambda pair: pair[0], reverse=descending)
    order = [i for _, i in known] + [i for value, i in keyed if value is None]
    sort = [{"column": column, "descending": descending}]
    found = browser.post("/api/rows", source=VAL, sort=sort, offset=offset, limit=limit)
    assert found.column("example_id").to_pylist() == order[offset : offset + limit]
    assert found.schema.metadata[b"samplewise.total"] == str(len(rows)).encode()


@given(bins=st.integers(1, 50), low=st.floats(0, 1))
@settings(max_examples=20)
def test_histograms_are_those_of_numpy_over_the_range_of_all_rows(asked, bins, low):
    browser, rows = asked
    every = np.array([row["ap_50_95"] for row in rows if row["ap_50_95"] is not None])
    only = [{"kind": "range", "column": "recall", "low": low}]
    kept = [r["ap_50_95"] for r in rows if r["recall"] is not None and r["recall"] >= low]
    counts, edges = np.histogram(
        [value for value in kept if value is not None], bins, (every.min(), every.max())
    )
    found = browser.post("/api/histogram", source=VAL, column="ap_50_95", bins=bins, filters=only)
    assert found["counts"] == counts.tolist()
    assert np.allclose(found["edges"], edges)
    assert found["nulls"] == sum(value is None for value in kept)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "range", "column": "nothing"}, "has no column `nothing`"),
        ({"kind": "range", "column": "image", "low": 1}, "must have numbers"),
        ({"kind": "one_of", "column": "f1", "values": ["a"]}, "must be double"),
        ({"kind": "text", "column": "f1", "contains": "1"}, "must have text"),
        ({"kind": "range", "column": "bbs", "low": 1}, "one value per sample"),
        ({"kind": "polygon", "x": "f1", "y": "bbs", "points": []}, "one value per sample"),
        (
            {"kind": "polygon", "x": "f1", "y": "f1", "points": [[0, 0]] * 2_001},
            "at most 2,000 corners, but has 2,001",
        ),
        ({**PROJECTED, "z": "image"}, "must have numbers, but `image`"),
        ({**PROJECTED, "z": "bbs"}, "one value per sample"),
        ({**PROJECTED, "points": [[0, 0]] * 2_001}, "at most 2,000 corners, but has 2,001"),
        ({**PROJECTED, "across": [1, 0]}, "length 3"),
        ({"kind": "all", "filters": [{"kind": "range", "column": "io"}]}, "no column `io`"),
        (
            {"kind": "instances", "column": "bbs", "property": "nothing", "values": []},
            "no property `nothing`",
        ),
        ({"kind": "rows", "example_ids": [2**70]}, "64 bits"),
    ],
)
def test_a_filter_that_fits_nothing_is_refused_in_words(browser, wrong, said):
    status, problem = browser.problem("/api/ids", source=VAL, filters=[wrong])
    assert status in (400, 404)
    assert said in problem["detail"]


def test_a_projection_is_that_of_numpy(asked):
    browser, rows = asked
    known = [row for row in rows if row["f1"] is not None]
    places = np.array([[*row["embedding_pca"][:2], row["f1"]] for row in known])
    sums = places @ np.array([PROJECTED["across"], PROJECTED["up"]], float).T
    middle = np.median(sums, axis=0)
    box = [[-1e9, -1e9], [middle[0], -1e9], middle.tolist(), [-1e9, middle[1]]]
    taken = ((sums < middle).all(axis=1)).nonzero()[0]
    found = browser.post("/api/ids", source=VAL, filters=[{**PROJECTED, "points": box}])
    assert found.column(0).to_pylist() == [known[at]["example_id"] for at in taken]
    assert 0 < len(taken) < len(rows)


def test_a_number_without_end_is_refused(browser):
    body = msgspec.json.encode({"source": VAL, "filters": [PROJECTED]}).replace(b"-0.25", b"1e999")
    told = browser.client.post("/api/ids", content=body)
    assert told.status_code == 400
    assert "out of range" in told.json()["detail"]
