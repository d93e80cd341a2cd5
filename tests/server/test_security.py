"""Attacks on the server, each refused; and what its own page may do."""

from collections.abc import Callable

import pytest

import samplewise as sw

TOKEN = "a-secret-of-this-test"
OWN = {"host": "127.0.0.1", "origin": "http://127.0.0.1"}


@pytest.fixture
def client(make_browser, drawn_root):
    return make_browser(drawn_root, token=TOKEN, cookie="samplewise-8000").client


@pytest.fixture
def welcome(client) -> Callable[[], None]:
    """The client, after it opened the address with the token."""
    assert client.get(f"/?token={TOKEN}", follow_redirects=False).status_code == 303
    return client


def test_the_token_becomes_a_cookie_and_leaves_the_address(client):
    told = client.get(f"/p/demo?tab=runs&token={TOKEN}", follow_redirects=False)
    assert (told.status_code, told.headers["location"]) == (303, "/p/demo?tab=runs")
    cookie = told.headers["set-cookie"].lower()
    assert cookie.startswith("samplewise-8000=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/api/projects").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/projects", "/assets/index.js", "/api/events"])
@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", f"?token={TOKEN}x", "?token=%ff"])
def test_nothing_is_answered_without_the_token(client, path, query):
    assert client.get(path + query).status_code == 401
    client.cookies.set("samplewise-8000", "wrong")
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:9", "", "a@127.0.0.1"]
)
def test_names_that_were_pointed_at_this_server_are_refused(welcome, host):
    assert welcome.get("/api/projects", headers={"host": host}).status_code == 421


def test_two_hosts_are_refused(welcome):
    hosts = [("host", "127.0.0.1"), ("host", "evil.example")]
    request = welcome.build_request("GET", "/api/projects")
    request.headers = type(request.headers)([*hosts, ("cookie", f"samplewise-8000={TOKEN}")])
    assert welcome.send(request).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9"},
        {"origin": "https://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_pages_of_other_origins_are_refused(welcome, headers):
    assert welcome.get("/api/projects", headers=headers).status_code == 403
    assert welcome.post("/api/count", json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [OWN, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]
)
def test_its_own_page_is_answered(welcome, headers):
    assert welcome.get("/api/projects", headers=headers).status_code == 200


def test_a_link_of_another_site_opens_the_page_only_with_the_token(client):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    told = client.get(f"/p/a%22b?token={TOKEN}", headers=headers, follow_redirects=False)
    assert told.status_code == 200
    assert 'content="0;url=/p/a%22b"' in told.text
    assert TOKEN not in told.text
    assert client.get("/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "///evil.example/x", "//evil.example/%2e%2e"]
)
def test_the_redirect_leads_nowhere_else(client, path):
    told = client.get(f"http://127.0.0.1{path}?token={TOKEN}", follow_redirects=False)
    assert told.status_code == 303
    place = told.headers["location"]
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))


def test_a_redirect_cannot_smuggle_a_header(client):
    told = client.get(f"/x%0d%0aSet-Cookie:%20a=b?token={TOKEN}", follow_redirects=False)
    assert "\r" not in told.headers["location"]
    assert len(told.headers.get_list("set-cookie")) == 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_of_another_page_can_send_is_refused(welcome, kind):
    told = welcome.post("/api/count", content=b"{}", headers={"content-type": kind})
    assert told.status_code == 415


def test_json_without_the_custom_header_is_refused(welcome):
    del welcome.headers["x-samplewise"]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        told = welcome.request(method, "/api/projects/demo/views", json={"views": []})
        assert told.status_code == 415


def test_preflights_are_never_answered(welcome):
    headers = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    told = welcome.options("/api/count", headers=headers)
    assert told.status_code == 403
    assert not [name for name in told.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/", "/api/projects", "/api/nothing", "/assets/none.js", "/?token=bad"]
)
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../app.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fapp.py",
        "//etc/passwd",
        "/assets/%00",
        "/api/../../etc/passwd",
    ],
)
def test_no_file_outside_of_the_pages_is_sent(welcome, path):
    told = welcome.get(f"http://127.0.0.1{path}")
    assert b"root:" not in told.content
    assert b"def make_app" not in told.content


@pytest.mark.parametrize(
    "name", ["..", "../demo", "..%2f..", "%2e%2e", "a%5cb", ".hidden", "%00", "x" * 300]
)
def test_names_that_are_paths_are_no_names(welcome, name):
    for path in (
        f"/api/projects/{name}",
        f"/api/runs/demo/{name}",
        f"/api/runs/{name}/first/curves",
    ):
        assert welcome.get(path).status_code in (400, 404)
    told = welcome.put(f"/api/projects/{name}/views", json={"views": []})
    assert told.status_code in (400, 404)


def test_a_request_that_is_too_large_is_refused(welcome):
    body = b'{"source": "' + b"x" * (17 * 2**20) + b'"}'
    told = welcome.post("/api/count", content=body)
    assert told.status_code == 413
    assert told.json()["detail"] == "the request is too large."


def test_no_word_of_a_filter_reaches_the_database(welcome):
    source = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
    attacks = ["x' or 1=1 --", "'; copy hot to '/tmp/x'; --", 'a"; drop table hot; --']
    for attack in attacks:
        filters = [{"kind": "text", "column": "image", "contains": attack}]
        told = welcome.post("/api/count", json={"source": source, "filters": filters})
        assert told.json() == {"count": 0}
        filters = [{"kind": "range", "column": attack, "low": 0}]
        told = welcome.post("/api/count", json={"source": source, "filters": filters})
        assert told.status_code == 404


def test_the_database_can_neither_read_files_nor_be_told_to():
    import duckdb

    from samplewise.server.selection import _database

    for query in (
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to '/tmp/samplewise-attack.csv'",
        "attach '/tmp/samplewise-attack.db'",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with pytest.raises(duckdb.Error), _database().cursor() as cursor:
            cursor.execute(query)


def test_an_answer_that_takes_too_long_is_given_up(welcome, monkeypatch):
    monkeypatch.setattr("samplewise.server.answers.SLOWEST_ANSWER_S", 0.0)
    told = welcome.get("/api/projects/demo")
    assert told.status_code == 503
    assert "takes too long" in told.json()["detail"]


def test_a_device_that_a_table_names_is_no_image(make_browser, tmp_path):
    sw.Table.from_dict(
        {"image": ["/dev/zero", str(tmp_path)]},
        {"image": sw.schemas.ImageSchema()},
        table_name="t",
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path / "store"),
    )
    client = make_browser(tmp_path / "store").client
    for row in (0, 1):
        for query in ("", "?size=64"):
            assert client.get(f"/api/images/table/p/d/t/{row}{query}").status_code == 404
