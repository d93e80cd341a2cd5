"""Which columns of a Table hold its images and labels, and their instances in flat form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.formats._image_files import upright_size
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ColumnSchema,
    ImageSchema,
    Int,
    Keypoints2DSchema,
    SegmentationMasksSchema,
)
from samplewise.schema.instances import ADDITIONAL, EXTENT, InstancesSchema

if TYPE_CHECKING:
    from samplewise.tables import Table


_ROWS = 2_048


@dataclass(frozen=True)
class LabelColumns:
    """Names of the columns that label files have a place for; None where there is none.

    Args:
        image: Images.
        boxes: Bounding boxes.
        masks: Instance masks.
        joints: Keypoints.
    """

    image: str
    boxes: str | None
    masks: str | None
    joints: str | None

    @classmethod
    def of(cls, schema: Mapping[str, ColumnSchema]) -> "LabelColumns":
        """The first column of each kind.

        Raises:
            InvalidArgumentError: There is no column of images.
        """
        image = _first(schema, ImageSchema)
        if image is None:
            raise InvalidArgumentError(
                f"the table must have a column of images, but has {', '.join(schema)}."
            )
        return cls(
            image,
            _first(schema, BoundingBoxes2DSchema),
            _first(schema, SegmentationMasksSchema),
            _first(schema, Keypoints2DSchema),
        )

    @property
    def instances(self) -> list[str]:
        """Those that hold instances."""
        return [name for name in (self.boxes, self.masks, self.joints) if name is not None]

    def classes(self, schema: Mapping[str, ColumnSchema]) -> dict[int, str]:
        """Names of the classes of all of them, by label."""
        names: dict[int, str] = {}
        for column in self.instances:
            kind = schema[column]
            assert isinstance(kind, InstancesSchema)
            label = kind.properties["label"].value_map or {}
            names = {key: element.internal_name for key, element in label.items()} | names
        return dict(sorted(names.items()))


class FlatInstances:
    """A column of instances of some rows, flat.

    Args:
        column: Arrow data of a column of instances, `n` rows.
    """

    def __init__(self, column: pa.StructArray) -> None:
        fields = dict(zip([field.name for field in column.type], column.flatten(), strict=True))
        instances = fields["instances"]
        counts = instances.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        self.offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.geometry: Any = instances.flatten()
        self._additional = fields[ADDITIONAL]
        self._extent = [fields[side] for side in EXTENT]

    def __len__(self) -> int:
        return len(self.geometry)

    @cached_property
    def properties(self) -> dict[str, list[Any]]:
        """One value per instance, by name; properties that no instance has are left out."""
        parts = zip(self._additional.type, self._additional.flatten(), strict=True)
        flat = {field.name: values.flatten().to_pylist() for field, values in parts}
        return {name: values for name, values in flat.items() if len(values) == len(self)}

    def values(self, name: str) -> list[Any]:
        """One property; None where it is absent."""
        return self.properties.get(name) or [None] * len(self)

    @property
    def rows(self) -> np.ndarray:
        """Row of each instance, shape `(t,)`."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    @property
    def sizes(self) -> np.ndarray:
        """Width and height of each image by its extent, NaN where unknown, shape `(n, 2)`."""
        left, top, right, bottom = (
            side.to_numpy(zero_copy_only=False).astype(np.float64) for side in self._extent
        )
        return np.stack([right - left, bottom - top], axis=1)


def corners_of(geometry: Any) -> np.ndarray:
    """Boxes in Arrow as an array, `xyxy`, shape `(t, 4)`; NaN for a null box."""
    sides = dict(zip([field.name for field in geometry.type], geometry.flatten(), strict=True))
    columns = [sides[side].to_numpy(zero_copy_only=False) for side in EXTENT]
    return np.stack(columns, axis=1).astype(np.float64).reshape(-1, 4)


def origin_of(table: "Table", kinds: tuple[str, ...]) -> dict[str, Any]:
    """The source of the newest revision that was read from a file of such a kind; empty if none."""
    for revision in reversed(table.lineage()):
        if revision.source.get("kind") in kinds:
            return revision.source
    return {}


def image_sizes(table: "Table", columns: LabelColumns, urls: Sequence[str | None]) -> np.ndarray:
    """Width and height of each image of a table, NaN where unknown, shape `(n, 2)`.

    From the columns `width` and `height`, else the extents of its labels, else the files.
    """
    sizes = np.full((len(table), 2), np.nan)
    for place, name in enumerate(("width", "height")):
        if isinstance(table.schema[name] if name in table.columns else None, Int):
            values = table.get_column_as_pyarrow_array(name).cast(pa.float64())
            sizes[:, place] = values.to_numpy(zero_copy_only=False)
    for name in columns.instances:
        if np.isnan(sizes).any():
            batches = table.to_batches([name], _ROWS)
            extents = [np.zeros((0, 2)), *(FlatInstances(b.column(0)).sizes for b in batches)]
            sizes = np.where(np.isnan(sizes), np.concatenate(extents), sizes)
    for row in np.flatnonzero(np.isnan(sizes).any(axis=1)).tolist():
        url = urls[row]
        sizes[row] = (upright_size(url) if url is not None else None) or (np.nan, np.nan)
    return sizes


def _first(schema: Mapping[str, ColumnSchema], kind: type[ColumnSchema]) -> str | None:
    return next((name for name, column in schema.items() if isinstance(column, kind)), None)
