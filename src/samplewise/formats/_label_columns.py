"""Which columns of a Table hold its images and labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.formats._image_files import upright_size
from samplewise.records.revision import ancestors
from samplewise.records.stored_table import StoredTable
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ColumnSchema,
    ImageSchema,
    Int,
    Keypoints2DSchema,
    SegmentationMasksSchema,
)
from samplewise.schema.instances import InstancesSchema
from samplewise.schema.ragged import instances_from_arrow

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


def origin_of(table: StoredTable, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The source of the newest revision that was read from a file of such a kind; empty if none."""
    for revision in reversed([*ancestors(table), table]):
        if revision.source.get("kind") in kinds:
            return revision.source
    return {}


def image_sizes(
    table: StoredTable, columns: LabelColumns, urls: Sequence[str | None]
) -> np.ndarray:
    """Width and height of each image of a table, NaN where unknown, shape `(n, 2)`.

    From the columns `width` and `height`, else the extents of its labels, else the files.
    """
    sizes = np.full((len(table), 2), np.nan)
    for place, name in enumerate(("width", "height")):
        if isinstance(table.schema[name] if name in table.columns else None, Int):
            values = table.column(name).cast(pa.float64())
            sizes[:, place] = values.to_numpy(zero_copy_only=False)
    for name in columns.instances:
        if np.isnan(sizes).any():
            batches = table.to_batches([name], _ROWS)
            extents = [
                np.zeros((0, 2)),
                *(instances_from_arrow(b.column(0)).sizes for b in batches),
            ]
            sizes = np.where(np.isnan(sizes), np.concatenate(extents), sizes)
    for row in np.flatnonzero(np.isnan(sizes).any(axis=1)).tolist():
        url = urls[row]
        sizes[row] = (upright_size(url) if url is not None else None) or (np.nan, np.nan)
    return sizes


def _first(schema: Mapping[str, ColumnSchema], kind: type[ColumnSchema]) -> str | None:
    return next((name for name, column in schema.items() if isinstance(column, kind)), None)
