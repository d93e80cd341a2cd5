"""Makes the store of the journeys: `python _training.py FOLDER`. Real Trainer, real callback.

A network that learns to see would take minutes. This one learns for a moment and is then told what
is drawn in each picture, but for some slips that get rarer: so wrong labels surface as they do with
a network that has learned.
"""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from super_gradients.training import Trainer, models
from super_gradients.training.losses import YoloXDetectionLoss
from super_gradients.training.metrics import DetectionMetrics_050
from super_gradients.training.models.detection_models.yolo_base import YoloXPostPredictionCallback
from super_gradients.training.utils.callbacks import Callback
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch import nn
from torch.utils.data import DataLoader

from samplewise import Table, init
from samplewise.demo._recipe import detection_transforms
from samplewise.demo.scenes import DrawnDataset, draw_detection_dataset
from samplewise.integration.super_gradients import (
    DetectionDataset,
    DetectionMetricsCollectionCallback,
)

PROJECT, SIZE, TRAIN, VAL = "journeys", 64, 40, 8
# Name, learning rate, and how often the network slips in each epoch.
RUNS = (("baseline", 1e-3, (0.5, 0.3, 0.12)), ("slower", 5e-4, (0.4, 0.2, 0.0)))


def main(folder: Path) -> None:
    """Draw, import, train twice, and leave a run that failed and one that is empty."""
    drawn = _draw(folder / "scenes", 0.12)
    truth = Drawn(_draw(folder / "right", 0.0))
    root = str(folder / "store")
    tables = [
        Table.from_coco(
            split.labels,
            split.images,
            table_name=split.name,
            dataset_name="scenes",
            project_name=PROJECT,
            root_url=root,
        )
        for split in drawn.splits
    ]
    for name, rate, slips in RUNS:
        _train(folder / name, tables, truth, root, rate=rate, slips=slips)
    failed = init(PROJECT, "out-of-memory", parameters={"initial_lr": 1.0}, root_url=root)
    failed.close("failed", error="Traceback (most recent call last):\n  …\nMemoryError: 12 GiB")
    init(PROJECT, "only-parameters", parameters={"initial_lr": 0.5}, root_url=root).close()


class Drawn:
    """What is drawn in a picture, by how the picture looks.

    Args:
        right: The scenes with right labels only.
    """

    def __init__(self, right: DrawnDataset) -> None:
        self.slip = 0.0
        ids = sorted(right.classes)
        self._boxes: list[list[tuple[list[float], int]]] = []
        looks = []
        for split in right.splits:
            document = json.loads(split.labels.read_text())
            dataset = _stock(split.images, document)
            for image, entry in dataset:
                looks.append(_look(image[None])[0])
                self._boxes.append([(e["bbox"], ids.index(e["category_id"])) for e in entry])
        self._looks = torch.stack(looks)

    def __deepcopy__(self, memo: Any) -> "Drawn":
        return self  # averaged and fused copies of the network know the same

    def hook(self, network: nn.Module, inputs: tuple[Any, ...], output: Any) -> Any:
        """Replaces what the network says while it is not training."""
        if network.training:
            return None
        decoded, logits = output
        said = torch.zeros_like(decoded)
        said[..., 2:4] = 1
        for place, which in enumerate(torch.cdist(_look(inputs[0]), self._looks).argmin(1)):
            for at, (box, label, confidence) in enumerate(self._said(int(which))):
                x, y, w, h = box
                said[place, at, :4] = torch.tensor([x + w / 2, y + h / 2, w, h])
                said[place, at, 4], said[place, at, 5 + label] = confidence, 1.0
        return said, logits

    def _said(self, which: int) -> list[tuple[list[float], int, float]]:
        chance = random.Random(f"{which} {self.slip}")
        said = []
        for box, label in self._boxes[which]:
            slip = chance.random()
            if slip < self.slip / 3:
                continue
            wrong = slip < self.slip * 2 / 3
            moved = [part + chance.uniform(-1, 1) for part in box]
            said.append((moved, (label + wrong) % 6, 0.6 if wrong else chance.uniform(0.8, 0.99)))
        return said


def _look(images: torch.Tensor) -> torch.Tensor:
    """Pictures as few numbers: 8 by 8 cells of grey."""
    grey = images.float().mean(1, keepdim=True)
    return nn.functional.adaptive_avg_pool2d(grey, 8).flatten(1)


def _stock(images: Path, document: dict[str, Any]) -> list[tuple[torch.Tensor, list[Any]]]:
    import cv2

    found = []
    for image in document["images"]:
        pixels = cv2.imread(str(images / image["file_name"]))
        tensor = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
        boxes = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        found.append((tensor, boxes))
    return found


def _draw(folder: Path, error_rate: float) -> DrawnDataset:
    return draw_detection_dataset(folder, train=TRAIN, val=VAL, size=SIZE, error_rate=error_rate)


def _train(
    folder: Path,
    tables: list[Table],
    truth: Drawn,
    root: str,
    *,
    rate: float,
    slips: tuple[float, ...],
) -> None:
    callback = DetectionMetricsCollectionCallback(
        PROJECT,
        run_name=folder.name,
        run_description="yolox_n that is told what is drawn",
        metrics_collection_epochs=[0, 1],
        pipeline_params={"conf": 0.1},
        collect_embeddings=True,
        embeddings_method="pca",
        dataloader_args={"num_workers": 0},
        root_url=root,
        on_error="raise",
    )
    datasets = [
        DetectionDataset(
            table,
            transforms=detection_transforms(SIZE, augment=False),
            ignore_empty_annotations=False,
            verbose=False,
        )
        for table in tables
    ]
    loaders = [
        DataLoader(each, batch_size=8, num_workers=0, collate_fn=DetectionCollateFN())
        for each in datasets
    ]
    torch.manual_seed(0)
    model: Any = models.get("yolox_n", num_classes=6)
    model.register_forward_hook(truth.hook)
    params = {**_params(rate, len(slips)), "phase_callbacks": [_slipping(truth, slips), callback]}
    Trainer(folder.name, ckpt_root_dir=str(folder)).train(model, params, *loaders)


def _slipping(truth: Drawn, slips: tuple[float, ...]) -> Callback:
    class Slipping(Callback):
        """Sets how often the network slips in this epoch."""

        def on_train_loader_start(self, context: Any) -> None:
            truth.slip = slips[context.epoch]

    return Slipping()


def _params(rate: float, epochs: int) -> dict[str, Any]:
    metric: Callable[..., Any] = DetectionMetrics_050
    return {
        "max_epochs": epochs,
        "max_train_batches": 1,
        "lr_mode": "CosineLRScheduler",
        "cosine_final_lr_ratio": 0.1,
        "lr_warmup_epochs": 0,
        "initial_lr": rate,
        "optimizer": "AdamW",
        "loss": YoloXDetectionLoss(strides=[8, 16, 32], num_classes=6),
        "valid_metrics_list": [
            metric(
                num_cls=6,
                normalize_targets=True,
                post_prediction_callback=YoloXPostPredictionCallback(conf=0.1, iou=0.65),
            )
        ],
        "metric_to_watch": "mAP@0.50",
        "greater_metric_to_watch_is_better": True,
        "silent_mode": True,
        "average_best_models": False,
        "save_model": False,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
