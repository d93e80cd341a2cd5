"""What other pages can send, tried on every route that the server has: a new one is tried too."""

import re

import pytest

TOKEN = "a-secret-of-this-test"
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
OTHERS = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]
PARTS = ["..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "%00", "a%5c..%5cb", "x" * 5_000, "'%3b--"]


@pytest.fixture
def client(make_browser, drawn_root):
    made = make_browser(drawn_root, token=TOKEN).client
    made.get(f"/?token={TOKEN}", follow_redirects=False)
    return made


def all_requests(client, part: str = "x") -> list[tuple[str, str]]:
    """Method and address of everything below `/api`, with a part of our own in each place."""
    api = next(route for route in client.app.routes if getattr(route, "path", "") == "/api")
    found = []
    for route in api.routes:
        path = re.sub(r"{\w+:int}", "0", route.path)
        path = re.sub(r"{\w+}", lambda _: part, path)
        found += [(method, f"http://127.0.0.1/api{path}") for method in route.methods - {"HEAD"}]
    return found


@pytest.mark.parametrize("kind", FORMS)
def test_no_form_of_another_page_writes(client, kind):
    writing = [each for each in all_requests(client) if each[0] != "GET"]
    assert len(writing) > 20
    for method, address in writing:
        told = client.request(method, address, content=b"{}", headers={"content-type": kind})
        assert told.status_code == 415, address


@pytest.mark.parametrize("headers", OTHERS)
def test_no_page_of_another_origin_asks(client, headers):
    for method, address in all_requests(client):
        assert client.request(method, address, headers=headers).status_code == 403, address


def test_no_other_host_is_answered_and_nobody_without_the_cookie(client):
    for method, address in all_requests(client):
        told = client.request(method, address, headers={"host": "evil.example"})
        assert told.status_code == 421, address
    client.cookies.clear()
    for method, address in all_requests(client):
        assert client.request(method, address).status_code == 401, address


@pytest.mark.parametrize("part", PARTS)
def test_no_parameter_is_a_path(client, part):
    for method, address in all_requests(client, part):
        if address.endswith("/events"):
            continue
        told = client.request(method, address, json=None if method == "GET" else {})
        assert told.status_code in (200, 400, 404), (address, told.text)
        assert b"root:" not in told.content
        assert told.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ['"', "'", '";drop table hot;--', "`", "\\", "\u0000", "c0"])
def test_names_with_quotes_are_no_sql(client, name):
    source = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
    for extra in (
        {"sort": [{"column": name}]},
        {"filters": [{"kind": "range", "column": name, "low": 0}]},
        {"filters": [{"kind": "one_of", "column": name, "values": [name]}]},
    ):
        told = client.post("/api/rows", json={"source": source, "limit": 1, **extra})
        assert told.status_code == 404, told.text
