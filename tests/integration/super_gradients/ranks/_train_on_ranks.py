"""Trains on several processes that talk over gloo, once for each name in `SCENARIOS`.

Run by `test_ranks.py`: `python _train_on_ranks.py FOLDER NAME...`; writes what was seen to
`seen.json`, by name. Loading torch and SuperGradients takes half a minute, so it is done once, and
every rank is forked from here. This process itself never uses a store, since Lance does not survive
a fork.

SuperGradients refuses several processes without graphics cards; `on_processors` is what it lacks.
"""

import hashlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from super_gradients.common import MultiGPUMode
from super_gradients.common.environment.ddp_utils import is_distributed
from super_gradients.common.environment.device_utils import device_config
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import Accuracy
from super_gradients.training.utils.callbacks import Callback
from torch import distributed
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, Subset, SubsetRandomSampler
from torchvision.transforms import ToTensor

import samplewise as sw
from samplewise.integration.super_gradients import (
    ClassificationDataset,
    ClassificationMetricsCollectionCallback,
)

RANKS = 3
PATIENCE_S = 120
TRAIN_ROWS, VAL_ROWS = 7, 2  # neither can be divided by three, and one is less than three
PART = [6, 0, 3, 2, 0]
SHARES = ([1], [4], [5, 1])  # of each rank


class Collects(ClassificationMetricsCollectionCallback):
    """The callback itself; on rank 1 it can do something else."""

    def on_rank_1(self) -> None:
        """Nothing."""

    def compute_metrics(self, images: list[str], predictions: Any, table: Any) -> dict[str, Any]:
        if distributed.get_rank() == 1:
            self.on_rank_1()
        return super().compute_metrics(images, predictions, table)


