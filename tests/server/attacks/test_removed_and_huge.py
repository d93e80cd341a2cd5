"""Runs and Tables removed under an open page, homes that cannot be written, filters without end."""

import itertools
import shutil
import time
from http import HTTPStatus
from typing import Any

import pytest
from msgspec import inspect
from starlette.routing import Route

from samplewise.server import wire
from samplewise.server.thumbnails import Thumbnails

VAL = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}
TABLE = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
NAMES = {
    "project": "demo",
    "run": "first",
    "dataset": "scenes",
    "table": "val",
    "input_table_id": "0",
    "example_id": "0",
    "version": "x",
}
MESSAGES = {
    "/source": wire.SourceRequest,
    "/columns": wire.ColumnsRequest,
    "/rows": wire.RowsRequest,
    "/count": wire.SelectionRequest,
    "/ids": wire.SelectionRequest,
    "/histogram": wire.HistogramRequest,
    "/sample": wire.SampleRequest,
    "/other-runs": wire.OtherRunsRequest,
    "/neighbours": wire.NeighboursRequest,
    "/place": wire.PlaceRequest,
    "/python": wire.SelectionRequest,
    "/compare": wire.CompareRequest,
    "/history": wire.SampleHistoryRequest,
    "/confusion": wire.ConfusionRequest,
    "/diff": wire.TableDiffRequest,
    "/commit": wire.CommitRequest,
    "/new-table": wire.NewTableRequest,
    "/export": wire.ExportRequest,
    "/statistics": wire.StatisticsRequest,
}
NOT_OF_ONE = {"/projects", "/projects/{project}", "/projects/{project}/views", "/events"}


def api_routes(app) -> list[Route]:
    """Every route below `/api`: a new one cannot be forgotten."""
    return next(route for route in app.routes if getattr(route, "path", "") == "/api").routes


def fill(kind: inspect.Type, source: dict[str, Any]) -> Any:
    """A value of a type of messages, about a source where the type allows it."""
    if isinstance(kind, inspect.UnionType):
        return fill(kind.types[-1 if source is TABLE else 0], source)
    if isinstance(kind, inspect.StructType):
        if kind.cls in (wire.TableSource, wire.MetricsSource):
            return TABLE if kind.cls is wire.TableSource else VAL
        return message(kind.cls, source)
    return {
        inspect.StrType: "f1",
        inspect.IntType: 0,
        inspect.FloatType: 0.0,
        inspect.ListType: [],
        inspect.DictType: {},
        inspect.LiteralType: getattr(kind, "values", ("",))[-1],
    }.get(type(kind))


def message(cls: type, source: dict[str, Any]) -> dict[str, Any]:
    """The least message of a type."""
    fields = inspect.type_info(cls).fields  # type: ignore[attr-defined]
    return {each.name: fill(each.type, source) for each in fields if each.required}


def test_what_was_removed_under_an_open_page_is_said_by_every_route(make_browser, own_root):
    client = make_browser(own_root).client
    for source in (VAL, TABLE):
        warm = client.post("/api/rows", json={"source": source, "limit": 3})
        assert warm.status_code == 200, warm.text
    shutil.rmtree(own_root / "demo" / "runs" / "first")
    shutil.rmtree(own_root / "demo" / "datasets" / "scenes")
    writing = {route.path for route in api_routes(client.app) if "POST" in route.methods}
    assert writing == set(MESSAGES)
    for route in api_routes(client.app):
        if route.path in NOT_OF_ONE:
            continue
        path = "/api" + route.path.replace(":int", "").format(**NAMES)
        for method, source in itertools.product(route.methods - {"HEAD"}, (VAL, TABLE)):
            body = message(MESSAGES.get(route.path, wire.RunPatch), source)
            told = client.request(method, path, json=None if method == "GET" else body)
            assert told.status_code in (400, 404, 410), (method, path, told.text)
            problem = told.json()
            assert problem["title"] != "InvalidRequest", (path, problem)
            assert problem["detail"].endswith("."), (path, problem)


@pytest.mark.parametrize("gone", ["data", "_versions"])
def test_rows_that_go_with_their_table_are_gone_and_no_fault(make_browser, own_root, gone):
    client = make_browser(own_root).client
    ask = {"source": TABLE, "limit": 3}
    assert client.post("/api/rows", json=ask).status_code == 200
    for rows in (own_root / "demo" / "datasets" / "scenes" / "rows").glob("*.lance"):
        shutil.rmtree(rows / gone)
    table = own_root / "demo" / "datasets" / "scenes" / "tables" / "val"
    assert table.is_dir()
    shutil.rmtree(table)
    told = client.post("/api/rows", json=ask)
    assert told.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@pytest.mark.parametrize("path", ["/count", "/rows", "/python", "/histogram", "/export"])
def test_a_million_values_are_refused_at_once(browser, path):
    filters = [{"kind": "one_of", "column": "f1", "values": list(range(1_000_000))}]
    ask = {**message(MESSAGES[path], VAL), "filters": filters}
    before = time.monotonic()
    told = browser.client.post(f"/api{path}", json=ask)
    assert told.status_code == 400
    assert told.json()["detail"] == (
        "`filters` must have at most 10,000 values, but have 1,000,000."
    )
    assert time.monotonic() - before < 20


def test_a_thousand_filters_are_the_most(browser):
    filters = [{"kind": "range", "column": "f1", "low": 0}] * 1_001
    status, problem = browser.problem("/api/count", source=VAL, filters=filters)
    assert (status, problem["detail"]) == (
        400,
        "`filters` must have at most 1,000 filters, but have 1,001.",
    )


def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path, caplog):
    (tmp_path / "file").touch()
    Thumbnails(tmp_path / "file" / "thumbnails")
    assert "Small pictures are made anew each time" in caplog.text
    assert "Traceback" not in caplog.text
