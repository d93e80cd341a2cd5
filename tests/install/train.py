"""A small real training with the callback, run in an environment that a user installed.

Takes a folder to work in; prints the URL of the Run.
"""

import os
import sys
from pathlib import Path


def main(folder: Path) -> None:
    os.environ.setdefault("SUPER_GRADIENTS_LOG_DIR", str(folder / "logs"))
    import torch
    from super_gradients.training import Trainer, models
    from super_gradients.training.losses import PPYoloELoss
    from super_gradients.training.transforms import (
        DetectionStandardize,
        DetectionTargetsFormatTransform,
    )
    from super_gradients.training.utils.collate_fn import DetectionCollateFN

    import samplewise as sw
    from samplewise.demo.scenes import draw_detection_dataset
    from samplewise.integration.super_gradients import (
        DetectionDataset,
        DetectionMetricsCollectionCallback,
    )

    def collate(samples: list) -> tuple:
        images, targets = DetectionCollateFN()(samples)
        return images.contiguous(), targets  # channels-last ones crash torch, see `doctor`

    torch.set_num_threads(2)
    drawn = draw_detection_dataset(folder / "scenes", train=16, val=8, size=96)
    tables = [
        sw.Table.from_coco(
            split.labels,
            split.images,
            table_name="initial",
            dataset_name=split.name,
            project_name="install",
            root_url=str(folder / "store"),
        )
        for split in drawn.splits
    ]
    loaders = [
        torch.utils.data.DataLoader(
            DetectionDataset(
                table,
                input_dim=(96, 96),
                transforms=[
                    DetectionStandardize(255.0),
                    DetectionTargetsFormatTransform(
                        input_dim=(96, 96), output_format="LABEL_CXCYWH"
                    ),
                ],
            ),
            batch_size=8,
            collate_fn=collate,
        )
        for table in tables
    ]
    callback = DetectionMetricsCollectionCallback(
        project_name="install", run_name="first", dataloader_args={"num_workers": 0}
    )
    os.environ["SAMPLEWISE_ROOT"] = str(folder / "store")
    classes = len(loaders[0].dataset.classes)
    Trainer("install", ckpt_root_dir=str(folder / "checkpoints")).train(
        models.get("yolo_nas_s", num_classes=classes, pretrained_weights=None),
        {
            "max_epochs": 1,
            "initial_lr": 1e-3,
            "optimizer": "AdamW",
            "loss": PPYoloELoss(num_classes=classes),
            "valid_metrics_list": [],
            "metric_to_watch": "PPYoloELoss/loss",
            "greater_metric_to_watch_is_better": False,
            "average_best_models": False,
            "phase_callbacks": [callback],
        },
        *loaders,
    )
    run = sw.Run.from_names("first", "install", str(folder / "store"))
    assert run.status == "completed", run.error
    counted = run.sql("select split, count(*) as images from metrics group by split order by split")
    assert counted.to_pydict() == {"split": ["train", "val"], "images": [16, 8]}, counted
    print(run.url)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
