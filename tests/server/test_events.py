"""What changed in a store while somebody watches."""

import asyncio
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import samplewise as sw
from samplewise.server.events import Watch, find_changes
from samplewise.storage import Store


def changes(root, act) -> set:
    watch = Watch(Store(root), every_s=1e-6)
    before = watch.look()
    act()
    return {(what, name) for what, _, name in find_changes(before, watch.look())}


def test_nothing_happens_where_nobody_writes(own_root):
    assert changes(own_root, lambda: None) == set()


def test_a_run_that_begins_is_told_with_its_project(own_root):
    def begin():
        sw.Run.create("demo", "third", root_url=str(own_root)).close()

    assert changes(own_root, begin) == {("project", None), ("run", "third")}


def test_aggregates_and_notes_of_a_run_are_told(own_root):
    run = sw.Run.from_names("first", "demo", str(own_root))
    assert changes(own_root, lambda: run.log({"loss": 0.1}, epoch=9)) == {("run", "first")}
    assert changes(own_root, lambda: run.annotate(notes="good")) == {("run", "first")}


def test_rows_of_metrics_are_told(own_root):
    run = sw.Run.from_names("first", "demo", str(own_root))
    add = lambda: run.add_metrics({"example_id": [0], "f1": [0.5]}, epoch=9, split="val")  # noqa: E731
    assert changes(own_root, add) == {("run", "first")}


def test_a_revision_and_a_removal_are_told(own_root):
    table = sw.Table.from_names("val", "scenes", "demo", str(own_root))
    told = changes(own_root, lambda: table.delete_rows([0], "shorter"))
    assert told == {("project", None), ("table", "scenes/shorter")}
    gone = changes(own_root, lambda: shutil.rmtree(own_root / "demo" / "runs" / "broken"))
    assert gone == {("project", None), ("run", "broken")}


def test_a_damaged_document_does_not_end_the_watch(own_root):
    path = own_root / "demo" / "runs" / "broken" / "run.json"
    assert changes(own_root, lambda: path.write_text("{")) == {("run", "broken")}


def test_events_are_sent_as_they_happen(own_root):
    async def first() -> dict:
        stream = Watch(Store(own_root), every_s=0.05).events()
        assert (await anext(stream)).startswith(b":")
        sw.Run.from_names("first", "demo", str(own_root)).annotate(notes="seen")
        return json.loads((await anext(stream)).removeprefix(b"data: "))

    # In a thread: the loop of a browser that another test has open may run in this one.
    with ThreadPoolExecutor(1) as thread:
        event = thread.submit(lambda: asyncio.run(first())).result()
    assert event == {"what": "run", "project": "demo", "name": "first"}
