"""Boxes: how large they are, and which of them are hardly right."""

import numpy as np
import pyarrow as pa

from samplewise.schema.boxes import boxes_from_arrow
from samplewise.schema.column import ColumnSchema
from samplewise.server import wire
from samplewise.server.statistics.counting import (
    Labelled,
    drop_empty,
    histogram,
    tally,
)

_TINY = 4.0  # pixels
_SAME = 0.9  # IoU of two boxes that are one object labelled twice


def boxes(column: pa.Array, example_ids: np.ndarray, _: ColumnSchema) -> wire.Statistics:
    """What can be said of a column of boxes."""
    flat = boxes_from_arrow(column)
    things = Labelled.of(flat, example_ids)
    sizes = flat.sizes[things.samples]
    return wire.Statistics(
        samples=len(things.counts),
        instances=len(flat),
        classes=things.classes(),
        histograms={
            "instances": tally(things.counts),
            **_histograms(flat.boxes, sizes),
        },
        checks=_checks(things, flat.boxes, sizes),
    )


def _histograms(boxes: np.ndarray, sizes: np.ndarray) -> dict[str, wire.Histogram]:
    """What is measured of boxes; the aspect on a scale of powers of two."""
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        aspect = np.log2(width / height)
        area = np.sqrt(width * height / sizes.prod(axis=1))
    measured = {"width": width, "height": height, "aspect": aspect, "area": area}
    return {name: histogram(values) for name, values in measured.items()}


def _checks(things: Labelled, boxes: np.ndarray, sizes: np.ndarray) -> list[wire.Check]:
    """Boxes that are hardly right."""
    sides = boxes[:, 2:] - boxes[:, :2]
    tiny = np.minimum(*sides.T) < _TINY
    outside = np.any(boxes[:, :2] < -0.5, axis=1) | np.any(boxes[:, 2:] > sizes + 0.5, axis=1)
    return drop_empty(
        [
            things.check(
                "Labelled twice",
                "Two boxes of one class on one object (IoU above 0.9).",
                _twice(things, boxes),
            ),
            things.check(
                "Tiny",
                f"Less than {_TINY:.0f} pixels wide or high.",
                tiny,
            ),
            things.check(
                "Out of the image",
                "A box that reaches over the border of its image.",
                np.asarray(outside),
            ),
            things.without_class("A box"),
            things.empty("boxes"),
        ]
    )


def _twice(things: Labelled, boxes: np.ndarray) -> np.ndarray:
    """Whether a box has another one of its class in its place; neighbours in order of place."""
    order = np.lexsort((boxes[:, 0], things.labels, things.samples))
    ordered, wrong = boxes[order], np.zeros(len(order), bool)
    group = np.stack([things.samples, things.labels], axis=1)[order]
    for step in (1, 2):
        same = (group[step:] == group[:-step]).all(axis=1)
        twins = same & (_iou(ordered[step:], ordered[:-step]) > _SAME)
        wrong[order[step:][twins]] = True
    return wrong


def _iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Overlap of boxes pair by pair, shape `(m,)`."""
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1)
    union = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1) - shared
    return np.divide(shared, union, out=np.zeros(len(a)), where=union > 0)
