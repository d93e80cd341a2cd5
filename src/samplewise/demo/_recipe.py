"""How YOLO-NAS-S learns drawn scenes from nothing in two hundred steps."""

from collections.abc import Sequence
from typing import Any

from samplewise.demo.scenes import DrawnDataset, DrawnSplit

LEARNING_RATE = 3e-3  # fifteen times that of SuperGradients' own recipe, which has 300 epochs


# SuperGradients' 0.03 remembers a hundred steps: half of this training, when nothing was learned.
BATCH_NORM_MOMENTUM = 0.1


def detection_transforms(image_size: int, *, augment: bool) -> list[Any]:
    """SuperGradients' transforms: mirrored at random when training, then scaled and padded.

    Args:
        image_size: Side of the network's input, pixels; a multiple of 32.
        augment: For training.
    """
    from super_gradients.training.datasets.data_formats.default_formats import LABEL_CXCYWH
    from super_gradients.training.transforms import transforms

    mirror = [transforms.DetectionHorizontalFlip(prob=0.5)] if augment else []
    return [
        *mirror,
        transforms.DetectionPaddedRescale(input_dim=(image_size, image_size)),
        transforms.DetectionStandardize(max_value=255.0),
        transforms.DetectionTargetsFormatTransform(output_format=LABEL_CXCYWH),
    ]


def stock_datasets(dataset: DrawnDataset, image_size: int) -> tuple[Any, Any]:
    """SuperGradients' own datasets of the train and the val split."""
    train, val = dataset.splits
    return (
        _stock_dataset(dataset, train, detection_transforms(image_size, augment=True)),
        _stock_dataset(dataset, val, detection_transforms(image_size, augment=False)),
    )


def _stock_dataset(dataset: DrawnDataset, split: DrawnSplit, transforms: list[Any]) -> Any:
    from super_gradients.training.datasets.detection_datasets.coco_format_detection import (
        COCOFormatDetectionDataset,
    )

    return COCOFormatDetectionDataset(
        data_dir=str(dataset.folder),
        images_dir=str(split.images.relative_to(dataset.folder)),
        json_annotation_file=str(split.labels),
        all_classes_list=[dataset.classes[number] for number in sorted(dataset.classes)],
        with_crowd=False,  # a third item in each sample would need another collate function
        transforms=transforms,
        ignore_empty_annotations=False,
        verbose=False,
    )


def loader(dataset: Any, *, batch_size: int, shuffle: bool) -> Any:
    """Loads in the main process: drawn images decode in 2 % of the time of a training step."""
    from super_gradients.training.utils.collate_fn import DetectionCollateFN
    from torch.utils.data import DataLoader

    return DataLoader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        drop_last=shuffle and len(dataset) >= batch_size,
        collate_fn=DetectionCollateFN(),
    )


def training_params(
    *, classes: int, epochs: int, seed: int, callbacks: Sequence[Any], sg_logger: Any
) -> dict[str, Any]:
    """Arguments of `Trainer.train`."""
    from super_gradients.training.losses import PPYoloELoss

    return {
        "max_epochs": epochs,
        "initial_lr": LEARNING_RATE,
        "lr_mode": "CosineLRScheduler",
        "cosine_final_lr_ratio": 0.02,
        "warmup_mode": "LinearBatchLRWarmup",
        "warmup_initial_lr": LEARNING_RATE / 20,
        "lr_warmup_steps": 15,
        "optimizer": "AdamW",
        "optimizer_params": {"weight_decay": 1e-4, "fused": True},
        "zero_weight_decay_on_bias_and_bn": True,
        "ema": True,  # averages the statistics of batch normalisation, too noisy by themselves
        # The average must forget the first steps within two hundred, not within 300 epochs.
        "ema_params": {"decay": 0.9, "decay_type": "threshold"},
        "loss": PPYoloELoss(num_classes=classes, use_static_assigner=False),
        "valid_metrics_list": [_metric(classes)],
        "metric_to_watch": "mAP@0.50",
        "greater_metric_to_watch_is_better": True,
        "average_best_models": False,  # on by default; cannot load its checkpoints with torch 2.6
        "save_model": False,  # 250 MB each epoch; the last weights are saved once, by `train`
        "log_installed_packages": False,
        "silent_mode": True,
        "seed": seed,
        "phase_callbacks": list(callbacks),
        "sg_logger": sg_logger,
    }


def _metric(classes: int) -> Any:
    from super_gradients.training.metrics import DetectionMetrics_050
    from super_gradients.training.models.detection_models.pp_yolo_e import (
        PPYoloEPostPredictionCallback,
    )

    suppression = PPYoloEPostPredictionCallback(
        score_threshold=0.05, nms_threshold=0.6, nms_top_k=300, max_predictions=100
    )
    return DetectionMetrics_050(
        num_cls=classes,
        normalize_targets=True,
        post_prediction_callback=suppression,
        calc_best_score_thresholds=False,
    )
