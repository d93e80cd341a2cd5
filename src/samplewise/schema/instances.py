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

from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema
from samplewise.schema.scalars import CategoricalLabelSchema
from samplewise.schema.value_map import Classes

EXTENT = ("x_min", "y_min", "x_max", "y_max")
ADDITIONAL = "instances_additional_data"
LABEL = "label"
CONFIDENCE = "confidence"


@dataclass(frozen=True)
class InstancesSchema(ColumnSchema):
    """Base of boxes, keypoints and masks.

    Args:
        classes: Names of the classes; makes the property `label`. Ids may have gaps.
        additional: Schemas of further properties of each instance, by name: `confidence`, `iou`.
    """

    _expectation: ClassVar[str] = "a struct of instances"
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
        return [None if value is None else schema.to_stored(value) for value in values]

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        unknown = sorted(set(given) - set(self.properties))
        if unknown:
            raise SchemaError(
                f"`{ADDITIONAL}` must have only {', '.join(self.properties)}, "
                f"but has `{unknown[0]}`.",
                hint="name it in the schema: additional={'" + unknown[0] + "': Float()}",
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

    def _stored(self, instances: list[Any]) -> dict[str, Any]:
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
