"""The same samples in several collections, against the run's own tables."""

import numpy as np

import samplewise as sw

VAL = {"kind": "metrics", "project": "demo", "run": "first", "stream": "metrics", "split": "val"}
SIDES = {
    "left": {**VAL, "epoch": 0, "input_table_id": 0},
    "right": {**VAL, "epoch": 4, "input_table_id": 0},
}


def f1(root, run: str, epoch: int) -> dict[int, float]:
    rows = sw.Run.from_names(run, "demo", str(root)).metrics(
        ["example_id", "f1"], epoch=epoch, split="val"
    )
    return dict(zip(*(rows.column(n).to_pylist() for n in ("example_id", "f1")), strict=True))


def test_two_epochs_are_compared_sample_by_sample(browser, drawn_root):
    found = browser.post("/api/compare", **SIDES, metric="f1")
    before, after = f1(drawn_root, "first", 0), f1(drawn_root, "first", 4)
    assert found.column("example_id").to_pylist() == sorted(before)
    sides = zip(before.values(), after.values(), strict=True)
    expected = [np.nan if None in pair else pair[1] - pair[0] for pair in sides]
    assert np.allclose(found.column("difference").to_numpy(), expected, equal_nan=True)
    assert str(found.schema.field("difference").type) == "float"


def test_revisions_of_a_table_are_paired_by_their_rows(browser, drawn_root):
    right = {**VAL, "run": "second", "epoch": 0, "input_table_id": 0}
    found = browser.post("/api/compare", left=SIDES["right"], right=right, metric="f1")
    ids = found.column("example_id").to_pylist()
    assert ids == list(range(23))  # the revision lacks row 3
    assert found.column("left_example_id").to_pylist() == [i + (i >= 3) for i in ids]
    before = f1(drawn_root, "first", 4)
    expected = [np.nan if before[i + (i >= 3)] is None else before[i + (i >= 3)] for i in ids]
    assert np.allclose(found.column("left").to_numpy(), expected, equal_nan=True)


def test_tables_that_share_no_rows_are_not_compared(browser):
    other = {**VAL, "epoch": 4, "split": "train", "input_table_id": 1}
    status, said = browser.problem("/api/compare", left=SIDES["right"], right=other, metric="f1")
    assert status == 400
    assert "revisions of one" in said["detail"]


def test_the_history_of_a_metric_has_one_column_an_epoch(browser, drawn_root):
    asked = {**VAL, "input_table_id": 0, "metric": "f1"}
    found = browser.post("/api/history", **{k: v for k, v in asked.items() if k != "kind"})
    assert found.schema.names == ["example_id", "0", "2", "4"]
    for epoch in (0, 2, 4):
        expected = [np.nan if v is None else v for v in f1(drawn_root, "first", epoch).values()]
        assert np.allclose(found.column(str(epoch)).to_numpy(), expected, equal_nan=True)


def test_the_confusion_matrix_counts_every_label_and_every_prediction_once(browser, drawn_root):
    source = SIDES["right"]
    found = browser.post("/api/confusion", source=source)
    counts = np.array(found["counts"])
    run = sw.Run.from_names("first", "demo", str(drawn_root))
    rows = run.sql("select bbs, bbs_predicted from metrics where epoch = 4 and split = 'val'")
    for place, column in enumerate(("bbs", "bbs_predicted")):
        labels = [
            label
            for row in rows.column(column).to_pylist()
            for label in row["instances_additional_data"]["label"]
        ]
        ids = [each["id"] for each in found["classes"]]
        assert counts.sum(axis=1 - place)[:-1].tolist() == [labels.count(i) for i in ids]


def test_a_cell_of_the_confusion_matrix_selects_its_samples(browser):
    found = browser.post("/api/confusion", source=SIDES["right"])
    ids = [*(each["id"] for each in found["classes"]), None]
    seen = 0
    for i, row in enumerate(found["counts"]):
        for j, count in enumerate(row):
            cell = {"kind": "confusion", "truth": ids[i], "predicted": ids[j]}
            samples = browser.post("/api/count", source=SIDES["right"], filters=[cell])["count"]
            assert (samples > 0) == (count > 0)
            if count and (i, j) != (len(ids) - 1, len(ids) - 1):
                seen += 1
    assert seen > len(ids) - 1  # and some are off the diagonal


def test_neighbours_are_those_that_the_run_names(browser, drawn_root):
    asked = {"example_id": 5, "column": "embedding", "count": 7}
    found = browser.post("/api/neighbours", source=SIDES["right"], **asked)
    run = sw.Run.from_names("first", "demo", str(drawn_root))
    expected = run.neighbours(5, 7, epoch=4, split="val")
    assert found["example_ids"] == expected.column("example_id").to_pylist()
    assert np.allclose(found["distances"], expected.column("distance").to_numpy())
    assert {i % 3 for i in found["example_ids"]} == {5 % 3}  # its own cluster
