"""Two writers, a bad network, a shared disk, a bad clock."""

import http.client
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

import samplewise as sw
from samplewise.errors import NotFoundError
from samplewise.records.head import HeadTakenError
from samplewise.records.liveness import Owner, is_alive
from samplewise.records.revision import edit_table
from samplewise.storage import Store


class _Losing(BaseHTTPRequestHandler):
    """Passes requests on to the server, and loses replies to the first puts of each document."""

    protocol_version = "HTTP/1.1"
    backend = ""
    losing = ("/table.json", "/run.json", "/lost.json")
    lost: ClassVar[set[str]] = set()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(self.backend)
        connection.request(self.command, self.path, body, dict(self.headers))
        reply = connection.getresponse()
        content = reply.read()
        if self.command == "PUT" and self.path.endswith(self.losing) and self.path not in self.lost:
            self.lost.add(self.path)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        if reply.getheader("Content-Length") is None:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass_on  # noqa: N815

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def losing_root(
    s3_root: str, object_storage: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The root of a store whose network loses replies."""
    handler = type(
        "Losing", (_Losing,), {"backend": object_storage.removeprefix("http://"), "lost": set()}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield s3_root
    assert handler.lost, "no reply was lost"
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.mark.parametrize("if_exists", ["raise", "rename", "overwrite"])
def test_a_lost_reply_makes_no_orphan_and_no_duplicate(losing_root: str, if_exists: str):
    place = {"project_name": "p", "root_url": losing_root, "if_exists": if_exists}
    table = sw.Table.from_dict({"x": [1, 2]}, dataset_name="d", add_weight_column=True, **place)
    run = sw.init("p", "first", root_url=losing_root, if_exists=if_exists)
    run.close()
    edited = table.edit({"weight": {0: 2.0}})
    store = Store(losing_root)
    assert store.children("p/datasets/d/tables") == ["initial", "initial_0000"]
    assert store.children("p/runs") == ["first"]
    assert sw.Table.from_url(table.url).to_arrow()["x"].to_pylist() == [1, 2]
    assert (table.latest(), sw.Run.from_url(run.url).status) == (edited, "completed")


def test_a_change_whose_reply_was_lost_is_made_once(losing_root: str):
    store = Store(losing_root)
    store.replace("p/lost.json", {"counts": []})
    changed = store.update("p/lost.json", lambda stored: {"counts": [*stored["counts"], 1]})
    assert changed == {"counts": [1]}
    assert store.read("p/lost.json") == {"counts": [1], "format": 1}


@pytest.fixture
def table(any_store: Store) -> sw.Table:
    return sw.Table.from_dict(
        {"x": [1, 2, 3]},
        dataset_name="d",
        project_name="p",
        root_url=any_store.root,
        add_weight_column=True,
    )


def test_of_four_commits_on_one_base_one_wins(table: sw.Table):
    base, made, refused = table.stored, [], []

    def commit(weight: float) -> None:
        try:
            made.append(edit_table(base, {"weight": {0: weight}}, is_head=True))
        except HeadTakenError as error:
            refused.append(error)

    threads = [threading.Thread(target=commit, args=(float(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 3)
    assert table.latest().stored.id == made[0].id
    assert edit_table(made[0], {"weight": {1: 0.0}}, is_head=True).name == "initial_0001"


def test_a_head_whose_revision_was_deleted_is_free_again(table: sw.Table):
    made = edit_table(table.stored, {"weight": {0: 0.5}}, is_head=True)
    with pytest.raises(HeadTakenError, match="`initial` has a newer revision: `initial_0000`"):
        edit_table(table.stored, {"weight": {0: 0.5}}, is_head=True)
    sw.Table.from_url(made.url).delete()
    assert edit_table(table.stored, {"weight": {0: 0.7}}, is_head=True).name == "initial_0000"


def test_an_edit_that_fails_leaves_the_head_free(table: sw.Table):
    where = {"dataset_name": "d", "project_name": "p", "root_url": table.root_url}
    sw.Table.from_dict({"x": [1]}, table_name="taken", **where)
    with pytest.raises(sw.errors.AlreadyExistsError):
        edit_table(table.stored, {"weight": {0: 0.5}}, "taken", is_head=True)
    assert edit_table(table.stored, {"weight": {0: 0.5}}, is_head=True).name == "initial_0000"


def test_the_latest_revision_is_so_whatever_the_clock_says(
    table: sw.Table, monkeypatch: pytest.MonkeyPatch
):
    first = table.edit({"weight": {0: 0.5}})

    class Back(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr("samplewise.records.table_document.datetime", Back)
    second = first.edit({"weight": {1: 0.5}})
    beside = table.edit({"weight": {2: 0.5}})
    assert second.created < first.created
    assert first.latest() == second
    assert table.latest() == beside


def test_a_process_that_cannot_be_seen_lives_as_long_as_its_heart_beats():
    ours = Owner.this_process().to_json()
    now = time.time()
    gone = {**ours, "pid": 2**22 - 1}
    assert is_alive(ours, None)
    assert not is_alive(gone, now), "it was one of ours, and is gone"
    for elsewhere in ({"namespace": "pid:[1]"}, {"boot": "another"}):
        assert is_alive({**gone, **elsewhere}, now - 100)
        assert not is_alive({**gone, **elsewhere}, now - 1000)
        assert not is_alive({**gone, **elsewhere}, None)
    old = {name: gone[name] for name in ("pid", "host", "started")}  # of earlier versions
    assert not is_alive(old, now)
    assert is_alive({**old, "host": "another"}, now)


def test_rows_of_a_run_that_was_removed_meanwhile_are_refused(any_store: Store):
    run = sw.init("p", "doomed", root_url=any_store.root)
    run.add_metrics({"score": [0.5, 1.0]})
    sw.Run.from_url(run.url).delete()
    with pytest.raises(NotFoundError, match="run `doomed` of project `p` is gone"):
        run.add_metrics({"score": [0.5, 1.0]})
    with pytest.raises(NotFoundError, match="is gone"):
        run.log({"loss": 1.0}, epoch=1)
    with pytest.raises(NotFoundError, match="is gone"):
        run.close()
    assert any_store.children("p/runs") == []
