"""What nobody expected: files of a Table that are deleted while its server runs."""

import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from samplewise.server.app import make_app
from samplewise.storage import Store

TABLE = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
ROWS = json.dumps({"source": TABLE, "limit": 1})


@pytest.fixture
def said(own_root: Path, tmp_path: Path) -> Iterator[Callable[..., http.client.HTTPResponse]]:
    """Asks a server in a process of its own, whose words go to `stderr` in `tmp_path`."""
    command = [sys.executable, "-m", "samplewise.cli", "ui", "--json", "--no-browser", "--root"]
    with (
        (tmp_path / "stderr").open("w") as stderr,
        subprocess.Popen(
            [*command, str(own_root)], stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as process,
    ):
        text = ""
        while not text.rstrip().endswith("}"):
            text += process.stdout.readline()
        host, _, path = json.loads(text)["address"].removeprefix("http://").partition("/")
        cookie = ask(host, "GET", f"/{path}").headers["set-cookie"].partition(";")[0]
        yield lambda method, path, body=None: ask(host, method, path, body, Cookie=cookie)
        process.terminate()


def ask(host: str, method: str, path: str, body: str | None = None, **headers: str):
    connection = http.client.HTTPConnection(host, timeout=60)
    own = {"Content-Type": "application/json", "X-Samplewise": "1"}
    connection.request(method, path, body, {**own, **headers})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def delete_data(root: Path) -> None:
    for rows in (root / "demo" / "datasets" / "scenes" / "rows").glob("*.lance"):
        shutil.rmtree(rows / "data")


def test_data_that_has_gone_is_a_sentence_and_no_traceback(said, own_root, tmp_path):
    well = said("POST", "/api/rows", ROWS)
    assert well.status == 200
    delete_data(own_root)
    told = said("POST", "/api/rows", ROWS)
    assert told.status == 503
    problem = json.loads(told.body)
    assert set(problem) == {"title", "detail", "hint"}
    assert problem["title"] == "StoreError"
    own = {"content-length", "content-type", "date"}
    expected = {(name, value) for name, value in well.headers.items() if name not in own}
    assert expected <= set(told.headers.items())
    assert "Traceback" not in (tmp_path / "stderr").read_text()
    assert said("GET", "/api/projects").status == 200


async def fail(_request: Request) -> None:
    raise RuntimeError("nobody expected /secret/path")


def test_a_fault_is_answered_as_every_error_is_and_said_once(own_root, caplog):
    app = make_app(Store(str(own_root)))
    app.router.routes.insert(0, Route("/api/fault", fail))
    with TestClient(app, headers={"X-Samplewise": "1"}) as client:
        well, told = client.get("/api/projects"), client.get("/api/fault")
    assert told.status_code == 500
    assert told.json()["title"] == "ServerError"
    assert "secret" not in told.text
    own = {"content-length", "content-type", "etag"}
    expected = {(name, value) for name, value in well.headers.items() if name not in own}
    assert expected <= set(told.headers.items())
    noted = [each for each in caplog.records if "could not be answered" in each.getMessage()]
    assert [each.getMessage() for each in noted] == ["GET /api/fault could not be answered"]
    assert noted[0].exc_info is not None
