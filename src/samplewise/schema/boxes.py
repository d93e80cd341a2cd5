"""Columns of bounding boxes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema
from samplewise.schema.foreign import as_floats
from samplewise.schema.instances import (
    EXTENT,
    Instances,
    InstancesSchema,
    extent_of,
    read_extent,
    read_properties,
)
from samplewise.schema.ragged import (
    Ragged,
    RaggedInstances,
    corners_of,
    instances_from_arrow,
    instances_to_arrow,
)
from samplewise.schema.value_map import Classes
from samplewise.schema.violations import Violation, check_boxes

BOX_TYPE = pa.struct([(side, pa.float64()) for side in EXTENT])


@dataclass(frozen=True)
class BoundingBoxes2DSchema(InstancesSchema):
    """Axis-aligned boxes in one image, `xyxy` pixels.

    Corners are float64, so that no label file loses a digit.
    """

    kind: ClassVar[str] = "bounding_boxes_2d"
    role: ClassVar[str] = "boxes"
    _expectation: ClassVar[str] = "boxes, each with x_min, y_min, x_max and y_max"
    _thing: ClassVar[str] = "box"
    _things: ClassVar[str] = "boxes"

    @property
    def instance_type(self) -> pa.DataType:
        return BOX_TYPE

    def geometry_violations(self, flat: RaggedInstances) -> list[Violation]:
        return check_boxes(corners_of(flat.geometry))

    def to_sample(self, value: Any) -> Any:
        return None if value is None else BoundingBoxes2D.from_stored(value)


@dataclass
class BoundingBoxes2D(Instances):
    """Boxes in one image, in sample form.

    Args:
        boxes: `xyxy` pixels, shape `(n, 4)`.
    """

    boxes: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))

    def __post_init__(self) -> None:
        boxes = as_floats(self.boxes, "boxes")
        if boxes.size % 4 or (boxes.size and boxes.shape[-1] != 4):
            raise SchemaError(f"`boxes` must have shape (n, 4), but has {boxes.shape}.")
        self.boxes = boxes.reshape(-1, 4)

    @classmethod
    def create_empty(cls, image_width: float | None, image_height: float | None) -> Self:
        """No boxes in an image of that size in pixels."""
        return cls(extent_of(image_width, image_height))

    def add_instance(self, box: Any, label: int | None = None, **properties: Any) -> None:
        """Add one box.

        Args:
            box: `x_min, y_min, x_max, y_max` in pixels.
            label: Class id.
            properties: Further properties, such as `confidence=0.9`.

        Raises:
            SchemaError: `box` has not four numbers.
        """
        row = as_floats(box, "box")
        if row.shape != (4,):
            raise SchemaError(f"`box` must be four numbers (xyxy), but has shape {row.shape}.")
        self._append_properties(len(self.boxes), {"label": label, **properties})
        self.boxes = np.vstack([self.boxes, row])

    @staticmethod
    def schema(
        classes: Classes = (), *, additional: Mapping[str, ColumnSchema] | None = None
    ) -> BoundingBoxes2DSchema:
        """Schema of a column of such values."""
        return BoundingBoxes2DSchema(classes, additional=additional or {})

    def __len__(self) -> int:
        return len(self.boxes)

    def to_stored(self) -> dict[str, Any]:
        """As a dict of plain values."""
        return self._as_stored([dict(zip(EXTENT, row, strict=True)) for row in self.boxes.tolist()])

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_stored`."""
        rows = [[box[side] for side in EXTENT] for box in stored["instances"] or ()]
        return cls(read_extent(stored), read_properties(stored), np.array(rows, np.float64))


@dataclass(frozen=True)
class RaggedBoxes(Ragged):
    """The boxes of many images, flat.

    Args:
        boxes: All boxes, `xyxy` pixels, float64, shape `(t, 4)`.
    """

    boxes: np.ndarray

    def where(self, keep: np.ndarray) -> Self:
        """Only some boxes; the images stay.

        Args:
            keep: Bool, shape `(t,)`.
        """
        kept_before = np.concatenate([[0], np.cumsum(keep)]).astype(np.int64)
        mask = pa.array(keep)
        properties = {name: values.filter(mask) for name, values in self.properties.items()}
        return replace(
            self,
            boxes=self.boxes[keep],
            offsets=kept_before[self.offsets],
            properties=properties,
        )


def boxes_to_arrow(
    boxes: np.ndarray,
    offsets: np.ndarray,
    properties: Mapping[str, Any],
    extents: np.ndarray,
    schema: BoundingBoxes2DSchema,
) -> pa.StructArray:
    """Many images' boxes as an Arrow column; see `RaggedBoxes` for the shapes.

    Properties that the schema has and `properties` has not become null.
    """
    corners = np.asarray(boxes, np.float64).reshape(-1, 4)
    geometry = pa.StructArray.from_arrays(
        [pa.array(np.ascontiguousarray(corners[:, i])) for i in range(4)], fields=list(BOX_TYPE)
    )
    given = {
        name: _values(properties[name], kind.arrow_type)
        for name, kind in schema.properties.items()
        if properties.get(name) is not None
    }
    return instances_to_arrow(geometry, offsets, given, extents, schema.arrow_type)


def boxes_from_arrow(column: pa.Array | pa.ChunkedArray) -> RaggedBoxes:
    """An Arrow column of boxes as flat arrays. A null value counts as an image without boxes."""
    flat = instances_from_arrow(column)
    return RaggedBoxes(flat.offsets, flat.properties, flat.extents, corners_of(flat.geometry))


def _values(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=False)
    return pa.array(values, kind)
