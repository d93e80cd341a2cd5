"""Label issues of a Run, whoever wrote its predictions."""

import numpy as np
import pytest

import samplewise as sw
from samplewise.cli import main
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.schemas import BoundingBoxes2DSchema, Float

CLASSES = {3: "cat", 7: "dog"}
EXTENT = (0, 0, 200, 200)
KIND = BoundingBoxes2DSchema(CLASSES)
PREDICTED = BoundingBoxes2DSchema(CLASSES, additional={"confidence": Float()})
COUNT = 60


def draw() -> tuple[list[np.ndarray], list[list[int]]]:
    rng = np.random.default_rng(0)
    boxes, labels = [], []
    for _ in range(COUNT):
        corner = np.array([[0.0, 0], [100, 100]]) + rng.uniform(0, 30, (2, 2))
        boxes.append(np.concatenate([corner, corner + rng.uniform(30, 60, (2, 2))], axis=1))
        labels.append(rng.choice([3, 7], 2).tolist())
    return boxes, labels


def column_of(boxes, labels, **properties) -> list[BoundingBoxes2D]:
    return [
        BoundingBoxes2D(
            EXTENT,
            {"label": label, **{name: values[i] for name, values in properties.items()}},
            box,
        )
        for i, (box, label) in enumerate(zip(boxes, labels, strict=True))
    ]


@pytest.fixture
def make_run(root):
    """A Run about labels of which 4 has a wrong class, 9 lacks one, and 20 has one too many."""
    boxes, labels = draw()
    noise = np.random.default_rng(1)
    seen = [box + noise.normal(0, 1, box.shape) for box in boxes]
    seen_labels = [list(label) for label in labels]
    labels[4][1] = 3 if labels[4][1] == 7 else 7
    boxes[9], labels[9] = boxes[9][:1], labels[9][:1]
    boxes[20] = np.concatenate([boxes[20], [[120.0, 5, 180, 40]]])
    labels[20] = [*labels[20], 3]

    def make(splits=("val",), epochs=(0,), confidence=0.8, name="r"):
        table = sw.Table.from_dict(
            {"image": [f"/img/{i}.jpg" for i in range(COUNT)], "bbs": column_of(boxes, labels)},
            schema={"image": sw.schemas.ImageSchema(), "bbs": KIND},
            dataset_name="d",
            project_name="p",
            root_url=root,
            if_exists="reuse",
        )
        run = sw.tables.Run.create("p", name, root_url=root)
        confidences = [[confidence] * len(each) for each in seen_labels]
        for split in splits:
            for epoch in epochs:
                predicted = column_of(seen, seen_labels, confidence=confidences)
                run.add_metrics(
                    {"bbs_predicted": predicted},
                    {"bbs_predicted": PREDICTED},
                    foreign_table_url=table.url,
                    epoch=epoch,
                    split=split,
                )
        run.close()
        return run, table, seen, seen_labels

    return make


def test_a_run_that_anybody_wrote_is_ranked_and_says_what_is_right(make_run):
    run, _, seen, seen_labels = make_run()
    found = run.label_issues().to_pylist()
    top = {row["example_id"]: row for row in found[:3]}
    kinds = {number: row["kind"] for number, row in top.items()}
    assert kinds == {4: "wrong_class", 9: "missing", 20: "spurious"}
    assert [row["score"] for row in found] == sorted((r["score"] for r in found), reverse=True)
    swapped, missing, spurious = top[4], top[9], top[20]
    assert (swapped["label_index"], swapped["suggested_label"]) == (1, seen_labels[4][1])
    assert swapped["label"] != swapped["suggested_label"]
    assert swapped["suggested_box"] is None
    assert (missing["label_index"], missing["label"], missing["box"]) == (None, None, None)
    assert missing["suggested_label"] == seen_labels[9][1]
    assert list(missing["suggested_box"].values()) == pytest.approx(seen[9][1].tolist())
    assert (missing["prediction_index"], missing["confidence"]) == (1, 0.8)
    assert (spurious["label_index"], spurious["suggested_label"]) == (2, None)
    assert list(spurious["box"].values()) == [120, 5, 180, 40]
    assert {row["image"] for row in found[:3]} == {f"/img/{i}.jpg" for i in (4, 9, 20)}
    assert {(row["epoch"], row["in_sample"], row["split"]) for row in found} == {(0, False, "val")}
    assert all(0 <= row["score"] <= row["image_score"] + 1e-9 <= 1 + 1e-9 for row in found)


