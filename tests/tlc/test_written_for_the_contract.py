"""Scripts written for the contract run after the mechanical rename of its package."""

import re
from pathlib import Path

import pytest
from PIL import Image

from samplewise import Table, active_run
from samplewise.demo.scenes import draw_detection_dataset

FOLDER = Path(__file__).parent


def run(script, names, root):
    """What a script has defined when it has run with some names."""
    renamed = re.sub(r"^import tlc$", "import samplewise.tlc as tlc", script, flags=re.MULTILINE)
    renamed = re.sub(r"^from tlc\b", "from samplewise.tlc", renamed, flags=re.MULTILINE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLEWISE_ROOT", str(root))
        exec(compile(renamed, "script", "exec"), names)
    return names


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """What the script has defined when it has run."""
    folder = tmp_path_factory.mktemp("contract")
    drawn = draw_detection_dataset(folder / "scenes", train=8, val=4, size=64)
    names = {
        "SPLITS": [(each.name, str(each.labels), str(each.images)) for each in drawn.splits],
        "FOLDER": str(folder / "checkpoints"),
    }
    script = (FOLDER / "written_for_the_contract.txt").read_text()
    return run(script, names, folder / "store")


def test_the_run_is_the_one_it_made_and_is_completed(names):
    assert (names["callback"].run, names["run"].status) == (names["run"], "completed")
    assert active_run() is None


def test_predictions_and_embeddings_lie_beside_the_input_columns(names):
    rows = names["run"].metrics(epoch=0, split="val")
    assert {"bbs_predicted", "example_id", "bbs"} <= set(rows.column_names)
    reduced = names["run"].reductions[-1]["column"]  # too few images for PaCMAP
    assert [len(each) for each in rows.column(reduced).to_pylist()] == [3] * 4


def test_predicted_labels_are_in_the_value_map_of_the_table(names):
    labels = names["run"].sql(
        "select distinct unnest(bbs_predicted.instances_additional_data.label) l from metrics"
    )
    assert labels.num_rows > 0
    assert set(labels.column("l").to_pylist()) <= set(names["value_map"])


def test_the_latest_table_is_the_one_without_edits(names):
    assert names["latest"] == names["tables"][0]


def test_custom_keypoints_and_their_helpers_are_as_in_the_contract(tmp_path):
    Image.new("RGB", (48, 32)).save(tmp_path / "a.png")
    script = (FOLDER / "poses_for_the_contract.txt").read_text()
    names = run(script, {"IMAGE": str(tmp_path / "a.png")}, tmp_path / "store")
    assert (names["sigmas"], names["flips"]) == ([0.05, 0.1, 0.1], [0, 2, 1])
    assert names["lines"] == [(0, 1), (0, 2)]
    assert [joint.display_color for joint in names["joints"]] == ["#ff0000", "#00ff00", "#0000ff"]
    assert {line.display_color for line in names["line_attributes"]} == {"#ff8000"}
    assert names["dataset"].num_joints == 3
    assert names["sample"].bboxes_xywh.tolist() == [[18, 2, 12, 29]]
    assert names["callback"].label_column_name == "keypoints_2d"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """What a notebook in the words of the contract's page has defined when it has run."""
    folder = tmp_path_factory.mktemp("notebook")
    Image.new("RGB", (48, 32)).save(folder / "a.png")
    script = (FOLDER / "notebook_for_the_contract.txt").read_text()
    return run(script, {"IMAGE": str(folder / "a.png")}, folder / "store")


def test_a_skeleton_in_the_words_of_the_contract_is_stored(notebook):
    stored = Table.from_url(notebook["table"].url).schema["keypoints_2d"]
    assert stored.joint_names == ("head", "left_foot", "right_foot")
    assert (notebook["lines"], stored.num_joints) == ([(0, 1), (0, 2)], 3)
    assert notebook["points"] == [0.5, 0.1, 0.4, 0.9, 0.6, 0.9]
    assert notebook["joints"][1].display_color == "#00ff00"
    assert [line.internal_name for line in notebook["line_attributes"]] == ["left", "right"]
    assert notebook["line_attributes"][0].display_color == "#ff8000"


def test_a_pose_in_the_words_of_the_contract_is_stored(notebook):
    (pose,) = notebook["table"].table_rows[0]["keypoints_2d"]["instances"]
    assert [joint["visibility"] for joint in pose["keypoints"]] == [2, 1, 0]


def test_rows_are_deleted_into_the_table_of_a_url(notebook):
    clean = notebook["clean"]
    assert (clean.name, len(clean), clean.description) == ("clean", 1, "twice")
    assert clean.url == notebook["clean_url"]
    assert notebook["clean_url"].exists()


def test_the_epoch_among_logged_values_is_the_axis(notebook):
    rows = notebook["run"].history.to_pylist()
    assert [(row["name"], row["epoch"], row["value"]) for row in rows] == [("loss", 3, 0.5)]
