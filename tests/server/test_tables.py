"""Revisions over HTTP: edits, what changed meanwhile, differences, selections as files."""

import io
import json
import threading

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

import samplewise as sw

BASE = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "train"}
VAL = {"kind": "table", "project": "demo", "dataset": "scenes", "table": "val"}
REVISION = {**VAL, "table": "val_0000"}
COLLECTION = {
    "kind": "metrics",
    "project": "demo",
    "run": "first",
    "stream": "metrics",
    "epoch": 4,
    "split": "val",
    "input_table_id": 0,
}


@pytest.fixture
def editor(make_browser, own_root):
    return make_browser(own_root)


def boxes_of(browser, example_id, source=BASE):
    sample = browser.post("/api/sample", source=source, example_id=example_id)
    return sample["values"]["bbs"]


def stored(root, name):
    return sw.Table.from_names(name, "scenes", "demo", str(root))


def edit(example_id, value, column="bbs"):
    return {"example_id": example_id, "column": column, "value": value}


def with_first_label(boxes, label):
    properties = boxes["instances_additional_data"]
    labels = [label, *properties["label"][1:]]
    return {**boxes, "instances_additional_data": {**properties, "label": labels}}


def test_edits_become_one_revision_with_a_name_and_a_reason(editor, own_root):
    boxes = boxes_of(editor, 0)
    label = next(i for i in (3, 7) if i != boxes["instances_additional_data"]["label"][0])
    edits = [edit(0, with_first_label(boxes, label)), edit(2, 0.0, "weight")]
    made = editor.post(
        "/api/commit", base=BASE, edits=edits, delete=[5], name="clean", description="wrong class"
    )
    table = stored(own_root, "train").latest()
    assert made == {"table": {**BASE, "table": "clean"}, "rows": len(table)}
    assert (table.name, table.description) == ("clean", "wrong class")
    assert table.table_rows[0]["bbs"]["instances_additional_data"]["label"][0] == label
    assert table.table_rows[2]["weight"] == 0.0
    assert len(table) == len(stored(own_root, "train")) - 1


def test_what_is_not_edited_stays_as_it_was(editor, own_root):
    editor.post("/api/commit", base=BASE, edits=[edit(1, 0.5, "weight")])
    before, after = stored(own_root, "train"), stored(own_root, "train").latest()
    assert after.table_rows[1] == {**before.table_rows[1], "weight": 0.5}
    assert [after.table_rows[i] for i in range(2, 6)] == [before.table_rows[i] for i in range(2, 6)]


def test_a_stale_base_is_answered_with_what_changed_meanwhile(editor, own_root):
    stored(own_root, "train").edit({"weight": {1: 0.0, 2: 0.0}}, "theirs", delete=[4])
    edits = [edit(1, 2.0, "weight"), edit(3, 2.0, "weight")]
    status, conflict = editor.problem("/api/commit", base=BASE, edits=edits)
    assert status == 409
    assert conflict["newest"]["table"] == "theirs"
    assert conflict["changes"]["removed"] == 1
    assert conflict["changes"]["columns"] == {"weight": 2}
    collisions = [one["base_example_id"] for one in conflict["collisions"]]
    assert collisions == [1]
    assert stored(own_root, "train").latest().name == "theirs"


def test_edits_are_applied_to_the_newest_revision_sample_by_sample(editor, own_root):
    stored(own_root, "train").edit({"weight": {1: 0.0}}, "theirs", delete=[0])
    onto = {**BASE, "table": "theirs"}
    editor.post("/api/commit", base=BASE, edits=[edit(3, 2.0, "weight")], onto=onto)
    weights = stored(own_root, "train").latest().get_column_as_pyarrow_array("weight").to_pylist()
    assert weights[:4] == [0.0, 1.0, 2.0, 1.0]


@pytest.mark.parametrize(("policy", "weight"), [("theirs", 0.0), ("mine", 2.0)])
def test_who_is_right_where_both_changed_a_sample_is_for_people_to_say(
    editor, own_root, policy, weight
):
    stored(own_root, "train").edit({"weight": {1: 0.0}}, "theirs")
    message = {"base": BASE, "edits": [edit(1, 2.0, "weight"), edit(2, 3.0, "weight")]}
    message["onto"] = {**BASE, "table": "theirs"}
    assert editor.problem("/api/commit", **message)[0] == 409
    editor.post("/api/commit", **message, collisions=policy)
    latest = stored(own_root, "train").latest()
    assert [latest.table_rows[i]["weight"] for i in (1, 2)] == [weight, 3.0]


