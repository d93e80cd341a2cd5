"""How a training can start, go on and end, and what its Run says of it."""

import pickle

import pytest
from super_gradients.training.utils.callbacks import Callback, Phase
from super_gradients.training.utils.early_stopping import EarlyStop
from torch.utils.data import Dataset

import samplewise as sw
from samplewise.errors import AlreadyExistsError, NotFoundError
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.compatibility import patched_super_gradients

NO_WORKERS = {"num_workers": 0}


class Raises(Callback):
    """Raises an error in the middle of an epoch."""

    def __init__(self, error, at="on_train_batch_end"):
        setattr(self, at, self._raise)
        self.error = error

    def _raise(self, context):
        raise self.error


def test_a_project_name_that_is_not_the_active_runs_is_a_value_error(train_detection, root):
    sw.init("callbacks", "mine", root_url=root)
    with pytest.raises(ValueError, match="`project_name` must be that of the active run"):
        train_detection([MetricsCollectionCallback("other")])


def test_a_run_name_that_is_not_the_active_runs_is_a_value_error(train_detection, root):
    sw.init("callbacks", "mine", root_url=root)
    with pytest.raises(ValueError, match="`run_name` must be that of the active run"):
        train_detection([MetricsCollectionCallback("callbacks", "other")])


def test_the_active_run_is_used_where_there_is_one(train_detection, root):
    run = sw.init("callbacks", root_url=root)
    callback = MetricsCollectionCallback()
    train_detection([callback])
    assert callback.run == run
    assert run.status == "completed"
    assert sw.active_run() is None


def test_a_cell_that_is_run_again_makes_a_run_beside_the_first(train_detection, root, capsys):
    first = sw.init("callbacks", "cell", root_url=root)
    runs = []
    for _ in range(3):
        callback = DetectionMetricsCollectionCallback(dataloader_args=NO_WORKERS)
        model = train_detection([callback])
        runs.append(callback.run)
    assert (runs[0], len(set(runs))) == (first, 3)
    assert {(run.project_name, run.root_url) for run in runs} == {("callbacks", root)}
    assert "run `cell` has ended; a new run takes what follows." in capsys.readouterr().err
    assert [(run.status, run.metrics().num_rows) for run in runs] == [("completed", 12)] * 3
    assert len({run.history.num_rows for run in runs}) == 1
    with pytest.raises(NotFoundError, match="no active run") as caught:
        sw.log({"x": 1.0})
    assert f"run `{runs[2].name}`, which has ended" in caught.value.hint
    test = first.input_tables[0]
    callback.collect_metrics_direct(model, [test], {"split": "test"})  # still means its run
    [count] = runs[2].sql("select count(*) n from metrics where split = 'test'").to_pylist()
    assert count == {"n": len(test)}


def test_a_run_that_is_closed_is_active_no_longer_until_somebody_says_so(root):
    run = sw.init("callbacks", root_url=root)
    run.close()
    assert sw.active_run() is None
    sw.set_active_run(run)
    assert sw.active_run() == run


def test_the_base_callback_logs_aggregates_and_collects_nothing(train_detection, root):
    callback = MetricsCollectionCallback("callbacks", root_url=root)
    train_detection([callback])
    assert callback.run.history.num_rows > 0
    assert callback.run.metrics().num_rows == 0
    assert callback.run.collections == []


def test_an_exception_in_the_training_makes_the_run_failed(train_detection, root):
    callback = MetricsCollectionCallback("callbacks", root_url=root)
    with pytest.raises(ZeroDivisionError):
        train_detection([callback, Raises(ZeroDivisionError("on purpose"))])
    assert callback.run.status == "failed"
    assert callback.run.error == "ZeroDivisionError: on purpose"
    assert sw.active_run() is None


def test_ctrl_c_makes_the_run_cancelled_and_collects_nothing(train_detection, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks", root_url=root, dataloader_args=NO_WORKERS
    )
    train_detection([callback, Raises(KeyboardInterrupt())])
    assert callback.run.status == "cancelled"
    assert callback.run.collections == []


def test_early_stopping_is_a_completed_training(train_detection, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks", root_url=root, collect_val_only=True, dataloader_args=NO_WORKERS
    )
    with patched_super_gradients():  # numpy.Inf
        stop = EarlyStop(
            Phase.VALIDATION_EPOCH_END, monitor="mAP@0.50", mode="max", patience=1, min_delta=2.0
        )
    train_detection([callback, stop], max_epochs=4)
    assert callback.run.status == "completed"
    [record] = callback.run.collections
    assert record["epoch"] < 3
    assert record["split"] == "val"


