"""Fine-tune YOLO-NAS on COCO128 in the manner of SuperGradients' own recipes, from Tables.

    python examples/finetune_coco128.py FOLDER

FOLDER holds `annotations.json` (COCO format) and `images/`. The model starts from random weights
unless `--pretrained coco` can download SuperGradients' own, or `--checkpoint` names a file.
"""

import argparse
from pathlib import Path
from typing import Any

from super_gradients.training import Trainer, models
from super_gradients.training.losses import PPYoloELoss
from super_gradients.training.metrics import DetectionMetrics_050
from super_gradients.training.models.detection_models.pp_yolo_e import (
    PPYoloEPostPredictionCallback,
)
from super_gradients.training.utils.collate_fn import DetectionCollateFN
from torch.utils.data import DataLoader

import samplewise as sw
from samplewise.integration.super_gradients import (
    DetectionDataset,
    DetectionMetricsCollectionCallback,
)

HELD_OUT = 16  # COCO128 has no validation split of its own


def main() -> None:
    """Import, train, and say where the Run is."""
    given = arguments()
    train_table, val_table = tables(given.folder)
    size = given.image_size
    train_loader = loader(train_table, train_transforms(size), size, shuffle=True)
    val_loader = loader(val_table, val_transforms(size), size, shuffle=False)
    classes = len(train_loader.dataset.classes)
    model = models.get(
        given.model,
        num_classes=classes,
        pretrained_weights=given.pretrained,
        checkpoint_path=given.checkpoint,
    )
    callback = DetectionMetricsCollectionCallback(
        project_name="coco128",
        metrics_collection_epochs=[0],
        pipeline_params={"conf": 0.1},
        collect_embeddings=True,
        dataloader_args={"num_workers": 2},
    )
    trainer = Trainer("coco128", ckpt_root_dir=given.checkpoints)
    trainer.train(model, params(given, classes, callback), train_loader, val_loader)
    print(callback.run.sql(WORST).to_pandas().to_string(index=False))


WORST = """
select example_id, n_ground_truths, true_positives, false_positives, false_negatives, f1, image
from metrics where split = 'train' and epoch = (select max(epoch) from metrics)
order by f1 nulls last, false_negatives desc limit 10
"""


def tables(folder: Path) -> tuple[sw.Table, sw.Table]:
    """One Table for all images; two revisions of it that leave some of them out."""
    everything = sw.Table.from_coco(
        folder / "annotations.json",
        folder / "images",
        dataset_name="coco128",
        project_name="coco128",
        aliases={"COCO128": str(folder)},  # the images may move: set SAMPLEWISE_ALIAS_COCO128
    )
    count = len(everything) - min(HELD_OUT, len(everything) // 2)
    return (
        revision(everything, "train", leave_out=range(count, len(everything))),
        revision(everything, "val", leave_out=range(count)),
    )


def revision(table: sw.Table, name: str, leave_out: range) -> sw.Table:
    """The revision of that name, made at the first time."""
    try:
        return sw.Table.from_names(name, "coco128", "coco128")
    except LookupError:
        return table.delete_rows(leave_out, name, description=f"the {name} split")


def loader(
    table: sw.Table, transforms: list[dict[str, Any]], size: int, *, shuffle: bool
) -> DataLoader:
    """SuperGradients' loader on our dataset."""
    dataset = DetectionDataset(
        table, input_dim=(size, size), transforms=transforms, ignore_empty_annotations=False
    )
    return DataLoader(
        dataset,
        batch_size=16,
        shuffle=shuffle,
        drop_last=shuffle,
        num_workers=2,
        collate_fn=DetectionCollateFN(),
    )


def train_transforms(size: int) -> list[dict[str, Any]]:
    """As in SuperGradients' `coco_detection_yolo_nas_dataset_params.yaml`."""
    shape = [size, size]
    return [
        {"DetectionRandomAffine": {"degrees": 0, "translate": 0.25, "scales": [0.5, 1.5],
                                   "shear": 0.0, "target_size": shape,
                                   "filter_box_candidates": True,
                                   "wh_thr": 2, "area_thr": 0.1, "ar_thr": 20}},
        {"DetectionRGB2BGR": {"prob": 0.5}},
        {"DetectionHSV": {"prob": 0.5, "hgain": 18, "sgain": 30, "vgain": 30}},
        {"DetectionHorizontalFlip": {"prob": 0.5}},
        *val_transforms(size),
    ]  # fmt: skip


def val_transforms(size: int) -> list[dict[str, Any]]:
    """Pad, standardize, and hand targets over as the loss wants them."""
    shape = [size, size]
    return [
        {"DetectionPaddedRescale": {"input_dim": shape, "pad_value": 114}},
        {"DetectionStandardize": {"max_value": 255.0}},
        {"DetectionTargetsFormatTransform": {"input_dim": shape, "output_format": "LABEL_CXCYWH"}},
    ]


def params(given: argparse.Namespace, classes: int, callback: Any) -> dict[str, Any]:
    """As in SuperGradients' `coco2017_yolo_nas_train_params.yaml`, for few epochs."""
    return {
        "max_epochs": given.epochs,
        "lr_mode": "CosineLRScheduler",
        "initial_lr": 5e-4,
        "cosine_final_lr_ratio": 0.1,
        "warmup_mode": "LinearEpochLRWarmup",
        "lr_warmup_epochs": 1,
        "optimizer": "AdamW",
        "optimizer_params": {"weight_decay": 1e-5},
        "zero_weight_decay_on_bias_and_bn": True,
        "ema": True,
        "ema_params": {"decay": 0.9, "decay_type": "threshold"},
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
        "phase_callbacks": [callback],
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="holds annotations.json and images/")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--image-size", type=int, default=320)
    parser.add_argument("--model", default="yolo_nas_s")
    parser.add_argument("--pretrained", choices=["coco"], help="download SuperGradients' weights")
    parser.add_argument("--checkpoint", help="start from this file")
    parser.add_argument("--checkpoints", default="checkpoints", help="where weights are written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