class SumsOverRanks(torch.nn.CrossEntropyLoss):
    """As some criteria of SuperGradients do: it waits for the images of the other ranks."""

    def forward(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        loss = super().forward(output, target)
        if is_distributed():
            distributed.all_reduce(loss.detach())
        return loss


class Fails(Collects):
    """Its metrics fail on one rank."""

    def on_rank_1(self) -> None:
        raise ZeroDivisionError("on purpose")


class FailsToPrepare(Collects):
    """The columns cannot be said on one rank."""

    def metrics_column_schemas(self, table: Any) -> dict[str, Any]:
        if distributed.get_rank() == 1:
            raise ZeroDivisionError("on purpose")
        return super().metrics_column_schemas(table)


class Dies(Collects):
    """One rank is killed while it collects."""

    def on_rank_1(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class InTraining(Callback):
    """Does something on one rank while it trains the second epoch."""

    def __init__(self, rank: int, act: Any) -> None:
        self.rank, self.act = rank, act

    def on_train_batch_end(self, context: Any) -> None:
        if context.epoch == 1 and distributed.get_rank() == self.rank:
            self.act()


def fail() -> None:
    """An error of a user's."""
    raise ZeroDivisionError("on purpose")


def interrupt() -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


def die() -> None:
    """Gone, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


SCENARIOS: dict[str, Any] = {
    "without": lambda callback: [],
    "whole": lambda callback: [callback(Collects, collect_loss=SumsOverRanks())],
    "parts": lambda callback: [callback(Collects)],
    "afterwards": lambda callback: [callback(ClassificationMetricsCollectionCallback)],
    "fails": lambda callback: [callback(Fails)],
    "fails to prepare": lambda callback: [callback(FailsToPrepare)],
    "raises": lambda callback: [callback(Fails, on_error="raise")],
    "other name": lambda callback: [callback(Collects, project="other")],
    "dies collecting": lambda callback: [callback(Dies)],
    "dies training": lambda callback: [callback(Collects), InTraining(1, die)],
    "first dies": lambda callback: [callback(Collects), InTraining(0, die)],
    "fails training": lambda callback: [callback(Collects), InTraining(1, fail)],
    "interrupted": lambda callback: [callback(Collects), InTraining(0, interrupt)],
}


def main(folder: Path, names: list[str]) -> None:
    """Train, look, and say what was seen."""
    torch.set_num_threads(1)
    in_child(lambda: make_tables(folder))
    seen = {}
    for name in names:
        seen[name] = {"ranks": train_on_ranks(folder, name)}
        if name != "without":
            in_child(lambda name=name: look(folder, name))
            seen[name] |= json.loads((folder / f"{name}.json").read_text())
    (folder / "seen.json").write_text(json.dumps(seen))


def train_on_ranks(folder: Path, name: str) -> list[dict[str, Any]]:
    """How each rank ended: its exit code, its error, a digest of its weights."""
    ranks = [forked(lambda rank=rank: train(folder, name, rank)) for rank in range(RANKS)]
    codes = [exit_code(rank) for rank in ranks]
    said = [folder / f"{name}.{rank}.json" for rank in range(RANKS)]
    return [
        {"code": code, **(json.loads(file.read_text()) if file.exists() else {})}
        for code, file in zip(codes, said, strict=True)
    ]


def train(folder: Path, name: str, rank: int) -> None:
    """What each rank does."""
    on_processors(folder / f"{name}.meeting", rank)
    root = str(folder / "store")
    if name == "other name" and rank == 0:
        sw.init("ranks", name, root_url=root)
    torch.manual_seed(0)
    model = models.get("resnet18", num_classes=3)
    loaders = [loader(folder, split) for split in ("train", "val")]
    if name == "parts":
        loaders = [loader(folder, "train", PART), loader_of_share(folder, SHARES[rank])]
    error, callbacks = None, SCENARIOS[name](callback_in(root, name))
    try:
        trainer = Trainer(name, ckpt_root_dir=str(folder / "checkpoints"))
        trainer.train(model, params(callbacks), *loaders)
        if name == "afterwards" and rank == 0:
            sw.set_active_run(callbacks[0].run)
            table = loaders[0].dataset.table
            callbacks[0].collect_metrics_direct(model, [table], {"epoch": 9})
    except Exception as caught:  # noqa: BLE001
        traceback.print_exc()
        error = f"{type(caught).__name__}: {caught}"
    weights = b"".join(value.numpy().tobytes() for value in model.state_dict().values())
    said = {"error": error, "weights": hashlib.sha256(weights).hexdigest()}
    (folder / f"{name}.{rank}.json").write_text(json.dumps(said))


def on_processors(meeting: Path, rank: int) -> None:
    """What SuperGradients lacks to train on several processes without graphics cards."""
    distributed.init_process_group(
        "gloo", init_method=meeting.as_uri(), rank=rank, world_size=RANKS
    )
    device_config.device, device_config.multi_gpu = "cpu:0", MultiGPUMode.DISTRIBUTED_DATA_PARALLEL
    device_config.assigned_rank = rank

    def net_to_device(trainer: Trainer) -> None:
        trainer.net = DistributedDataParallel(trainer.net)

    Trainer._net_to_device = net_to_device


def callback_in(root: str, name: str) -> Any:
    """Makes the callback of a scenario."""

    def make(kind: type, *, project: str = "ranks", **options: Any) -> Any:
        return kind(
            project,
            name,
            metrics_collection_epochs=[0],
            collect_embeddings=True,
            embeddings_method="pca",
            dataloader_args={"num_workers": 0},
            root_url=root,
            **options,
        )

    return make


def loader(folder: Path, split: str, part: Sequence[int] | None = None) -> DataLoader:
    """The share of this rank, of all samples or of a part."""
    dataset = dataset_of(folder, split)
    dataset = dataset if part is None else Subset(dataset, part)
    sampler = DistributedSampler(dataset, shuffle=split == "train")
    return DataLoader(dataset, batch_size=3, sampler=sampler)


def loader_of_share(folder: Path, share: Sequence[int]) -> DataLoader:
    """Samples of the training set that a sampler gives to this rank alone."""
    dataset = dataset_of(folder, "train")
    return DataLoader(dataset, batch_size=3, sampler=SubsetRandomSampler(share))


def dataset_of(folder: Path, split: str) -> ClassificationDataset:
    """A dataset on a Table."""
    table = sw.Table.from_names(split, "pictures", "ranks", str(folder / "store"))
    return ClassificationDataset(table, [ToTensor()])


def params(callbacks: list[Any]) -> dict[str, Any]:
    """Two epochs."""
    return {
        "max_epochs": 2,
        "initial_lr": 1e-3,
        "loss": "CrossEntropyLoss",
        "optimizer": "SGD",
        "train_metrics_list": [],
        "valid_metrics_list": [Accuracy()],
        "metric_to_watch": "Accuracy",
        "greater_metric_to_watch_is_better": True,
        "average_best_models": False,
        "save_model": False,
        "silent_mode": True,
        "phase_callbacks": callbacks,
    }


def look(folder: Path, name: str) -> None:
    """What the run says afterwards."""
    run = sw.Run.from_names(name, "ranks", str(folder / "store"))
    runs = [each.name for each in (folder / "store" / "ranks" / "runs").iterdir()]
    seen = {
        "runs": [each for each in runs if each.startswith(name)],
        "status": run.status,
        "error": run.error,
        "rows": run.metrics(["epoch", "split", "example_id"]).to_pylist(),
        "losses": run.metrics(["loss", "cross_entropy"]).to_pylist() if name == "whole" else [],
        "maps": run.reductions,
        "history": run.history.select(["epoch", "split", "name"]).to_pylist(),
        "collections": run.collections,
    }
    (folder / f"{name}.json").write_text(json.dumps(seen))


def make_tables(folder: Path) -> None:
    """Noise with three labels."""
    noise = np.random.default_rng(0)
    for split, count in (("train", TRAIN_ROWS), ("val", VAL_ROWS)):
        files = [str(folder / f"{split}{number}.png") for number in range(count)]
        for file in files:
            Image.fromarray(noise.integers(0, 256, (32, 32, 3), np.uint8)).save(file)
        sw.Table.from_dict(
            {"image": files, "label": [number % 3 for number in range(count)]},
            {"label": sw.schemas.CategoricalLabelSchema(["a", "b", "c"])},
            table_name=split,
            dataset_name="pictures",
            project_name="ranks",
            root_url=str(folder / "store"),
        )


def in_child(work: Any) -> None:
    """Work that uses the store, in a process of its own."""
    code = exit_code(forked(work))
    assert code == 0, f"a child ended with {code}"


def forked(work: Any) -> int:
    """Starts a process; its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001  # a child never comes back into the caller
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def exit_code(pid: int) -> int | None:
    """How a process ended; None if it had to be killed for taking too long."""
    for _ in range(PATIENCE_S * 10):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