def test_an_epoch_without_validation_is_collected_all_the_same(train_detection, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        metrics_collection_epochs=[0],
        collect_metrics_on_train_end=False,
        root_url=root,
        dataloader_args=NO_WORKERS,
    )
    train_detection([callback], max_epochs=3, run_validation_freq=2)
    assert [(r["epoch"], r["split"]) for r in callback.run.collections] == [
        (0, "train"),
        (0, "val"),
    ]


def test_the_last_epoch_is_not_collected_twice(train_detection, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        metrics_collection_epochs=[0],
        collect_val_only=True,
        root_url=root,
        dataloader_args=NO_WORKERS,
    )
    train_detection([callback], max_epochs=1)
    assert [r["epoch"] for r in callback.run.collections] == [0]


def test_a_callback_can_be_used_for_a_second_training(train_detection, root):
    callback = MetricsCollectionCallback("callbacks", "twice", root_url=root)
    train_detection([callback])
    first = callback.run
    train_detection([callback])
    assert callback.run != first
    assert (first.status, callback.run.status) == ("completed", "completed")


def test_two_splits_that_use_one_table_stay_apart(train_detection, tables, make_loader, root):
    callback = DetectionMetricsCollectionCallback(
        "callbacks", root_url=root, dataloader_args=NO_WORKERS
    )
    table = tables[1]
    train_detection([callback], loaders=(make_loader(table), make_loader(table)))
    counts = callback.run.sql("select split, count(*) n from metrics group by 1 order by 1")
    assert counts.to_pylist() == [{"split": s, "n": len(table)} for s in ("train", "val")]
    assert len(callback.run.input_tables) == 1


def test_a_dataset_of_unknown_kind_is_refused_before_training_starts(
    train_detection, tables, make_loader, root
):
    class Stranger(Dataset):
        def __init__(self, known):
            self.known, self.classes = known, known.classes

        def __len__(self):
            return len(self.known)

        def __getitem__(self, index):
            return self.known[index]

    loaders = tuple(make_loader(Stranger(make_loader(table).dataset)) for table in tables)
    callback = DetectionMetricsCollectionCallback("callbacks", "never", root_url=root)
    with pytest.raises(ValueError, match="the train loader must read a dataset that a Table"):
        train_detection([callback], loaders=loaders)
    assert callback.run is None


def test_a_failing_metric_is_noted_and_the_training_goes_on(train_detection, root, capsys):
    class Fails(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            return {**super().compute_metrics(images, predictions, table), "mine": [1]}

    callback = Fails("callbacks", root_url=root, collect_val_only=True, dataloader_args=NO_WORKERS)
    train_detection([callback])
    assert callback.run.status == "completed"
    [record] = callback.run.collections
    assert "`compute_metrics` must return the columns" in record["error"]
    assert callback.run.collection_failures.startswith("collected nothing: CollectionError: ")
    ours = [line for line in capsys.readouterr().err.splitlines() if "samplewise: " in line]
    assert "collected nothing: " in ours[-1]  # SuperGradients may close its own log after it
    assert callback.run.metrics().num_rows == 0


def test_on_error_raise_ends_the_training(train_detection, root):
    class Fails(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            raise RuntimeError("on purpose")

    callback = Fails("callbacks", root_url=root, on_error="raise", dataloader_args=NO_WORKERS)
    with pytest.raises(RuntimeError, match="on purpose"):
        train_detection([callback])
    assert callback.run.status == "failed"


def test_a_callback_pickles_in_the_middle_of_a_training(train_detection, root):
    class Pickles(Callback):
        def on_train_batch_end(self, context):
            self.copy = pickle.loads(pickle.dumps(callback))

    callback = DetectionMetricsCollectionCallback(
        "callbacks", metrics_collection_epochs=[0], root_url=root, dataloader_args=NO_WORKERS
    )
    pickles = Pickles()
    train_detection([callback, pickles], max_epochs=2)
    assert (pickles.copy.run, pickles.copy._schedule.epochs) == (None, [0])


def test_a_callback_pickles_for_spawned_processes(root):
    callback = DetectionMetricsCollectionCallback("callbacks", "p", root_url=root, batch_size=5)
    copy = pickle.loads(pickle.dumps(callback))
    assert (copy._training._project_name, copy._collector.batch_size, copy.run) == (
        "callbacks",
        5,
        None,
    )


def test_a_second_training_in_one_run_is_refused_before_it_starts(train_detection, root):
    run = sw.init("callbacks", root_url=root)
    train_detection([MetricsCollectionCallback()])
    rows = run.history.num_rows
    sw.set_active_run(run)
    with pytest.raises(AlreadyExistsError, match="has one, up to epoch 0"):
        train_detection([MetricsCollectionCallback()])
    assert run.history.num_rows == rows
    train_detection([MetricsCollectionCallback(replace=True)])
    assert run.history.num_rows == rows
