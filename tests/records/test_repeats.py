"""What is in a run already is not written again, unless it is to be replaced."""

import multiprocessing

import pytest

from samplewise import Table
from samplewise.errors import AlreadyExistsError
from samplewise.records.conditions import condition_of
from samplewise.tables import Run


@pytest.fixture
def table(tmp_path):
    return Table.from_dict(
        {"n": [0, 1, 2]}, dataset_name="d", project_name="p", root_url=str(tmp_path)
    )


@pytest.fixture
def run(tmp_path):
    with Run.create("p", "r", root_url=str(tmp_path)) as run:
        yield run


def test_an_aggregate_of_an_epoch_is_logged_once(run):
    run.log({"loss": 1.0}, epoch=0, split="val")
    run.log({"mAP 'x'": 0.5}, epoch=0, split="val")
    run.log({"loss": 2.0}, epoch=0, split="train")
    with pytest.raises(AlreadyExistsError, match="`loss` of `val` at epoch 0 is there already"):
        run.log({"other": 1.0, "loss": 3.0}, epoch=0, split="val")
    assert run.history.num_rows == 3


def test_an_aggregate_can_be_replaced(run):
    run.log({"loss": 1.0, "mAP": 0.5}, epoch=0, split="val")
    run.log({"loss": 1.0}, epoch=1)
    run.log({"loss": 3.0}, epoch=0, split="val", replace=True)
    values = {(row["epoch"], row["name"]): row["value"] for row in run.history.to_pylist()}
    assert values == {(0, "loss"): 3.0, (0, "mAP"): 0.5, (1, "loss"): 1.0}
    assert run.history.num_rows == 3


def test_values_without_an_epoch_are_points_in_time(run):
    run.log({"loss": 1.0})
    run.log({"loss": 2.0})
    assert run.history.column("value").to_pylist() == [1.0, 2.0]


def test_metrics_of_a_sample_are_added_once_an_epoch(run, table):
    def add(ids, epoch, **options):
        rows = {"example_id": ids, "m": [float(epoch)] * len(ids)}
        run.add_metrics(rows, foreign_table_url=table.url, epoch=epoch, split="val", **options)

    add([0, 1], 0)
    add([2], 0)  # the rest of it
    add([0], 1)
    run.add_metrics({"other": [1, 2, 3]}, foreign_table_url=table.url, epoch=0, split="val")
    with pytest.raises(AlreadyExistsError, match="has 1 rows of this table, epoch 0, split `val`"):
        add([2], 0)
    add([1, 2], 0, replace=True)
    rows = run.sql("select epoch, example_id from metrics where m is not null order by 1, 2")
    assert [tuple(row.values()) for row in rows.to_pylist()] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_metrics_without_a_table_are_added_once_too(run):
    run.add_metrics({"m": [1.0, 2.0]}, epoch=0, split="val")
    run.add_metrics({"m": [3.0], "example_id": [2]}, epoch=0, split="val")  # the rest of it
    run.add_metrics({"m": [1.0, 2.0]})
    for where in ({"epoch": 0, "split": "val"}, {}):
        with pytest.raises(AlreadyExistsError, match="2 rows of these samples, without a table"):
            run.add_metrics({"m": [1.0, 2.0]}, **where)
    run.add_metrics({"m": [5.0]}, epoch=0, split="val", replace=True)
    rows = run.sql("select m from metrics where epoch = 0 order by example_id").to_pydict()
    assert rows == {"m": [5.0, 2.0, 3.0]}


def test_conditions_are_never_null():
    said = condition_of({"split": "it's", "epoch": None, "fold": 2, "array": [1]})
    assert said == (
        "(`split` IS NOT NULL AND `split` = 'it''s') AND (`epoch` IS NULL) AND "
        "(`fold` IS NOT NULL AND `fold` = 2)"
    )


def _log(url, results):
    try:
        Run.from_url(url).log({"loss": 1.0}, epoch=5, split="val")
        results.put("written")
    except AlreadyExistsError:
        results.put("refused")


def test_of_processes_that_race_one_writes(run):
    run.log({"loss": 1.0}, epoch=4, split="val")
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    racers = [context.Process(target=_log, args=(run.url, results)) for _ in range(3)]
    for each in racers:
        each.start()
    said = sorted(results.get(timeout=60) for _ in racers)
    for each in racers:
        each.join()
    assert said == ["refused", "refused", "written"]
    assert run.history.num_rows == 2
