"""A store that is drawn by code, without any training: for tests of the server and of its pages.

Project `demo`: Tables `val` and its revision `val_0000` in dataset `scenes`, `train`; run `first`
(three epochs on val, one on train, embeddings and a map), run `second` (one epoch on the revision,
no embeddings), run `broken` that failed before it collected anything.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import samplewise as sw
from samplewise.demo.scenes import draw_detection_dataset
from samplewise.metrics.detection import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    DetectionBatch,
    detection_metrics,
)
from samplewise.schema import (
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    ColumnSchema,
    EmbeddingSchema,
    Float,
    Int,
    ListSchema,
)
from samplewise.schema.boxes import boxes_from_arrow, boxes_to_arrow
from samplewise.schema.instances import LABEL

PROJECT, DATASET = "demo", "scenes"
VAL, TRAIN = 24, 12
EPOCHS = (0, 2, 4)
DIMENSIONS = 16

_SCALARS = ("true_positives", "false_positives", "false_negatives")
_RATIOS = ("precision", "recall", "f1", "mean_iou", "ap_50", "ap_50_95")


def draw_store(root: Path, images: Path, *, val: int = VAL, train: int = TRAIN) -> None:
    """Draw the store.

    Args:
        root: Root of the store.
        images: Folder for the images; new.
        val: Number of samples of Table `val`.
        train: Number of samples of Table `train`.
    """
    drawn = draw_detection_dataset(images, train=train, val=val, size=64)
    tables = {
        split.name: sw.Table.from_coco(
            split.labels,
            split.images,
            table_name=split.name,
            dataset_name=DATASET,
            project_name=PROJECT,
            root_url=str(root),
        )
        for split in drawn.splits
    }
    revision = tables["val"].delete_rows([3], description="without a blurred one")
    _first_run(root, tables)
    with sw.Run.create(
        PROJECT, "second", "after the edit", {"lr": 0.01}, root_url=str(root)
    ) as run:
        run.log({"loss": 0.4, "mAP@0.50": 0.8}, epoch=0, split="val")
        _collect(run, revision, "val", 0, noise=2.0)
    broken = sw.Run.create(PROJECT, "broken", "ran out of memory", root_url=str(root))
    broken.close("failed", error="RuntimeError: out of memory")


def _first_run(root: Path, tables: Mapping[str, sw.Table]) -> None:
    parameters = {"training": {"optimizer": "SGD", "lr": 0.1}, "batch_size": 8, "ema": True}
    with sw.Run.create(PROJECT, "first", "drawn", parameters, root_url=str(root)) as run:
        for epoch in range(5):
            values = {"loss": 2 / (epoch + 1), "mAP@0.50": epoch / 5}
            run.log(values, epoch=epoch, split="val")
            run.log({"loss": 1.5 / (epoch + 1)}, epoch=epoch, split="train")
        for epoch in EPOCHS:
            _collect(run, tables["val"], "val", epoch, noise=8.0 - epoch, embeds=True)
        _collect(run, tables["train"], "train", EPOCHS[-1], noise=3.0, embeds=True)
        run.reduce_embeddings("pca", progress=False)


def _collect(
    run: sw.Run, table: sw.Table, split: str, epoch: int, *, noise: float, embeds: bool = False
) -> None:
    """One collection, of labels that were moved about in place of predictions."""
    rng = np.random.default_rng([epoch, len(table)])
    columns, schema = _detections(table, rng, noise)
    if embeds:
        clusters = rng.normal(size=(3, DIMENSIONS)) * 4
        near = clusters[np.arange(len(table)) % 3]
        columns["embedding"] = (near + rng.normal(size=near.shape)).astype(np.float32)
        schema["embedding"] = EmbeddingSchema(DIMENSIONS)
    run.add_metrics(columns, schema, table.url, epoch=epoch, split=split)
    done = {"epoch": epoch, "split": split, "table": table.url, "rows": len(table)}
    run.add_collection({**done, "failed_rows": 0, "duration_s": 0.5, "error": None})


def _detections(
    table: sw.Table, rng: np.random.Generator, noise: float
) -> tuple[dict[str, Any], dict[str, ColumnSchema]]:
    labels = boxes_from_arrow(table.get_column_as_pyarrow_array("bbs"))
    kept = rng.random(len(labels.boxes)) > noise / 40
    offsets = np.concatenate([[0], np.cumsum(kept)])[labels.offsets]
    boxes = (labels.boxes + rng.normal(0, noise / 4, labels.boxes.shape))[kept]
    boxes = np.concatenate([boxes[:, :2], np.maximum(boxes[:, 2:], boxes[:, :2] + 1)], axis=1)
    truth = labels.integers(LABEL, -1)
    classes = np.array(sorted(set(truth.tolist())))
    guessed = np.where(rng.random(len(truth)) < noise / 30, rng.choice(classes, len(truth)), truth)
    batch = DetectionBatch(
        prediction_offsets=offsets,
        predicted_boxes=boxes,
        predicted_labels=guessed[kept],
        confidences=rng.uniform(0.2, 1.0, len(boxes)),
        ground_truth_offsets=labels.offsets,
        ground_truth_boxes=labels.boxes,
        ground_truth_labels=truth,
        is_crowd=np.zeros(len(truth), bool),
        ground_truth_areas=(labels.boxes[:, 2:] - labels.boxes[:, :2]).prod(axis=1),
    )
    found = detection_metrics(batch)
    schema = BoundingBoxes2DSchema(
        table.get_simple_value_map("bbs.instances_additional_data.label") or {},
        additional={
            "confidence": Float(minimum=0.0, maximum=1.0),
            "iou": Float(minimum=0.0, maximum=1.0),
            "matched_ground_truth": Int(),
            "error_kind": CategoricalLabelSchema(PREDICTION_KINDS),
        },
        writable=False,
    )
    matched = found.matched_ground_truth
    properties = {
        LABEL: guessed[kept],
        "confidence": batch.confidences,
        "iou": found.iou,
        "matched_ground_truth": pa.array(matched.data, mask=np.ma.getmaskarray(matched)),
        "error_kind": found.prediction_kind,
    }
    starts = pa.array(labels.offsets, pa.int32())
    kinds = pa.ListArray.from_arrays(starts, pa.array(found.ground_truth_kind, pa.int64()))
    columns = {
        **{name: getattr(found, name) for name in (*_SCALARS, *_RATIOS)},
        "ground_truth_kind": kinds,
        "bbs_predicted": boxes_to_arrow(boxes, offsets, properties, labels.extents, schema),
    }
    ratio = Float(minimum=0.0, maximum=1.0)
    return columns, {
        **{name: Int() for name in _SCALARS},
        **dict.fromkeys(_RATIOS, ratio),
        "ground_truth_kind": ListSchema(CategoricalLabelSchema(GROUND_TRUTH_KINDS)),
        "bbs_predicted": schema,
    }
