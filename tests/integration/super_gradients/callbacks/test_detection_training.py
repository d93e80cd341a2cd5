"""One real training of YOLO-NAS-S, and everything that its Run must hold."""

import numpy as np
import pytest
import torch
from super_gradients.training.utils.callbacks import Callback
from super_gradients.training.utils.collate_fn import DetectionCollateFN

from samplewise import Run, Table
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback
from samplewise.integration.super_gradients.predictors import processing_params
from samplewise.schema.boxes import boxes_from_arrow

PARAMS = {"conf": 0.01, "iou": 0.5, "max_predictions": 40, "fuse_model": False}
PREDICT = {**PARAMS, "fp16": False}  # half precision only warns on a CPU


class KeepsTheAverage(Callback):
    """Keeps the moving average as it is at the end, with what `predict` needs."""

    def on_average_best_models_validation_end(self, context):
        self.model = context.ema_model.ema
        self.criterion = context.criterion
        self.processing = processing_params(context.net)


@pytest.fixture(scope="module")
def trained(train_in, root, tmp_path_factory):
    """A training of two epochs with a moving average, collected after the first and at the end."""
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        "yolo-nas",
        metrics_collection_epochs=[0],
        batch_size=3,
        pipeline_params=PARAMS,
        collect_embeddings=True,
        collect_loss=True,
        dataloader_args={"num_workers": 0},
        root_url=root,
    )
    keeper = KeepsTheAverage()
    train_in(
        tmp_path_factory.mktemp("training"),
        [callback, keeper],
        name="yolo_nas_s",
        max_epochs=2,
        ema=True,
        ema_params={"decay": 0.9, "decay_type": "threshold"},
        average_best_models=True,
        save_model=True,
    )
    return callback.run, keeper


def test_the_run_is_completed_and_opens_by_its_url(trained):
    run, _ = trained
    assert Run.from_url(run.url).status == "completed"
    assert run.error is None


def test_hyperparameters_are_readable_json(trained):
    parameters = trained[0].parameters
    assert parameters["training"]["max_epochs"] == 2
    assert parameters["training"]["optimizer"] == "AdamW"
    assert parameters["model"]["class"] == "YoloNAS_S"
    assert parameters["loss"]["num_classes"] == 6
    assert parameters["samplewise"]["pipeline_params"]["conf"] == 0.01


def test_losses_of_train_and_val_share_a_name_and_are_kept_apart(trained):
    history = trained[0].history.to_pylist()
    for split in ("train", "val"):
        epochs = [
            r["epoch"] for r in history if (r["split"], r["name"]) == (split, "PPYoloELoss/loss")
        ]
        assert epochs == [0, 1]
    names = {row["name"] for row in history if row["split"] == "val"}
    assert {"mAP@0.50", "Precision@0.50", "Recall@0.50", "F1@0.50"} <= names


def test_aggregates_say_which_way_is_better_where_super_gradients_does(trained):
    told = {row["name"]: row["better"] for row in trained[0].history.to_pylist()}
    assert {told[name] for name in told if name.startswith("PPYoloELoss/")} == {"lower"}
    assert {told[name] for name in ("mAP@0.50", "Recall@0.50", "F1@0.50")} == {"higher"}
    assert {told[name] for name in told if name.startswith(("lr", "epoch_time"))} == {None}
    last = trained[0].stored.document.read()["last_aggregates"]
    assert {"lower", "higher"} <= {each.get("better") for each in last}


def test_learning_rates_and_epoch_times_are_logged(trained):
    values = {(r["split"], r["name"]): r["value"] for r in trained[0].history.to_pylist()}
    assert values["train", "epoch_time_s"] > 0
    assert any(name.startswith("lr") for _, name in values)


def test_every_image_of_both_splits_is_there_once_per_collection(trained, tables):
    counts = trained[0].sql(
        "select epoch, split, count(distinct example_id) n, count(*) m from metrics "
        "group by 1, 2 order by 1, 2"
    )
    train, val = map(len, tables)
    assert counts.to_pylist() == [
        {"epoch": epoch, "split": split, "n": n, "m": n}
        for epoch in (0, 1)
        for split, n in (("train", train), ("val", val))
    ]


def test_stored_predictions_equal_predict_of_the_averaged_model_box_for_box(trained, tables):
    run, keeper = trained
    table = tables[1]
    model = keeper.model
    model.set_dataset_processing_params(**keeper.processing)
    stored = run.metrics(["example_id", "bbs_predicted"], epoch=1, split="val")
    boxes = boxes_from_arrow(stored.column("bbs_predicted"))
    class_ids = np.array(sorted(table.get_simple_value_map("bbs.instances_additional_data.label")))
    # In the batches of the collection: some kernels round by the size of a batch.
    expected = model.predict(table.image_urls(), batch_size=3, **PREDICT)
    assert len(boxes.boxes) > 0
    for row, image in enumerate(expected):
        here = slice(boxes.offsets[row], boxes.offsets[row + 1])
        np.testing.assert_array_equal(boxes.boxes[here], image.prediction.bboxes_xyxy)
        np.testing.assert_array_equal(
            boxes.numbers("confidence")[here], image.prediction.confidence
        )
        labels = class_ids[image.prediction.labels.astype(int)]
        np.testing.assert_array_equal(boxes.integers("label", -1)[here], labels)


def test_embeddings_are_the_pooled_last_map_of_the_backbone(trained, tables):
    run, keeper = trained
    stored = run.metrics(["embedding"], epoch=1, split="val").column("embedding").to_pylist()
    pooled = []
    handle = keeper.model.backbone.register_forward_hook(
        lambda _m, _i, out: pooled.append(out[-1].mean(dim=(2, 3)).detach())
    )
    keeper.model.set_dataset_processing_params(**keeper.processing)
    keeper.model.predict(tables[1].image_urls(), batch_size=3, **PREDICT)
    handle.remove()
    np.testing.assert_allclose(np.array(stored), torch.cat(pooled).numpy(), rtol=1e-5)


def test_the_loss_of_an_image_is_the_criterions_on_a_batch_of_one(trained, tables, make_loader):
    run, keeper = trained
    stored = run.metrics(["loss"], epoch=1, split="val").column("loss").to_pylist()
    dataset = make_loader(tables[1]).dataset
    keeper.model.eval()
    with torch.no_grad():
        for row, loss in enumerate(stored):
            images, targets = DetectionCollateFN()([dataset[row]])
            expected, _ = keeper.criterion(keeper.model(images), targets)
            assert loss == pytest.approx(float(expected), rel=1e-4)


def test_predicted_labels_are_the_tables_class_ids(trained, tables):
    known = set(tables[0].get_simple_value_map("bbs.instances_additional_data.label"))
    labels = trained[0].sql(
        "select distinct unnest(bbs_predicted.instances_additional_data.label) l from metrics"
    )
    assert set(labels.column("l").to_pylist()) <= known


def test_counts_add_up_in_every_row(trained):
    wrong = trained[0].sql(
        "select count(*) n from metrics where true_positives + false_positives > n_predictions "
        "or true_positives + false_negatives > n_ground_truths "
        "or n_ground_truths <> len(bbs.instances)"
    )
    assert wrong.column("n").to_pylist() == [0]


def test_metrics_open_in_the_tables_terms(trained, tables):
    assert [table.name for table in trained[0].input_tables] == [t.name for t in tables]
    assert isinstance(trained[0].input_tables[0], Table)
