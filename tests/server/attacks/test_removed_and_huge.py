"""Runs and Tables removed under an open page, homes that cannot be written, filters without end."""

import shutil
import time
from http import HTTPStatus

import pytest
from starlette.routing import Route

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
NOT_OF_ONE = {"/projects", "/projects/{project}", "/projects/{project}/views", "/events"}


def api_routes(app) -> list[Route]:
    """Every route below `/api`: a new one cannot be forgotten."""
    return next(route for route in app.routes if getattr(route, "path", "") == "/api").routes


def message(source) -> dict:
    """Enough for every message: each takes what it knows of this."""
    return {
        "source": source,
        "left": VAL,
        "right": VAL,
        "base": TABLE,
        "other": TABLE,
        "table": TABLE,
        "example_id": 0,
        "column": "f1" if source is VAL else "image",
        "columns": ["image"],
        "metric": "f1",
        "format": "csv",
        "name": "new",
        "edits": [],
    }


@pytest.mark.parametrize("source", [VAL, TABLE], ids=["run", "table"])
def test_what_was_removed_under_an_open_page_is_said_by_every_route(make_browser, own_root, source):
    client = make_browser(own_root).client
    warm = client.post("/api/rows", json={"source": source, "limit": 3})
    assert warm.status_code == 200, warm.text
    shutil.rmtree(own_root / "demo" / "runs" / "first")
    shutil.rmtree(own_root / "demo" / "datasets" / "scenes")
    for route in api_routes(client.app):
        if route.path in NOT_OF_ONE:
            continue
        path = "/api" + route.path.replace(":int", "").format(**NAMES)
        for method in route.methods - {"HEAD"}:
            body = None if method == "GET" else message(source)
            told = client.request(method, path, json=body)
            assert told.status_code in (400, 404, 410), (method, path, told.text)
            assert told.json()["detail"].endswith("."), (path, told.text)


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


@pytest.mark.parametrize("path", ["count", "ids", "rows", "python", "histogram", "export"])
def test_a_million_values_are_refused_at_once(browser, path):
    filters = [{"kind": "one_of", "column": "f1", "values": list(range(1_000_000))}]
    ask = {"source": VAL, "filters": filters, "column": "f1", "format": "csv"}
    before = time.monotonic()
    told = browser.client.post(f"/api/{path}", json=ask)
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
