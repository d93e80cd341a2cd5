"""A real training of ResNet-18 on Tables: what is stored is what torch says."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.utils.data import Subset
from torchvision.transforms import Compose

from samplewise.integration.super_gradients import (
    ClassificationDataset,
    ClassificationMetricsCollectionCallback,
)
from samplewise.schema import Float


class Mine(ClassificationMetricsCollectionCallback):
    """Adds a metric to ours."""

    def compute_metrics(self, images, predictions, table):
        ours = super().compute_metrics(images, predictions, table)
        return {**ours, "mine": [float(each.prediction.confidence) for each in predictions]}

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


def test_stored_numbers_are_torchs(trained, tables, transforms):
    model, run = trained
    rows = run.metrics(epoch=1, split="val", table=tables[1])
    ids = sorted(tables[1].get_simple_value_map("label"))
    logits = _logits(model, tables[1], transforms)
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


def test_metrics_of_a_subclass_are_stored_beside_ours(trained):
    rows = trained[1].metrics(["mine", "confidence"], epoch=1, split="val").to_pydict()
    np.testing.assert_allclose(rows["mine"], rows["confidence"], rtol=1e-6)


def test_where_there_is_no_label_nothing_is_said_of_it(trained):
    first = trained[1].metrics(epoch=1, split="val").slice(0, 1).to_pylist()[0]
    assert first["label"] is first["correct"] is first["cross_entropy"] is None
    assert first["predicted_label"] is not None


def test_the_loss_of_an_image_is_the_criterions_on_a_batch_of_one(trained):
    rows = trained[1].metrics(["loss", "cross_entropy"], epoch=1, split="val").to_pylist()
    assert rows[0]["loss"] is None  # it has no label
    for row in rows[1:]:
        assert row["loss"] == pytest.approx(row["cross_entropy"], rel=1e-4)


def test_stored_labels_are_those_of_predict(trained, tables, transforms):
    model, run = trained
    model.eval()
    dataset = ClassificationDataset(tables[1], transforms)
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


def _logits(model, table, transforms):
    from PIL import Image

    transform = Compose(transforms)
    batch = [transform(Image.open(url).convert("RGB")) for url in table.image_urls()]
    with torch.no_grad():
        return model.eval()(torch.stack(batch))


def _same(rows, column, expected):
    np.testing.assert_allclose(rows.column(column).to_pylist(), expected, rtol=1e-3, atol=1e-6)


def test_a_part_of_a_table_is_collected_under_its_split(train, tables, transforms):
    dataset = ClassificationDataset(tables[0], transforms)  # its first row has no label
    callback = ClassificationMetricsCollectionCallback(
        "p", root_url=tables[0].root_url, collect_loss=True, dataloader_args={"num_workers": 0}
    )
    train([callback], datasets=[Subset(dataset, range(8)), Subset(dataset, [8, 10, -1])])
    rows = callback.run.metrics(["example_id", "loss"]).to_pylist()
    assert [row["example_id"] for row in rows] == [*range(1, 9), 9, 11]
    assert None not in [row["loss"] for row in rows]
