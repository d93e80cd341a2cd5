"""Messages at random, of the right types and of wrong ones: each is answered, none with a crash."""

import json
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from samplewise.server import wire

VAL = wire.MetricsSource("demo", "first", "metrics", 4, "val", 0)
TABLE = wire.TableSource("demo", "scenes", "val")
WORDS = [
    "demo", "first", "metrics", "val", "train", "scenes", "bbs", "bbs_predicted", "label",
    "confidence", "error_kind", "f1", "image", "split", "embedding", "embedding_pca",
    "embedding_pca.0", "embedding_pca.1", "bbs.count", "example_id", "ground_truth_kind", "",
    "..", "a/b", "x' or 1=1 --", "é\u0000\ud7ff", "c0", "*",
]  # fmt: skip
MESSAGES = {
    "/api/source": wire.SourceRequest,
    "/api/columns": wire.ColumnsRequest,
    "/api/rows": wire.RowsRequest,
    "/api/count": wire.SelectionRequest,
    "/api/ids": wire.SelectionRequest,
    "/api/histogram": wire.HistogramRequest,
    "/api/sample": wire.SampleRequest,
    "/api/neighbours": wire.NeighboursRequest,
    "/api/python": wire.SelectionRequest,
    "/api/compare": wire.CompareRequest,
    "/api/confusion": wire.ConfusionRequest,
    "/api/history": wire.SampleHistoryRequest,
    "/api/other-runs": wire.OtherRunsRequest,
    "/api/diff": wire.TableDiffRequest,
    "/api/statistics": wire.StatisticsRequest,
    "/api/export": wire.ExportRequest,
}
NUMBERS = st.integers(-3, 40) | st.sampled_from([2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64])
FLOATS = st.floats(-9, 70) | st.sampled_from([0.0, -0.0, 5e-324, 1e308, -1e308, 1e16])


def values_of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Values of a type of messages."""
    if isinstance(kind, inspect.StructType):
        return _structs(kind.cls)
    if isinstance(kind, inspect.UnionType):
        return st.one_of(*map(values_of, kind.types))
    if isinstance(kind, inspect.ListType):
        return st.lists(values_of(kind.item_type), max_size=4)
    if isinstance(kind, inspect.TupleType):
        return st.tuples(*map(values_of, kind.item_types))
    return {
        inspect.StrType: st.sampled_from(WORDS),
        inspect.IntType: NUMBERS,
        inspect.FloatType: FLOATS,
        inspect.BoolType: st.booleans(),
        inspect.NoneType: st.none(),
        inspect.LiteralType: st.sampled_from(getattr(kind, "values", ("",))),
        inspect.AnyType: st.none() | NUMBERS | st.sampled_from(WORDS),
    }[type(kind)]


@cache
def _structs(cls: type) -> st.SearchStrategy[Any]:
    """Deferred, since filters hold filters."""
    good = {wire.MetricsSource: VAL, wire.TableSource: TABLE}.get(cls)
    drawn = st.deferred(lambda: _drawn(cls))
    return drawn if good is None else st.one_of(*[st.just(good)] * 5, drawn)


def _drawn(cls: type) -> st.SearchStrategy[Any]:
    fields = inspect.type_info(cls).fields  # type: ignore[attr-defined]
    values = {field.name: values_of(field.type) for field in fields}
    return st.fixed_dictionaries(values).map(lambda each: cls(**each))


@pytest.mark.parametrize("path", MESSAGES)
@given(data=st.data())
@settings(max_examples=30)
def test_messages_of_the_right_types_are_answered_or_refused_in_words(browser, path, data):
    message = data.draw(values_of(inspect.type_info(MESSAGES[path])))
    told = browser.client.post(path, content=msgspec.json.encode(message))
    assert told.status_code in (200, 400, 404, 409), told.text
    if told.status_code != 200:
        assert msgspec.json.decode(told.content, type=wire.Problem).detail


ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | FLOATS | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["source", "kind", "filters", "column", "project", "filter", "values", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(MESSAGES)), ANYTHING)
@settings(max_examples=60)
def test_other_json_is_refused_in_words(browser, path, message):
    told = browser.client.post(path, json=message)
    assert told.status_code == 400
    assert told.json()["title"] == "InvalidRequest"


@given(st.sampled_from(sorted(MESSAGES)), st.binary(max_size=40))
@settings(max_examples=30)
def test_what_is_no_json_is_refused_in_words(browser, path, body):
    assert browser.client.post(path, content=body).status_code == 400


def test_filters_in_filters_without_end_are_refused(browser):
    inner: Any = {"kind": "rows", "example_ids": [1]}
    text = json.dumps(inner)
    for depth in (50, 5_000, 100_000):
        source = msgspec.json.encode(VAL).decode()
        for start, end in (('{"kind":"not","filter":', "}"), ('{"kind":"all","filters":[', "]}")):
            nested = start * depth + text + end * depth
            body = f'{{"source":{source},"filters":[{nested}]}}'
            told = browser.client.post("/api/count", content=body.encode())
            assert told.status_code == (200 if depth < 100 else 400)


@given(
    st.sampled_from(WORDS),
    st.integers(-5, 2**70),
    st.sampled_from([*WORDS, "256", "0", "-1", "9" * 30]),
)
@settings(max_examples=60)
def test_images_are_answered_or_refused(browser, column, example_id, size):
    for place in (
        "table/demo/scenes/val",
        "run/demo/first/0",
        "run/demo/first/7",
        "x/table/demo/scenes/val",
    ):
        params = {"column": column, "size": size}
        told = browser.client.get(f"/api/images/{place}/{example_id}", params=params)
        assert told.status_code in (200, 400, 404)
