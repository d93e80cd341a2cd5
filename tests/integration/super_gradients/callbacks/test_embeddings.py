"""Embeddings by the callback: one pass, objects, maps, and what cannot be reduced."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import models
from super_gradients.training.models import BaseClassifier
from super_gradients.training.processing import processing as sg
from super_gradients.training.utils.callbacks import Callback
from torch import nn
from torchvision.ops import roi_align

from samplewise import Table, data_types, init, schemas
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import (
    ClassificationMetricsCollectionCallback,
    DetectionMetricsCollectionCallback,
    EmbeddingsPipeline,
    MetricsCollectionCallback,
    SegmentationMetricsCollectionCallback,
)
from samplewise.schema.boxes import boxes_from_arrow

OPTIONS = {"dataloader_args": {"num_workers": 0}}
STRIDE = 32
BOXES = [[[10, 20, 100, 90], [64, 0, 128, 96]], [], [[0, 0, 20, 20]]]


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
        class_names=["cat", "dog"], image_processor=sg.ComposeProcessing(steps), iou=0.6, conf=0.01
    )
    return network


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Three pictures of 128 x 96 pixels: the network sees half of them, and padding."""
    folder, rng = tmp_path_factory.mktemp("objects"), np.random.default_rng(0)
    boxes = [data_types.BoundingBoxes2D.create_empty(128, 96) for _ in BOXES]
    for number, found in enumerate(BOXES):
        Image.fromarray(rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)).save(
            folder / f"{number}.png"
        )
        for box in found:
            boxes[number].add_instance(box, label=0)
    return Table.from_dict(
        {"image": [str(folder / f"{i}.png") for i in range(len(BOXES))], "bbs": boxes},
        {"image": schemas.ImageSchema(), "bbs": schemas.BoundingBoxes2DSchema(["cat", "dog"])},
        dataset_name="objects",
        project_name="p",
        root_url=str(folder / "store"),
    )


def collected(model, table, **options):
    run = init("p", root_url=table.root_url)
    params = {"conf": 0.0, "fuse_model": False}
    callback = DetectionMetricsCollectionCallback(pipeline_params=params, **OPTIONS, **options)
    callback.collect_metrics_direct(model, [table])
    return run


def pooled_by_hand(model, url, boxes):
    """Of boxes in pixels of the picture, which the network sees at half its size."""
    seen = []
    handle = model._backbone.register_forward_hook(lambda _m, _i, out: seen.append(out[-1]))
    image = np.asarray(Image.open(url).convert("RGB"))
    inputs, _ = model._image_processor.preprocess_image(image=image.copy())
    with torch.no_grad():
        model(torch.from_numpy(inputs)[None])
    handle.remove()
    halved = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4) / 2
    cells = roi_align(seen[0], [halved], 1, spatial_scale=1 / STRIDE, aligned=True)
    return cells.flatten(1).numpy()


# One pass


def test_predictions_and_embeddings_come_from_one_forward_pass(model, tables, monkeypatch):
    """ "a hook takes the backbone's last map [...] in the same pass as the predictions"."""
    passes, forward = [], type(model).forward
    monkeypatch.setattr(
        type(model), "forward", lambda self, x, *a: passes.append(len(x)) or forward(self, x, *a)
    )
    run = init("callbacks", root_url=tables[0].root_url)
    DetectionMetricsCollectionCallback(
        batch_size=4, collect_embeddings=True, collect_object_embeddings=True, **OPTIONS
    ).collect_metrics_direct(model, list(tables))
    assert passes == [4, 4, 4]  # eight and four images
    rows = run.metrics(["embedding", "bbs_predicted", "ground_truth_embeddings"])
    assert [rows.column(name).null_count for name in rows.column_names] == [0, 0, 0]


def test_without_a_layer_to_take_them_from_there_are_none_and_it_is_said(tmp_path, capfd):
    """ "Is only applied if the model has a backbone attribute"."""

    class Plain(BaseClassifier):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(12, 2))

        def forward(self, x):
            return self.net(x)

    model = Plain()
    steps = [sg.StandardizeImage(), sg.ImagePermute()]
    model.set_dataset_processing_params(["a", "b"], sg.ComposeProcessing(steps))
    data = {"image": [np.zeros((8, 8, 3), np.uint8)], "label": [1]}
    kinds = {
        "image": schemas.ImageSchema(),
        "label": schemas.CategoricalLabelSchema(["a", "b"]),
    }
    names = {"dataset_name": "d", "project_name": "p", "root_url": str(tmp_path)}
    run = init("p", root_url=str(tmp_path))
    table = Table.from_dict(data, kinds, **names)
    callback = ClassificationMetricsCollectionCallback(
        collect_embeddings=True, pipeline_params={"fuse_model": False}, **OPTIONS
    )
    for epoch in range(2):
        callback.collect_metrics_direct(model, [table], {"epoch": epoch})
    assert "embedding" not in run.metrics().column_names
    assert run.metrics().num_rows == 2
    assert capfd.readouterr().err.count("no embeddings are collected") == 1


# Objects


@pytest.fixture(scope="module")
def objects(model, table):
    return collected(model, table, collect_object_embeddings=True)


def test_every_label_has_the_map_inside_of_its_box(objects, model, table):
    stored = objects.metrics(["ground_truth_embeddings"]).column(0).to_pylist()
    assert [len(vectors) for vectors in stored] == [len(boxes) for boxes in BOXES]
    for url, boxes, vectors in zip(table.image_urls(), BOXES, stored, strict=True):
        expected = pooled_by_hand(model, url, boxes)
        np.testing.assert_allclose(
            np.reshape(vectors, expected.shape), expected, rtol=1e-3, atol=1e-5
        )


