"""Of many who continue one revision at the same time, one does: on every kind of root."""

import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

import samplewise as sw
from samplewise.errors import ConflictError
from samplewise.records import head
from samplewise.records.table_document import read_table_document
from samplewise.server.app import make_app
from samplewise.storage import Store
from samplewise.storage.layout import table_path


@pytest.fixture
def table(any_store: Store) -> sw.Table:
    names = {"dataset_name": "d", "project_name": "p", "root_url": any_store.root}
    return sw.Table.from_dict({"x": [0, 1, 2]}, **names)


def at_once(count: int, work: Any) -> list[Any]:
    start, found = threading.Barrier(count), []

    def one(number: int) -> None:
        start.wait()
        found.append(work(number))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_four_edits_of_the_newest_revision_one_wins(table: sw.Table):
    def edit(number: int) -> str:
        try:
            return sw.Table.from_url(table.url).edit({"x": {0: number}}, latest=True).name
        except ConflictError as error:
            return error.message

    refused = "`initial` has a newer revision: `initial_0000`."
    assert sorted(at_once(4, edit)) == [refused] * 3 + ["initial_0000"]
    # The next one goes on from there.
    assert table.latest().edit({"x": {1: 7}}, latest=True).name == "initial_0001"


def test_of_four_commits_of_two_dashboards_one_wins(table: sw.Table, any_store: Store):
    place = {"kind": "table", "project": "p", "dataset": "d", "table": "initial"}

    def commit(number: int) -> int:
        edits = [{"column": "x", "example_id": 0, "value": number + 10}]
        with TestClient(make_app(Store(any_store.root))) as client:
            answer = client.post(
                "/api/commit", json={"base": place, "edits": edits}, headers={"X-Samplewise": "1"}
            )
        if answer.status_code == 409:
            assert answer.json()["newest"]["table"] == "initial_0000"
        return answer.status_code

    assert sorted(at_once(4, commit)) == [200, 409, 409, 409]


def test_branches_are_as_many_as_are_made(table: sw.Table):
    names = at_once(3, lambda n: table.edit({"x": {0: n + 10}}).name)
    assert sorted(names) == ["initial_0000", "initial_0001", "initial_0002"]
    with pytest.raises(ConflictError, match="has a newer revision"):
        table.edit({"x": {0: 5}}, latest=True)


def test_a_revision_that_is_removed_lets_others_continue(table: sw.Table):
    table.edit({"x": {0: 5}}, latest=True).delete()
    assert len(table.edit({"x": {0: 6}}, latest=True)) == 3


def test_a_writer_that_died_before_it_published_stops_nobody(
    table: sw.Table, any_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(head, "_PATIENCE_S", 0.0)
    document = table.stored.document
    path = f"{document.stored_rows.path}/heads/{document.id}.json"
    assert any_store.create(path, {"child": "somebody who is gone"})
    assert table.edit({"x": {0: 6}}, latest=True).name == "initial_0000"


def test_the_newest_revision_is_so_by_its_version_and_not_by_a_clock(
    table: sw.Table, any_store: Store
):
    older = table.edit({"x": {0: 5}})
    newer = older.edit({"x": {0: 6}})
    path = f"{table_path('p', 'd', newer.name)}/table.json"
    stored = any_store.read(path)
    assert stored is not None
    any_store.replace(path, {**stored, "created": "2001-01-01T00:00:00+00:00"})
    assert read_table_document(any_store, "p", "d", newer.name) is not None
    assert table.latest().name == older.latest().name == newer.name
