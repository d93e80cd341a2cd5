"""Aggregates, and which way of them is better."""

import pyarrow as pa
import pytest

from samplewise.errors import InvalidArgumentError
from samplewise.records.aggregates import AGGREGATES
from samplewise.records.stream import stream_for
from samplewise.tables import Run


@pytest.fixture
def run(tmp_path):
    with Run.create("p", "r", root_url=str(tmp_path)) as made:
        yield made


def directions(run: Run) -> dict[str, str | None]:
    """By name, as the run's rows have them."""
    return {row["name"]: row["better"] for row in run.history.to_pylist()}


def test_which_way_is_better_is_stored_with_the_rows_where_it_is_said(run):
    run.log({"mAP": 0.5, "loss": 2.0, "lr": 0.1}, better={"mAP": "higher", "loss": "lower"})
    assert directions(run) == {"mAP": "higher", "loss": "lower", "lr": None}
    query = "select name from aggregates where better = 'lower'"
    assert run.sql(query).to_pylist() == [{"name": "loss"}]


def test_another_word_or_a_name_without_a_value_is_refused(run):
    with pytest.raises(InvalidArgumentError, match="must be higher or lower for each name"):
        run.log({"mAP": 0.5}, better={"mAP": "up"})
    with pytest.raises(InvalidArgumentError, match="`mAp` is none of them") as raised:
        run.log({"mAP": 0.5}, better={"mAp": "higher"})
    assert "mAP" in raised.value.hint
    assert run.history.num_rows == 0


def test_a_run_that_began_without_directions_goes_on_with_them(run):
    before = AGGREGATES.remove(AGGREGATES.get_field_index("better"))
    rows = [{"epoch": 0, "name": "mAP", "value": 0.25, "time": 0}]
    stream = stream_for(run.stored.store, run.stored.folder, "aggregates", before)
    stream.append([pa.RecordBatch.from_pylist(rows, schema=before)], before)
    assert directions(run) == {"mAP": None}
    run.log({"mAP": 0.5}, epoch=1, better={"mAP": "higher"})
    assert run.history.select(["epoch", "value", "better"]).to_pylist() == [
        {"epoch": 0, "value": 0.25, "better": None},
        {"epoch": 1, "value": 0.5, "better": "higher"},
    ]
