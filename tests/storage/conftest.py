"""A store of its own for every test, on disk and on an object store."""

import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from samplewise.storage import Store

# In a process of its own: threads of a server in this one would end with every forked child.
_SERVER = """
import logging, sys
logging.disable()
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(port=0)
server.start()
print("port", server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a folder that nobody has made yet."""
    return Store(tmp_path / "root")


@pytest.fixture(scope="session")
def object_storage(lasting_children: set[str]) -> Iterator[str]:
    """Endpoint of an S3 server with the bucket `bucket`."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lasting_children.add(str(server.pid))
    assert server.stdout is not None
    port = next(line.split()[1] for line in server.stdout if line.startswith("port"))
    endpoint = f"http://127.0.0.1:{port}"
    _make_bucket(endpoint)
    yield endpoint
    server.kill()
    server.communicate()


def _make_bucket(endpoint: str) -> None:
    request = urllib.request.Request(f"{endpoint}/bucket", method="PUT")
    for _ in range(50):
        try:
            with urllib.request.urlopen(request):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture
def s3_root(object_storage: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The root of an empty store on S3; credentials are in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_storage)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "open-sesame-1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame-2")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return f"s3://bucket/{uuid.uuid4().hex}"


@pytest.fixture(params=["local", "s3"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """A store of each kind."""
    if request.param == "local":
        return request.getfixturevalue("store")
    return Store(request.getfixturevalue("s3_root"))


@pytest.fixture
def run_python() -> object:
    """Runs a program in processes of their own, all at once; returns what each printed."""

    def run(*programs: str, env: dict[str, str] | None = None) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, **(env or {})},
            )
            for program in programs
        ]
        done = [process.communicate() for process in started]
        assert [p.returncode for p in started] == [0] * len(started), done
        return [out for out, _ in done]

    return run
