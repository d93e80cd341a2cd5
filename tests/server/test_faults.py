"""What nobody expected: files of a Table that are deleted while its server runs."""

import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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


def test_a_fault_is_answered_as_every_error_is_and_said_once(said, own_root, tmp_path):
    well = said("POST", "/api/rows", ROWS)
    assert well.status == 200
    delete_data(own_root)
    told = said("POST", "/api/rows", ROWS)
    assert told.status == 500
    problem = json.loads(told.body)
    assert set(problem) == {"title", "detail", "hint"}
    assert not [word for word in ("Error:", ".lance", str(own_root)) if word in str(problem)]
    own = {"content-length", "content-type", "date"}
    expected = {(name, value) for name, value in well.headers.items() if name not in own}
    assert expected <= set(told.headers.items())
    lines = (tmp_path / "stderr").read_text().splitlines()
    assert [line for line in lines if "could not be answered" in line] == [
        "POST /api/rows could not be answered"
    ]
    assert lines.count("Traceback (most recent call last):") == 1
    assert said("GET", "/api/projects").status == 200
