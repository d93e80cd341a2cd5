"""The same samples in runs on revisions of one Table, against what Python reads of both."""

import shutil

import numpy as np
import pytest

import samplewise as sw
from samplewise.server.other_runs import MOST_RUNS

EDITED, REWEIGHTED, REMOVED = (4, 9), 6, (3, 11)  # rows of `val`
KEPT = [row for row in range(24) if row not in REMOVED]  # row of `val` by row of `mended`
VAL = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
FIRST = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "split": "val",
    "epoch": 4,
    "input_table_id": 0,
}
THIRD = {**FIRST, "run": "third", "epoch": 1}


@pytest.fixture(scope="module")
def root(drawn_root, tmp_path_factory):
    """The drawn store, and a run `third` on a revision with other labels and fewer rows."""
    root = shutil.copytree(drawn_root, tmp_path_factory.mktemp("across") / "store")
    val = sw.Table.from_names("val", "scenes", "demo", str(root))
    boxes = {row: without_the_first(val.table_rows[row]["bbs"]) for row in EDITED}
    mended = val.edit({"bbs": boxes, "weight": {REWEIGHTED: 0.5}}, "mended", delete=list(REMOVED))
    drawn = np.random.default_rng(7)
    with sw.Run.create("demo", "third", root_url=str(root)) as run:
        for epoch in (0, 1):
            values = {"f1": drawn.random(len(mended)).astype(np.float32)}
            run.add_metrics(values, None, mended.url, epoch=epoch, split="val")
    return root


@pytest.fixture
def across(make_browser, root):
    """A browser that looks at that store."""
    return make_browser(root)


def without_the_first(boxes):
    """Stored boxes without the first of them."""
    properties = boxes["instances_additional_data"]
    return {
        **boxes,
        "instances": boxes["instances"][1:],
        "instances_additional_data": {name: each[1:] for name, each in properties.items()},
    }


def f1(root, run, epoch):
    """F1 in the order of the samples; NaN for missing."""
    run = sw.Run.from_names(run, "demo", str(root))
    rows = run.metrics(["example_id", "f1"], epoch=epoch, split="val").to_pandas()
    return rows.sort_values("example_id")["f1"].to_numpy(np.float32)


def test_a_comparison_marks_samples_whose_labels_differ(across, root):
    found = across.post("/api/compare", left=FIRST, right=THIRD, metric="f1")
    assert found.column("left_example_id").to_pylist() == KEPT
    assert found.column("labels_changed").to_pylist() == [row in EDITED for row in KEPT]
    expected = f1(root, "third", 1) - f1(root, "first", 4)[KEPT]
    assert np.allclose(found.column("difference").to_numpy(), expected, equal_nan=True)


def test_the_marks_are_those_of_the_difference_either_way_round(across):
    found = across.post("/api/compare", left=THIRD, right=FIRST, metric="f1")
    assert found.column("example_id").to_pylist() == KEPT
    assert found.column("labels_changed").to_pylist() == [row in EDITED for row in KEPT]


def test_collections_of_one_table_have_no_such_mark(across):
    left = {**FIRST, "epoch": 0}
    found = across.post("/api/compare", left=left, right=FIRST, metric="f1")
    assert "labels_changed" not in found.schema.names


def test_the_history_of_another_run_is_told_by_the_samples_of_this_one(across, root):
    asked = {name: FIRST[name] for name in ("project", "run", "stream", "split", "input_table_id")}
    found = across.post("/api/history", **asked, metric="f1", beside=THIRD)
    assert found.schema.names == ["example_id", "0", "2", "4", "labels_changed"]
    assert found.column("example_id").to_pylist() == list(range(len(KEPT)))
    assert found.column("labels_changed").to_pylist() == [row in EDITED for row in KEPT]
    for epoch in (0, 2, 4):
        expected = f1(root, "first", epoch)[KEPT]
        assert np.allclose(found.column(str(epoch)).to_numpy(), expected, equal_nan=True)


def test_a_history_beside_another_table_is_refused(across):
    asked = {name: FIRST[name] for name in ("project", "run", "stream", "split", "input_table_id")}
    train = {**FIRST, "split": "train", "input_table_id": 1}
    status, said = across.problem("/api/history", **asked, metric="f1", beside=train)
    assert (status, "revisions of one" in said["detail"]) == (400, True)


