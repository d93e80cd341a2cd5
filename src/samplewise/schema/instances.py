"""Columns that hold several things in one image: an extent, the things, and their properties.

Stored as a struct of lists: the image's extent (`x_min`, `y_min`, `x_max`, `y_max`, pixels),
`instances` (the geometry, one struct each) and `instances_additional_data` (one list per property,
each as long as `instances`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema, shorten
from samplewise.schema.ragged import (
    ADDITIONAL,
    CONFIDENCE,
    EXTENT,
    LABEL,
    RaggedInstances,
    fields_of,
    instances_from_arrow,
    instances_to_arrow,
)
from samplewise.schema.scalars import CategoricalLabelSchema, Float, Int, first_of
from samplewise.schema.value_map import Classes
from samplewise.schema.violations import Tally, Violation, find_first_broken, out_of_bounds


@dataclass(frozen=True)
class InstancesSchema(ColumnSchema):
    """Base of boxes, keypoints and masks.

    Args:
        classes: Names of the classes; makes the property `label`. Ids may have gaps.
        additional: Schemas of further properties of each instance, by name: `confidence`, `iou`.
            A `minimum` and a `maximum` are rules here; `confidence` is in [0, 1] without saying.
    """

    _expectation: ClassVar[str] = "a struct of instances"
    _thing: ClassVar[str] = "instance"
    """What one instance is called in errors."""
    _things: ClassVar[str] = "instances"
    classes: Classes = field(default_factory=dict)
    additional: Mapping[str, ColumnSchema] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        label = CategoricalLabelSchema(self.classes)
        object.__setattr__(self, "classes", label.classes)
        object.__setattr__(self, "additional", dict(self.additional))

    @property
    def instance_type(self) -> pa.DataType:
        """Arrow type of the geometry of one instance."""
        raise NotImplementedError

    @property
    def properties(self) -> dict[str, ColumnSchema]:
        """Schemas of all properties, `label` first."""
        return {LABEL: CategoricalLabelSchema(self.classes)} | dict(self.additional)

    def geometry_violations(self, flat: RaggedInstances) -> list[Violation]:
        """Instances whose geometry no image can have."""
        raise NotImplementedError

    @property
    def children(self) -> dict[str, ColumnSchema]:
        return {f"{ADDITIONAL}.{name}": schema for name, schema in self.properties.items()}

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.struct(
            [
                *((side, pa.float64()) for side in EXTENT),
                ("instances", pa.list_(self.instance_type)),
                (
                    ADDITIONAL,
                    pa.struct(
                        [
                            (name, pa.list_(schema.arrow_type))
                            for name, schema in self.properties.items()
                        ]
                    ),
                ),
            ]
        )

    def to_stored(self, value: Any) -> dict[str, Any]:
        stored = value.to_stored() if hasattr(value, "to_stored") else value
        if not isinstance(stored, Mapping) or "instances" not in stored:
            raise SchemaError(
                f"must hold `instances`, but is a {type(value).__name__}.",
                hint="pass a value of `samplewise.data_types`, or a dict in stored form",
            )
        self._refuse_other(stored["instances"])
        count = len(stored["instances"] or ())
        given = stored.get(ADDITIONAL) or {}
        properties = {
            name: self._property(name, schema, given.get(name), count)
            for name, schema in self.properties.items()
        }
        self._refuse_unknown(given)
        return {
            **{side: stored.get(side) for side in EXTENT},
            "instances": stored["instances"] or [],
            ADDITIONAL: properties,
        }

    def _refuse_other(self, instances: Any) -> None:
        """Instances are a list of dicts, before Arrow takes them apart."""
        if instances is not None and not isinstance(instances, list | tuple | np.ndarray):
            raise SchemaError(f"`instances` must be a list, but is {shorten(instances)}.")
        for place, instance in enumerate(instances if instances is not None else ()):
            if not isinstance(instance, Mapping):
                raise SchemaError(
                    f"{self._thing} {place} must be an object with names and values, "
                    f"but is {shorten(instance)}."
                )

    def _property(
        self, name: str, schema: ColumnSchema, values: Sequence[Any] | None, count: int
    ) -> list[Any]:
        if values is None:
            return [None] * count
        if len(values) != count:
            raise SchemaError(
                f"`{ADDITIONAL}.{name}` must have one value per instance ({count}), "
                f"but has {len(values)}."
            )
        # Whether a class is known is asked of all values at once, also of Arrow's.
        store = schema.as_id if isinstance(schema, CategoricalLabelSchema) else schema.to_stored
        return [None if value is None else store(value) for value in values]

    def to_arrow(self, values: Any, *, name: str, first_row: int = 0) -> pa.Array:
        array = super().to_arrow(values, name=name, first_row=first_row)
        self._refuse_uneven(array, name, first_row)
        flat = instances_from_arrow(array)
        _refuse_extents(flat.extents, name, first_row)
        found = find_first_broken(self._violations(flat))
        if found is not None:
            raise self._refusal(flat, *found, name, first_row)
        return array

    def predictions_to_arrow(self, values: Any, *, name: str, tally: Tally) -> pa.Array:
        array = super().to_arrow(values, name=name)
        self._refuse_uneven(array, name, 0)
        flat = instances_from_arrow(array)
        keep = tally.sift(self._violations(flat), self._things)
        return array if keep.all() else _where(array, flat, keep)

    def _violations(self, flat: RaggedInstances) -> list[Violation]:
        """All rules of the column, geometry first."""
        found = self.geometry_violations(flat)
        for name, schema in self.properties.items():
            if name not in flat.properties:
                continue
            there = flat.properties[name].is_valid().to_numpy(zero_copy_only=False)
            if schema.value_map:
                known = np.isin(flat.integers(name, 0), list(schema.value_map))
                rule = f"have the id of a class as `{name}`"
                found.append(Violation(rule, there & ~known, name))
            elif isinstance(schema, Float | Int):
                low, high = _bounds(name, schema)
                if low is not None or high is not None:
                    found += out_of_bounds(flat.numbers(name), there, low, high, name)
        return found

    def _refuse_uneven(self, array: pa.StructArray, name: str, first_row: int) -> None:
        """Properties have one value per instance, or none at all."""
        parts = fields_of(array)
        counts = parts["instances"].value_lengths().fill_null(0)
        for key, lists in fields_of(parts[ADDITIONAL]).items():
            wrong = pc.not_equal(lists.value_lengths(), counts).fill_null(False)  # pyright: ignore[reportAttributeAccessIssue]  # made when pyarrow loads
            for row in np.flatnonzero(wrong.to_numpy(zero_copy_only=False))[:1].tolist():
                raise SchemaError(
                    f"column `{name}`, row {first_row + row}: `{ADDITIONAL}.{key}` must have one "
                    f"value per instance ({counts[row]}), but has {len(lists[row])}."
                )

    def _refusal(
        self, flat: RaggedInstances, place: int, violation: Violation, name: str, first_row: int
    ) -> SchemaError:
        image = int(flat.images[place])
        part = violation.part
        value = (flat.geometry if part is None else flat.properties[part])[place].as_py()
        known = None if part is None else self.properties[part].value_map
        return SchemaError(
            f"column `{name}`, row {first_row + image}: {self._thing} "
            f"{place - flat.offsets[image]} must {violation.rule}, but is {shorten(value)}."
            if known is None
            else f"column `{name}`, row {first_row + image}: {self._thing} "
            f"{place - flat.offsets[image]} must {violation.rule}, but {value} is none of them.",
            hint=None if known is None else "the ids are " + first_of(map(str, known)),
        )

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        unknown = sorted(set(given) - set(self.properties))
        if unknown:
            raise SchemaError(
                f"`{ADDITIONAL}` must have only {', '.join(self.properties)}, "
                f"but has `{unknown[0]}`.",
                hint="name it in the schema: additional={'" + unknown[0] + "': Float()}",
            )


def _bounds(name: str, schema: Float | Int) -> tuple[float | None, float | None]:
    if name == CONFIDENCE and schema.minimum is None and schema.maximum is None:
        return 0.0, 1.0
    return schema.minimum, schema.maximum


def _refuse_extents(extents: np.ndarray, name: str, first_row: int) -> None:
    turned = (extents[:, 2:] < extents[:, :2]).any(axis=1)
    for row in np.flatnonzero(turned | np.isinf(extents).any(axis=1))[:1].tolist():
        raise SchemaError(
            f"column `{name}`, row {first_row + row}: the extent of the image must be finite and "
            f"end where it begins or after that, but is {extents[row].tolist()}."
        )


def _where(array: pa.StructArray, flat: RaggedInstances, keep: np.ndarray) -> pa.StructArray:
    """The same images with some of their instances."""
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    mask = pa.array(keep)
    return instances_to_arrow(
        flat.geometry.filter(mask),
        kept_before[flat.offsets],
        {name: values.filter(mask) for name, values in flat.properties.items()},
        flat.extents,
        array.type,
        null=array.is_null().to_numpy(zero_copy_only=False),
    )


@dataclass
class Instances:
    """Base of the sample forms: an image's extent, and properties of its instances.

    Args:
        extent: `x_min`, `y_min`, `x_max`, `y_max` of the image in pixels: `(0, 0, width, height)`.
        properties: One sequence per property, each with one value per instance.
    """

    extent: tuple[float | None, float | None, float | None, float | None]
    properties: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def labels(self) -> np.ndarray:
        """Class ids, int64, one per instance; -1 where an instance has none."""
        values = self.properties.get(LABEL, [])
        return np.array([-1 if value is None else value for value in values], np.int64)

    @property
    def image_width(self) -> float | None:
        """Width of the image in pixels."""
        return _length(self.extent[0], self.extent[2])

    @property
    def image_height(self) -> float | None:
        """Height of the image in pixels."""
        return _length(self.extent[1], self.extent[3])

    def _as_stored(self, instances: list[Any]) -> dict[str, Any]:
        return {
            **dict(zip(EXTENT, self.extent, strict=True)),
            "instances": instances,
            ADDITIONAL: dict(self.properties),
        }

    def _append_properties(self, count: int, properties: Mapping[str, Any]) -> None:
        for name in {*self.properties, *properties}:
            values = self.properties.setdefault(name, [None] * count)
            values.append(properties.get(name))


def extent_of(width: float | None, height: float | None) -> tuple[Any, Any, Any, Any]:
    """Extent of an image of that size."""
    return (None if width is None else 0.0, None if height is None else 0.0, width, height)


def read_extent(stored: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """Extent of a stored value."""
    return tuple(stored.get(side) for side in EXTENT)  # type: ignore[return-value]


def read_properties(stored: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Properties of a stored value, as lists of our own."""
    given = stored.get(ADDITIONAL) or {}
    return {name: list(values) for name, values in given.items() if values is not None}


def _length(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else high - low
