"""Instances of many images in flat arrays, read from Arrow without a look at single values.

Every reader of stored instances starts here: statistics, exports, tasks and metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.schema.foreign import join_chunks

EXTENT = ("x_min", "y_min", "x_max", "y_max")
ADDITIONAL = "instances_additional_data"
LABEL = "label"
CONFIDENCE = "confidence"


@dataclass(frozen=True)
class Ragged:
    """What the instances of `n` images have in common, whatever their shape is.

    Args:
        offsets: Image `i` has the instances `offsets[i]` to `offsets[i + 1]`; int64, shape
            `(n + 1,)`.
        properties: Properties of all `t` instances, Arrow arrays of length `t`.
        extents: Extents of the images, float64, NaN where unknown, shape `(n, 4)`.
    """

    offsets: np.ndarray
    properties: dict[str, pa.Array]
    extents: np.ndarray

    def __len__(self) -> int:
        return int(self.offsets[-1])

    @property
    def images(self) -> np.ndarray:
        """The image of every instance, int64, shape `(t,)`."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    @property
    def sizes(self) -> np.ndarray:
        """Width and height of every image, NaN where unknown, shape `(n, 2)`."""
        return self.extents[:, 2:] - self.extents[:, :2]

    def integers(self, name: str, default: int) -> np.ndarray:
        """A property as int64, shape `(t,)`; `default` where it is absent or null."""
        if name not in self.properties:
            return np.full(len(self), default, np.int64)
        values = self.properties[name].cast(pa.int64()).fill_null(default)
        return values.to_numpy(zero_copy_only=False)

    def numbers(self, name: str, default: float = np.nan) -> np.ndarray:
        """A property as float64, shape `(t,)`; `default` where it is absent or null."""
        if name not in self.properties:
            return np.full(len(self), default)
        values = self.properties[name].cast(pa.float64()).fill_null(default)
        return values.to_numpy(zero_copy_only=False)

    def values(self, name: str) -> list[Any]:
        """A property as plain values, `t` of them; None where it is absent or null."""
        if name not in self.properties:
            return [None] * len(self)
        return self.properties[name].to_pylist()


@dataclass(frozen=True)
class RaggedInstances(Ragged):
    """Instances with their geometry as it is stored.

    Args:
        geometry: Boxes, keypoints or masks in Arrow, `t` of them.
    """

    geometry: pa.StructArray


def instances_from_arrow(column: pa.Array | pa.ChunkedArray) -> RaggedInstances:
    """An Arrow column of boxes, keypoints or masks in flat form.

    A null value counts as an image without instances. A property that is null as a whole for some
    images that have instances is left out, since it has no value for each of them.
    """
    array = join_chunks(column) if isinstance(column, pa.ChunkedArray) else column
    parts = fields_of(array)
    instances = parts["instances"]
    offsets = offsets_of(instances)
    additional = {
        name: lists.flatten()
        for name, lists in (fields_of(parts[ADDITIONAL]) if ADDITIONAL in parts else {}).items()
    }
    return RaggedInstances(
        offsets=offsets,
        properties={name: flat for name, flat in additional.items() if len(flat) == offsets[-1]},
        extents=corners_of(array),
        geometry=instances.flatten(),
    )


def instances_to_arrow(
    geometry: pa.Array,
    offsets: np.ndarray,
    properties: Mapping[str, pa.Array],
    extents: np.ndarray,
    arrow_type: Any,
    *,
    null: np.ndarray | None = None,
) -> pa.StructArray:
    """The inverse of `instances_from_arrow`.

    Args:
        geometry: Of all instances, `t` of them.
        offsets: See `Ragged`, also for `extents`, whose NaN become null.
        properties: `t` values each; those that the type has and that are not given become null.
        extents: Extents of the images, shape `(n, 4)`.
        arrow_type: Of a column of such instances.
        null: Which images have no value at all, bool, shape `(n,)`.
    """
    ends = pa.array(np.asarray(offsets), pa.int32())
    additional = arrow_type.field(ADDITIONAL).type
    lists = []
    for field in additional:
        kind = field.type.value_type
        given = properties.get(field.name)
        values = pa.nulls(len(geometry), kind) if given is None else given.cast(kind)
        lists.append(pa.ListArray.from_arrays(ends, values))
    sides = [pa.array(np.ascontiguousarray(extents[:, i]), from_pandas=True) for i in range(4)]
    return pa.StructArray.from_arrays(
        [
            *sides,
            pa.ListArray.from_arrays(ends, geometry),
            pa.StructArray.from_arrays(lists, fields=list(additional)),
        ],
        fields=list(arrow_type),
        mask=None if null is None else pa.array(null),
    )


def fields_of(structs: pa.StructArray) -> dict[str, Any]:
    """The fields of some structs by name, null where the struct is."""
    # `flatten` and not `field`: it takes the nulls and the offset of the parent into account.
    return dict(zip([field.name for field in structs.type], structs.flatten(), strict=True))


def numbers_of(values: pa.Array) -> np.ndarray:
    """As float64, NaN where null; an array of our own."""
    return np.array(values.cast(pa.float64()).to_numpy(zero_copy_only=False))


def offsets_of(lists: pa.ListArray) -> np.ndarray:
    """Where each list begins in `lists.flatten()`, and where the last ends; null is empty."""
    counts = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def corners_of(structs: pa.StructArray) -> np.ndarray:
    """The fields `x_min`, `y_min`, `x_max`, `y_max`, shape `(n, 4)`; NaN where null."""
    parts = fields_of(structs)
    return np.stack([numbers_of(parts[side]) for side in EXTENT], axis=1)
