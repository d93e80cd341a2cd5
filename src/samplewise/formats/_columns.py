"""Columns of instances as Arrow, from flat arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.schema import Keypoints2DSchema
from samplewise.schema.instances import InstancesSchema
from samplewise.schema.ragged import instances_to_arrow

_JOINTS: Any = Keypoints2DSchema().instance_type
_BOX = _JOINTS.field("bounding_box").type
_POINT = _JOINTS.field("keypoints").type.value_type


def flat_to_arrow(
    geometry: pa.Array,
    offsets: np.ndarray,
    properties: Mapping[str, Any],
    extents: np.ndarray,
    schema: InstancesSchema,
) -> pa.StructArray:
    """Many images' instances as an Arrow column.

    Args:
        geometry: Of all of them, `t` values.
        offsets: Image `i` has `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.
        properties: `t` values each; NaN in float arrays becomes null.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
        schema: The column's schema.
    """
    values = {
        name: property_to_arrow(properties[name], kind.arrow_type)
        for name, kind in schema.properties.items()
    }
    return instances_to_arrow(geometry, offsets, values, extents, schema.arrow_type)


def property_to_arrow(values: Any, kind: pa.DataType) -> pa.Array:
    """Values of one property; NaN is null."""
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=values.dtype.kind == "f").cast(kind)
    return pa.array(values, kind)


def joints_to_arrow(joints: list[np.ndarray], boxes: np.ndarray) -> pa.StructArray:
    """Keypoints as the geometry of a `Keypoints2DSchema`.

    Args:
        joints: `x, y, visibility` of each instance, shape `(k, 3)`.
        boxes: Their boxes, `xyxy` pixels, shape `(n, 4)`.
    """
    flat = np.concatenate([np.zeros((0, 3)), *joints])
    ends = np.concatenate([[0], np.cumsum([len(points) for points in joints])])
    points = pa.StructArray.from_arrays(
        [
            pa.array(np.ascontiguousarray(flat[:, 0])),
            pa.array(np.ascontiguousarray(flat[:, 1])),
            pa.array(flat[:, 2].astype(np.int8)),
        ],
        fields=list(_POINT),
    )
    corners = [pa.array(np.ascontiguousarray(boxes[:, i])) for i in range(4)]
    return pa.StructArray.from_arrays(
        [
            pa.ListArray.from_arrays(pa.array(ends, pa.int32()), points),
            pa.StructArray.from_arrays(corners, fields=list(_BOX)),
        ],
        fields=list(_JOINTS),
    )
