"""`check_store`, and what readers make of damage: named, and never hiding what lies beside it."""

import json
from pathlib import Path

import numpy as np
import pytest

import samplewise as sw
from samplewise.cli._inventory import runs_in
from samplewise.errors import StoreError
from samplewise.records.check import check_store
from samplewise.records.vacuum import vacuum
from samplewise.storage import Store
from samplewise.tables import Run


@pytest.fixture
def table(root: str) -> sw.Table:
    return sw.Table.from_dict({"x": np.arange(9)}, table_name="t", **_where(root))


def _where(root: str) -> dict[str, str]:
    return {"dataset_name": "d", "project_name": "p", "root_url": root}


def change(path: Path, **fields: object) -> None:
    """Change a document by hand; a field of None is taken away."""
    document = {**json.loads(path.read_text()), **fields}
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}))


def newest_manifest(url: str) -> Path:
    """Of the rows that a table names."""
    table = sw.Table.from_url(url)
    rows = Path(table.stored.store.url(table.stored.document.stored_rows.path))
    return min((rows / "_versions").glob("*.manifest"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("is_original", "x", "`is_original` must be true or false, but is 'x'"),
        ("row_count", -1, "`row_count` must be a whole number, but is -1"),
        ("rows", "../../other/rows/a.lance", "`rows` must be the place of its rows in its dataset"),
        ("version", None, "`version` must be a whole number, but is missing"),
    ],
)
def test_a_field_of_a_wrong_kind_is_named_with_its_file(table, field, value, said):
    change(Path(table.url, "table.json"), **{field: value})
    with pytest.raises(StoreError) as raised:
        sw.Table.from_url(table.url)
    assert said in str(raised.value)
    assert "table.json" in str(raised.value)


def test_a_version_changed_by_hand_is_no_other_rows(table, root):
    table.edit({"x": {0: 7}})
    change(Path(table.url, "table.json"), version=2)
    with pytest.raises(StoreError, match="its rows are not those that were written"):
        sw.Table.from_url(table.url)


def test_a_damaged_document_hides_no_sibling_and_stops_no_vacuum(table, root):
    other = sw.Table.from_dict({"x": np.arange(3)}, table_name="other", **_where(root))
    revision = other.edit({"x": {0: 5}})
    Path(table.url, "table.json").write_text('{"format": 1, "id"')
    assert other.latest().name == revision.name
    done = vacuum(Store(root), older_than_h=0)
    assert "table.json" in done.problems[0]
    assert [row["x"] for row in revision.table_rows] == [5, 1, 2]


def test_a_damaged_document_of_a_table_is_written_anew_from_its_copy(table, root):
    Path(table.url, "table.json").write_text("")
    (found,) = [each for each in check_store(Store(root), repair=True) if each.is_loss]
    assert "its copy" in str(found.mended)
    assert len(sw.Table.from_url(table.url)) == 9
    assert check_store(Store(root)) == []


def test_a_lineage_with_an_empty_newest_manifest_is_edited_and_swept(table, root):
    damaged = newest_manifest(table.edit({"x": {0: 7}}, delete=[1]).url)
    unnamed = damaged.with_name(f"{int(damaged.stem) - 1}.manifest")
    unnamed.write_bytes(b"")
    assert vacuum(Store(root), older_than_h=0).problems == []
    assert table.edit({"x": {0: 8}}).to_arrow().column("x")[0].as_py() == 8
    assert not unnamed.exists() or unnamed.stat().st_size > 0
    assert list(Path(unnamed).parent.parent.glob("damaged/*"))


@pytest.mark.parametrize("content", [b"", bytes(500)], ids=["empty", "zeros"])
def test_a_stream_whose_newest_manifest_is_lost_is_read_and_written_from_before(root, content):
    run = Run.create("p", "r", root_url=root)
    for epoch in range(2):
        run.add_metrics({"m": [epoch]}, epoch=epoch)
    stream = run.metric_streams[0]
    min(Path(root, stream.path, "_versions").glob("*.manifest")).write_bytes(content)
    assert run.metrics().column("m").to_pylist() == [0]
    run.add_metrics({"m": [2]}, epoch=2)
    assert run.metrics().column("m").to_pylist() == [0, 2]
    assert check_store(Store(root)) == []


def test_a_flipped_bit_of_a_small_table_is_noticed_when_it_is_read(table, root):
    (data,) = Path(root).rglob("data/*.lance")
    content = bytearray(data.read_bytes())
    content[20] ^= 4
    data.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged: it is not what was written"):
        sw.Table.from_url(table.url).to_arrow()


def test_a_run_without_status_is_named_and_the_others_are_listed(root):
    Run.create("p", "good", root_url=root)
    change(Path(Run.create("p", "bad", root_url=root).url, "run.json"), status=None)
    runs = {entry.name: entry.problem for entry in runs_in(Store(root), "p")}
    assert runs["good"] is None
    assert "`status` must be one of" in str(runs["bad"])


@pytest.mark.parametrize(
    "content", [b"", b'{"format": 1, "id"', None], ids=["empty", "cut", "hand"]
)
def test_a_damaged_document_of_a_run_becomes_what_it_was_before(root, content):
    run = Run.create("p", "r", parameters={"lr": 1}, root_url=root)
    run.log({"loss": 1.0}, epoch=0)
    run.close()
    path = Path(run.url, "run.json")
    if content is None:
        change(path, status="gone")
    else:
        path.write_bytes(content)
    damaged = path.read_bytes()
    found = [each for each in check_store(Store(root), repair=True) if each.is_loss]
    assert [each.path for each in found] == ["p/runs/r/run.json"]
    assert "as it was before its last change" in str(found[0].mended)
    assert path.with_name("run.json.damaged").read_bytes() == damaged
    opened = Run.from_url(run.url)
    assert opened.parameters == {"lr": 1}
    assert opened.history.num_rows == 1
    opened.close()
    assert opened.status == "completed"
    assert check_store(Store(root)) == []
