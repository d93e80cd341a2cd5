"""A store that hangs: the pages of the dashboard are there at once, and requests get a sentence."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette

from samplewise.server.app import make_app
from samplewise.storage import Store

REQUESTS = 60  # more than there are threads


@pytest.fixture
def hanging_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store whose server takes connections, and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(256)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", "3")
        yield Store("s3://bucket/hangs")


async def get(app: Starlette, path: str) -> tuple[int, bytes]:
    """Status and body of an answer."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"x-samplewise", b"1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "asgi": {"version": "3.0"},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:])


def test_pages_are_there_while_all_requests_wait(hanging_store: Store, tmp_path: Path):
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("the page")
    (static / "assets" / "a.js").write_text("its code")
    app = make_app(hanging_store, static_path=static, cache_path=tmp_path / "cache")
    answers: list[tuple[int, bytes]] = []
    told: list[tuple[int, bytes]] = []

    async def ask() -> None:
        answers.append(await get(app, "/api/projects"))

    async def run() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(REQUESTS):
                group.start_soon(ask)
            await anyio.sleep(0.2)
            told.extend([await get(app, path) for path in ("/", "/assets/a.js", "/p/demo")])
            assert answers == []  # nobody had an answer before the pages were there

    # In a thread of its own: a browser of other tests leaves a running loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, run).result()
    assert told == [(200, b"the page"), (200, b"its code"), (200, b"the page")]
    assert {status for status, _ in answers} == {503}
    assert "there was no answer in time" in json.loads(answers[0][1])["detail"]
