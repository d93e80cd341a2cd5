"""Scripts written for the contract run after the mechanical rename of its package."""

import re
from pathlib import Path

import pytest
from PIL import Image

from samplewise import active_run
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
