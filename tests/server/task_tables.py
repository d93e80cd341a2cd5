"""Tables of each task in one store, drawn by code: project `tasks`, dataset and Table named alike.

`pose` (joints), `masks` (polygons, and run lengths of every third object), `maps` (class maps in
files, the last one stored as run lengths), `folders` (one class for each image).
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import samplewise as sw
from samplewise.demo.scenes import (
    DrawnSplit,
    draw_classification_dataset,
    draw_detection_dataset,
    draw_pose_dataset,
    draw_segmentation_dataset,
)
from samplewise.schema import ImageSchema
from samplewise.schema.masks import SemanticSegmentationSchema
from samplewise.schema.run_lengths import encode_mask

SAMPLES = 8


def draw_task_tables(folder: Path) -> Path:
    """Draw everything; returns the root of the store."""
    sizes: dict[str, Any] = {"train": SAMPLES, "val": 1, "size": 64}
    root = folder / "store"
    pose = draw_pose_dataset(folder / "pose", **sizes).train
    sw.Table.from_coco(pose.labels, pose.images, **_names("pose", root))
    boxes = draw_detection_dataset(folder / "masks", **sizes).train
    sw.Table.from_coco(_with_masks(boxes), boxes.images, **_names("masks", root))
    drawn = draw_segmentation_dataset(folder / "maps", **sizes)
    maps: list[Any] = [str(path) for path in sorted(drawn.train.labels.iterdir())]
    maps[-1] = np.asarray(Image.open(maps[-1]))
    sw.Table.from_dict(
        {"image": [str(path) for path in sorted(drawn.train.images.iterdir())], "mask": maps},
        {
            "image": ImageSchema(),
            "mask": SemanticSegmentationSchema(drawn.classes, ignore_label=255),
        },
        **_names("maps", root),
    )
    folders = draw_classification_dataset(folder / "folders", **sizes).train
    sw.Table.from_image_folder(folders.images, **_names("folders", root))
    return root


def _names(name: str, root: Path) -> dict[str, str]:
    names = {"table_name": name, "dataset_name": name, "project_name": "tasks"}
    return {**names, "root_url": str(root)}


def _with_masks(split: DrawnSplit) -> Path:
    """A copy of a file of boxes, each with a mask: a rhombus in it."""
    document = json.loads(split.labels.read_text())
    for place, annotation in enumerate(document["annotations"]):
        x, y, w, h = annotation["bbox"]
        ring = [x + w / 2, y, x + w, y + h / 2, x + w / 2, y + h, x, y + h / 2]
        annotation["segmentation"] = [ring]
        if place % 3 == 0:
            pixels = np.zeros((64, 64), bool)
            pixels[round(y) : round(y + h), round(x) : round(x + w)] = True
            annotation["segmentation"] = {"size": [64, 64], "counts": encode_mask(pixels)}
    path = split.labels.with_name("masks.json")
    path.write_text(json.dumps(document))
    return path
