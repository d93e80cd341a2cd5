"""Label errors that are planted in copies of labels, to learn what they look like."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from samplewise.metrics._ragged import offsets_of, owners
from samplewise.metrics.boxes import areas, iou_of_pairs
from samplewise.metrics.detection_batch import DetectionBatch

_RATE = 0.15
_TRIES = 16
WRONG_CLASS, BADLY_PLACED, MISSING, SPURIOUS = range(4)


@dataclass(frozen=True)
class PlantedErrors:
    """Labels with errors in them.

    Attributes:
        batch: The same predictions beside other labels, `t` of them.
        kind: What is wrong with each label: 0 its class, 1 its place, 3 it is none; -1: nothing,
            shape `(t,)`.
        removed: Rows of the original labels that are not there any more, shape `(r,)`.
    """

    batch: DetectionBatch
    kind: Int[np.ndarray, " t"]
    removed: Int[np.ndarray, " r"]


def plant_errors(batch: DetectionBatch, rng: np.random.Generator) -> PlantedErrors:
    """Corrupt a share of the labels, each kind as often as the others.

    Args:
        batch: Labels that are mostly right.
        rng: What the errors are drawn from.
    """
    count = len(batch.ground_truth_boxes)
    kind = np.where(rng.random(count) < _RATE, rng.integers(0, 4, count), -1)
    kind[batch.is_crowd] = -1
    boxes, classes = batch.ground_truth_boxes.copy(), batch.ground_truth_labels.copy()
    extents = _extents(batch)
    image = owners(batch.ground_truth_offsets)

    swapped = np.flatnonzero(kind == WRONG_CLASS)
    known = np.unique(classes[~batch.is_crowd])
    if len(known) > 1:
        place = np.searchsorted(known, classes[swapped])
        classes[swapped] = known[(place + rng.integers(1, len(known), len(swapped))) % len(known)]
    else:
        kind[swapped] = -1
    moved = np.flatnonzero(kind == BADLY_PLACED)
    boxes[moved] = _move(boxes[moved], rng)

    extra_images = image[kind == SPURIOUS]  # the label stays; one that is none comes beside it
    kind[kind == SPURIOUS] = -1
    extra = _draw_where_it_is_empty(batch, extra_images, extents[extra_images], rng)
    removed = np.flatnonzero(kind == MISSING)
    kept = np.flatnonzero(kind != MISSING)
    order = np.argsort(np.concatenate([image[kept], extra_images]), kind="stable")
    all_boxes = np.concatenate([boxes[kept], extra])[order]
    n = len(batch.ground_truth_offsets) - 1
    extra_classes = rng.choice(known, len(extra)) if len(extra) else np.zeros(0, np.int64)
    planted = replace(
        batch,
        ground_truth_boxes=all_boxes,
        ground_truth_labels=np.concatenate([classes[kept], extra_classes])[order],
        ground_truth_offsets=offsets_of(
            np.bincount(np.concatenate([image[kept], extra_images]), minlength=n)
        ),
        ground_truth_areas=areas(all_boxes),
        is_crowd=np.concatenate([batch.is_crowd[kept], np.zeros(len(extra), bool)])[order],
    )
    kinds = np.concatenate([kind[kept], np.full(len(extra), SPURIOUS)])[order]
    return PlantedErrors(planted, kinds, removed)


def _extents(batch: DetectionBatch) -> Float[np.ndarray, "n 2"]:
    """How far the boxes of each image reach: its size is not known here, and need not be."""
    n = len(batch.ground_truth_offsets) - 1
    out = np.ones((n, 2))
    for boxes, offsets in (
        (batch.ground_truth_boxes, batch.ground_truth_offsets),
        (batch.predicted_boxes, batch.prediction_offsets),
    ):
        np.maximum.at(out, owners(offsets), np.nan_to_num(boxes[:, 2:], posinf=1.0))
    return out


def _move(boxes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Boxes of the same size that overlap with the old ones by 0.1 to 0.6 IoU."""
    wanted = rng.uniform(0.1, 0.6, len(boxes))
    angle = rng.uniform(0, 2 * np.pi, len(boxes))
    size = boxes[:, 2:] - boxes[:, :2]
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1) * size
    low, high = np.zeros(len(boxes)), np.full(len(boxes), 2.0)
    for _ in range(20):  # the overlap falls as the box goes away: halve the distance
        middle = (low + high) / 2
        shifted = boxes + np.tile(direction * middle[:, None], 2)
        is_near = iou_of_pairs(shifted, boxes) > wanted
        low, high = np.where(is_near, middle, low), np.where(is_near, high, middle)
    return boxes + np.tile(direction * high[:, None], 2)


def _draw_where_it_is_empty(
    batch: DetectionBatch, images: np.ndarray, extents: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """One box for each image, of sixteen that one that overlaps least with its labels."""
    count = len(images)
    size = rng.uniform(0.1, 0.4, (count, _TRIES, 2)) * extents[:, None]
    start = rng.uniform(0, 1, (count, _TRIES, 2)) * (extents[:, None] - size)
    tried = np.concatenate([start, start + size], axis=2)
    labels = np.diff(batch.ground_truth_offsets)[images]
    which = np.repeat(np.arange(count), labels)
    position = np.arange(len(which)) - np.repeat(np.cumsum(labels) - labels, labels)
    label = batch.ground_truth_offsets[images[which]] + position
    overlap = np.zeros((count, _TRIES))
    for i in range(_TRIES):
        u = iou_of_pairs(tried[which, i], batch.ground_truth_boxes[label])
        np.maximum.at(overlap[:, i], which, u)
    return tried[np.arange(count), overlap.argmin(axis=1)]
