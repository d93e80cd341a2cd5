"""Small real trainings of a pose model: drawn figures, YOLO-NAS-POSE-N, the real Trainer."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from super_gradients.training import Trainer, models
from super_gradients.training.datasets.pose_estimation_datasets import YoloNASPoseCollateFN
from super_gradients.training.losses import YoloNASPoseLoss
from super_gradients.training.metrics import PoseEstimationMetrics
from super_gradients.training.models.pose_estimation_models.yolo_nas_pose import (
    YoloNASPosePostPredictionCallback,
)
from super_gradients.training.transforms.keypoint_transforms import (
    KeypointsImageStandardize,
    KeypointsLongestMaxSize,
    KeypointsPadIfNeeded,
)
from torch import nn
from torch.utils.data import DataLoader

from samplewise import Table, set_active_run
from samplewise.demo.scenes import SIGMAS, DrawnDataset, draw_pose_dataset
from samplewise.integration.super_gradients import PoseEstimationDataset
from samplewise.integration.super_gradients._convolution import safe_convolutions

SIZE = 96


@pytest.fixture(autouse=True)
def no_active_run() -> Any:
    """Each test starts and ends without an active run."""
    set_active_run(None)
    yield
    set_active_run(None)


@pytest.fixture(scope="session")
def figures(tmp_path_factory: pytest.TempPathFactory) -> DrawnDataset:
    """Six scenes to learn and three to check."""
    folder = tmp_path_factory.mktemp("drawn") / "figures"
    return draw_pose_dataset(folder, train=6, val=3, size=SIZE)


@pytest.fixture(scope="session")
def coco_tables(figures: DrawnDataset, tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """The figures as Tables, without tolerances: files of COCO's format have none."""
    root = str(tmp_path_factory.mktemp("store"))
    return [
        Table.from_coco(
            split.labels,
            split.images,
            task="pose",
            table_name=split.name,
            dataset_name="coco",
            project_name="p",
            root_url=root,
        )
        for split in figures.splits
    ]


@pytest.fixture(scope="session")
def tables(coco_tables: list[Table]) -> list[Table]:
    """The same with the tolerances of drawn figures, and nothing but images and keypoints."""
    made = []
    for table in coco_tables:
        schema: Any = table.schema["keypoints_2d"]
        made.append(
            Table.from_dict(
                {
                    "image": table.image_urls(),
                    "keypoints_2d": [row["keypoints_2d"] for row in table],
                },
                {"keypoints_2d": replace(schema, oks_sigmas=SIGMAS)},
                table_name=table.name,
                dataset_name="figures",
                project_name="p",
                root_url=table.root_url,
            )
        )
    return made


@pytest.fixture(scope="session")
def plain_transforms() -> Callable[[], list[Any]]:
    """Makes transforms without randomness."""
    return transforms


def transforms() -> list[Any]:
    """No randomness."""
    return [
        KeypointsLongestMaxSize(max_height=SIZE, max_width=SIZE),
        KeypointsPadIfNeeded(
            min_height=SIZE,
            min_width=SIZE,
            image_pad_value=(127, 127, 127),
            mask_pad_value=1,
            padding_mode="bottom_right",
        ),
        KeypointsImageStandardize(max_value=255),
    ]


@pytest.fixture(scope="session")
def make_dataset() -> Callable[[Table], PoseEstimationDataset]:
    """Makes a dataset of ours on a Table."""
    return lambda table: PoseEstimationDataset(table, transforms())


@pytest.fixture(scope="session")
def train(
    tables: list[Table], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., nn.Module]:
    """Trains YOLO-NAS-POSE-N from a fixed seed; returns the network."""

    def run(
        callbacks: Sequence[Any],
        *,
        ema: bool = False,
        workers: int = 0,
        epochs: int = 1,
        datasets: Sequence[Any] | None = None,
    ) -> nn.Module:
        set_active_run(None)
        random.seed(1), np.random.seed(1), torch.manual_seed(1)
        model = models.get("yolo_nas_pose_n", num_classes=len(SIGMAS))
        loaders = [
            DataLoader(
                dataset,
                batch_size=3,
                shuffle=number == 0,
                num_workers=workers,
                collate_fn=YoloNASPoseCollateFN(),
            )
            for number, dataset in enumerate(
                datasets or [PoseEstimationDataset(table, transforms()) for table in tables]
            )
        ]
        folder = tmp_path_factory.mktemp("training")
        params = {**_params(), "max_epochs": epochs, "ema": ema, "phase_callbacks": callbacks}
        with safe_convolutions():  # which the callback brings along; some train without it
            Trainer("pose", ckpt_root_dir=str(folder)).train(model, params, *loaders)
        return model

    return run


def _params() -> dict[str, Any]:
    post = YoloNASPosePostPredictionCallback(
        pose_confidence_threshold=0.01,
        nms_iou_threshold=0.7,
        pre_nms_max_predictions=50,
        post_nms_max_predictions=10,
    )
    metric = PoseEstimationMetrics(post, num_joints=len(SIGMAS), oks_sigmas=list(SIGMAS))
    return {
        "initial_lr": 1e-3,
        "optimizer": "AdamW",
        "lr_warmup_epochs": 0,
        "loss": YoloNASPoseLoss(oks_sigmas=list(SIGMAS)),
        "valid_metrics_list": [metric],
        "metric_to_watch": "AP",
        "greater_metric_to_watch_is_better": True,
        "average_best_models": False,
        "save_model": False,
        "silent_mode": True,
    }
