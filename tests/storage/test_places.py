"""What a document or a link says of places outside is refused, and nothing there is touched."""

import contextlib
import json
import os
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.errors import SamplewiseError, StoreError
from samplewise.records.vacuum import vacuum
from samplewise.storage import Store
from samplewise.tables import Run


@pytest.fixture
def mine(tmp_path: Path) -> sw.Table:
    return _make(tmp_path / "mine")


@pytest.fixture
def other(tmp_path: Path) -> sw.Table:
    """A table of somebody else."""
    return _make(tmp_path / "other")


def _make(root: Path) -> sw.Table:
    return sw.Table.from_dict(
        {"x": [1, 2, 3]}, dataset_name="d", project_name="p", root_url=root, table_name="t"
    )


def contents(root: str) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


def try_everything(table_url: str, root: str) -> None:
    """Read and edit, which is refused; reuse, remove and vacuum, which touch nothing outside."""
    names = {"dataset_name": "d", "project_name": "p", "root_url": root, "table_name": "t"}
    for use in (
        lambda: sw.Table.from_url(table_url).to_arrow(),
        lambda: sw.Table.from_url(table_url).edit({"x": {0: 9}}),
    ):
        with pytest.raises(SamplewiseError):
            use()
    with contextlib.suppress(SamplewiseError):
        sw.Table.from_dict({"x": [1, 2, 3]}, **names)
    with contextlib.suppress(SamplewiseError):
        sw.Table.from_url(table_url).delete()
    vacuum(Store(root), older_than_h=-1)


@pytest.mark.parametrize("way", ["dots", "absolute", "sibling"])
def test_rows_are_those_of_the_dataset_and_no_others(way: str, mine: sw.Table, other: sw.Table):
    rows = other.stored.document.stored_rows.path
    path = Path(mine.url, "table.json")
    document = json.loads(path.read_text())
    del document["checksum"], document["rows_checksum"]
    document["rows"] = {
        "dots": os.path.relpath(f"{other.root_url}/{rows}", f"{mine.root_url}/p/datasets/d"),
        "absolute": f"{other.root_url}/{rows}",
        "sibling": "tables/t",
    }[way]
    path.write_text(json.dumps(document))
    before = contents(other.root_url)
    try_everything(mine.url, mine.root_url)
    assert contents(other.root_url) == before


@pytest.mark.parametrize("what", ["rows", "one of rows", "table", "dataset"])
def test_a_link_to_another_store_is_refused(what: str, mine: sw.Table, other: sw.Table):
    rows = mine.stored.document.stored_rows.path
    own = {
        "rows": Path(mine.root_url, rows).parent,
        "one of rows": Path(mine.root_url, rows),
        "table": Path(mine.url),
        "dataset": Path(mine.root_url, "p/datasets/d"),
    }[what]
    there = Path(other.root_url, own.relative_to(mine.root_url))
    if what == "one of rows":
        there = Path(other.root_url, other.stored.document.stored_rows.path)
    own.rename(f"{own}.away")
    own.symlink_to(there, target_is_directory=True)
    before = contents(other.root_url)
    try_everything(mine.url, mine.root_url)
    assert contents(other.root_url) == before


def test_the_root_and_a_project_may_be_links(mine: sw.Table, tmp_path: Path):
    (tmp_path / "link").symlink_to(mine.root_url, target_is_directory=True)
    opened = sw.Table.from_names("t", "d", "p", str(tmp_path / "link"))
    assert opened.edit({"x": {0: 9}})[0] == {"x": 9}
    os.rename(Path(mine.root_url, "p"), tmp_path / "elsewhere")
    Path(mine.root_url, "p").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert len(sw.Table.from_url(mine.url).edit({"x": {1: 9}})) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "../../../../evil"),
        ("reductions", [{"column": "x", "reducer": "../../evil"}]),
        ("input_tables", [{"id": "../../e", "project": "p", "dataset": "d", "name": "t"}]),
        ("input_tables", [{"id": "0" * 32, "project": "../p", "dataset": "d", "name": "t"}]),
    ],
)
def test_a_run_names_nothing_outside_of_its_folder(name, value, root):
    run = Run.create("p", "r", root_url=root)
    run.close()
    path = Path(run.url, "run.json")
    document = {**json.loads(path.read_text()), name: value}
    del document["checksum"]
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match=f"`{name}` must be"):
        Run.from_url(run.url)
