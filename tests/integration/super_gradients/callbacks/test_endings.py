"""How a training can end, and what its Run says of it."""

import inspect
import signal
import sys

import pytest
from super_gradients.training import Trainer
from super_gradients.training.losses import YoloXDetectionLoss
from super_gradients.training.utils.callbacks import Callback, CallbackHandler

import samplewise as sw
from samplewise.integration.super_gradients import (
    DetectionDataset,
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)

NO_WORKERS = {"num_workers": 0}


class At(Callback):
    """Does something in the middle of a training."""

    def __init__(self, phase, act):
        setattr(self, phase, lambda context: act())


def fail():
    raise ZeroDivisionError("on purpose")


def interrupt():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture
def callback(root):
    """Collects after epoch 0 and at the end, on the validation set."""
    return DetectionMetricsCollectionCallback(
        "callbacks",
        metrics_collection_epochs=[0],
        collect_val_only=True,
        root_url=root,
        dataloader_args=NO_WORKERS,
    )


class Broken(DetectionDataset):
    """Fails at a certain sample."""

    def __getitem__(self, index):
        self.left -= 1
        return super().__getitem__(index) if self.left else fail()


@pytest.fixture
def broken_loaders(tables, make_loader, plain_transforms):
    """The first of them reads a dataset that fails at its `n`-th sample."""

    def make(n):
        dataset = Broken(tables[0], transforms=plain_transforms(), verbose=False)
        dataset.left = n
        return make_loader(dataset), make_loader(tables[1])

    return make


@pytest.mark.parametrize(("name", "n"), [("yolox_n", 1), ("yolox_n", 6), ("yolo_nas_s", 1)])
def test_an_exception_in_the_dataset_makes_the_run_failed(
    train_detection, callback, broken_loaders, name, n
):
    # With YOLO-NAS the first batch is read before the loop over the epochs: there SuperGradients
    # never calls `on_training_end`.
    with pytest.raises(ZeroDivisionError):
        train_detection([callback], name=name, loaders=broken_loaders(n))
    assert (callback.run.status, callback.run.error) == (
        "failed",
        "ZeroDivisionError: on purpose",
    )
    assert sw.active_run() is None


def test_an_exception_in_the_loss_makes_the_run_failed(train_detection, callback):
    class Loss(YoloXDetectionLoss):
        def forward(self, *args):
            fail()

    with pytest.raises(ZeroDivisionError):
        train_detection([callback], loss=Loss(strides=[8, 16, 32], num_classes=6))
    assert callback.run.status == "failed"


def test_an_exception_in_another_callback_that_starts_later_makes_the_run_failed(
    train_detection, callback
):
    with pytest.raises(ZeroDivisionError):
        train_detection([callback, At("on_training_start", fail)])
    assert callback.run.status == "failed"
    assert sw.active_run() is None


@pytest.mark.parametrize("phase", ["on_train_batch_end", "on_validation_loader_start"])
def test_ctrl_c_makes_the_run_cancelled(train_detection, callback, phase):
    train_detection([callback, At(phase, interrupt)])
    assert callback.run.status == "cancelled"
    assert callback.run.collections == []


