"""Training with the callback ends in the weights of training without it, bit for bit.

Detection is trained with and without a moving average, with 0 and 2 loader workers. The other tasks
have such a test beside their own, each for two of the four: the moving average with workers, and
neither; what differs between tasks is the network and its datasets, not how they are trained.
"""

import hashlib
import random
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from super_gradients.training.utils.callbacks import Callback
from torch import nn

from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback

PROXY = Path(__file__).parents[3] / "storage" / "lossy.py"

SWITCHES = {
    "gradients": torch.is_grad_enabled,
    "autocast": lambda: (torch.is_autocast_enabled("cpu"), torch.is_autocast_enabled("cuda")),
    "threads": torch.get_num_threads,
    "deterministic": torch.get_deterministic_debug_mode,
    "cudnn": lambda: (
        torch.backends.cudnn.enabled,
        torch.backends.cudnn.benchmark,
        torch.backends.cudnn.deterministic,
    ),
    "python": random.getstate,
    "numpy": lambda: str(np.random.get_state()),
    "torch": lambda: torch.get_rng_state().tolist(),
    "filters": lambda: list(warnings.filters),
    "streams": lambda: (id(sys.stdout), id(sys.stderr)),
    "hook": lambda: sys.excepthook,
    "signals": lambda: {each: signal.getsignal(each) for each in signal.valid_signals()},
}


class Looks(Callback):
    """Notes what the process and the networks are like when validation has ended."""

    def __init__(self, *, messy=False):
        self.messy, self.seen = messy, []

    def on_validation_loader_end(self, context):
        networks = [context.net, context.ema_model.ema] if context.ema_model else [context.net]
        if self.messy:  # as somebody may have it who knows why
            frozen = next(m for m in networks[0].modules() if isinstance(m, nn.BatchNorm2d))
            frozen.train(not frozen.training).requires_grad_(False)
            torch.backends.cudnn.benchmark = True
        self.seen.append(
            {name: look() for name, look in SWITCHES.items()}
            | {f"network {number}": of(network) for number, network in enumerate(networks)}
        )


def of(network):
    """Modes, gradient flags, and a digest of all numbers."""
    digest = hashlib.sha256()
    for value in network.state_dict().values():
        digest.update(value.numpy().tobytes())
    modes = [module.training for module in network.modules()]
    hooks = [len(module._forward_hooks) for module in network.modules()]
    flags = [parameter.requires_grad for parameter in network.parameters()]
    return modes, hooks, flags, digest.hexdigest()


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
        collect_object_embeddings=True,
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


def test_also_when_the_store_of_the_run_hangs_from_the_first_epoch_on(
    plain_weights,
    train_detection,
    tables,
    make_loader,
    s3_root,
    object_storage,
    monkeypatch,
    capsys,
):
    monkeypatch.setenv("SAMPLEWISE_STORE_TIMEOUT", "2")
    proxy = subprocess.Popen(
        [sys.executable, str(PROXY), object_storage, "keep"], stdout=subprocess.PIPE, text=True
    )
    port = proxy.stdout.readline().split()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")

    class Stops(DetectionMetricsCollectionCallback):
        def on_train_loader_end(self, context):
            proxy.send_signal(signal.SIGSTOP)  # the kernel takes connections, nobody answers
            super().on_train_loader_end(context)

    callback = Stops(
        "callbacks",
        metrics_collection_epochs=[0],
        root_url=s3_root,
        dataloader_args={"num_workers": 0},
    )
    model = train_detection([callback], **_options(False, 0, tables, make_loader))
    proxy.kill()
    proxy.communicate()
    expected = plain_weights(False, 0)
    assert all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())
    said = capsys.readouterr().err
    assert "notes of the training are not in run" in said
    assert "failed, training goes on" in said


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("ema", [False, True])
def test_process_and_networks_are_as_before_after_every_collection(
    ema, fails, train_detection, tables, make_loader, root, monkeypatch
):
    class Sometimes(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            torch.manual_seed(0), np.random.seed(0), random.seed(0), torch.set_num_threads(2)
            if fails:
                raise RuntimeError("on purpose")
            return super().compute_metrics(images, predictions, table)

    monkeypatch.setattr(torch.backends.cudnn, "benchmark", torch.backends.cudnn.benchmark)
    callback = Sometimes(
        "callbacks",
        metrics_collection_epochs=[0, 1],
        collect_embeddings=True,
        embeddings_method="pca",
        dataloader_args={"num_workers": 2},
        root_url=root,
    )
    before, after = Looks(messy=True), Looks()
    train_detection([before, callback, after], **_options(ema, 0, tables, make_loader))
    assert [record["error"] is None for record in callback.run.collections] == [not fails] * 4
    for was, found in zip(before.seen, after.seen, strict=True):
        assert {name for name in was if was[name] != found[name]} == set()
    assert len(before.seen) == 2


def _options(ema, workers, tables, make_loader):
    train, val = tables
    loaders = make_loader(train, shuffle=True, workers=workers), make_loader(val, workers=workers)
    average = {"ema": True, "ema_params": {"decay": 0.9, "decay_type": "threshold"}} if ema else {}
    return {"loaders": loaders, "max_epochs": 2, **average}
