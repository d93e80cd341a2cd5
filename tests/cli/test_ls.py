"""`samplewise ls`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samplewise.cli._inventory import RunEntry
from samplewise.cli.ls import describe_aggregates
from samplewise.storage import Store
from samplewise.tables import Run


def test_an_empty_store_says_how_to_fill_it(samplewise, tmp_path: Path):
    code, out, _ = samplewise("ls", "--root", str(tmp_path))
    assert code == 0
    assert f"There is no project below {tmp_path} yet." in out
    told = json.loads(samplewise("ls", "--root", str(tmp_path), "--json")[1])
    assert told == {"root": str(tmp_path), "projects": []}


def test_projects_are_counted(samplewise, root: Path):
    code, out, _ = samplewise("ls", "--json")
    assert code == 0
    assert json.loads(out)["projects"] == [
        {"name": "demo", "url": f"{root}/demo", "datasets": 1, "tables": 3, "runs": 1}
    ]


def test_a_folder_that_is_no_project_is_not_listed(samplewise, own_root: Path):
    (own_root / "pictures" / "holiday").mkdir(parents=True)
    assert [each["name"] for each in json.loads(samplewise("ls", "--json")[1])["projects"]] == [
        "demo"
    ]


@pytest.mark.usefixtures("root")
def test_tables_stand_below_those_that_they_were_derived_from(samplewise):
    lines = samplewise("ls", "demo")[1].splitlines()
    tables = [line for line in lines if line.startswith("drawn")]
    assert [name in line for name, line in zip(TREE, tables, strict=True)] == [True] * 3


TEXT = re.compile(r"[^\s─]")

TREE = ["   initial ", "   └ initial_0000 ", "     └ initial_0001 "]


@pytest.mark.usefixtures("root")
def test_json_of_a_project_holds_the_lineage_and_the_state_of_runs(monkeypatch, samplewise):
    told = json.loads(samplewise("ls", "demo", "--json")[1])
    assert [table["rows"] for table in told["tables"]] == [6, 6, 5]
    lineage = [[each["name"] for each in table["ancestors"]] for table in told["tables"]]
    assert lineage == [[], ["initial"], ["initial", "initial_0000"]]
    assert told["runs"][0]["status"] == "completed"
    assert told["runs"][0]["collections"] == 2
    assert told["runs"][0]["duration_s"] > 0
    assert told["runs"][0]["last_aggregates"] == [
        {"split": "val", "name": "loss", "epoch": 7, "value": 0.25},
        {"split": "val", "name": "mAP@0.50", "epoch": 7, "value": 0.875, "better": "higher"},
    ]
    monkeypatch.setenv("COLUMNS", "200")
    assert "val mAP@0.50 0.875, val loss 0.25" in samplewise("ls", "demo")[1]


def test_a_project_can_be_named_by_its_url(samplewise, root: Path, monkeypatch):
    monkeypatch.delenv("SAMPLEWISE_ROOT")
    assert json.loads(samplewise("ls", f"{root}/demo", "--json")[1])["project"] == "demo"


@pytest.mark.usefixtures("root")
def test_an_unknown_project_is_answered_with_the_closest_one(samplewise):
    code, out, said = samplewise("ls", "dmeo")
    assert (code, out) == (1, "")
    assert said.splitlines()[0].startswith("Error: there is no project `dmeo` below ")
    assert said.splitlines()[1].startswith("Hint: of projects, did you mean `demo`?")


def test_one_broken_document_does_not_hide_the_others(samplewise, own_root: Path):
    broken = own_root / "demo" / "runs" / "second"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    runs = json.loads(samplewise("ls", "demo", "--json")[1])["runs"]
    assert {run["name"]: run["status"] for run in runs} == {
        "first": "completed",
        "second": "unreadable",
    }
    assert "second" in samplewise("ls", "demo")[1]


def test_the_run_of_a_dead_process_has_failed(samplewise, own_root: Path):
    path = own_root / "demo" / "runs" / "first" / "run.json"
    document = json.loads(path.read_text())
    document |= {"status": "running", "ended": None}
    path.write_text(json.dumps(document))
    document["owner"]["started"] = 0.0  # another process has its number now
    path.write_text(json.dumps(document))
    assert json.loads(samplewise("ls", "demo", "--json")[1])["runs"][0]["status"] == "failed"


def test_scores_of_validation_are_told_before_losses_of_training():
    values = [("train", "loss", 1.0), ("val", "loss", 2.0), ("val", "mAP@0.50", 0.25)]
    last = [{"split": s, "name": n, "epoch": 1, "value": v} for s, n, v in values]
    entry = RunEntry(Store("/nowhere"), "demo", "first", {"last_aggregates": last})
    assert describe_aggregates(entry) == "val mAP@0.50 0.25, val loss 2, train loss 1"


def test_names_of_any_script_are_listed(samplewise, own_root: Path):
    (own_root / "demo").rename(own_root / "Versüch 実験 [bold]x")
    code, out, _ = samplewise("ls")
    assert code == 0
    assert "Versüch 実験 [bold]x" in out
    assert "initial_0001" in samplewise("ls", "Versüch 実験 [bold]x")[1]


def test_a_terminal_without_unicode_is_no_reason_to_fail(own_root: Path):
    (own_root / "demo").rename(own_root / "Versüch")
    command = [sys.executable, "-m", "samplewise.cli", "ls"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for more in ([], ["--json"], ["Versüch"]):
        done = subprocess.run(
            [*command, *more], env=environment, capture_output=True, text=True, check=True
        )
        assert "Vers\\xfcch" in done.stdout or json.loads(done.stdout)["projects"]


@pytest.mark.usefixtures("root")
def test_a_narrow_terminal_wraps_and_loses_nothing(samplewise, monkeypatch: pytest.MonkeyPatch):
    wide = samplewise("ls", "demo")[1]
    for columns in (40, 60, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        out = samplewise("ls", "demo")[1]
        assert max(map(len, out.splitlines())) <= columns
        assert sorted(TEXT.findall("".join(out))) == sorted(TEXT.findall("".join(wide)))


def test_no_colours_where_nobody_sees_them(root: Path):
    command = [sys.executable, "-m", "samplewise.cli", "ls", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stdout
    assert "initial_0001" in done.stdout


def test_a_run_that_collected_nothing_does_not_read_like_one_that_did(samplewise, own_root: Path):
    run = Run.create("lost", "r", root_url=str(own_root))
    record = {"table": "t", "split": "val", "epoch": 0, "rows": 0, "error": "OSError: no space"}
    run.add_collection(record)
    run.close()
    text = "collected nothing: OSError: no space"
    assert (run.status, run.collection_failures) == ("completed", text)
    [listed] = json.loads(samplewise("ls", "lost", "--json")[1])["runs"]
    assert listed["collection_failures"] == text
    assert "collected nothing" in samplewise("ls", "lost")[1]
    assert text in samplewise("show", "lost/r")[1]