def test_ctrl_c_while_collecting_makes_the_run_cancelled_and_stores_nothing_of_it(
    train_detection, root
):
    class Interrupted(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            interrupt()

    callback = Interrupted(
        "callbacks", metrics_collection_epochs=[0], root_url=root, dataloader_args=NO_WORKERS
    )
    train_detection([callback], max_epochs=2)
    assert callback.run.status == "cancelled"
    assert callback.run.metrics().num_rows == 0
    assert set(callback.run.history.column("epoch").to_pylist()) == {0}


def test_ctrl_c_in_the_last_collection_makes_the_run_cancelled(train_detection, root):
    class Interrupted(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            interrupt()

    callback = Interrupted("callbacks", root_url=root, dataloader_args=NO_WORKERS)
    with pytest.raises(KeyboardInterrupt):
        train_detection([callback])
    assert callback.run.status == "cancelled"


def test_a_training_that_a_callback_stops_is_completed(train_detection, callback):
    class Stops(Callback):
        def on_train_loader_end(self, context):
            context.stop_training = True

    train_detection([callback, Stops()], max_epochs=3)
    assert callback.run.status == "completed"
    assert [record["epoch"] for record in callback.run.collections] == [0]


def test_a_callback_before_ours_that_fails_at_the_end_makes_the_run_failed(
    train_detection, callback
):
    with pytest.raises(ZeroDivisionError):
        train_detection([At("on_training_end", fail), callback])
    assert (callback.run.status, callback.run.error) == (
        "failed",
        "ZeroDivisionError: on purpose",
    )
    assert sw.active_run() is None


def test_both_callbacks_hear_of_a_first_batch_that_fails(
    train_detection, callback, broken_loaders, root
):
    other = MetricsCollectionCallback("callbacks", root_url=root)
    with pytest.raises(ZeroDivisionError):
        train_detection([callback, other], name="yolo_nas_s", loaders=broken_loaders(1))
    assert callback.run == other.run
    assert callback.run.status == "failed"
    assert sw.active_run() is None


def test_ctrl_c_before_the_first_epoch_makes_the_run_cancelled(train_detection, callback):
    with pytest.raises(KeyboardInterrupt):
        train_detection([callback, At("on_training_start", interrupt)])
    assert callback.run.status == "cancelled"


def test_nothing_of_super_gradients_is_replaced_before_and_after_a_training(
    train_detection, callback
):
    def parts():
        return Trainer.train, {**vars(CallbackHandler)}

    before = parts()
    # Loaded from its own file, although our module was imported long ago.
    assert Trainer.train.__code__.co_filename == inspect.getsourcefile(Trainer)
    train_detection([callback])
    assert parts() == before
    assert callback.run.status == "completed"


def test_epochs_are_not_traced_and_a_debugger_goes_on(train_detection, callback):
    seen = []

    def debugger(frame, event, argument):
        seen.append(frame.f_code.co_name)

    class Tracers(Callback):
        def on_train_batch_start(self, context):
            self.in_epoch = sys.gettrace()

    tracers = Tracers()
    sys.settrace(debugger)
    try:
        train_detection([callback, tracers])
        after = sys.gettrace()
    finally:
        sys.settrace(None)
    assert (tracers.in_epoch, after) == (debugger, debugger)
    # Also between the start of the training and its first epoch.
    assert "log_main_training_params" in seen


def test_a_debugger_goes_on_after_a_training_that_failed_before_its_first_epoch(
    train_detection, callback
):
    def debugger(frame, event, argument):
        return None

    sys.settrace(debugger)
    try:
        with pytest.raises(ZeroDivisionError):
            train_detection([callback, At("on_training_start", fail)])
        after = sys.gettrace()
    finally:
        sys.settrace(None)
    assert after is debugger
    assert callback.run.status == "failed"


def test_two_callbacks_of_one_training_share_its_run(train_detection, callback, root):
    other = MetricsCollectionCallback("callbacks", root_url=root, collect_embeddings=True)
    train_detection([callback, other], max_epochs=2)
    run = callback.run
    assert run == other.run
    assert run.status == "completed"
    names = [
        tuple(row.values()) for row in run.history.select(["epoch", "split", "name"]).to_pylist()
    ]
    assert len(names) == len(set(names)) > 0
    assert {"samplewise", "samplewise_2"} <= run.parameters.keys()
    counts = [(record["epoch"], record["split"]) for record in run.collections]
    assert counts == [(0, "val"), (1, "val"), (1, "train"), (1, "val")]
    assert sw.active_run() is None


def test_the_run_of_two_callbacks_is_failed_if_the_second_fails(train_detection, callback, root):
    class Fails(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            fail()

    other = Fails(root_url=root, on_error="raise", dataloader_args=NO_WORKERS)
    with pytest.raises(ZeroDivisionError):
        train_detection([callback, other])
    assert callback.run.status == "failed"


def test_the_run_of_two_callbacks_is_failed_if_the_first_fails(train_detection, callback, root):
    class Fails(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            fail()

    other = Fails("callbacks", root_url=root, on_error="raise", dataloader_args=NO_WORKERS)
    with pytest.raises(ZeroDivisionError):
        train_detection([other, callback])
    assert callback.run.status == "failed"
    assert sw.active_run() is None
