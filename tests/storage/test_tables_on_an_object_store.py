"""Tables and runs whose root is an object store."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import samplewise as sw
from samplewise.errors import AlreadyExistsError, ImageRefusedError, NotFoundError
from samplewise.records.catalog import run_names, table_names
from samplewise.records.vacuum import vacuum
from samplewise.schema.image import open_image
from samplewise.schema.object_store import object_store
from samplewise.storage import Store
from samplewise.tables import Run


@pytest.fixture
def table(s3_root: str) -> sw.Table:
    return sw.Table.from_dict(
        {"x": np.arange(50), "v": np.eye(50)[:, :3]},
        dataset_name="d#1 ü",
        project_name="p 100%",
        root_url=s3_root,
        add_weight_column=True,
    )


def test_a_table_is_written_opened_and_derived_from(table, s3_root):
    derived = table.edit({"weight": {7: 0.0}}, delete=[0, 1]).delete_rows([0])
    opened = sw.Table.from_url(derived.url)
    assert opened.url.startswith(s3_root)
    assert [row["x"] for row in opened.table_rows] == list(range(3, 50))
    assert opened[4] == {"x": 7, "v": pytest.approx(np.zeros(3)), "weight": 0.0}
    assert table_names(Store(s3_root), "p 100%", "d#1 ü") == [
        "initial",
        "initial_0000",
        "initial_0001",
    ]
    assert table.latest() == derived
    assert [t.name for t in derived.lineage()] == ["initial", "initial_0000", "initial_0001"]
    assert len(table) == len(sw.Table.from_url(table.url).to_arrow()) == 50


@pytest.mark.parametrize("mode", ["overwrite", "rename"])
def test_modes_of_if_exists(table, mode):
    again = sw.Table.from_dict(
        {"x": [1]},
        dataset_name=table.dataset_name,
        project_name=table.project_name,
        root_url=table.root_url,
        if_exists=mode,
    )
    assert len(again) == 1
    assert again.name == ("initial_0000" if mode == "rename" else "initial")
    assert table[49]["x"] == 49


def test_a_table_of_the_same_rows_is_reused_and_others_are_refused(s3_root):
    names = {"dataset_name": "d", "project_name": "p", "root_url": s3_root}
    first = sw.Table.from_dict({"x": [1, 2]}, **names)
    assert sw.Table.from_dict({"x": [1, 2]}, **names) == first
    with pytest.raises(AlreadyExistsError, match="its rows are others"):
        sw.Table.from_dict({"x": [1, 3]}, **names)


def test_an_aborted_import_leaves_nothing(s3_root):
    writer = sw.TableWriter("t", "d", "p", root_url=s3_root)
    writer.add_batch({"x": [1]})
    writer.abort()
    assert list(Store(s3_root).files("")) == []


def test_a_run_logs_collects_and_answers(table, s3_root):
    with Run.create("p 100%", "r #1", parameters={"lr": 1}, root_url=s3_root) as run:
        for epoch in range(3):
            run.log({"mAP@0.50": epoch / 10}, epoch=epoch, split="val")
            run.add_metrics({"m": np.arange(50)}, foreign_table_url=table.url, epoch=epoch)
        assert run.status == "running"
    opened = Run.from_url(run.url)
    assert opened.status == "completed"
    assert opened.history.column("value").to_pylist() == [0.0, 0.1, 0.2]
    assert opened.metrics(["m", "x"], epoch=2).num_rows == 50
    assert opened.sql("select sum(m = x) as n from metrics").to_pydict() == {"n": [150]}
    assert run_names(Store(s3_root), "p 100%") == ["r #1"]
    overwritten = Run.create("p 100%", "r #1", if_exists="overwrite", root_url=s3_root)
    with pytest.raises(NotFoundError, match="was overwritten"):
        opened.set_parameters({})
    overwritten.delete()
    assert run_names(Store(s3_root), "p 100%") == []


def test_what_nobody_names_can_be_swept_away(table, s3_root):
    store = Store(s3_root)
    table.delete()
    assert vacuum(store).paths == []
    assert len(vacuum(store, older_than_h=-1).paths) == 2
    assert [file.path for file in store.files("")] == ["p 100%/project.json"]


def test_images_on_an_object_store_open_where_a_person_allows_it(s3_root, monkeypatch):
    encoded = io.BytesIO()
    Image.new("RGB", (3, 2)).save(encoded, format="PNG")
    object_store(s3_root).put("a b#1 ü.png", encoded.getvalue())
    with pytest.raises(ImageRefusedError, match="nobody has allowed that place"):
        open_image(f"{s3_root}/a b#1 ü.png")
    monkeypatch.setenv("SAMPLEWISE_REMOTE_IMAGES", s3_root)
    assert open_image(f"{s3_root}/a b#1 ü.png").size == (3, 2)
    with pytest.raises(OSError, match="nothing"):
        open_image(f"{s3_root}/nothing.png")


def test_processes_that_import_one_name_at_once_are_not_mixed(s3_root):
    program = (
        "import sys, samplewise as sw\n"
        "t = sw.Table.from_dict({'x': [int(sys.argv[2])] * 99}, dataset_name='d', project_name='p',"
        " root_url=sys.argv[1], if_exists='rename')\n"
        "t.delete_rows([0])"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, s3_root, str(n)]) for n in range(2)
    ]
    assert [process.wait() for process in processes] == [0, 0]
    names = table_names(Store(s3_root), "p", "d")
    assert len(names) == 4
    for name in names:
        values = sw.Table.from_names(name, "d", "p", s3_root).get_column_as_pyarrow_array("x")
        assert len(values.unique()) == 1


def test_credentials_are_nowhere_in_the_store(table, s3_root):
    table.delete_rows([0])
    Run.create("p", "r", root_url=s3_root).log({"x": 1})
    files = list(Store(s3_root).files(""))
    assert len(files) > 10
    for file in files:
        assert b"open-sesame" not in Store(s3_root).read_file(file.path)
