"""A real server on a real socket, in this process and in one of its own."""

import http.client
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest

import samplewise as sw
from samplewise.errors import InvalidArgumentError
from samplewise.server import notebook
from samplewise.server.serving import Serving, serving
from samplewise.storage import Store


@pytest.fixture
def served(drawn_root) -> Iterator[Serving]:
    made = serving(Store(drawn_root))
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(20)
    assert not thread.is_alive()


def ask(address: str, **headers: str) -> http.client.HTTPResponse:
    """The answer to one request, without following it."""
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", f"/{path}", headers=headers)
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def test_the_address_hands_over_the_token_and_the_cookie_is_enough_from_then_on(served):
    assert ask(f"{served.url}/api/projects").status == 401
    welcome = ask(served.address("/p/demo"))
    assert (welcome.status, welcome.headers["location"]) == (303, "/p/demo")
    cookie = welcome.headers["set-cookie"].partition(";")[0]
    assert cookie.startswith(f"samplewise-{served.url.rpartition(':')[2]}=")
    told = ask(f"{served.url}/api/projects", Cookie=cookie)
    assert [each["name"] for each in json.loads(told.body)["projects"]] == ["demo"]
    assert "server" not in told.headers
    assert ask(f"{served.url}/api/projects", Cookie=cookie, Host="localhost:1").status == 421


def test_only_this_machine_can_reach_it(served):
    port = int(served.url.rpartition(":")[2])
    assert served.listener.getsockname() == ("127.0.0.1", port)
    others = {
        entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    }
    for address in others - {"127.0.0.1"} - {a for a in others if a.startswith("127.")}:
        with (
            pytest.raises(ConnectionRefusedError),
            socket.create_connection((address, port), timeout=5),
        ):
            pass


def test_a_port_that_is_taken_is_said(served):
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(InvalidArgumentError, match=f"must be free on 127.0.0.1, but {port} is not"):
        serving(Store("/nowhere"), port=port)


def test_everything_is_answered_while_a_run_writes(served, own_root):
    """Whole collections only, whatever is asked in between."""
    run = sw.Run.from_names("first", "demo", str(own_root))
    table = sw.Table.from_names("val", "scenes", "demo", str(own_root))
    made = serving(Store(own_root))
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        cookie = ask(made.address()).headers["set-cookie"].partition(";")[0]
        seen: list[int] = []
        writer = threading.Thread(
            target=lambda: [
                run.add_metrics({"f1": np.zeros(24)}, None, table.url, epoch=e, split="new")
                for e in range(100, 106)
            ]
        )
        writer.start()
        while writer.is_alive() or not seen:
            told = ask(f"{made.url}/api/runs/demo/first", Cookie=cookie)
            assert told.status == 200, told.body
            new = [s for s in json.loads(told.body)["sources"] if s["source"]["split"] == "new"]
            assert {each["rows"] for each in new} <= {24}
            seen.append(len(new))
        writer.join()
        assert seen == sorted(seen)
    finally:
        made.stop()
        thread.join(20)


def test_a_page_that_watches_hears_of_a_change(own_root):
    made = serving(Store(own_root))
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        cookie = ask(made.address()).headers["set-cookie"].partition(";")[0]
        connection = http.client.HTTPConnection(made.url.removeprefix("http://"), timeout=60)
        connection.request("GET", "/api/events", headers={"Cookie": cookie})
        stream = connection.getresponse()
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.readline() == b": connected\n"
        sw.Run.from_names("first", "demo", str(own_root)).annotate(notes="seen")
        line = next(line for line in iter(stream.readline, b"") if line.startswith(b"data: "))
        assert json.loads(line[6:]) == {"what": "run", "project": "demo", "name": "first"}
        connection.close()
    finally:
        made.stop()
        thread.join(20)
    assert not thread.is_alive()


def test_a_notebook_shows_the_page_of_a_run_and_of_a_table_by_one_server(drawn_root):
    run = sw.Run.from_names("first", "demo", str(drawn_root))
    table = sw.Table.from_names("val", "scenes", "demo", str(drawn_root))
    try:
        shown, other = run.show(), table.show(height=500)
        page = shown._repr_html_()
        address = re.search(r'data-address="([^"]*)"', page)[1]
        assert "/p/demo/runs/first?token=" in address
        assert repr(other).startswith(repr(shown).partition("/p/")[0] + "/p/demo/tables/scenes/val")
        welcome = ask(address, **{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"})
        assert welcome.status == 303
        assert (
            "frame-ancestors http://127.0.0.1:* http://localhost:*"
            in (welcome.headers["content-security-policy"])
        )
        assert 'height="500"' in other._repr_html_()
    finally:
        notebook.stop()


def test_the_command_says_its_address_as_json_and_ends_on_a_signal(drawn_root):
    command = [sys.executable, "-m", "samplewise.cli", "ui", "demo", "--json", "--no-browser"]
    with subprocess.Popen(
        [*command, "--root", str(drawn_root)], stdout=subprocess.PIPE, text=True
    ) as process:
        said = ""
        while not said.rstrip().endswith("}"):
            said += process.stdout.readline()
        address = json.loads(said)["address"]
        assert ask(address).headers["location"] == "/p/demo"
        process.terminate()
        assert process.wait(30) in (0, -15)
