"""Drawn scenes as Tables of class maps, and a small real training of PP-LiteSeg on them."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from super_gradients.training import Trainer, models
from super_gradients.training.metrics import PixelAccuracy
from super_gradients.training.transforms.transforms import (
    SegConvertToTensor,
    SegNormalize,
    SegStandardize,
)
from torch import nn
from torch.utils.data import DataLoader

from samplewise import Table, set_active_run
from samplewise.demo.scenes import DrawnDataset, draw_segmentation_dataset
from samplewise.integration.super_gradients import SegmentationDataset
from samplewise.schemas import ImageSchema, SemanticSegmentationSchema

IGNORED = 255


@pytest.fixture(autouse=True)
def no_active_run() -> Any:
    """Each test starts and ends without an active run."""
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="session")
def transforms() -> list[Any]:
    """From arrays to what the network takes."""
    return [
        SegStandardize(),
        SegNormalize([0.5] * 3, [0.25] * 3),
        SegConvertToTensor(mask_output_dtype=torch.long),
    ]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> DrawnDataset:
    """Six scenes to learn and three to check, with class maps as files."""
    folder = tmp_path_factory.mktemp("drawn")
    return draw_segmentation_dataset(folder / "scenes", train=6, val=3, size=128)


@pytest.fixture(scope="session")
def tables(drawn: DrawnDataset, tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """Class ids with gaps; maps as files and as run lengths; the last held-out row has none."""
    folder = tmp_path_factory.mktemp("segmentation")
    classes = {10 * number + 3: name for number, name in drawn.classes.items()}
    made = []
    for split in drawn.splits:
        masks: list[Any] = []
        for number, file in enumerate(sorted(split.labels.iterdir())):
            pixels = np.array(Image.open(file))
            pixels = np.where(pixels == IGNORED, IGNORED, 10 * pixels + 3).astype(np.uint8)
            if number % 2:
                masks.append(pixels)
            else:
                Image.fromarray(pixels).save(folder / f"{split.name}{number}.png")
                masks.append(str(folder / f"{split.name}{number}.png"))
        if split.name == "val":
            masks[-1] = None
        made.append(
            Table.from_dict(
                {"image": [str(file) for file in sorted(split.images.iterdir())], "mask": masks},
                {
                    "image": ImageSchema(),
                    "mask": SemanticSegmentationSchema(classes, ignore_label=IGNORED),
                },
                table_name=split.name,
                dataset_name="scenes",
                project_name="p",
                root_url=str(folder / "store"),
            )
        )
    return made


@pytest.fixture(scope="session")
def train(
    tables: list[Table], transforms: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., nn.Module]:
    """Train two epochs with some callbacks."""

    def run(
        callbacks: list[Any],
        *,
        ema: bool = False,
        workers: int = 0,
        datasets: list[Any] | None = None,
    ) -> nn.Module:
        set_active_run(None)
        random.seed(1), np.random.seed(1), torch.manual_seed(1)
        model = models.get("pp_lite_t_seg", num_classes=7, arch_params={"use_aux_heads": False})
        loaders = [
            DataLoader(
                dataset,
                batch_size=3,
                shuffle=number == 0,
                num_workers=workers,
            )
            for number, dataset in enumerate(
                datasets or [SegmentationDataset(table, transforms) for table in tables]
            )
        ]
        params = {
            "max_epochs": 2,
            "initial_lr": 0.01,
            "loss": {"CrossEntropyLoss": {"ignore_index": IGNORED}},
            "optimizer": "SGD",
            "ema": ema,
            "train_metrics_list": [PixelAccuracy(ignore_label=IGNORED)],
            "valid_metrics_list": [PixelAccuracy(ignore_label=IGNORED)],
            "metric_to_watch": "PixelAccuracy",
            "greater_metric_to_watch_is_better": True,
            "average_best_models": False,
            "save_model": False,
            "silent_mode": True,
            "phase_callbacks": callbacks,
        }
        folder = tmp_path_factory.mktemp("training")
        Trainer("segmentation", ckpt_root_dir=str(folder)).train(model, params, *loaders)
        return model

    return run


@pytest.fixture
def table_of(tmp_path: Path) -> Callable[..., Table]:
    """A Table of some class maps over black images of 2 by 3 pixels."""

    def make(masks: list[Any], **schema: Any) -> Table:
        images = [Image.fromarray(np.full((2, 3, 3), n, np.uint8)) for n in range(len(masks))]
        options = {"classes": {2: "road", 7: "car", 9: "tree"}, "ignore_label": 0, **schema}
        return Table.from_dict(
            {"image": images, "mask": masks},
            {"image": ImageSchema(), "mask": SemanticSegmentationSchema(**options)},
            table_name="t",
            dataset_name="d",
            project_name="p",
            root_url=str(tmp_path / "store"),
            if_exists="overwrite",
        )

    return make
