"""Columns of instances as Arrow, from flat arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.schema.instances import InstancesSchema


def instances_to_arrow(
    instances: pa.Array,
    offsets: np.ndarray,
    properties: Mapping[str, Any],
    extents: np.ndarray,
    schema: InstancesSchema,
) -> pa.StructArray:
    """Many images' instances as an Arrow column.

    Args:
        instances: Their geometry, `t` values.
        offsets: Image `i` has `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.
        properties: `t` values each; NaN in float arrays becomes null.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
        schema: The column's schema.
    """
    ends = pa.array(np.asarray(offsets), pa.int32())
    kind: Any = schema.arrow_type
    additional: Any = kind.field(kind.num_fields - 1).type
    lists = [
        pa.ListArray.from_arrays(ends, property_to_arrow(properties[f.name], f.type.value_type))
        for f in additional
    ]
    sides = [pa.array(np.ascontiguousarray(extents[:, i]), from_pandas=True) for i in range(4)]
    return pa.StructArray.from_arrays(
        [
            *sides,
            pa.ListArray.from_arrays(ends, instances),
            pa.StructArray.from_arrays(lists, fields=list(additional)),
        ],
        fields=list(kind),
    )


def property_to_arrow(values: Any, kind: pa.DataType) -> pa.Array:
    """Values of one property; NaN is null."""
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=values.dtype.kind == "f").cast(kind)
    return pa.array(values, kind)
