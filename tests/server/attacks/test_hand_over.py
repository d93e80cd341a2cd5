"""The token in a list of processes: what a browser is started with is worth nothing to others."""

import os
import stat
import sys
import time
from html import unescape
from re import search

import pytest

from samplewise.server import hand_over, tickets

TOKEN = "a-secret-of-this-test"
FROM_A_FILE = {
    "origin": "null",
    "sec-fetch-site": "cross-site",
    "content-type": "application/x-www-form-urlencoded",
}


@pytest.fixture
def client(make_browser, drawn_root):
    return make_browser(drawn_root, token=TOKEN).client


def post(client, ticket, path="/p/demo?tab=runs", **headers):
    form = {"ticket": ticket, "next": path}
    return client.post(hand_over.PATH, data=form, headers={**FROM_A_FILE, **headers})


def test_the_page_is_for_its_user_alone_and_opens_the_dashboard_once(client):
    page = hand_over.write_page("http://127.0.0.1", TOKEN, "/p/demo")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    ticket = unescape(search('name="ticket" value="([^"]*)"', page.read_text())[1])
    assert TOKEN not in page.read_text()
    told = post(client, ticket)
    assert 'content="0;url=/p/demo?tab=runs"' in told.text
    assert "samesite=strict" in told.headers["set-cookie"].lower()
    assert client.get("/api/projects").status_code == 200
    assert post(client, ticket).status_code == 401


@pytest.mark.parametrize("ticket", ["", "x", "a.b.c", "é.9999999999.é", TOKEN, "x" * 20_000])
def test_no_other_ticket_opens_it(client, ticket):
    told = post(client, ticket)
    assert told.status_code == 401
    assert "set-cookie" not in told.headers


def test_a_ticket_ends(client, monkeypatch):
    monkeypatch.setattr(tickets, "LIFETIME_S", -1.0)
    assert post(client, tickets.make_ticket(TOKEN)).status_code == 401


def test_a_ticket_opens_this_server_under_its_own_name_only(client):
    told = post(client, tickets.make_ticket(TOKEN), host="evil.example")
    assert told.status_code == 421


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_it_leads_nowhere_else(client, path):
    told = post(client, tickets.make_ticket(TOKEN), path)
    assert search(r"url=/(?![/\\])", told.text)


def test_a_browser_command_that_blocks_sees_a_file_and_keeps_nobody_waiting(tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    command = tmp_path / "browser"
    command.write_text(f'#!/bin/sh\necho "$@" > {seen}\nsleep 3\n')
    command.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{command} %s")
    monkeypatch.delitem(sys.modules, "webbrowser", raising=False)
    before = time.monotonic()
    opening = hand_over.open_in_browser("http://127.0.0.1:1", TOKEN, "/")
    assert time.monotonic() - before < 2
    opening.join(30)
    arguments = seen.read_text()
    assert arguments.startswith("file://")
    assert TOKEN not in arguments
    assert str(os.getuid()) == str(os.stat(arguments.strip().removeprefix("file://")).st_uid)


def test_an_old_link_says_what_to_do(client):
    told = client.get("/p/demo?tab=runs&token=of-last-week")
    assert told.status_code == 401
    assert "samplewise ui" in told.text
    assert 'href="/p/demo?tab=runs"' in told.text
    assert client.get("/api/projects").json()["hint"].startswith("run `samplewise ui`")
