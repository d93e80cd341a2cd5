"""Several processes train together: each collects its share, and the Run is written once."""

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("_train_on_ranks.py")
SCENARIOS = [
    "without",
    "whole",
    "parts",
    "afterwards",
    "fails",
    "fails to prepare",
    "raises",
    "other name",
    "dies collecting",
    "dies training",
    "first dies",
    "fails training",
    "interrupted",
]
# Three processes that train a dozen times; on a busy machine they wait for each other.
pytestmark = pytest.mark.timeout(1800)

FAILED = "CollectionError: rank 1 failed: ZeroDivisionError: on purpose"


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What each scenario left behind; all are played in one process, for its imports are dear."""
    folder = tmp_path_factory.mktemp("ranks")
    done = subprocess.run(
        [sys.executable, SCRIPT, folder, *SCENARIOS],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return json.loads((folder / "seen.json").read_text())


def test_every_row_is_collected_once_also_where_there_are_fewer_rows_than_ranks(seen):
    rows = [(row["epoch"], row["split"], row["example_id"]) for row in seen["whole"]["rows"]]
    expected = [*product([0, 1], ["train"], range(7)), *product([0, 1], ["val"], range(2))]
    assert sorted(rows) == sorted(expected)
    collected = [(each["epoch"], each["split"], each["rows"]) for each in collections(seen)]
    assert collected == [(0, "train", 7), (0, "val", 2), (1, "train", 7), (1, "val", 2)]


def test_what_the_samplers_of_all_ranks_select_is_collected_together(seen):
    """A part of the Table in training, and in validation other samples on each rank."""
    rows = [(row["epoch"], row["split"], row["example_id"]) for row in seen["parts"]["rows"]]
    wanted = [*product([0, 1], ["train"], [0, 2, 3, 6]), *product([0, 1], ["val"], [1, 4, 5])]
    assert sorted(rows) == sorted(wanted)
    assert {each["table_rows"] for each in collections(seen, "parts")} == {7}
    assert errors(seen, "parts") == [None] * 3


def test_a_criterion_that_sums_over_ranks_says_the_loss_of_one_image(seen):
    losses = seen["whole"]["losses"]
    assert len(losses) == 18
    assert all(row["loss"] == pytest.approx(row["cross_entropy"], rel=1e-4) for row in losses)


def test_a_rank_can_collect_alone_when_the_training_is_over(seen):
    rows = [row["example_id"] for row in seen["afterwards"]["rows"] if row["epoch"] == 9]
    assert sorted(rows) == list(range(7))
    assert errors(seen, "afterwards") == [None] * 3


def test_aggregates_and_the_run_are_written_once(seen):
    counts = Counter(tuple(value.values()) for value in seen["whole"]["history"])
    assert set(counts.values()) == {1}
    assert (0, "val", "Accuracy") in counts
    assert seen["whole"]["runs"] == ["whole"]
    assert [each["column"] for each in seen["whole"]["maps"]] == ["embedding_pca"]
    assert seen["whole"]["status"] == "completed"


@pytest.mark.parametrize("name", ["whole", "fails", "fails to prepare"])
def test_weights_are_those_of_a_training_without_the_callback(seen, name):
    expected = {rank["weights"] for rank in seen["without"]["ranks"]}
    assert {rank["weights"] for rank in seen[name]["ranks"]} == expected
    assert len(expected) == 1


@pytest.mark.parametrize("name", ["fails", "fails to prepare"])
def test_what_fails_on_one_rank_is_noted_and_nothing_of_it_is_stored(seen, name):
    assert [each["error"] for each in collections(seen, name)] == [FAILED] * 4
    assert (seen[name]["status"], seen[name]["rows"]) == ("completed", [])


def test_on_error_raise_ends_the_training_on_all_ranks(seen):
    assert errors(seen, "raises") == [FAILED, "ZeroDivisionError: on purpose", FAILED]
    assert (seen["raises"]["status"], seen["raises"]["error"]) == ("failed", FAILED)


def test_a_name_that_is_not_the_active_runs_is_refused_on_all_ranks(seen):
    told = errors(seen, "other name")
    assert all("`project_name` must be that of the active run" in each for each in told)


def test_a_rank_that_dies_while_collecting_ends_the_training_and_leaves_no_rows(seen):
    assert [rank["code"] for rank in seen["dies collecting"]["ranks"]] == [0, -9, 0]
    first = collections(seen, "dies collecting")[0]
    assert first["error"].startswith("CollectionError: another process of the training is gone")
    assert (seen["dies collecting"]["status"], seen["dies collecting"]["rows"]) == ("failed", [])


@pytest.mark.parametrize("name", ["dies training", "first dies", "fails training"])
def test_a_rank_that_dies_or_fails_makes_the_run_failed_and_nobody_waits_for_it(seen, name):
    assert None not in [rank["code"] for rank in seen[name]["ranks"]]
    assert seen[name]["status"] == "failed"
    assert len(seen[name]["rows"]) == 9  # of the epoch before


def test_ctrl_c_on_the_first_rank_makes_the_run_cancelled(seen):
    assert None not in [rank["code"] for rank in seen["interrupted"]["ranks"]]
    assert seen["interrupted"]["status"] == "cancelled"


def collections(seen, name="whole"):
    return seen[name]["collections"]


def errors(seen, name):
    return [rank["error"] for rank in seen[name]["ranks"]]
