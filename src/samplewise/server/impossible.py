"""Edited labels that no image can have: their numbers are refused before anything is written."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from samplewise.errors import InvalidArgumentError
from samplewise.schema import ColumnSchema
from samplewise.schema.boxes import BoundingBoxes2DSchema
from samplewise.schema.instances import EXTENT
from samplewise.schema.keypoints import Keypoints2DSchema
from samplewise.schema.masks import SegmentationMasksSchema
from samplewise.server import wire


def refuse_impossible(edit: wire.Edit, schema: ColumnSchema) -> None:
    """Look at the instances in an edit.

    Raises:
        InvalidArgumentError: A box has not four numbers or ends before it begins, a joint has no
            place or another visibility than 0, 1, 2, a polygon is no list of points.
    """
    check = next((check for kind, check in _CHECKS.items() if isinstance(schema, kind)), None)
    instances = edit.value.get("instances") if isinstance(edit.value, Mapping) else None
    if check is None or instances is None:
        return
    if not isinstance(instances, list):
        raise _refusal(edit, "`instances`", "be a list")
    for place, instance in enumerate(instances):
        if not isinstance(instance, Mapping):
            raise _refusal(edit, f"instance {place}", "be an object")
        check(edit, place, instance)


def _box(edit: wire.Edit, place: int, box: Mapping[str, Any]) -> None:
    sides = [box.get(side) for side in EXTENT]
    if not _are_numbers(sides):
        raise _refusal(edit, f"box {place}", f"have four numbers, {', '.join(EXTENT)}")
    x_min, y_min, x_max, y_max = sides
    if x_max < x_min or y_max < y_min:
        raise _refusal(edit, f"box {place}", "end where it begins or after that")


def _pose(edit: wire.Edit, place: int, pose: Mapping[str, Any]) -> None:
    for joint in pose.get("keypoints") or ():
        is_joint = isinstance(joint, Mapping) and _are_numbers([joint.get("x"), joint.get("y")])
        if not is_joint or joint.get("visibility") not in (0, 1, 2):
            raise _refusal(
                edit, f"pose {place}", "have joints with `x`, `y` and a `visibility` of 0, 1 or 2"
            )
    if pose.get("bounding_box") is not None:
        _box(edit, place, pose["bounding_box"])


def _mask(edit: wire.Edit, place: int, mask: Mapping[str, Any]) -> None:
    for ring in mask.get("polygons") or ():
        if not isinstance(ring, list) or len(ring) % 2 or not _are_numbers(ring):
            raise _refusal(edit, f"mask {place}", "have polygons as lists of x, y, x, y, ...")


_CHECKS: Mapping[type[ColumnSchema], Callable[[wire.Edit, int, Mapping[str, Any]], None]] = {
    BoundingBoxes2DSchema: _box,
    Keypoints2DSchema: _pose,
    SegmentationMasksSchema: _mask,
}


def _are_numbers(values: Sequence[Any]) -> TypeGuard[Sequence[float]]:
    return all(isinstance(value, int | float) and math.isfinite(value) for value in values)


def _refusal(edit: wire.Edit, what: str, rule: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"`{edit.column}` of sample {edit.example_id}: {what} must {rule}.")
