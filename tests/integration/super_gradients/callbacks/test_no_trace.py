"""Training with the callback ends in the weights of training without it, bit for bit."""

import pytest
import torch

from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback


@pytest.fixture(scope="module")
def plain_weights(train_in, tmp_path_factory, tables, make_loader):
    """Weights of a training without the callback, by EMA and number of loader workers."""
    known = {}

    def weights(ema: bool, workers: int):
        if (ema, workers) not in known:
            folder = tmp_path_factory.mktemp("plain")
            model = train_in(folder, **_options(ema, workers, tables, make_loader))
            known[ema, workers] = model.state_dict()
        return known[ema, workers]

    return weights


@pytest.mark.parametrize("ema", [False, True])
@pytest.mark.parametrize("workers", [0, 2])
def test_weights_are_those_of_a_training_without_the_callback(
    ema, workers, plain_weights, train_detection, tables, make_loader, root
):
    callback = DetectionMetricsCollectionCallback(
        "callbacks",
        metrics_collection_epochs=[0, 1],
        collect_embeddings=True,
        embeddings_method="pca",
        collect_loss=True,
        pipeline_params={"conf": 0.01},
        dataloader_args={"num_workers": workers},
        root_url=root,
    )
    model = train_detection([callback], **_options(ema, workers, tables, make_loader))
    assert [record["error"] for record in callback.run.collections] == [None] * 4
    expected = plain_weights(ema, workers)
    assert all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())


def test_also_when_every_collection_fails(
    plain_weights, train_detection, tables, make_loader, root
):
    class Fails(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            torch.rand(3)
            raise RuntimeError("on purpose")

    callback = Fails(
        "callbacks",
        metrics_collection_epochs=[0],
        root_url=root,
        dataloader_args={"num_workers": 0},
    )
    model = train_detection([callback], **_options(False, 0, tables, make_loader))
    assert "on purpose" in callback.run.collections[0]["error"]
    expected = plain_weights(False, 0)
    assert all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())


def _options(ema, workers, tables, make_loader):
    train, val = tables
    loaders = make_loader(train, shuffle=True, workers=workers), make_loader(val, workers=workers)
    average = {"ema": True, "ema_params": {"decay": 0.9, "decay_type": "threshold"}} if ema else {}
    return {"loaders": loaders, "max_epochs": 2, **average}
