"""Draws a store with very many samples, of a few small images: for the dashboard's benchmark.

    python benchmarks/million.py FOLDER [--rows 1000000]

Project `million`, run `large` with one collection over Table `many`: seven metrics, boxes with
labels, kinds of errors and confidences, and a map in two dimensions. All of it is random, from one
seed; the images repeat.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import samplewise as sw
from samplewise.demo.scenes import draw_detection_dataset
from samplewise.metrics.detection import GROUND_TRUTH_KINDS, PREDICTION_KINDS
from samplewise.schema import (
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    ColumnSchema,
    EmbeddingSchema,
    Float,
    ImageSchema,
    Int,
    ListSchema,
)
from samplewise.schema.boxes import boxes_to_arrow

IMAGES = 48
SIZE = 96
CLUSTERS = 24
LABELS, PREDICTIONS = 2, 3  # of every image
CLASSES = {at: f"class {at:02d}" for at in range(80)}


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    draw_million(given.folder / "store", given.folder / "images", given.rows)


def draw_million(root: Path, images: Path, rows: int) -> None:
    """Draw the store.

    Args:
        root: Root of the store.
        images: Folder for the images; new.
        rows: How many samples.
    """
    drawn = draw_detection_dataset(images, train=1, val=IMAGES, size=SIZE)
    folder = next(split.images for split in drawn.splits if split.name == "val")
    paths = pa.array(sorted(str(path) for path in folder.iterdir()))
    rng = np.random.default_rng(0)
    table = sw.Table.from_dict(
        {
            "image": paths.take(pa.array(rng.integers(0, len(paths), rows))),
            "bbs": _boxes(rng, rows, LABELS, BoundingBoxes2DSchema(CLASSES)),
        },
        {"image": ImageSchema(), "bbs": BoundingBoxes2DSchema(CLASSES)},
        table_name="many",
        dataset_name="drawn",
        project_name="million",
        root_url=str(root),
    )
    with sw.Run.create("million", "large", f"{rows:,} samples", root_url=str(root)) as run:
        columns, schema = _metrics(rng, rows)
        run.add_metrics(columns, schema, table.url, epoch=0, split="val")


def _metrics(rng: np.random.Generator, rows: int) -> tuple[dict[str, Any], dict[str, ColumnSchema]]:
    predicted = BoundingBoxes2DSchema(
        CLASSES,
        additional={
            "confidence": Float(minimum=0.0, maximum=1.0),
            "error_kind": CategoricalLabelSchema(PREDICTION_KINDS),
        },
        writable=False,
    )
    cluster = rng.integers(0, CLUSTERS, rows)
    centres = rng.normal(size=(CLUSTERS, 2)) * 6
    quality = np.clip(rng.normal(0.4 + cluster / CLUSTERS / 2, 0.2), 0, 1)
    starts = pa.array(np.arange(rows + 1) * LABELS, pa.int32())
    missed = rng.random(rows * LABELS) < 0.1
    ratio = Float(minimum=0.0, maximum=1.0)
    columns = {
        "ap_50": quality,
        "f1": np.clip(quality + rng.normal(0, 0.1, rows), 0, 1),
        "recall": np.clip(quality + rng.normal(0, 0.15, rows), 0, 1),
        "mean_iou": 0.5 + quality / 2,
        "loss": rng.gamma(2, 1.5 - quality),
        "false_negatives": rng.poisson(1.5 - quality),
        "false_positives": rng.poisson(3 - 2 * quality),
        "ground_truth_kind": pa.ListArray.from_arrays(starts, pa.array(missed.astype(np.int64))),
        "bbs_predicted": _boxes(rng, rows, PREDICTIONS, predicted),
        "map": (centres[cluster] + rng.normal(size=(rows, 2))).astype(np.float32),
    }
    return columns, {
        "ap_50": replace(ratio, better="higher", prominence=9),
        **dict.fromkeys(["f1", "recall", "mean_iou"], ratio),
        "loss": Float(better="lower"),
        "false_negatives": Int(),
        "false_positives": Int(),
        "ground_truth_kind": ListSchema(CategoricalLabelSchema(GROUND_TRUTH_KINDS)),
        "bbs_predicted": predicted,
        "map": EmbeddingSchema(2),
    }


def _boxes(
    rng: np.random.Generator, rows: int, each: int, schema: BoundingBoxes2DSchema
) -> pa.StructArray:
    count = rows * each
    corner = rng.uniform(0, SIZE * 0.6, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(8, SIZE * 0.4, (count, 2))], axis=1)
    properties: dict[str, Any] = {"label": rng.integers(0, len(CLASSES), count)}
    if "confidence" in schema.properties:
        properties["confidence"] = rng.beta(2, 2, count)
        kinds = rng.choice(len(PREDICTION_KINDS), count, p=[0.6, 0.1, 0.1, 0.05, 0.05, 0.1, 0])
        properties["error_kind"] = kinds
    extents = np.tile([0.0, 0.0, SIZE, SIZE], (rows, 1))
    return boxes_to_arrow(boxes, np.arange(rows + 1) * each, properties, extents, schema)


if __name__ == "__main__":
    main()
