import os
import time
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.records.catalog import dataset_names, project_names, run_names, table_names
from samplewise.records.vacuum import vacuum
from samplewise.storage import Store
from samplewise.storage.rows import fresh_path
from samplewise.storage.sink import LanceSink
from samplewise.tables import Run


@pytest.fixture
def store(root: str) -> Store:
    return Store(root)


def age(store: Store, hours: float = 100) -> None:
    """Make everything look as if it had been written long ago."""
    then = time.time() - 3600 * hours
    for folder, _, names in os.walk(store.root):
        for name in (*names, "."):
            os.utime(Path(folder, name), (then, then))


def rows_of(store: Store) -> list[str]:
    return store.children("p/datasets/d/rows")


def everything(store: Store) -> set[str]:
    return {file.path for file in store.files("")}


def test_what_is_in_use_stays(make_table, store, root):
    table = make_table()
    derived = table.edit({"x": {0: 9}}).delete_rows([1])
    with Run.create("p", "r", root_url=root) as run:
        run.log({"loss": 1.0})
        run.add_metrics({"m": [1, 2, 3, 4]}, foreign_table_url=derived.url)
    age(store)
    assert vacuum(store).paths == []
    assert [row["x"] for row in table.table_rows] == [0, 1, 2, 3, 4]
    assert [row["x"] for row in sw.Table.from_url(derived.url).table_rows] == [9, 2, 3, 4]
    assert Run.from_url(run.url).metrics(["m", "x"]).num_rows == 4
    assert Run.from_url(run.url).history.num_rows == 1


def test_rows_of_a_killed_import_go_once_they_are_old(make_table, store):
    make_table()
    sink = LanceSink(store, fresh_path("p/datasets/d/rows"), make_table().stored.document.schema)
    sink.close()
    sink.keep()  # as a process that is killed before it gives them a name
    assert vacuum(store).paths == []
    age(store)
    assert len(vacuum(store, is_dry_run=True).paths) == 1
    assert len(rows_of(store)) == 2
    swept = vacuum(store)
    assert len(swept.paths) == 1
    assert swept.size_bytes > 100
    assert len(rows_of(store)) == 1


def test_overwritten_rows_stay_for_their_readers_and_go_a_day_later(make_table, store):
    old = make_table()
    age(store)
    make_table({"x": [7]}, if_exists="overwrite")
    vacuum(store)
    assert [row["x"] for row in old.table_rows] == [0, 1, 2, 3, 4]
    age(store)
    assert len(vacuum(store).paths) == 2  # the rows, and the mark of when they lost their name
    assert len(rows_of(store)) == 1
    assert sw.Table.from_url(old.url)[0] == {"x": 7}


def test_a_revision_that_was_removed_frees_only_what_is_its_own(make_table, store):
    table = make_table({"x": list(range(10_000)), "s": ["x" * 50] * 10_000})
    removed = table.edit({"s": dict.fromkeys(range(5_000), "y" * 500)})
    kept = table.edit({"x": {0: -1}})
    removed.delete()
    before = sum(file.size_bytes for file in store.files(""))
    age(store)
    # Lance looks at the time of the version itself, which cannot be set back.
    freed = vacuum(store, older_than_h=0).size_bytes
    assert freed > 10_000
    assert sum(file.size_bytes for file in store.files("")) < before
    assert len(table) == 10_000
    assert table[9_999]["s"] == "x" * 50
    assert kept[0]["x"] == -1


def test_rows_that_a_run_is_about_stay_until_the_run_goes(make_table, store, root):
    table = make_table()
    with Run.create("p", "r", root_url=root) as run:
        run.add_metrics({"m": [1, 2, 3, 4, 5]}, foreign_table_url=table.url)
    table.delete()
    age(store)
    assert vacuum(store).paths == []
    assert Run.from_url(run.url).metrics(["x"]).num_rows == 5
    run.delete()
    age(store)
    assert len(vacuum(store).paths) == 2
    assert everything(store) == {"p/project.json"}


def test_an_overwritten_run_goes_a_day_later(store, root):
    old = Run.create("p", "r", root_url=root)
    old.log({"loss": 1.0})
    new = Run.create("p", "r", if_exists="overwrite", root_url=root)
    new.log({"loss": 2.0})
    assert vacuum(store).paths == []
    age(store)
    assert vacuum(store).paths == [f"p/runs/r/{old.id}"]
    assert new.history.num_rows == 1


def test_half_written_things_go(make_table, store):
    make_table()
    left = Path(store.root, "p", "datasets", "d", "tables", "half")
    left.mkdir()
    (left / ".writing-abc").touch()
    Path(store.root, "p", ".deleted-1-run").mkdir()
    assert vacuum(store).paths == []
    age(store)
    assert len(vacuum(store).paths) == 2
    assert not left.exists()


def test_what_others_keep_in_the_folder_is_never_touched(make_table, store):
    make_table()
    others = [
        "other/runs/exp1/weights.pt",
        "other/datasets/coco/rows/a.lance/x",
        "p/runs/exp1/weights.pt",
        "p/datasets/d/rows/mine.lance/x",
        "p/datasets/images/1.jpg",
        "notes.txt",
    ]
    for path in others:
        Path(store.root, path).parent.mkdir(parents=True, exist_ok=True)
        Path(store.root, path).write_text("mine")
    age(store)
    assert vacuum(store, older_than_h=0).paths == []
    assert everything(store) >= set(others)


def test_an_empty_or_missing_store_is_fine(store):
    assert vacuum(store).paths == []


def test_the_catalog_lists_what_can_be_opened(make_table, store, root):
    make_table()
    Run.create("q", "r", root_url=root)
    for folder in ("p/datasets/d/tables/half", "p/datasets/empty", "q/runs/half", "other"):
        Path(root, folder).mkdir(parents=True)
    assert project_names(store) == ["p", "q"]
    assert dataset_names(store, "p") == ["d"]
    assert table_names(store, "p", "d") == ["initial"]
    assert run_names(store, "q") == ["r"]
