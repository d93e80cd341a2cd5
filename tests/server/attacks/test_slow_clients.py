"""Stalled, slow and many connections to a real server on the loopback."""

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from samplewise.server import connections
from samplewise.server.serving import Serving, serving
from samplewise.storage import Store


@pytest.fixture
def served(drawn_root, monkeypatch) -> Iterator[Serving]:
    monkeypatch.setattr(connections, "SLOWEST_HEADERS_S", 1.0)
    monkeypatch.setattr(connections, "_most_connections", lambda: 20)
    made = serving(Store(drawn_root))
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(20)


def connect(served: Serving, said: bytes = b"") -> socket.socket:
    stalled = socket.create_connection(("127.0.0.1", served.port), timeout=20)
    stalled.sendall(said)
    return stalled


def status(served: Serving) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    cookie = f"{served.cookie}={served.token}"
    with closing(connection):
        connection.request("GET", "/api/projects", headers={"Cookie": cookie})
        return connection.getresponse().status


def test_stalled_connections_lock_nobody_out(served):
    stalled = [connect(served, b"GET / HTTP/1.1\r\nHost:") for _ in range(60)]
    assert status(served) == 200
    for each in stalled:
        each.close()


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
def test_headers_that_do_not_come_end_the_connection(served, said):
    stalled = connect(served, said)
    before = time.monotonic()
    with stalled, suppress(ConnectionResetError):
        assert stalled.recv(1) == b""
    assert time.monotonic() - before < 15


def test_headers_that_trickle_end_the_connection(served):
    until = time.monotonic() + 15
    with connect(served, b"GET / HTTP/1.1\r\n") as slow, suppress(OSError):
        while time.monotonic() < until:
            slow.sendall(b"X: y\r\n")
            time.sleep(0.2)
    assert time.monotonic() < until


def test_streams_of_events_end_with_the_server_without_a_word(drawn_root, caplog):
    made = serving(Store(drawn_root))
    thread = threading.Thread(target=made.run)
    thread.start()
    cookie = f"Cookie: {made.cookie}={made.token}\r\n"
    request = f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{made.port}\r\n{cookie}\r\n".encode()
    streams = [connect(made, request) for _ in range(100)]
    assert all(each.recv(1_000).startswith(b"HTTP/1.1 200") for each in streams)
    before = time.monotonic()
    made.stop()
    thread.join(20)
    assert time.monotonic() - before < 5
    assert [line for line in caplog.records if line.name.startswith("uvicorn")] == []
    for each in streams:
        each.close()


def test_one_thing_is_said_once_a_minute():
    short = connections.ShortLog()
    line = logging.makeLogRecord({"msg": "Invalid HTTP request received.", "levelno": 30})
    assert [bool(short.filter(line)) for _ in range(3)] == [True, False, False]
