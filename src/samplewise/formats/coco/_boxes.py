"""Boxes of a COCO file: `x, y, width, height` to corners, and boxes that are missing."""

from itertools import chain
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from samplewise.formats._box_forms import around
from samplewise.formats.coco._entry import Entries, holding
from samplewise.formats.coco._file import CocoFile, show_id
from samplewise.formats.coco._masks import box_around
from samplewise.formats.import_report import TURNED, Findings

_NO_BOX = [np.nan] * 4


def read_boxes(
    file: CocoFile, items: list[Raw], entries: Entries, sizes: np.ndarray, findings: Findings
) -> np.ndarray:
    """Boxes of annotations, `xyxy` pixels, shape `(n, 4)`; NaN where there is none.

    A box that is missing or has numbers that are not finite is drawn around the mask, else around
    the labelled keypoints.

    Args:
        file: Their file, for errors.
        items: The annotations, undecoded, `n` of them.
        entries: Their fields.
        sizes: Width and height of the image of each, NaN where unknown, shape `(n, 2)`.
        findings: Counts what is repaired.

    Raises:
        FormatError: A box has not four numbers.
    """
    boxes = _corners(_numbers(file, items, entries.bbox), items, findings)
    for i in np.flatnonzero(~np.isfinite(boxes).all(axis=1)).tolist():
        mask, joints = entries.segmentation[i], entries.keypoints[i]
        boxes[i] = _round_as_files_do(
            np.array([_draw_box(items[i], mask, joints, sizes[i], findings)])
        )
    return boxes


def _numbers(file: CocoFile, items: list[Raw], given: tuple[Any, ...]) -> np.ndarray:
    """`x, y, width, height`, shape `(n, 4)`; NaN where a box or a number of it is missing."""
    boxes = [box or _NO_BOX for box in given] if not all(given) else given
    if set(map(len, boxes)) != {4}:
        place = next(i for i, box in enumerate(boxes) if len(box) != 4)
        raise file.error(
            f"must have four numbers (x, y, width, height) as `bbox` of annotation "
            f"{show_id(items[place])}, but has {len(boxes[place])}."
        )
    try:
        flat = np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes))
    except TypeError:  # null in a box
        flat = np.array(boxes, np.float64)
    return flat.reshape(-1, 4)


def _corners(xywh: np.ndarray, items: list[Raw], findings: Findings) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        boxes = np.hstack([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]])
    turned = np.flatnonzero((xywh[:, 2:] < 0).any(axis=1))
    findings.repair(TURNED, *_show_ids(items, turned), count=len(turned))
    low, high = boxes[turned, :2], boxes[turned, 2:]
    boxes[turned] = _round_as_files_do(np.hstack([np.minimum(low, high), np.maximum(low, high)]))
    return boxes


def _round_as_files_do(boxes: np.ndarray) -> np.ndarray:
    """The same boxes with the last digits that they have when they come out of a file."""
    low, high = boxes[:, :2], boxes[:, 2:]
    return np.hstack([low, low + (high - low)])


def _draw_box(
    item: Raw, mask: Raw, joints: Raw, size: np.ndarray, findings: Findings
) -> list[float]:
    has_mask, has_joints = holding((mask, joints))
    if has_mask and (box := box_around(mask, size)) is not None:
        findings.repair("annotations without a usable `bbox`: box around mask", show_id(item))
        return box
    if has_joints and (box := _around_joints(joints)) is not None:
        findings.repair("annotations without a usable `bbox`: box around keypoints", show_id(item))
        return box
    return _NO_BOX


def _around_joints(joints: Raw) -> list[float] | None:
    try:
        numbers = msgspec.json.decode(joints, type=list[float | None])
    except msgspec.ValidationError:
        return None  # refused with its id when the keypoints are read
    points = np.array(numbers[: len(numbers) // 3 * 3], np.float64).reshape(-1, 3)
    return around(points[(points[:, 2] > 0) & np.isfinite(points).all(axis=1), :2])


def _show_ids(items: list[Raw], places: np.ndarray) -> list[str]:
    return [show_id(items[i]) for i in places[:5].tolist()]