def test_what_is_asked_for_is_given(make_run):
    run, table, *_ = make_run(("train", "val"), (0, 5))
    assert set(run.label_issues(split="train")["split"].to_pylist()) == {"train"}
    assert set(run.label_issues(table, "val", epochs=0)["epoch"].to_pylist()) == {0}
    assert set(run.label_issues(epochs=[0, 5])["epoch"].to_pylist()) == {5}
    only = run.label_issues(kinds=["missing"])
    assert set(only["kind"].to_pylist()) == {"missing"}
    assert run.label_issues(min_score=1.0).num_rows == 0
    assert run.label_issues(min_score=0.0, split="val").num_rows >= 2 * COUNT
    with pytest.raises(InvalidArgumentError, match="`kinds` must be some of wrong_class"):
        run.label_issues(kinds=["swapped"])
    with pytest.raises(NotFoundError, match="`epochs` must have been collected, but 3 was not"):
        run.label_issues(epochs=3)
    with pytest.raises(NotFoundError, match="has no predicted boxes or classes"):
        run.label_issues(split="test")


def test_what_limits_the_ranking_is_said(make_run, capsys):
    run, *_ = make_run(("train",), (0, 1))
    found = run.label_issues()
    said = capsys.readouterr().err
    assert "from confidence 0.8 on" in said
    assert "the model trained on these labels" in said
    assert set(found["in_sample"].to_pylist()) == {True}


def test_a_run_without_predicted_boxes_says_what_to_collect(root):
    run = sw.tables.Run.create("p", "none", root_url=root)
    run.add_metrics({"score": [0.5]})
    run.close()
    with pytest.raises(NotFoundError, match="has no predicted boxes or classes") as caught:
        run.label_issues()
    assert "DetectionMetricsCollectionCallback" in caught.value.hint


def test_they_are_columns_that_sort_and_join_like_any_other(make_run):
    run, *_ = make_run(("train", "val"), (0, 5))
    assert run.add_label_issues(split="val") == ["label_issue", "label_issue_kind"]
    worst = run.sql(
        "select example_id, label_issue_kind as kind from metrics where split = 'val' and epoch = 5"
        " order by label_issue desc limit 3"
    ).to_pylist()
    assert {row["example_id"]: row["kind"] for row in worst} == {4: 0, 9: 2, 20: 3}
    others = run.sql(
        "select count(*) as n from metrics where (split = 'train' or epoch = 0) "
        "and label_issue is not null"
    )
    assert others["n"].to_pylist() == [0]
    run.add_label_issues()
    counts = run.sql(
        "select split, epoch, count(label_issue) as n from metrics group by all order by all"
    ).to_pylist()
    assert [row["n"] for row in counts] == [0, COUNT, 0, COUNT]
    kinds = run.stored.metric_kinds
    assert kinds["label_issue"].better == "lower"
    assert kinds["label_issue_kind"].value_map[3].internal_name == "spurious"


def test_issues_are_applied_as_the_next_revision(make_run, capsys):
    run, table, seen, seen_labels = make_run()
    better = table.apply(run.label_issues())
    assert "mended in `initial`: 1 missing, 1 spurious, 1 wrong_class" in capsys.readouterr().err
    assert better.stored.document.description == (
        "label issues mended: 1 missing, 1 spurious, 1 wrong_class"
    )
    stored = better.stored.column("bbs").to_pylist()
    for row in (4, 9, 20):
        assert stored[row]["instances_additional_data"]["label"] == seen_labels[row]
    assert [len(value["instances"]) for value in stored] == [2] * COUNT
    added = list(stored[9]["instances"][1].values())
    assert added == pytest.approx(np.clip(seen[9][1], 0, 200).tolist())
    others = [row for row in range(COUNT) if row not in (4, 9, 20)]
    before = table.stored.column("bbs").to_pylist()
    assert [stored[row] for row in others] == [before[row] for row in others]


