"""An object store that hangs, refuses or fails: one sentence, after a time that has a limit."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.collect.training_run import Ending, TrainingRun
from samplewise.collect.write_queue import MOST_WAITING
from samplewise.errors import InvalidArgumentError, StoreError
from samplewise.storage import Store
from samplewise.storage.rows import Rows, open_rows
from samplewise.tables import Run, set_active_run

LIMIT_S = 1.5
USES: dict[str, Callable[[str], object]] = {
    "read": lambda root: Store(root).read("p/x.json"),
    "create": lambda root: Store(root).create("p/x.json", {}),
    "change": lambda root: Store(root).update("p/x.json", lambda old: old),
    "list": lambda root: Store(root).children("p"),
    "walk": lambda root: list(Store(root).files("p")),
    "delete": lambda root: Store(root).remove("p/x"),
    "import": lambda root: sw.Table.from_dict(
        {"x": [1]}, dataset_name="d", project_name="p", root_url=root
    ),
    "open rows": lambda root: open_rows(Store(root), Rows("p/x.lance", 1)),
    "run": lambda root: Run.create("p", "r", root_url=root),
}


@pytest.fixture
def hanging_root(s3_root: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The root of a store whose server takes connections, and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(128)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", str(LIMIT_S))
        yield s3_root


@pytest.mark.parametrize("use", USES)
def test_a_server_that_hangs_is_given_up(use: str, hanging_root: str):
    start = time.monotonic()
    with pytest.raises(StoreError) as raised:
        USES[use](hanging_root)
    assert time.monotonic() - start < 10 * LIMIT_S  # the machine may be busy; without: 200 s
    message = raised.value.message
    assert message.startswith(f"`{hanging_root}")
    assert message.endswith(("there was no answer in time.", "it cannot be reached."))
    assert "SAMPLEWISE_STORE_TIMEOUT" in str(raised.value.hint)


@pytest.fixture
def answering_root(s3_root: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], str]]:
    """Makes the root of a store whose server says the same to everything."""
    servers: list[ThreadingHTTPServer] = []
    monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", str(LIMIT_S))

    def make(status: int) -> str:
        class Handler(BaseHTTPRequestHandler):
            def _say(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _say  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{servers[-1].server_port}")
        return s3_root

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "the credentials are not accepted (401)."),
        (403, "access is denied (403)."),
        (500, "the server fails (500)."),
        (503, "the server has too much to do (503)."),
    ],
)
@pytest.mark.parametrize("use", ["create", "open rows"])
def test_a_server_that_refuses_is_told_in_a_sentence(use, status, said, answering_root):
    root = answering_root(status)
    with pytest.raises(StoreError) as raised:
        USES[use](root)
    assert raised.value.message.endswith(said)
    assert len(raised.value.message) < 200


def test_nobody_there(s3_root: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", str(LIMIT_S))
    with pytest.raises(StoreError, match=r"nothing answers there|it cannot be reached") as e:
        Store(s3_root).read("p/x.json")
    assert e.value.__cause__ is not None


@pytest.mark.parametrize("text", ["0", "-1", "soon", "inf", "nan"])
def test_a_limit_that_is_none_is_refused(text: str, s3_root: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", text)
    with pytest.raises(InvalidArgumentError, match="must be seconds above 0"):
        Store(s3_root).read("p/x.json")


def test_a_training_does_not_wait_for_a_store_that_hangs_in_the_middle_of_it(
    s3_root: str, object_storage: str, monkeypatch: pytest.MonkeyPatch, capsys
):
    monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", str(LIMIT_S))
    proxy = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("lossy.py")), object_storage],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert proxy.stdout is not None
    port = proxy.stdout.readline().split()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    training = TrainingRun("p", "r", None, s3_root)
    training.open()
    proxy.send_signal(signal.SIGSTOP)  # the kernel takes connections, and nobody answers
    for epoch in range(2 * MOST_WAITING):
        training.log({"mAP": 0.5}, epoch, "val", {})
    with pytest.raises(StoreError):
        training.close(Ending("completed"))
    said = capsys.readouterr().err
    lost = int(re.search(r"(\d+) notes of the training are not in run `r`", said)[1])
    assert MOST_WAITING <= lost <= 2 * MOST_WAITING
    set_active_run(None)
    proxy.kill()
    proxy.communicate()