def in_runs(across, source, example_id):
    """What is found of a sample, by run."""
    found = across.post("/api/other-runs", source=source, example_id=example_id)
    assert found["more"] == 0
    return {each["source"]["run"]: each for each in found["runs"]}


@pytest.mark.parametrize("row", [0, *EDITED, REWEIGHTED, 23])
def test_a_sample_is_found_in_runs_on_revisions(across, root, row):
    found = in_runs(across, FIRST, row)
    assert list(found) == ["third", "second"]  # the youngest first; `broken` has not collected
    third, second = found["third"], found["second"]
    assert (third["table"]["table"], third["source"]["epoch"]) == ("mended", 1)
    assert third["example_id"] == KEPT.index(row)
    assert third["values"]["f1"] == pytest.approx(f1(root, "third", 1)[KEPT.index(row)])
    mended = sw.Table.from_names("mended", "scenes", "demo", str(root))
    assert third["values"]["image_id"] == mended.table_rows[KEPT.index(row)]["image_id"] == row + 1
    changed = {**{row: ["bbs"] for row in EDITED}, REWEIGHTED: ["weight"]}
    assert third["changed"] == changed.get(row, [])
    assert (second["table"]["table"], second["changed"]) == ("val_0000", [])
    assert second["example_id"] == row - (row > 3)
    assert third["is_revision"]
    assert second["is_revision"]


def test_a_row_that_a_revision_lacks_is_said_to_be_missing(across):
    found = in_runs(across, VAL, 11)
    assert found["third"]["example_id"] is None
    assert (found["third"]["values"], found["third"]["info"]) == ({}, None)
    assert found["second"]["example_id"] == 10
    assert (found["first"]["example_id"], found["first"]["is_revision"]) == (11, False)


def test_runs_on_other_tables_are_left_out(across):
    train = {**VAL, "table": "train"}
    assert list(in_runs(across, train, 0)) == ["first"]


def test_a_sample_that_is_not_there_is_refused(across):
    status, _ = across.problem("/api/other-runs", source=VAL, example_id=24)
    assert status == 404


def test_of_many_runs_the_youngest_are_found(make_browser, own_root):
    val = sw.Table.from_names("val", "scenes", "demo", str(own_root))
    for number in range(MOST_RUNS + 2):
        with sw.Run.create("demo", f"many-{number}", root_url=str(own_root)) as run:
            run.add_metrics({"f1": np.zeros(len(val))}, None, val.url, epoch=0, split="val")
    found = make_browser(own_root).post("/api/other-runs", source=VAL, example_id=0)
    names = [each["source"]["run"] for each in found["runs"]]
    assert names == [f"many-{number}" for number in range(MOST_RUNS + 1, 1, -1)]
    assert found["more"] == 2 + 2  # two of the many, `first` and `second`


def test_lists_of_runs_know_the_tables_of_each(across, root):
    rows = {row["name"]: row["input_tables"] for row in across.get("/api/projects/demo")["runs"]}
    for name, found in rows.items():
        run = sw.Run.from_names(name, "demo", str(root))
        assert found == [table.id for table in run.input_tables]
    assert len(rows["first"]) == 2


def test_a_collection_without_an_epoch_is_the_last_of_a_history(make_browser, own_root):
    val = sw.Table.from_names("val", "scenes", "demo", str(own_root))
    with sw.Run.create("demo", "tested", root_url=str(own_root)) as run:
        for epoch, value in ((None, 0.75), (3, 0.25)):
            values = {"f1": np.full(len(val), value, np.float32)}
            run.add_metrics(values, None, val.url, epoch=epoch, split="test")
    asked = {**FIRST, "run": "tested", "split": "test", "metric": "f1"}
    asked = {name: value for name, value in asked.items() if name not in {"kind", "epoch"}}
    found = make_browser(own_root).post("/api/history", **asked)
    assert found.schema.names == ["example_id", "3", "none"]
    assert set(found.column("none").to_pylist()) == {0.75}
