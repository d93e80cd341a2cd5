"""Drawn things as Tables of labels, and a small real training of ResNet-18 on them."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import Accuracy
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import Normalize, ToTensor

from samplewise import Table, set_active_run
from samplewise.demo.scenes import DrawnDataset, draw_classification_dataset
from samplewise.integration.super_gradients import ClassificationDataset
from samplewise.schemas import CategoricalLabelSchema

TRANSFORMS = [ToTensor(), Normalize([0.5] * 3, [0.25] * 3)]


@pytest.fixture(autouse=True)
def no_active_run() -> Any:
    """Each test starts and ends without an active run."""
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="session")
def transforms() -> list[Any]:
    """No randomness."""
    return TRANSFORMS


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> DrawnDataset:
    """Twelve things to learn and six to check, one folder a class."""
    folder = tmp_path_factory.mktemp("classification")
    return draw_classification_dataset(folder / "drawn", train=12, val=6, size=32)


@pytest.fixture(scope="session")
def tables(drawn: DrawnDataset, tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """Drawn things under class ids with gaps; one row has no label."""
    root = str(tmp_path_factory.mktemp("store"))
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


@pytest.fixture(scope="session")
def train(
    tables: list[Table], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., nn.Module]:
    """Trains two epochs with some callbacks."""

    def run(
        callbacks: list[Any],
        *,
        ema: bool = False,
        workers: int = 0,
        datasets: list[Any] | None = None,
    ) -> nn.Module:
        set_active_run(None)
        random.seed(1), np.random.seed(1), torch.manual_seed(1)
        model = models.get("resnet18", num_classes=6)
        loaders = [
            DataLoader(
                dataset,
                batch_size=4,
                shuffle=number == 0,
                num_workers=workers,
            )
            for number, dataset in enumerate(
                datasets or [ClassificationDataset(table, TRANSFORMS) for table in tables]
            )
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
