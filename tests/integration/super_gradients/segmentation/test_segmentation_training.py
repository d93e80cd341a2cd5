"""A real training of PP-LiteSeg on Tables: what is stored is what predict and torchmetrics say."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import Subset
from torchmetrics.functional import accuracy, f1_score, jaccard_index

from samplewise.data_types import SemanticSegmentation
from samplewise.integration.super_gradients import (
    SegmentationDataset,
    SegmentationMetricsCollectionCallback,
)
from samplewise.schema import Float, TableSchema

IGNORED = 255
RATIOS = ("mean_iou", "mean_dice", "mean_boundary_iou", "pixel_accuracy")
LISTS = (
    "class_labels",
    "class_iou",
    "class_dice",
    "class_boundary_iou",
    "class_ground_truth_pixels",
    "class_predicted_pixels",
    "class_right_pixels",
)


class Mine(SegmentationMetricsCollectionCallback):
    """Adds a metric to ours."""

    def compute_metrics(self, images, predictions, table):
        ours = super().compute_metrics(images, predictions, table)
        return {
            **ours,
            "mine": [int(each.prediction.segmentation_map.max()) for each in predictions],
        }

    def metrics_column_schemas(self, table):
        return {**super().metrics_column_schemas(table), "mine": Float()}


@pytest.fixture(scope="module")
def trained(train, tables):
    callback = Mine(
        "p",
        metrics_collection_epochs=[0],
        collect_embeddings=True,
        embeddings_method="pca",
        collect_loss=True,
        pipeline_params={"fuse_model": False},
        dataloader_args={"num_workers": 0},
        root_url=tables[0].root_url,
    )
    return train([callback]), callback.run


def test_every_collection_succeeded(trained):
    records = trained[1].collections
    assert [(r["split"], r["epoch"], r["rows"], r["error"]) for r in records] == [
        (split, epoch, rows, None) for epoch in (0, 1) for split, rows in (("train", 6), ("val", 3))
    ]


def test_stored_class_maps_are_those_of_predict(trained, tables, transforms):
    model, run = trained
    dataset = SegmentationDataset(tables[1], transforms)
    model.set_dataset_processing_params(**dataset.get_dataset_preprocessing_params())
    said = model.eval().predict(tables[1].image_urls(), fuse_model=False, fp16=False)
    ids = np.array(dataset.class_ids)
    for stored, image in zip(_predicted(run, "val"), said, strict=True):
        assert np.array_equal(stored, ids[image.prediction.segmentation_map])


def test_metrics_of_a_subclass_are_stored_beside_ours(trained, tables):
    ids = sorted(tables[1].get_simple_value_map("mask"))
    rows = trained[1].metrics(["mine"], epoch=1, split="val").column(0).to_pylist()
    assert rows == [ids.index(stored.max()) for stored in _predicted(trained[1], "val")]


@pytest.mark.parametrize("split", ["train", "val"])
def test_stored_ratios_are_those_of_torchmetrics(trained, tables, split):
    table = tables[split == "val"]
    rows = trained[1].metrics(epoch=1, split=split).to_pylist()
    ids = np.array(sorted(table.get_simple_value_map("mask")))
    for row, predicted, sample in zip(rows, _predicted(trained[1], split), table, strict=True):
        if sample["mask"] is None:
            continue
        p, t = _counting(predicted, sample["mask"].load(), ids)
        iou = jaccard_index(
            p, t, num_classes=7, absent_score=float("nan"), reduction="none"
        ).numpy()
        dice = f1_score(p, t, num_classes=7, average="none", mdmc_average="global").numpy()
        there = [list(ids).index(label) for label in row["class_labels"]]
        assert there == np.flatnonzero(~np.isnan(iou)).tolist()
        np.testing.assert_allclose(row["class_iou"], iou[there], rtol=1e-5)
        np.testing.assert_allclose(row["class_dice"], dice[there], rtol=1e-5)
        np.testing.assert_allclose(row["mean_iou"], iou[there].mean(), rtol=1e-5)
        np.testing.assert_allclose(row["mean_dice"], dice[there].mean(), rtol=1e-5)
        np.testing.assert_allclose(row["pixel_accuracy"], float(accuracy(p, t)), rtol=1e-5)


def test_the_iou_of_a_dataset_is_a_sum_over_its_rows(trained, tables):
    run, ids = trained[1], sorted(tables[0].get_simple_value_map("mask"))
    sums = np.zeros((3, 7), int)
    for row in run.metrics(epoch=1, split="train").to_pylist():
        place = [ids.index(label) for label in row["class_labels"]]
        for total, name in zip(sums, LISTS[-3:], strict=True):
            total[place] += row[name]
    pairs = zip(_predicted(run, "train"), tables[0], strict=True)
    parts = [_counting(p, sample["mask"].load(), np.array(ids)) for p, sample in pairs]
    p, t = (torch.cat(part) for part in zip(*parts, strict=True))
    expected = _iou(p, t, absent_score=0.0)
    truth, predicted, right = sums
    iou = right / np.maximum(truth + predicted - right, 1)
    np.testing.assert_allclose(iou, expected, rtol=1e-5)


def test_ignored_pixels_count_for_nothing(trained, tables):
    row = trained[1].metrics(epoch=1, split="val").to_pylist()[0]
    counting = (tables[1][0]["mask"].load() != IGNORED).sum()
    assert counting < 128 * 128
    assert sum(row["class_ground_truth_pixels"]) == sum(row["class_predicted_pixels"]) == counting
    assert IGNORED not in row["class_labels"]


def test_where_there_is_no_class_map_nothing_is_said_of_it(trained):
    last = trained[1].metrics(epoch=1, split="val").to_pylist()[-1]
    assert all(last[name] is None for name in (*RATIOS, *LISTS))
    assert last["segmentation_predicted"]["height"] == 128


def test_predicted_class_maps_are_run_lengths_with_the_names_of_their_classes(trained, tables):
    run = trained[1]
    schema = TableSchema.from_arrow(run.metric_streams[0].arrow_schema)["segmentation_predicted"]
    assert schema.value_map == tables[1].schema["mask"].value_map
    assert (schema.kind, schema.ignore_label) == ("semantic_segmentation", IGNORED)
    for row in run.metrics(["segmentation_predicted"], epoch=1).column(0).to_pylist():
        assert row["url"] is None
        assert sum(len(part["counts"]) for part in row["classes"]) < 128 * 128


def test_the_loss_of_an_image_is_the_criterions_on_a_batch_of_one(trained, tables, transforms):
    model, dataset = trained[0].eval(), SegmentationDataset(tables[1], transforms)
    stored = trained[1].metrics(["loss"], epoch=1, split="val").column(0).to_pylist()
    assert stored[-1] is None  # it has no class map
    for (image, targets), loss in zip(dataset, stored[:-1], strict=True):
        with torch.no_grad():
            output = model(image[None])
        expected = cross_entropy(output, targets[None], ignore_index=IGNORED)
        assert loss == pytest.approx(float(expected), rel=1e-5)


def test_embeddings_come_from_the_same_pass(trained):
    rows = trained[1].metrics(epoch=1, split="val")
    assert rows.column("embedding").null_count == 0
    assert rows.column("embedding_pca").null_count == 0


@pytest.mark.parametrize(("ema", "workers"), [(False, 0), (True, 2)])
def test_weights_are_those_of_a_training_without_the_callback(train, tables, ema, workers):
    callback = SegmentationMetricsCollectionCallback(
        "p",
        metrics_collection_epochs=[0, 1],
        collect_embeddings=True,
        embeddings_method="pca",
        collect_loss=True,
        dataloader_args={"num_workers": workers},
        root_url=tables[0].root_url,
    )
    ours = train([callback], ema=ema, workers=workers).state_dict()
    assert [record["error"] for record in callback.run.collections] == [None] * 4
    theirs = train([], ema=ema, workers=workers).state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


def _predicted(run, split):
    stored = run.metrics(["segmentation_predicted"], epoch=1, split=split).column(0).to_pylist()
    return [SemanticSegmentation.from_stored(value).load() for value in stored]


def _iou(p, t, *, absent_score):
    return jaccard_index(p, t, num_classes=7, absent_score=absent_score, reduction="none").numpy()


def _counting(predicted, truth, ids):
    """Class indices of the pixels that are not ignored, as torchmetrics takes them."""
    counts = truth != IGNORED
    return tuple(torch.from_numpy(np.searchsorted(ids, x[counts])) for x in (predicted, truth))


def test_a_part_of_a_table_is_collected_under_its_split(train, tables, transforms):
    dataset = SegmentationDataset(tables[0], transforms)
    callback = SegmentationMetricsCollectionCallback(
        "p", root_url=tables[0].root_url, dataloader_args={"num_workers": 0}
    )
    train([callback], datasets=[Subset(dataset, [0, 2, 4]), Subset(dataset, [5, 1])])
    rows = callback.run.metrics(["split", "example_id", "mean_iou"]).to_pylist()
    found = [(row["split"], row["example_id"]) for row in rows]
    assert found == [("train", 0), ("train", 2), ("train", 4), ("val", 1), ("val", 5)]
    assert None not in [row["mean_iou"] for row in rows]
