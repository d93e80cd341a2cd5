"""The answer to every write is lost once: the store has acted, and the writer does not know."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import samplewise as sw
from samplewise.records.catalog import run_names, table_names
from samplewise.records.check import check_store
from samplewise.storage import Store
from samplewise.tables import Run


@pytest.fixture
def lossy_root(s3_root: str, object_storage: str, monkeypatch) -> Iterator[str]:
    """The root of a store behind a proxy that loses the first answer to each write."""
    proxy = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("lossy.py")), object_storage],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert proxy.stdout is not None
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.stdout.readline().split()[1]}")
    yield s3_root
    proxy.kill()
    proxy.communicate()


def names_of(root: str) -> dict[str, str]:
    return {"dataset_name": "d", "project_name": "p", "root_url": root}


@pytest.mark.parametrize("if_exists", ["raise", "rename"])
def test_an_import_makes_one_table_that_can_be_read(lossy_root: str, if_exists: str):
    table = sw.Table.from_dict({"x": np.arange(9)}, if_exists=if_exists, **names_of(lossy_root))
    assert table_names(Store(lossy_root), "p", "d") == ["initial"]
    opened = sw.Table.from_url(table.url)
    assert opened.get_column_as_pyarrow_array("x").to_pylist() == list(range(9))
    assert len({file.path.split("/")[4] for file in rows_of(lossy_root)}) == 1


def rows_of(root: str) -> list:
    return [file for file in Store(root).files("p") if "/rows/" in file.path]


def test_revisions_are_made_once(lossy_root: str):
    table = sw.Table.from_dict({"x": np.arange(9)}, **names_of(lossy_root))
    edited = table.edit({"x": {0: 100}}, latest=True)
    left = edited.delete_rows([1])
    assert table_names(Store(lossy_root), "p", "d") == ["initial", "initial_0000", "initial_0001"]
    assert left.get_column_as_pyarrow_array("x").to_pylist() == [100, *range(2, 9)]
    assert check_store(Store(lossy_root)) == []


def test_a_run_has_each_row_and_each_change_once(lossy_root: str):
    table = sw.Table.from_dict({"x": np.arange(9)}, **names_of(lossy_root))
    with Run.create("p", "r", root_url=lossy_root) as run:
        for epoch in range(2):
            run.log({"mAP": epoch / 10}, epoch=epoch, split="val")
            run.add_metrics({"m": np.arange(9) + epoch}, None, table.url, epoch=epoch, split="val")
            run.add_collection({"epoch": epoch, "split": "val"})
        run.log({"mAP": 0.9}, epoch=1, split="val", replace=True)
    assert run_names(Store(lossy_root), "p") == ["r"]
    assert sorted(run.history.column("value").to_pylist()) == [0.0, 0.9]
    assert run.metrics(["m"]).num_rows == 18
    assert [each["epoch"] for each in run.collections] == [0, 1]
    assert run.status == "completed"


def test_changes_by_many_are_counted_once_each(lossy_root: str):
    store = Store(lossy_root)
    assert store.create("x.json", {"seen": []})

    def see(what: tuple[int, int], old: dict) -> dict:
        return {"seen": [*old["seen"], what]}

    def add(number: int) -> None:
        for step in range(3):
            store.update("x.json", partial(see, (number, step)))

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = [tuple(each) for each in store.read("x.json")["seen"]]
    assert len(seen) == len(set(seen)) == 12


def test_what_another_has_created_is_still_another_s(lossy_root: str):
    store = Store(lossy_root)
    assert store.create("x.json", {"a": 1})
    assert not store.create("x.json", {"a": 1})
