"""What a Trainer can be told, and what of it the callback sees."""

from copy import deepcopy
from types import SimpleNamespace

import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import DetectionMetrics_050
from super_gradients.training.models.detection_models.yolo_base import YoloXPostPredictionCallback
from super_gradients.training.utils.callbacks import Callback, PhaseContext
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler

import samplewise as sw
from samplewise.integration.super_gradients import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.phase import network_of

NO_WORKERS = {"num_workers": 0}
EMA = {"ema": True, "ema_params": {"decay": 0.5, "decay_type": "constant"}}


@pytest.fixture
def make_callback(root):
    """Collects on the validation set, after the last epoch."""

    def make(**options):
        defaults = {"collect_val_only": True, "dataloader_args": NO_WORKERS, "root_url": root}
        return DetectionMetricsCollectionCallback("callbacks", **{**defaults, **options})

    return make


@pytest.fixture
def metric():
    """mAP of YOLOX."""
    return DetectionMetrics_050(
        num_cls=6, post_prediction_callback=YoloXPostPredictionCallback(conf=0.01, iou=0.65)
    )


@pytest.mark.parametrize("ema", [False, True])
def test_the_weights_that_are_collected_are_those_that_validation_sees(
    train_detection, make_callback, tables, ema
):
    class Sees(DetectionMetricsCollectionCallback):
        def on_validation_batch_end(self, context):
            self.validated = deepcopy(context.net.state_dict())
            super().on_validation_batch_end(context)

        def _predictor(self, model, *others):
            self.collected = deepcopy(model.state_dict())
            return super()._predictor(model, *others)

    callback = Sees(
        "callbacks",
        collect_val_only=True,
        root_url=tables[0].root_url,
        dataloader_args=NO_WORKERS,
    )
    model = train_detection([callback], **(EMA if ema else {}))
    same = [torch.equal(callback.validated[n], value) for n, value in callback.collected.items()]
    assert all(same)
    trained = [torch.equal(callback.collected[n], v) for n, v in model.state_dict().items()]
    assert all(trained) is not ema


@pytest.mark.parametrize("wrap", [nn.DataParallel, torch.compile, lambda net: net])
def test_what_is_put_around_a_network_is_taken_off(wrap):
    net, average = nn.Linear(1, 1), nn.Linear(1, 1)
    ema = SimpleNamespace(ema=average)
    with_ema = network_of(PhaseContext(net=wrap(net), ema_model=ema))
    assert (with_ema.trained, with_ema.evaluated) == (net, average)
    assert network_of(PhaseContext(net=wrap(net))).evaluated is net


def test_averaging_the_best_models_as_by_default(train_detection, make_callback):
    callback = make_callback()
    train_detection([callback], average_best_models=True, save_model=True, max_epochs=2)
    assert callback.run.status == "completed"
    [record] = callback.run.collections
    assert (record["epoch"], record["rows"]) == (1, 4)
    told = callback.run.sql(
        "select distinct epoch, name from aggregates where split = 'val_averaged'"
    )
    assert {row["epoch"] for row in told.to_pylist()} == {1}
    assert "mAP@0.50" in told.column("name").to_pylist()


def test_test_loaders_are_splits_of_the_aggregates(
    train_detection, make_callback, metric, tables, make_loader
):
    callback = make_callback()
    train_detection(
        [callback],
        test_loaders={"held out": make_loader(tables[1])},
        test_metrics_list=[metric],
    )
    names = callback.run.sql(
        "select split, count(*) n from aggregates where name = 'mAP@0.50' group by 1 order by 1"
    )
    assert names.to_pylist() == [{"split": "held out", "n": 1}, {"split": "val", "n": 1}]


def test_what_a_test_measures_after_the_training_is_logged(
    train_detection, make_callback, metric, tables, make_loader, tmp_path
):
    callback = make_callback()
    model = train_detection([callback])
    trainer = Trainer("testing", ckpt_root_dir=str(tmp_path))
    said = trainer.test(
        model=model,
        test_loader=make_loader(tables[1]),
        test_metrics_list=[metric],
        test_phase_callbacks=[callback],
        silent_mode=True,
    )
    rows = callback.run.sql("select epoch, name, value from aggregates where split = 'test'")
    logged = {row["name"]: row["value"] for row in rows.to_pylist()}
    assert logged == pytest.approx({name: float(value) for name, value in said.items()})
    assert callback.run.status == "completed"