def test_only_what_is_asked_for_is_mended_and_what_changed_is_left_alone(make_run, capsys):
    run, table, *_ = make_run()
    issues = run.label_issues()
    mended = table.apply(issues, ["spurious"]).table_rows[20]["bbs"]
    assert len(mended["instances"]) == 2
    with pytest.raises(InvalidArgumentError, match="must have something to mend"):
        table.apply(issues, min_score=1.0)
    with pytest.raises(InvalidArgumentError, match="lack the column `kind`"):
        table.apply(issues.drop_columns(["kind"]))
    again = table.apply(issues)
    capsys.readouterr()
    with pytest.raises(InvalidArgumentError, match="must have something to mend"):
        again.apply(issues)
    assert "3 labels of `initial_0001` changed since" in capsys.readouterr().err
    near = again.table_rows[9]["bbs"]  # the box that was missing, drawn by a person
    near["instances"][1]["x_min"] += 2.0
    by_hand = again.edit({"bbs": {9: near}})
    with pytest.raises(InvalidArgumentError, match="must have something to mend"):
        by_hand.apply(issues, ["missing"])


def test_a_list_follows_its_rows_into_later_revisions(make_run, capsys):
    run, table, seen, _ = make_run()
    later = table.delete_rows([0, 1, 20])
    capsys.readouterr()
    better = later.apply(run.label_issues())
    assert "1 labels of `initial_0000` changed since" in capsys.readouterr().err
    added = list(better.table_rows[7]["bbs"]["instances"][1].values())  # row 9 before
    assert added == pytest.approx(np.clip(seen[9][1], 0, 200).tolist())
    before, after = (each.stored.column("bbs").to_pylist() for each in (later, better))
    changed = [i for i, (x, y) in enumerate(zip(before, after, strict=True)) if x != y]
    assert changed == [2, 7]


def test_a_list_of_another_table_is_refused(make_run, root):
    run, table, *_ = make_run()
    other = sw.Table.from_arrow(
        table.to_arrow(), dataset_name="other", project_name="p", root_url=root
    )
    with pytest.raises(InvalidArgumentError, match="some are about another table"):
        other.apply(run.label_issues())
    far = run.label_issues()
    number = far.schema.get_field_index("example_id")
    far = far.set_column(number, "example_id", [[COUNT, -1, None][: len(far)]])
    with pytest.raises(InvalidArgumentError, match="must have something to mend"):
        table.apply(far)


def test_the_command_line_lists_the_same(make_run, root, capsys):
    make_run()
    for arguments in (["--csv"], ["--json"], ["--limit", "2"]):
        main(["issues", "p/r", "--root", str(root), *arguments])
    out = capsys.readouterr().out
    assert "2 of" in out
    assert "suggested_box.x_min" in out
    assert '"wrong_class"' in out


@pytest.fixture
def classified(root):
    """A Run of a classifier that disputes the labels of rows 2 and 5, the latter more."""
    labels = [0, 1, 0, 1, 0, 1]
    probabilities = np.array(
        [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7], [0.8, 0.2], [0.95, 0.05]]
    )
    table = sw.Table.from_dict(
        {"label": labels},
        schema={"label": sw.schemas.CategoricalLabelSchema(["ham", "egg"])},
        dataset_name="d",
        project_name="p",
        root_url=root,
    )
    run = sw.tables.Run.create("p", "classes", root_url=root)
    ordered = np.sort(probabilities, axis=1)
    run.add_metrics(
        {
            "predicted_label": probabilities.argmax(axis=1).tolist(),
            "confidence": ordered[:, -1].tolist(),
            "margin": (ordered[:, -1] - ordered[:, -2]).tolist(),
            "cross_entropy": (-np.log(probabilities[range(6), labels])).tolist(),
        },
        foreign_table_url=table.url,
        epoch=3,
        split="val",
    )
    run.close()
    return run, table, labels, probabilities


def test_labels_of_images_are_ranked_by_the_margin(classified):
    run, table, labels, probabilities = classified
    found = run.label_issues(min_score=0.0).to_pylist()
    assert [row["example_id"] for row in found[:2]] == [5, 2]
    margins = {i: probabilities[i, 1 - y] - probabilities[i, y] for i, y in enumerate(labels)}
    for row in found:
        assert row["score"] == pytest.approx((1 + margins[row["example_id"]]) / 2)
    assert [row["suggested_label"] for row in found[:3]] == [0, 1, None]
    assert {row["kind"] for row in found} == {"wrong_class"}
    better = table.apply(run.label_issues())
    assert better.stored.column("label").to_pylist() == [0, 1, 1, 1, 0, 0]
    assert run.add_label_issues() == ["label_issue", "label_issue_kind"]
