"""A skeleton as the contract's `Keypoints2D.schema` tells it."""

from collections.abc import Mapping, Sequence
from typing import Any

from samplewise._arguments import is_integer, shorten
from samplewise.errors import SchemaError
from samplewise.schema.color import rainbow
from samplewise.schema.value_map import MapElement

_UNKNOWN = ("triangles", "triangle_attributes", "include_per_point_confidence")


def skeleton_fields(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a `Keypoints2DSchema`; those that are fields already stay as they are.

    Args:
        arguments: Among them may be `num_keypoints`; `lines` (flat: two joint indices a line);
            `point_attributes` and `line_attributes` (names, `MapElement`s or their fields);
            `include_per_point_visibility`, which asks for what is always stored;
            `per_instance_schemas`.

    Raises:
        SchemaError: Something has not as many entries as there are joints or lines, or cannot be
            stored: triangles, a confidence of each joint.
    """
    fields = dict(arguments)
    for name in _UNKNOWN:
        if fields.pop(name, None):
            raise SchemaError(
                f"`{name}` must be left out: a pose is stored as joints and lines.",
                hint="a confidence of the whole pose can be stored: add_instance(confidence=...)",
            )
    fields.pop("include_per_point_visibility", None)
    if extras := fields.pop("per_instance_schemas", None):
        fields["additional"] = {**extras, **(fields.get("additional") or {})}
    if (lines := fields.pop("lines", None)) is not None:
        fields["skeleton"] = _pairs(lines)
    _name(fields, "point_attributes", "joint_names", "point_colors")
    _name(fields, "line_attributes", "line_names", "line_colors")
    if (count := fields.pop("num_keypoints", None)) is not None:
        _check_count(fields, count)
        fields["joint_names"] = fields.get("joint_names") or tuple(map(str, range(count)))
    return fields


def _pairs(lines: Sequence[Any]) -> list[Sequence[Any]]:
    flat = list(lines)
    if not all(map(is_integer, flat)):
        return flat
    if len(flat) % 2:
        raise SchemaError(
            f"`lines` must have two joint indices for each line, but has {len(flat)} in all."
        )
    return [flat[start : start + 2] for start in range(0, len(flat), 2)]


def _name(fields: dict[str, Any], argument: str, names: str, colors: str) -> None:
    attributes = fields.pop(argument, None)
    if not attributes:
        return
    elements = [_element(each, argument) for each in attributes]
    fields.setdefault(names, tuple(each.internal_name for each in elements))
    if any(each.display_color for each in elements):
        chosen = rainbow(len(elements))
        shown = zip(elements, chosen, strict=True)
        fields.setdefault(colors, tuple(each.display_color or other for each, other in shown))


def _element(value: Any, argument: str) -> MapElement:
    if isinstance(value, MapElement):
        return value
    if isinstance(value, str):
        return MapElement(value)
    try:
        return MapElement(**value)
    except TypeError:
        raise SchemaError(
            f"`{argument}` must have names or `MapElement`s, but has {shorten(value)}."
        ) from None


def _check_count(fields: Mapping[str, Any], count: Any) -> None:
    if not is_integer(count) or count < 1:
        raise SchemaError(f"`num_keypoints` must be a positive integer, but is {shorten(count)}.")
    for name in ("joint_names", "flip_indices", "oks_sigmas", "point_colors"):
        if fields.get(name) and len(fields[name]) != count:
            raise SchemaError(
                f"`{name}` must have one entry for each of the {count} joints, "
                f"but has {len(fields[name])}."
            )
    joints = [joint for line in fields.get("skeleton") or () for joint in line]
    if wrong := [joint for joint in joints if not 0 <= joint < count]:
        raise SchemaError(f"`lines` must join joints 0 to {count - 1}, but has {wrong[0]}.")