def test_a_test_without_any_run_disturbs_nobody(metric, tables, make_loader, tmp_path):
    model = models.get("yolox_n", num_classes=6)
    said = Trainer("testing", ckpt_root_dir=str(tmp_path)).test(
        model=model,
        test_loader=make_loader(tables[1]),
        test_metrics_list=[metric],
        test_phase_callbacks=[MetricsCollectionCallback()],
        silent_mode=True,
    )
    assert "mAP@0.50" in said


def test_every_row_of_the_table_is_collected_whatever_the_loader_draws(
    train_detection, make_callback, tables, make_loader
):
    dataset = make_loader(tables[0]).dataset
    draws = WeightedRandomSampler([1.0] + [0.0] * 7, num_samples=7)
    loader = DataLoader(
        dataset, batch_size=4, sampler=draws, drop_last=True, collate_fn=DetectionCollateFN()
    )
    callback = make_callback(collect_val_only=False)
    train_detection([callback], loaders=(loader, make_loader(tables[1])))
    rows = callback.run.metrics(["example_id"], split="train").column("example_id")
    assert rows.to_pylist() == list(range(8))


def test_a_training_that_is_resumed_goes_on_with_its_run(
    train_detection, make_callback, root, tables
):
    first = make_callback(metrics_collection_epochs=[0], collect_metrics_on_train_end=False)
    run = sw.init("callbacks", "resumed", root_url=root)
    train_detection([first], save_model=True, max_epochs=1)
    run.close()
    sw.set_active_run(sw.init("callbacks", "resumed", root_url=root, if_exists="reuse"))
    second = make_callback()
    train_detection([second], save_model=True, max_epochs=3, resume=True)
    assert second.run.name == "resumed"
    assert second.run.status == "completed"
    assert [record["epoch"] for record in second.run.collections] == [0, 2]
    epochs = second.run.sql("select epoch from aggregates where split = 'val' and name = 'F1@0.50'")
    assert sorted(epochs.column("epoch").to_pylist()) == [0, 1, 2]


def test_a_finished_training_that_is_resumed_is_collected_as_it_is(train_detection, make_callback):
    train_detection([], save_model=True, max_epochs=1)
    callback = make_callback()
    train_detection([callback], save_model=True, max_epochs=1, resume=True)
    assert callback.run.status == "completed"
    [record] = callback.run.collections
    assert (record["epoch"], record["rows"], record["error"]) == (None, 4, None)


def test_where_memory_runs_out_batches_are_smaller_from_then_on(train_detection, tables, capsys):
    class Short(DetectionMetricsCollectionCallback):
        def _predictor(self, *given):
            predictor = super()._predictor(*given)
            forward = predictor.forward

            def short(inputs):
                if len(inputs) > 3:
                    raise torch.OutOfMemoryError("CUDA out of memory.")
                return forward(inputs)

            predictor.forward = short
            return predictor

    root = tables[0].root_url
    callback = Short("callbacks", root_url=root, batch_size=8, dataloader_args=NO_WORKERS)
    train_detection([callback])
    records = callback.run.collections
    assert [(r["rows"], r["batch_size"], r["error"]) for r in records] == [
        (8, 2, None),
        (4, 2, None),
    ]
    assert capsys.readouterr().err.count("too many for the memory") == 1


def test_a_resumed_training_that_redoes_an_epoch_replaces_it(
    train_detection, make_callback, root, capsys
):
    class Stops(Callback):
        def on_validation_loader_end(self, context):
            if context.epoch == 1:
                raise KeyboardInterrupt

    run = sw.init("callbacks", "redone", root_url=root)
    first = make_callback(metrics_collection_epochs=[0, 1])
    train_detection([first, Stops()], save_model=True, max_epochs=3)
    collected = [record["epoch"] for record in run.collections]
    assert (run.status, collected) == ("cancelled", [0, 1])
    second = make_callback(metrics_collection_epochs=[1])
    sw.set_active_run(run)
    train_detection([second], save_model=True, max_epochs=2, resume=True)
    assert second.run == run
    assert "replacing 4 rows" in capsys.readouterr().err
    assert run.collections[-1]["replaced_rows"] == 4
    counts = run.sql("select epoch, count(*) n from metrics group by 1 order by 1").to_pylist()
    assert counts == [{"epoch": 0, "n": 4}, {"epoch": 1, "n": 4}]
    twice = run.sql("select 1 from aggregates group by epoch, split, name having count(*) > 1")
    assert twice.num_rows == 0