@pytest.mark.parametrize("policy", ["theirs", "mine"])
def test_where_no_edit_is_left_nothing_is_written_and_it_is_said(editor, own_root, policy):
    theirs = stored(own_root, "train").edit({"weight": {1: 0.0}}, "theirs", delete=[5])
    edits = [edit(5, 2.0, "weight"), *([edit(1, 2.0, "weight")] if policy == "theirs" else [])]
    message = {"base": BASE, "edits": edits, "onto": {**BASE, "table": "theirs"}}
    status, problem = editor.problem("/api/commit", **message, collisions=policy)
    assert (status, "no edit is left for `theirs`" in problem["detail"]) == (400, True)
    assert stored(own_root, "train").latest() == theirs


def test_a_revision_that_is_newer_than_the_newest_known_one_is_a_conflict_again(editor, own_root):
    theirs = stored(own_root, "train").edit({"weight": {1: 0.0}}, "theirs")
    theirs.edit({"weight": {2: 0.0}}, "theirs_too")
    onto = {**BASE, "table": "theirs"}
    status, conflict = editor.problem(
        "/api/commit", base=BASE, edits=[edit(3, 2.0, "weight")], onto=onto
    )
    assert (status, conflict["newest"]["table"]) == (409, "theirs_too")


def test_of_two_commits_at_once_one_is_refused(editor, own_root):
    client: TestClient = editor.client
    answers = []

    def commit(weight):
        message = {"base": BASE, "edits": [edit(1, weight, "weight")]}
        answers.append(client.post("/api/commit", json=message).status_code)

    threads = [threading.Thread(target=commit, args=(float(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"edits": [edit(0, "x", "weight")]}, 400, "must be a number"),
        ({"edits": [edit(0, 1.0, "nothing")]}, 404, "no column `nothing`"),
        ({"edits": [edit(99, 1.0, "weight")]}, 400, "must lie in table"),
        ({"edits": [edit(-1, 1.0, "weight")]}, 400, "must not be negative"),
        ({"edits": [edit(0, 1.0, "weight"), edit(0, 2.0, "weight")]}, 400, "there twice"),
        ({"edits": []}, 400, "must change something"),
        ({"edits": [edit(0, {"instances": [{"x_min": 1}]})]}, 400, "four numbers"),
        ({"edits": [edit(0, {"instances": 5})]}, 400, "must be a list"),
        ({"edits": [edit(0, {"instances": [5]})]}, 400, "must be an object"),
        ({"delete": [-1]}, 400, "must not be negative"),
        ({"edits": [edit(0, 2.0, "weight")], "name": "val"}, 409, "exists"),
        ({"edits": [edit(0, 2.0, "weight")], "name": "../up"}, 400, "name"),
    ],
)
def test_edits_that_do_not_fit_are_refused_and_nothing_is_written(
    editor, own_root, change, status, words
):
    found, problem = editor.problem("/api/commit", base=BASE, **change)
    assert found == status
    assert words in problem["detail"]
    assert stored(own_root, "train").latest().name == "train"


def test_a_box_that_ends_before_it_begins_is_refused(editor):
    boxes = boxes_of(editor, 0)
    boxes["instances"][0] |= {"x_min": 10.0, "x_max": 5.0}
    status, problem = editor.problem("/api/commit", base=BASE, edits=[edit(0, boxes)])
    assert (status, "must end where it begins" in problem["detail"]) == (400, True)


def test_only_columns_for_people_can_be_edited(editor, own_root):
    source = editor.post("/api/source", source=BASE)
    writable = [column["name"] for column in source["columns"] if column["writable"]]
    assert {"bbs", "weight"} <= set(writable)
    status, _ = editor.problem("/api/commit", base=BASE, edits=[edit(0, 1, "bbs.count")])
    assert status == 404


def test_rows_of_a_table_are_named_by_example_id(browser):
    asked = {"source": VAL, "columns": ["example_id", "weight"], "limit": 3}
    page = browser.post("/api/rows", **asked)
    assert page.column_names == ["example_id", "weight"]
    assert page.column("example_id").to_pylist() == [0, 1, 2]
    assert browser.post("/api/rows", **{**asked, "columns": ["example_id"]}).num_columns == 1


