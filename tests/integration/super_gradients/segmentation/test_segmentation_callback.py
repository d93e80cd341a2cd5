"""Metrics of class maps that were made up, so that every number can be counted by hand."""

import numpy as np
import pytest
from super_gradients.training import models
from super_gradients.training.losses.ddrnet_loss import DDRNetLoss
from super_gradients.training.utils.predict import (
    ImageSegmentationPrediction,
    ImagesSegmentationPrediction,
    SegmentationPrediction,
)
from torch.nn import CrossEntropyLoss

from samplewise import init
from samplewise.data_types import SemanticSegmentation
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients import (
    SegmentationDataset,
    SegmentationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.segmentation_callback import (
    _ignore_index_of,
)
from samplewise.metrics.segmentation import segmentation_metrics
from samplewise.schema import TableSchema

TRUTH = np.array([[7, 2, 2], [9, 7, 0]])


def test_metrics_are_those_of_the_table_s_class_ids(table_of):
    row = _computed(table_of([TRUTH]), [[[1, 0, 1], [1, 1, 2]]])[0]
    assert row["segmentation_predicted"].load().tolist() == [[7, 2, 7], [7, 7, 9]]
    assert row["class_labels"] == [2, 7, 9]
    assert row["class_ground_truth_pixels"] == [2, 2, 1]
    assert row["class_predicted_pixels"] == [1, 4, 0]
    assert row["class_right_pixels"] == [1, 2, 0]
    assert row["class_iou"] == [1 / 2, 2 / 4, 0]
    assert row["class_dice"] == [2 / 3, 4 / 6, 0]
    assert row["mean_iou"] == pytest.approx(1 / 3)
    assert row["pixel_accuracy"] == 3 / 5


def test_boundary_iou_is_that_of_the_metrics_room(table_of):
    row = _computed(table_of([TRUTH]), [[[1, 0, 1], [1, 1, 2]]])[0]
    predicted = row["segmentation_predicted"].load()
    expected = segmentation_metrics([predicted], [TRUTH], labels=[2, 7, 9], ignore_label=0)
    assert row["class_boundary_iou"] == expected.boundary_iou[0].tolist()
    assert row["mean_boundary_iou"] == expected.mean_boundary_iou[0]


def test_classes_that_are_nowhere_in_an_image_are_not_in_its_lists(table_of):
    row = _computed(table_of([np.full((2, 3), 7)]), [np.ones((2, 3))])[0]
    assert (row["class_labels"], row["class_iou"], row["mean_iou"]) == ([7], [1.0], 1.0)


def test_an_image_of_ignored_pixels_has_nulls_and_empty_lists(table_of):
    row = _computed(table_of([np.zeros((2, 3), int)]), [np.ones((2, 3))])[0]
    assert row["mean_iou"] is row["pixel_accuracy"] is row["mean_boundary_iou"] is None
    assert row["class_labels"] == row["class_iou"] == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.full((2, 3), 5), "must hold class ids, but holds [5]"),
        (np.full((4, 4), 2), "must have the size of its prediction, (2, 3), but has (4, 4)"),
        ("nowhere.png", "cannot be read"),
    ],
)
def test_a_bad_class_map_costs_its_own_row_only_and_is_said_once(table_of, capsys, bad, words):
    table = table_of([bad, None, TRUTH, bad])
    rows = _computed(table, [np.ones((2, 3))] * 4)
    assert [row["mean_iou"] is None for row in rows] == [True, True, False, True]
    assert all(row["segmentation_predicted"] is not None for row in rows)
    assert capsys.readouterr().err.count(words) == 1


def test_a_class_index_without_a_class_is_refused(table_of):
    with pytest.raises(CollectionError, match="one of its 3 classes, but predicts class 3"):
        _computed(table_of([TRUTH]), [np.full((2, 3), 3)])


def test_predictions_need_not_be_stored(table_of):
    row = _computed(table_of([TRUTH]), [np.ones((2, 3))], collect_predictions=False)[0]
    assert "segmentation_predicted" not in row
    assert row["pixel_accuracy"] == 2 / 5


def test_another_column_of_class_maps_can_be_named(table_of):
    callback = SegmentationMetricsCollectionCallback(label_column_name="image")
    with pytest.raises(InvalidArgumentError, match="must hold class maps, but is image"):
        callback.metrics_column_schemas(table_of([TRUTH]))


