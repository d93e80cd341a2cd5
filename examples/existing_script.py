"""A training script for SuperGradients as it was before Samplewise, with one line added.

    python examples/existing_script.py FOLDER

FOLDER holds `annotations.json` (COCO format) and `images/`. Datasets, transforms and loaders are
SuperGradients' own; Samplewise makes its Table from the dataset by itself.
"""

import argparse
from pathlib import Path

from super_gradients.training import Trainer, models
from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
    COCOFormatDetectionDataset,
)
from super_gradients.training.losses import PPYoloELoss
from super_gradients.training.metrics import DetectionMetrics_050
from super_gradients.training.models.detection_models.pp_yolo_e import (
    PPYoloEPostPredictionCallback,
)
from super_gradients.training.transforms.transforms import (
    DetectionPaddedRescale,
    DetectionStandardize,
    DetectionTargetsFormatTransform,
)
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch.utils.data import DataLoader

from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback

parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
parser.add_argument("folder", type=Path, help="holds annotations.json and images/")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--image-size", type=int, default=320)
parser.add_argument("--model", default="yolo_nas_s")
parser.add_argument("--checkpoints", default="checkpoints", help="where weights are written")
given = parser.parse_args()
size = (given.image_size, given.image_size)

dataset = COCOFormatDetectionDataset(
    data_dir=str(given.folder),
    json_annotation_file="annotations.json",
    images_dir="images",
    with_crowd=False,
    input_dim=size,
    transforms=[
        DetectionPaddedRescale(input_dim=size),
        DetectionStandardize(max_value=255.0),
        DetectionTargetsFormatTransform(input_dim=size, output_format="LABEL_CXCYWH"),
    ],
)
train_loader = DataLoader(
    dataset, batch_size=16, shuffle=True, num_workers=2, collate_fn=DetectionCollateFN()
)
valid_loader = DataLoader(dataset, batch_size=16, num_workers=2, collate_fn=DetectionCollateFN())
classes = len(dataset.classes)

Trainer("existing-script", ckpt_root_dir=given.checkpoints).train(
    models.get(given.model, num_classes=classes),
    {
        "max_epochs": given.epochs,
        "lr_mode": "CosineLRScheduler",
        "initial_lr": 5e-4,
        "cosine_final_lr_ratio": 0.1,
        "optimizer": "AdamW",
        "loss": PPYoloELoss(use_static_assigner=False, num_classes=classes, reg_max=16),
        "valid_metrics_list": [
            DetectionMetrics_050(
                num_cls=classes,
                normalize_targets=True,
                post_prediction_callback=PPYoloEPostPredictionCallback(
                    score_threshold=0.01, nms_top_k=1000, max_predictions=300, nms_threshold=0.7
                ),
            )
        ],
        "metric_to_watch": "mAP@0.50",
        "greater_metric_to_watch_is_better": True,
        "phase_callbacks": [DetectionMetricsCollectionCallback()],  # the added line
    },
    train_loader,
    valid_loader,
)