def test_a_table_knows_its_revisions(browser):
    table = browser.get("/api/tables/demo/scenes/val_0000")
    assert table["row"]["parent"] == "val"
    assert [row["name"] for row in table["lineage"]] == ["val"]
    assert [row["name"] for row in browser.get("/api/tables/demo/scenes/val")["descendants"]] == [
        "val_0000"
    ]


def test_two_revisions_are_compared(browser):
    diff = browser.post("/api/diff", base=VAL, other=REVISION)
    assert (diff["added"], diff["removed"], diff["changed"]) == (0, 1, 0)
    assert diff["samples"] == [{"base_example_id": 3, "other_example_id": None, "columns": []}]
    status, _ = browser.problem("/api/diff", base=VAL, other=BASE)
    assert status == 400


def test_a_selection_becomes_a_table(editor, own_root):
    picked = [{"kind": "rows", "example_ids": [2, 5, 7]}]
    editor.post("/api/new-table", source=COLLECTION, filters=picked, name="hard")
    hard, val = stored(own_root, "hard"), stored(own_root, "val")
    assert [hard.table_rows[i] for i in range(3)] == [val.table_rows[i] for i in (2, 5, 7)]


def test_a_table_of_nothing_or_of_everything_is_refused(editor):
    nothing = [{"kind": "rows", "example_ids": []}]
    for filters in (nothing, []):
        status, problem = editor.problem("/api/new-table", source=VAL, filters=filters)
        assert (status, "some of the samples" in problem["detail"]) == (400, True)


def test_a_selection_becomes_a_file(browser):
    picked = [{"kind": "rows", "example_ids": [2, 5, 7]}]
    client = browser.client

    def export(kind, source=COLLECTION):
        message = {"source": source, "format": kind, "filters": picked}
        return client.post("/api/export", json=message).content

    rows = pq.read_table(io.BytesIO(export("parquet")))
    assert rows.column("example_id").to_pylist() == [2, 5, 7]
    assert {"f1", "bbs", "bbs_predicted", "image"} <= set(rows.column_names)
    assert pa_csv.read_csv(io.BytesIO(export("csv"))).column("example_id").to_pylist() == [2, 5, 7]
    coco = json.loads(export("coco"))
    table = browser.post("/api/rows", source=VAL, filters=picked)
    assert [image["id"] for image in coco["images"]] == table.column("image_id").to_pylist()
    boxes = sum(len(row["instances"]) for row in table.column("bbs").to_pylist())
    assert len(coco["annotations"]) == boxes


def test_classes_are_counted_as_the_labels_have_them(browser):
    found = browser.post("/api/statistics", source=VAL, column="bbs")
    rows = browser.post("/api/rows", source=VAL, limit=1000).column("bbs").to_pylist()
    labels = [row["instances_additional_data"]["label"] for row in rows]
    assert found["instances"] == sum(map(len, labels))
    for one in found["classes"]:
        assert one["instances"] == sum(each.count(one["id"]) for each in labels)
        assert one["samples"] == sum(one["id"] in each for each in labels)
    assert sum(found["histograms"]["width"]["counts"]) == found["instances"]
    assert sum(found["histograms"]["instances"]["counts"]) == len(rows)


def test_boxes_that_are_hardly_right_are_named(editor):
    boxes = boxes_of(editor, 0)
    box, properties = boxes["instances"][0], boxes["instances_additional_data"]
    tiny = {"x_min": 1.0, "y_min": 1.0, "x_max": 2.0, "y_max": 9.0}
    far = {"x_min": 1.0, "y_min": 1.0, "x_max": 900.0, "y_max": 9.0}
    label = properties["label"][0]
    wrong = {
        **boxes,
        "instances": [box, box, tiny, far],
        "instances_additional_data": {"label": [label, label, label, None]},
    }
    empty = {**boxes, "instances": [], "instances_additional_data": {}}
    made = editor.post("/api/commit", base=BASE, edits=[edit(0, wrong), edit(1, empty)])
    found = editor.post("/api/statistics", source={"kind": "table", **made["table"]}, column="bbs")
    checks = {one["name"]: one for one in found["checks"]}
    for name in ("Labelled twice", "Tiny", "Out of the image", "Without a class"):
        assert 0 in checks[name]["example_ids"]
    assert 1 in checks["Without boxes"]["example_ids"]