def test_classes_of_a_network_are_found_by_name(tables, transforms):
    names = ["unknown", *SegmentationDataset(tables[1]).classes[:0:-1]]
    run, said = _collected(tables[1], transforms, names)
    ids = {name: class_id for class_id, name in tables[1].get_simple_value_map("mask").items()}
    # One that only the network has gets a free id: above all, and not the ignore label.
    expected = np.array([256, *(ids[name] for name in names[1:])])
    stored = run.metrics(["segmentation_predicted"]).column(0).to_pylist()
    for row, image in zip(stored, said, strict=True):
        pixels = SemanticSegmentation.from_stored(row).load()
        assert np.array_equal(pixels, expected[image.prediction.segmentation_map])
    schema = TableSchema.from_arrow(run.metric_streams[0].arrow_schema)
    assert schema["segmentation_predicted"].value_map[256].internal_name == "unknown"


def test_pixels_of_classes_that_a_network_lacks_are_counted_and_said_once(
    tables, transforms, capsys
):
    names = SegmentationDataset(tables[1]).classes[:-2]
    run, _ = _collected(tables[1], transforms, names, logits=len(names))
    [record] = run.collections
    lacking = {i: n for i, n in tables[1].get_simple_value_map("mask").items() if n not in names}
    maps = [row["mask"].load() for row in tables[1] if row["mask"] is not None]
    pixels = {f"{n} ({i})": int(sum((m == i).sum() for m in maps)) for i, n in lacking.items()}
    expected = {name: count for name, count in pixels.items() if count}
    assert record["classes_left_out"] == expected != {}
    name, count = next(iter(expected.items()))
    assert capsys.readouterr().err.count(f"{count} pixels of {name}") == 1


def test_a_network_with_one_logit_knows_two_classes(tables, transforms):
    names = SegmentationDataset(tables[1]).classes[2:4]
    run, said = _collected(tables[1], transforms, names, logits=1)
    for row, image in zip(run.metrics().to_pylist(), said, strict=True):
        pixels = SemanticSegmentation.from_stored(row["segmentation_predicted"]).load()
        assert np.array_equal(pixels, 23 + 10 * image.prediction.segmentation_map)


def test_a_network_that_holds_no_processing_is_told_it(tables, transforms):
    model = models.get("regseg48", num_classes=7).eval()
    params = SegmentationDataset(tables[1], transforms).get_dataset_preprocessing_params()
    run = init("p", root_url=tables[1].root_url)
    callback = SegmentationMetricsCollectionCallback(dataloader_args={"num_workers": 0})
    with pytest.raises(CollectionError, match="must know the dataset processing parameters"):
        callback.collect_metrics_direct(model, [tables[1]])
    callback.collect_metrics_direct(model, [tables[1]], processing=params)
    assert run.metrics(["segmentation_predicted"]).column(0).null_count == 0


@pytest.mark.parametrize(
    ("criterion", "index"),
    [
        (None, 255),
        (CrossEntropyLoss(ignore_index=21), 21),
        (DDRNetLoss(ignore_label=19), 19),
    ],
)
def test_the_loss_ignores_what_its_criterion_ignores(criterion, index):
    assert _ignore_index_of(criterion, 255) == index


def _collected(table, transforms, names, logits=7):
    model = models.get("pp_lite_t_seg", num_classes=logits, arch_params={"use_aux_heads": False})
    params = SegmentationDataset(table, transforms).get_dataset_preprocessing_params()
    model.eval().set_dataset_processing_params(**{**params, "class_names": names})
    run = init("p", root_url=table.root_url)
    callback = SegmentationMetricsCollectionCallback(
        pipeline_params={"fuse_model": False}, dataloader_args={"num_workers": 0}
    )
    callback.collect_metrics_direct(model, [table])
    return run, model.predict(table.image_urls(), fuse_model=False, fp16=False)


def _computed(table, predictions, **options):
    callback = SegmentationMetricsCollectionCallback(**options)
    said = [
        ImageSegmentationPrediction(
            image=np.zeros((2, 3, 3), np.uint8),
            prediction=SegmentationPrediction(np.array(indices, np.int64), (2, 3), (2, 3)),
            class_names=["road", "car", "tree"],
        )
        for indices in predictions
    ]
    images = table.image_urls()
    columns = callback.compute_metrics(images, ImagesSegmentationPrediction(said), table)
    assert {*columns} == {*callback.metrics_column_schemas(table)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
