"""`samplewise vacuum`."""

import io
import json
from pathlib import Path

import pytest

import samplewise as sw


def test_a_deleted_project_is_gone_from_the_disk_when_nobody_reads_it(samplewise, own_root: Path):
    (own_root / "demo" / "1.jpg").write_bytes(b"a picture")
    samplewise("rm", "demo", "--yes")
    young = json.loads(samplewise("vacuum", "--json")[1])
    assert (young["paths"], young["size_bytes"]) == ([], 0)
    told = json.loads(samplewise("vacuum", "--older-than", "0", "--yes", "--json")[1])
    assert told["size_bytes"] > 0
    assert [path for path in own_root.rglob("*.lance") if path.is_dir()] == []
    assert (own_root / "demo" / "1.jpg").read_bytes() == b"a picture"


def test_what_is_needed_stays(samplewise, own_root: Path):
    samplewise("rm", "demo/drawn/initial", "--yes")
    code, out, _ = samplewise("vacuum", "--older-than", "0", "--yes")
    assert code == 0
    assert out.splitlines()[-1].endswith(f"freed below {own_root}")
    assert len(sw.Table.from_names("initial_0001", "drawn", "demo").to_arrow()) == 5
    assert len(sw.Run.from_names("first", "demo").metrics(["image"])) == 12


def test_a_dry_run_deletes_nothing(samplewise, own_root: Path):
    samplewise("rm", "demo", "--yes")
    before = sorted(own_root.rglob("*"))
    told = json.loads(samplewise("vacuum", "--older-than", "0", "--dry-run", "--json")[1])
    assert told["paths"] != []
    assert sorted(own_root.rglob("*")) == before


@pytest.mark.usefixtures("own_root")
def test_young_leftovers_are_deleted_only_after_a_yes(samplewise, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, _, said = samplewise("vacuum", "--older-than", "1")
    assert code == 1
    assert "Does nobody else use this store at the moment?" in said
