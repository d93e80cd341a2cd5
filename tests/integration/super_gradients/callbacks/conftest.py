"""Small real trainings: drawn scenes, a small network, the real Trainer."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.losses import PPYoloELoss, YoloXDetectionLoss
from super_gradients.training.metrics import DetectionMetrics_050
from super_gradients.training.models.detection_models.pp_yolo_e import (
    PPYoloEPostPredictionCallback,
)
from super_gradients.training.models.detection_models.yolo_base import (
    YoloXPostPredictionCallback,
)
from super_gradients.training.transforms.transforms import (
    DetectionPaddedRescale,
    DetectionStandardize,
    DetectionTargetsFormatTransform,
)
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch import nn
from torch.utils.data import DataLoader

from samplewise import Table, set_active_run
from samplewise.demo.scenes import DrawnDataset, draw_detection_dataset
from samplewise.integration.super_gradients import DetectionDataset
from samplewise.integration.super_gradients._convolution import safe_convolutions

SIZE = 64


@pytest.fixture(autouse=True)
def no_active_run() -> Any:
    """Each test starts and ends without an active run."""
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> DrawnDataset:
    """Eight scenes to learn and four to check, six classes with gaps in their ids."""
    folder = tmp_path_factory.mktemp("drawn") / "scénes with spaces"
    return draw_detection_dataset(folder, train=8, val=4, size=SIZE)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that all tests of this folder share."""
    return str(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def tables(scenes: DrawnDataset, root: str) -> tuple[Table, Table]:
    """The scenes as Tables."""
    train, val = (
        Table.from_coco(
            split.labels,
            split.images,
            table_name=split.name,
            dataset_name="scenes",
            project_name="callbacks",
            root_url=root,
        )
        for split in scenes.splits
    )
    return train, val


def transforms(size: int = SIZE) -> list[Any]:
    """No randomness: pad, standardize, targets as the losses want them."""
    return [
        DetectionPaddedRescale(input_dim=(size, size)),
        DetectionStandardize(max_value=255.0),
        DetectionTargetsFormatTransform(input_dim=(size, size), output_format="LABEL_CXCYWH"),
    ]


def detection_dataset(table: Table, **options: Any) -> DetectionDataset:
    """A dataset of ours on a Table."""
    defaults = {"transforms": transforms(), "ignore_empty_annotations": False, "verbose": False}
    return DetectionDataset(table, **{**defaults, **options})


def loader_of(dataset: Any, *, shuffle: bool = False, workers: int = 0) -> DataLoader:
    """A loader of four images a batch."""
    return DataLoader(
        dataset,
        batch_size=4,
        shuffle=shuffle,
        num_workers=workers,
        collate_fn=DetectionCollateFN(),
    )


@pytest.fixture(scope="session")
def train_in(tables: tuple[Table, Table]) -> Callable[..., nn.Module]:
    """Trains a small detection network in a folder, from a fixed seed; returns the network."""

    def train(
        folder: Path,
        callbacks: Sequence[Any] = (),
        *,
        name: str = "yolox_n",
        loaders: tuple[DataLoader, DataLoader] | None = None,
        test_loaders: dict[str, DataLoader] | None = None,
        **params: Any,
    ) -> nn.Module:
        pair = loaders or tuple(
            loader_of(detection_dataset(table), shuffle=table is tables[0]) for table in tables
        )
        seed_everything()
        classes = len(getattr(pair[0].dataset, "classes", range(6)))  # a Subset names none
        model = models.get(name, num_classes=classes)
        trainer = Trainer("training", ckpt_root_dir=str(folder / "checkpoints"))
        params = {**_detection_params(name, classes), "phase_callbacks": list(callbacks), **params}
        with safe_convolutions():  # which the callback brings along; some train without it
            trainer.train(model, params, *pair, test_loaders=test_loaders)
        return model

    return train


@pytest.fixture
def train_detection(train_in: Callable[..., nn.Module], tmp_path: Path) -> Callable[..., nn.Module]:
    """The same in the folder of this test."""
    return partial(train_in, tmp_path)


@pytest.fixture(scope="session")
def make_loader() -> Callable[..., DataLoader]:
    """Makes a loader of four images a batch, of a Table or of a dataset."""

    def make(source: Any, **options: Any) -> DataLoader:
        return loader_of(
            detection_dataset(source) if isinstance(source, Table) else source, **options
        )

    return make


@pytest.fixture(scope="session")
def plain_transforms() -> Callable[..., list[Any]]:
    """Transforms without randomness."""
    return transforms


@pytest.fixture(scope="session")
def detection_params() -> Callable[[str, int], dict[str, Any]]:
    """Parameters of a short training, by name of the network and number of classes."""
    return _detection_params


def seed_everything(seed: int = 7) -> None:
    """The same start for every training."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _detection_params(name: str, classes: int) -> dict[str, Any]:
    if name.startswith("yolox"):
        loss: nn.Module = YoloXDetectionLoss(strides=[8, 16, 32], num_classes=classes)
        post: Any = YoloXPostPredictionCallback(conf=0.01, iou=0.65)
    else:
        loss = PPYoloELoss(use_static_assigner=False, num_classes=classes, reg_max=16)
        post = PPYoloEPostPredictionCallback(
            score_threshold=0.01, nms_top_k=100, max_predictions=50, nms_threshold=0.7
        )
    metric = DetectionMetrics_050(
        score_thres=0.1,
        top_k_predictions=50,
        num_cls=classes,
        normalize_targets=True,
        post_prediction_callback=post,
    )
    return {
        "max_epochs": 1,
        "lr_mode": "CosineLRScheduler",
        "cosine_final_lr_ratio": 0.1,
        "lr_warmup_epochs": 0,
        "initial_lr": 1e-3,
        "optimizer": "AdamW",
        "loss": loss,
        "valid_metrics_list": [metric],
        "metric_to_watch": "mAP@0.50",
        "greater_metric_to_watch_is_better": True,
        "silent_mode": True,
        "average_best_models": False,
        "save_model": False,
    }
