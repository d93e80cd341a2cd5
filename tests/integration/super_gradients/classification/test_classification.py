"""A real training of ResNet-18 on Tables: what is stored is what torch says."""

import random

import numpy as np
import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import Accuracy
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision.transforms import Compose, Normalize, ToTensor

from samplewise import Table, set_active_run
from samplewise.demo.scenes import draw_classification_dataset
from samplewise.integration.super_gradients import (
    ClassificationDataset,
    ClassificationMetricsCollectionCallback,
)
from samplewise.schemas import CategoricalLabelSchema

TRANSFORMS = [ToTensor(), Normalize([0.5] * 3, [0.25] * 3)]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Drawn things under class ids with gaps; one row has no label."""
    folder = tmp_path_factory.mktemp("classification")
    drawn = draw_classification_dataset(folder / "drawn", train=12, val=6, size=32)
    root = str(folder / "store")
    made = []
    for split in drawn.splits:
        first = Table.from_image_folder(
            split.labels,
            dataset_name="first",
            table_name=split.name,
            project_name="p",
            root_url=root,
        )
        names = first.get_simple_value_map("label")
        gaps = {10 * number + 3: name for number, name in names.items()}
        labels = [
            10 * label + 3 for label in first.get_column_as_pyarrow_array("label").to_pylist()
        ]
        labels[0] = None
        made.append(
            Table.from_dict(
                {"image": first.image_urls(), "label": labels},
                {"label": CategoricalLabelSchema(gaps)},
                table_name=split.name,
                dataset_name="things",
                project_name="p",
                root_url=root,
            )
        )
    return made


@pytest.fixture(scope="module")
def train(tables, tmp_path_factory):
    def run(callbacks, *, ema=False, workers=0):
        set_active_run(None)
        random.seed(1), np.random.seed(1), torch.manual_seed(1)
        model = models.get("resnet18", num_classes=6)
        loaders = [
            DataLoader(
                ClassificationDataset(table, TRANSFORMS),
                batch_size=4,
                shuffle=table is tables[0],
                num_workers=workers,
            )
            for table in tables
        ]
        params = {
            "max_epochs": 2,
            "initial_lr": 1e-4,
            "loss": "CrossEntropyLoss",
            "optimizer": "SGD",
            "ema": ema,
            "train_metrics_list": [Accuracy()],
            "valid_metrics_list": [Accuracy()],
            "metric_to_watch": "Accuracy",
            "greater_metric_to_watch_is_better": True,
            "average_best_models": False,
            "save_model": False,
            "silent_mode": True,
            "phase_callbacks": callbacks,
        }
        folder = tmp_path_factory.mktemp("training")
        Trainer("classification", ckpt_root_dir=str(folder)).train(model, params, *loaders)
        return model

    return run


@pytest.fixture(scope="module")
def trained(train, tables):
    callback = ClassificationMetricsCollectionCallback(
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


def test_stored_numbers_are_torchs(trained, tables):
    model, run = trained
    rows = run.metrics(epoch=1, split="val", table=tables[1])
    ids = sorted(tables[1].get_simple_value_map("label"))
    logits = _logits(model, tables[1])
    p = functional.softmax(logits, dim=1)
    top = p.topk(5)
    assert rows.column("predicted_label").to_pylist() == [ids[i] for i in p.argmax(1)]
    assert rows.column("top_labels").to_pylist() == [[ids[i] for i in row] for row in top.indices]
    _same(rows, "confidence", p.max(1).values)
    _same(rows, "margin", top.values[:, 0] - top.values[:, 1])
    _same(rows, "entropy", torch.special.entr(p).sum(1))
    labels = rows.column("label").to_pylist()
    target = torch.tensor([ids.index(label) for label in labels[1:]])
    expected = functional.cross_entropy(logits[1:], target, reduction="none")
    np.testing.assert_allclose(rows.column("cross_entropy").to_pylist()[1:], expected, rtol=1e-4)
    assert rows.column("correct").to_pylist()[1:] == (p.argmax(1)[1:] == target).tolist()


def test_where_there_is_no_label_nothing_is_said_of_it(trained):
    first = trained[1].metrics(epoch=1, split="val").slice(0, 1).to_pylist()[0]
    assert first["label"] is first["correct"] is first["cross_entropy"] is None
    assert first["predicted_label"] is not None


def test_the_loss_of_an_image_is_the_criterions_on_a_batch_of_one(trained):
    rows = trained[1].metrics(["loss", "cross_entropy"], epoch=1, split="val").to_pylist()
    assert rows[0]["loss"] is None  # it has no label
    for row in rows[1:]:
        assert row["loss"] == pytest.approx(row["cross_entropy"], rel=1e-4)


def test_stored_labels_are_those_of_predict(trained, tables):
    model, run = trained
    model.eval()
    dataset = ClassificationDataset(tables[1], TRANSFORMS)
    model.set_dataset_processing_params(**dataset.get_dataset_preprocessing_params())
    said = model.predict(tables[1].image_urls(), fuse_model=False, fp16=False)
    stored = run.metrics(["predicted_label"], epoch=1, split="val").column(0).to_pylist()
    assert stored == [dataset.class_ids[int(image.prediction.label)] for image in said]


def test_embeddings_are_what_goes_into_the_head(trained, tables):
    rows = trained[1].metrics(epoch=1, split="val")
    assert len(rows.column("embedding")[0]) == 512
    assert rows.column("embedding_pca").null_count == 0


@pytest.mark.parametrize(("ema", "workers"), [(False, 0), (True, 2)])
def test_weights_are_those_of_a_training_without_the_callback(train, tables, ema, workers):
    callback = ClassificationMetricsCollectionCallback(
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


def _logits(model, table):
    from PIL import Image

    transform = Compose(TRANSFORMS)
    batch = [transform(Image.open(url).convert("RGB")) for url in table.image_urls()]
    with torch.no_grad():
        return model.eval()(torch.stack(batch))


def _same(rows, column, expected):
    np.testing.assert_allclose(rows.column(column).to_pylist(), expected, rtol=1e-3, atol=1e-6)
