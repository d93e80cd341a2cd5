"""`collect_metrics_direct`: a model and Tables, no Trainer."""

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import models
from super_gradients.training.processing import processing as sg

from samplewise import Table, data_types, init, schemas
from samplewise.errors import AlreadyExistsError
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback

OPTIONS = {
    "pipeline_params": {"conf": 0.01, "fuse_model": False},
    "dataloader_args": {"num_workers": 0},
}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    network = models.get("yolox_n", num_classes=2).eval()
    steps = [
        sg.DetectionLongestMaxSizeRescale((64, 64)),
        sg.DetectionBottomRightPadding((64, 64), 114),
        sg.StandardizeImage(),
        sg.ImagePermute(),
    ]
    network.set_dataset_processing_params(
        class_names=["cat", "dog"],
        image_processor=sg.ComposeProcessing(steps),
        iou=0.6,
        conf=0.01,
    )
    return network


@pytest.fixture
def table(tmp_path):
    """A file twice with different labels, a grey one, one in memory, a broken one, and none."""
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "twice.png")
    Image.fromarray(noise[..., 0]).save(tmp_path / "grey.png")
    (tmp_path / "broken.jpg").write_bytes(b"no image")
    images = ["twice.png", "twice.png", "grey.png", noise, "broken.jpg", None]
    boxes = [data_types.BoundingBoxes2D.create_empty(64, 48) for _ in images]
    boxes[0].add_instance([1, 1, 30, 30], label=5)
    return Table.from_dict(
        {
            "image": [str(tmp_path / i) if isinstance(i, str) else i for i in images],
            "bbs": boxes,
        },
        {"image": schemas.ImageSchema(), "bbs": schemas.BoundingBoxes2DSchema({5: "dog"})},
        dataset_name="direct",
        project_name="direct",
        root_url=str(tmp_path / "store"),
    )


def test_every_row_is_there_and_unreadable_images_say_why(model, table):
    run = init("direct", root_url=table.root_url)
    DetectionMetricsCollectionCallback(**OPTIONS).collect_metrics_direct(model, [table])
    rows = run.metrics(["example_id", "n_ground_truths", "collection_error"]).to_pylist()
    assert [row["example_id"] for row in rows] == list(range(6))
    assert [row["n_ground_truths"] for row in rows] == [1, 0, 0, 0, None, None]
    assert [row["collection_error"] is None for row in rows] == [True] * 4 + [False] * 2


def test_constants_become_columns_and_keys(model, table):
    run = init("direct", root_url=table.root_url)
    callback = DetectionMetricsCollectionCallback(**OPTIONS)
    callback.collect_metrics_direct(model, [table], {"epoch": 7, "checkpoint": "best"})
    rows = run.sql("select distinct epoch, checkpoint from metrics").to_pylist()
    assert rows == [{"epoch": 7, "checkpoint": "best"}]
    assert [(each["epoch"], each["split"]) for each in run.collections] == [(7, None)]


def test_a_class_that_only_the_network_has_gets_a_free_id(model, table):
    run = init("direct", root_url=table.root_url)
    DetectionMetricsCollectionCallback(**OPTIONS).collect_metrics_direct(model, [table])
    labels = run.sql(
        "select distinct unnest(bbs_predicted.instances_additional_data.label) l from metrics"
    )
    assert set(labels.column("l").to_pylist()) <= {5, 6}


def test_classes_that_the_network_lacks_are_said_once_and_counted(model, tmp_path, capsys):
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    boxes = data_types.BoundingBoxes2D.create_empty(64, 48)
    boxes.add_instance([1, 1, 30, 30], label=1)
    boxes.add_instance([3, 3, 30, 30], label=2)
    table = Table.from_dict(
        {"image": [noise, noise], "bbs": [boxes, boxes]},
        {"bbs": schemas.BoundingBoxes2DSchema({1: "dog", 2: "fish"})},
        dataset_name="fish",
        project_name="direct",
        root_url=str(tmp_path),
    )
    run = init("direct", root_url=table.root_url)
    callback = DetectionMetricsCollectionCallback(**OPTIONS)
    for epoch in (0, 1):
        callback.collect_metrics_direct(model, [table], {"epoch": epoch})
    assert [each["classes_left_out"] for each in run.collections] == [{"fish (2)": 2}] * 2
    assert capsys.readouterr().err.count("count in no metric: 2 of fish (2).") == 1
    assert run.sql("select max(false_negatives) n from metrics").column("n").to_pylist() == [1]


def test_the_same_constants_again_are_refused_or_replaced(model, table):
    run = init("direct", root_url=table.root_url)
    callback = DetectionMetricsCollectionCallback(**OPTIONS)
    for fold in (1, 2):
        callback.collect_metrics_direct(model, [table], {"epoch": 7, "fold": fold})
    with pytest.raises(AlreadyExistsError, match="has 6 rows of this table, epoch 7 already"):
        callback.collect_metrics_direct(model, [table], {"epoch": 7, "fold": 2})
    assert run.metrics().num_rows == 12
    again = DetectionMetricsCollectionCallback(**OPTIONS, replace=True, collect_predictions=False)
    again.collect_metrics_direct(model, [table], {"epoch": 7, "fold": 2})  # other columns
    counts = run.sql("select fold, count(*) n from metrics group by 1 order by 1").to_pylist()
    assert counts == [{"fold": 1, "n": 6}, {"fold": 2, "n": 6}]