def test_every_prediction_has_the_map_inside_of_its_box(objects, model, table):
    rows = objects.metrics(["bbs_predicted", "prediction_embeddings"])
    boxes = boxes_from_arrow(rows.column("bbs_predicted"))
    stored = rows.column("prediction_embeddings").to_pylist()
    assert len(boxes.boxes) > 0
    for row, url in enumerate(table.image_urls()):
        here = boxes.boxes[boxes.offsets[row] : boxes.offsets[row + 1]]
        expected = pooled_by_hand(model, url, here)
        np.testing.assert_allclose(
            np.reshape(stored[row], expected.shape), expected, rtol=1e-3, atol=1e-5
        )


def test_images_have_no_embedding_where_only_objects_were_asked_for(objects):
    assert "embedding" not in objects.metrics().column_names


def test_the_nearest_objects_are_found(objects):
    found = objects.neighbours(0, k=2, column="ground_truth_embeddings", object_id=1)
    pairs = zip(found["example_id"].to_pylist(), found["object_id"].to_pylist(), strict=True)
    assert sorted(pairs) == [(0, 0), (2, 0)]


def test_without_predictions_only_labels_have_embeddings(model, table):
    run = collected(model, table, collect_object_embeddings=True, collect_predictions=False)
    names = run.metrics().column_names
    assert "ground_truth_embeddings" in names
    assert "prediction_embeddings" not in names


@pytest.mark.parametrize("kind", [MetricsCollectionCallback, SegmentationMetricsCollectionCallback])
def test_a_task_without_boxes_has_no_objects(kind):
    with pytest.raises(InvalidArgumentError, match="`collect_object_embeddings` must be left out"):
        kind(collect_object_embeddings=True)


# Maps


@pytest.fixture
def train(train_detection, tables, make_loader):
    """Trains for an epoch on the first images; collects embeddings at its end."""

    def run(count, *others, **options):
        fewer = [table.delete_rows(list(range(count, len(table)))) for table in tables]
        callback = MetricsCollectionCallback(
            collect_embeddings=True, root_url=tables[0].root_url, **OPTIONS, **options
        )
        loaders = tuple(make_loader(table) for table in fewer)
        train_detection([*others, callback], loaders=loaders)
        return callback.run

    return run


@pytest.mark.parametrize("count", [1, 3])
def test_a_few_images_are_placed_by_principal_axes_and_the_training_ends_well(train, count):
    run = train(count, embeddings_dim=3)
    assert run.status == "completed"
    (record,) = run.reductions
    assert (record["method"], record["used_method"]) == ("pacmap", "pca")
    assert any("PaCMAP needs" in text for text in record["notes"])
    places = run.metrics(["embedding_pca_3d"]).column(0)
    assert len(places) == 2 * count
    assert places.null_count == 0


def test_embeddings_without_a_number_are_said_and_the_training_ends_well(train, capfd):
    class Breaks(Callback):
        def on_validation_loader_end(self, context):
            with torch.no_grad():
                for parameter in context.net.parameters():
                    parameter.fill_(float("nan"))

    run = train(3, Breaks())
    assert run.status == "completed"
    assert run.reductions == []
    assert run.metrics().num_rows == 6
    said = capfd.readouterr().err
    assert "reducing embeddings failed, training goes on" in said
    assert "must have a row of finite numbers" in said


def test_embeddings_go_once_they_are_on_the_map(train):
    run = train(3, keep_embeddings=False, embeddings_method="pca")
    assert "embedding" not in run.metrics().column_names
    assert run.metrics(["embedding_pca"]).column(0).null_count == 0
    assert run.parameters["samplewise"]["keep_embeddings"] is False


def test_another_layer_can_be_named(model, table):
    stem = next(name for name, each in model.named_modules() if isinstance(each, nn.Conv2d))
    channels = model.get_submodule(stem).out_channels
    run = collected(model, table, collect_embeddings=True, embedding_layer=stem)
    assert len(run.metrics(["embedding"]).column(0)[0]) == channels


def test_a_layer_that_does_not_exist_is_refused_before_the_training(train):
    with pytest.raises(InvalidArgumentError, match="has no `bakbone`"):
        train(3, embedding_layer="bakbone")


@pytest.mark.parametrize(("dim", "is_warned"), [(2, False), (3, False), (1, True), (5, True)])
def test_dimensions_that_nobody_can_look_at_are_warned_of(dim, is_warned, capfd):
    MetricsCollectionCallback(embeddings_dim=dim)
    assert ("only 2 and 3 can be looked at" in capfd.readouterr().err) is is_warned


# Documentation


@pytest.mark.filterwarnings("ignore::samplewise.embeddings.ReductionWarning")  # few images
def test_the_examples_of_the_documentation_run(train_detection, tables, make_loader, repository):
    train, val = (
        table.delete_rows(list(range(count, len(table))))
        for table, count in zip(tables, (4, 3), strict=True)
    )

    class Trains:
        def train(self, model, params, *loaders):
            callbacks = params["phase_callbacks"]
            names["model"] = train_detection(callbacks, loaders=loaders, max_epochs=2)

    names = {
        "DetectionMetricsCollectionCallback": DetectionMetricsCollectionCallback,
        "EmbeddingsPipeline": EmbeddingsPipeline,
        "trainer": Trains(),
        "training_params": {},
        "model": None,
        "train_loader": make_loader(train),
        "val_loader": make_loader(val),
        "table": train,
        "new_table": tables[1],
    }
    text = (repository / "docs" / "embeddings.md").read_text()
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)
    assert names["count"] == len(tables[1])
    assert names["places"].shape == (len(tables[1]), 2)
    assert names["near"].num_rows == 2
    assert names["moved"].num_rows == 3
    assert names["alike"].num_rows > 0
    assert "embedding" not in names["run"].metrics().column_names
