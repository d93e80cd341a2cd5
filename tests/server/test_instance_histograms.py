"""How many samples have an instance of each class, against loops over the rows themselves."""

from collections import Counter

import pytest

VAL = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}


@pytest.mark.parametrize("confidence", [None, 0.6])
def test_samples_are_counted_once_for_each_kind_of_error(browser, confidence):
    rows = browser.post("/api/rows", source=VAL, columns=["bbs_predicted"], limit=1000).to_pylist()
    wanted = Counter()
    for row in rows:
        properties = row["bbs_predicted"]["instances_additional_data"]
        pairs = zip(properties["error_kind"], properties["confidence"], strict=True)
        wanted.update({kind for kind, sure in pairs if confidence is None or sure >= confidence})
    found = browser.post(
        "/api/histogram",
        source=VAL,
        column="bbs_predicted",
        property="error_kind",
        confidence=confidence,
    )
    assert {v: c for v, c in zip(found["values"], found["counts"], strict=True) if c} == wanted


def test_a_list_is_counted_and_filters_narrow_it(browser):
    only = {"kind": "range", "column": "false_negatives", "low": 1}
    rows = browser.post("/api/rows", source=VAL, columns=["ground_truth_kind"], filters=[only])
    wanted = Counter(kind for row in rows.to_pylist() for kind in set(row["ground_truth_kind"]))
    found = browser.post(
        "/api/histogram", source=VAL, column="ground_truth_kind", property="", filters=[only]
    )
    assert dict(zip(found["values"], found["counts"], strict=True)) == wanted
    assert wanted


def test_a_property_without_classes_is_refused(browser):
    status, problem = browser.problem(
        "/api/histogram", source=VAL, column="bbs_predicted", property="iou"
    )
    assert status == 400
    assert "must hold classes" in problem["detail"]
