"""`samplewise rm`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.errors import NotFoundError


def test_a_run_is_deleted_and_its_tables_stay(samplewise, own_root: Path):
    assert samplewise("rm", "demo/first", "--yes")[0] == 0
    assert samplewise("show", "demo/first")[0] == 1
    assert len(sw.Table.from_names("initial", "drawn", "demo")) == 6


@pytest.mark.usefixtures("own_root")
def test_tables_that_share_rows_with_a_deleted_one_keep_them(samplewise):
    assert samplewise("rm", "demo/drawn/initial", "--yes")[0] == 0
    with pytest.raises(NotFoundError):
        sw.Table.from_names("initial", "drawn", "demo")
    derived = sw.Table.from_names("initial_0001", "drawn", "demo")
    assert [row["kind"] for row in derived.table_rows] == [0, 1, 2, 1, 0]


@pytest.mark.usefixtures("own_root")
def test_metrics_on_a_deleted_table_can_still_be_read_beside_its_columns(samplewise):
    samplewise("rm", "demo/drawn", "--yes")
    told = json.loads(samplewise("show", "demo/first", "--json")[1])
    assert told["worst"]["problem"] is None
    assert told["worst"]["rows"][0]["image"] == "/pictures/5.jpg"


@pytest.mark.usefixtures("own_root")
def test_what_would_be_lost_is_said_before_the_question(samplewise):
    code, out, _ = samplewise("rm", "demo/drawn/initial", "--dry-run")
    assert code == 0
    assert out.splitlines()[1:] == [
        "- 1 table with 6 rows: drawn/initial",
        "- derived from it, and keep all their rows: initial_0000, initial_0001",
        "- have metrics on it, and keep the rows they are about: demo/first",
        "Images are not touched.",
    ]
    assert len(sw.Table.from_names("initial", "drawn", "demo")) == 6


def test_a_project_goes_with_everything_in_it(samplewise, own_root: Path):
    (own_root / "demo" / "pictures").mkdir()
    (own_root / "demo" / "pictures" / "1.jpg").write_bytes(b"a picture")
    told = json.loads(samplewise("rm", "demo", "--yes", "--json")[1])
    assert (told["kind"], len(told["tables"]), len(told["runs"])) == ("project", 3, 1)
    assert json.loads(samplewise("ls", "--json")[1])["projects"] == []
    assert (own_root / "demo" / "pictures" / "1.jpg").read_bytes() == b"a picture"


def test_without_yes_nobody_answering_means_no(own_root: Path):
    command = [sys.executable, "-m", "samplewise.cli", "rm", "demo/first"]
    for answer, code in (("", 1), ("n\n", 1), ("y\n", 0)):
        done = subprocess.run(command, input=answer, capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert (own_root / "demo" / "runs" / "first").exists() == bool(code)


def test_a_run_that_has_not_ended_is_deleted_by_force_only(samplewise, own_root: Path):
    run = sw.Run.create("demo", "now", root_url=str(own_root))
    code, _, said = samplewise("rm", "demo/now", "--yes")
    assert code == 1
    assert said.splitlines()[1] == "Hint: wait for its end, or pass --force"
    assert samplewise("rm", "demo", "--yes")[0] == 1
    run.close()
    assert samplewise("rm", "demo/now", "--yes")[0] == 0


def test_what_cannot_be_read_can_be_deleted(samplewise, own_root: Path):
    for path in ("runs/first/run.json", "datasets/drawn/tables/initial/table.json"):
        (own_root / "demo" / path).write_text("{")
    assert samplewise("rm", "demo/first", "--yes")[0] == 0
    assert samplewise("rm", "demo/drawn/initial", "--yes")[0] == 0
    assert samplewise("ls", "demo")[1].count("initial") == 2


@pytest.mark.usefixtures("own_root")
def test_what_is_not_there_cannot_be_deleted(samplewise):
    code, _, said = samplewise("rm", "demo/second", "--yes")
    assert code == 1
    assert "Hint: " in said


@pytest.mark.skipif(os.name == "nt", reason="there are no symbolic links")
def test_a_linked_store_is_that_store(samplewise, own_root: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(own_root)
    assert samplewise("rm", f"{tmp_path}/link/demo/runs/first", "--yes")[0] == 0
    assert not (own_root / "demo" / "runs" / "first").exists()
