"""`samplewise show`."""

import json
from pathlib import Path

import pytest

import samplewise as sw


@pytest.fixture(autouse=True)
def _store(root: Path) -> None:
    """Every test here looks at the drawn store."""


def test_a_run_shows_its_state_curves_parameters_collections_and_worst_images(samplewise):
    code, out, _ = samplewise("show", "demo/first")
    assert code == 0
    for part in ("completed", "a first try", "mAP@0.50", "▁▂▃▄▅▆▇█", "training.loss", "PPYoloE"):
        assert part in out
    assert "OSError: disk full" in out
    assert "/pictures/5.jpg" in out


def test_the_worst_images_come_first_and_those_without_a_score_not_at_all(samplewise):
    told = json.loads(samplewise("show", "demo/first", "--json", "--worst", "3")[1])
    assert told["worst"]["by"] == "f1"
    assert [row["f1"] for row in told["worst"]["rows"]] == [0.07, 0.1, 0.3]
    assert [row["example_id"] for row in told["worst"]["rows"]] == [5, 2, 4]
    assert {row["epoch"] for row in told["worst"]["rows"]} == {7}
    assert told["worst"]["rows"][0]["image"] == "/pictures/5.jpg"


def test_another_metric_may_say_what_is_worst(samplewise):
    told = json.loads(samplewise("show", "demo/first", "--json", "--by", "true_positives")[1])
    assert [row["true_positives"] for row in told["worst"]["rows"]] == [0, 1, 2, 3, 4]
    code, _, said = samplewise("show", "demo/first", "--by", "f1_score")
    assert code == 1
    assert "Hint: there is: f1, misses, sureness, true_positives." in said


def test_where_less_is_better_the_most_come_first(samplewise):
    told = json.loads(samplewise("show", "demo/first", "--json", "--by", "misses")[1])["worst"]
    assert [row["misses"] for row in told["rows"]] == [5, 4, 3, 2, 1]
    assert (told["better"], told["descending"], told["note"]) == ("lower", True, "")
    assert (
        "Worst images by misses, highest first"
        in samplewise("show", "demo/first", "--by", "misses")[1]
    )


def test_a_metric_that_does_not_say_which_way_is_better_makes_no_image_the_worst(samplewise):
    out = samplewise("show", "demo/first", "--by", "sureness")[1]
    assert "Images by sureness, highest first" in out
    assert "`sureness` does not say which way is better" in out.replace("\n", " ")
    turned = samplewise("show", "demo/first", "--json", "--by", "sureness", "--ascending")[1]
    worst = json.loads(turned)["worst"]
    assert [row["sureness"] for row in worst["rows"]] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert worst["note"] == ""


def test_a_run_whose_metrics_keep_silent_has_no_worst_images(samplewise, root: Path):
    with sw.Run.create("demo", "silent", root_url=str(root)) as run:
        run.add_metrics({"f1": [0.5, 0.1], "loss": [1.0, 2.0]})
    told = json.loads(samplewise("show", "demo/silent", "--json")[1])["worst"]
    assert (told["by"], told["rows"]) == (None, [])
    assert told["note"].startswith("No metric of this run says which way is better")
    run.delete()


def test_an_aggregate_says_which_way_is_better_where_it_was_told(samplewise):
    told = json.loads(samplewise("show", "demo/first", "--json")[1])["aggregates"]
    assert {each["name"]: each["better"] for each in told} == {"loss": None, "mAP@0.50": "higher"}


def test_json_of_a_run_holds_every_value_of_its_curves(samplewise):
    told = json.loads(samplewise("show", "demo/first", "--json")[1])
    score = next(each for each in told["aggregates"] if each["name"] == "mAP@0.50")
    assert score["epochs"] == list(range(8))
    assert score["values"] == [epoch / 8 for epoch in range(8)]
    assert told["parameters"]["training"]["ema"] is True
    assert len(told["collections"]) == 2


def test_a_curve_is_drawn_when_asked_for(samplewise):
    out = samplewise("show", "demo/first", "--plot", "mAP@0.50")[1]
    assert "o val" in out
    code, _, said = samplewise("show", "demo/first", "--plot", "mAP@50")
    assert code == 1
    assert "Hint: did you mean `mAP@0.50`?" in said


def test_long_lists_are_cut_and_all_leaves_out_nothing(samplewise, tmp_path: Path):
    with sw.Run.create(
        "p", "r", parameters={f"p{i}": i for i in range(99)}, root_url=str(tmp_path)
    ) as run:
        run.log({f"AP class {i}": 0.5 for i in range(80)}, epoch=0, split="val")
    out = samplewise("show", run.url)[1]
    assert "... and 56 more: --all" in out
    assert "AP class 79" not in out
    everything = samplewise("show", run.url, "--all")[1]
    assert "AP class 79" in everything
    assert "p98" in everything


def test_a_run_without_anything_can_be_shown(samplewise, tmp_path: Path):
    with sw.Run.create("p", "r", root_url=str(tmp_path)) as run:
        pass
    code, out, _ = samplewise("show", run.url)
    assert code == 0
    assert "No aggregates." in out
    assert json.loads(samplewise("show", run.url, "--json")[1])["worst"]["rows"] == []


def test_values_that_are_not_finite_are_null_in_json(samplewise, tmp_path: Path):
    with sw.Run.create("p", "r", root_url=str(tmp_path)) as run:
        run.log({"loss": float("nan")}, epoch=0)
        run.log({"loss": 1.0}, epoch=1)
    told = json.loads(samplewise("show", run.url, "--json")[1])
    assert told["aggregates"][0]["values"] == [None, 1.0]
    assert samplewise("show", run.url)[0] == 0


def test_a_table_shows_its_columns_classes_rows_and_lineage(samplewise):
    code, out, _ = samplewise("show", "demo/drawn/initial_0001")
    assert code == 0
    for part in ("bounding_boxes_2d", "initial > initial_0000 > initial_0001", "dög", "never"):
        assert part in out
    assert "First rows" in out
    assert "1 cat, 1 dög" in out


def test_json_of_a_table_counts_its_classes(samplewise):
    told = json.loads(samplewise("show", "demo/drawn/initial", "--json", "--rows", "2")[1])
    counts = {each["path"]: [c["count"] for c in each["classes"]] for each in told["classes"]}
    assert counts == {"bbs.instances_additional_data.label": [4, 2], "kind": [3, 2, 1, 0]}
    assert len(told["rows"]) == 2
    assert told["runs"] == [{"project": "demo", "name": "first"}]
    assert told["row_count"] == 6


def test_rows_whose_alias_is_unknown_are_shown_as_they_are_stored(samplewise, tmp_path: Path):
    table = sw.Table.from_dict(
        {"image": ["<GONE>/1.jpg"]},
        {"image": sw.schemas.ImageSchema()},
        dataset_name="d",
        project_name="p",
        root_url=str(tmp_path),
    )
    assert "<GONE>/1.jpg" in samplewise("show", table.url)[1]


def test_a_table_without_rows_can_be_shown(samplewise, tmp_path: Path):
    with sw.TableWriter(
        "t",
        "d",
        "p",
        schema={"kind": sw.schemas.CategoricalLabelSchema(["a"])},
        root_url=str(tmp_path),
    ) as writer:
        pass
    assert samplewise("show", writer.table.url)[0] == 0
