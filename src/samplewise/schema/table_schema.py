"""The schema of a table: its columns in order, and how it is read from Arrow and from data."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import ColumnNotFoundError, SchemaError, did_you_mean
from samplewise.schema.boxes import BoundingBoxes2D, BoundingBoxes2DSchema
from samplewise.schema.column import FIELD_KEY, ColumnSchema, column_from_json
from samplewise.schema.image import ImageSchema
from samplewise.schema.keypoints import Keypoints2D, Keypoints2DSchema
from samplewise.schema.masks import (
    SegmentationMasks,
    SegmentationMasksSchema,
    SemanticSegmentation,
    SemanticSegmentationSchema,
)
from samplewise.schema.nested import AnyArrow
from samplewise.schema.scalars import Bool, Float, Int, SampleWeightSchema, String

_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")


class TableSchema(Mapping[str, ColumnSchema]):
    """Columns by name, in order.

    Args:
        columns: Column kinds by column name.
    """

    def __init__(self, columns: Mapping[str, ColumnSchema]) -> None:
        for name, column in columns.items():
            if not isinstance(column, ColumnSchema):
                raise SchemaError(
                    f"column `{name}` must have a column schema, "
                    f"but has a {type(column).__name__}.",
                    hint="take one from `samplewise.schemas`, such as Float()",
                )
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> ColumnSchema:
        try:
            return self._columns[name]
        except KeyError:
            raise ColumnNotFoundError(
                f"there is no column `{name}`.", hint=did_you_mean(name, self._columns)
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"TableSchema({self._columns!r})"

    def at(self, path: str) -> ColumnSchema:
        """The schema at a path such as `bbs.instances_additional_data.label`.

        Raises:
            ColumnNotFoundError: There is nothing at that path.
        """
        name, _, rest = path.partition(".")
        column = self[name]
        while rest:
            found = next(
                (key for key in column.children if rest == key or rest.startswith(key + ".")), None
            )
            if found is None:
                raise ColumnNotFoundError(
                    f"there is no `{rest}` in column `{name}`.",
                    hint=did_you_mean(rest, column.children),
                )
            column, rest = column.children[found], rest[len(found) + 1 :]
        return column

    def to_arrow(self) -> pa.Schema:
        """As an Arrow schema that carries the column kinds in its fields."""
        return pa.schema([column.to_field(name) for name, column in self.items()])

    def to_json(self) -> dict[str, Any]:
        """Column kinds by name, as JSON values."""
        return {name: column.to_json() for name, column in self.items()}

    @classmethod
    def from_arrow(cls, schema: pa.Schema) -> "TableSchema":
        """Column kinds of an Arrow schema: from its metadata, else from its types."""
        return cls({field.name: _column_of(field) for field in schema})

    @classmethod
    def infer(cls, data: Mapping[str, Any]) -> "TableSchema":
        """Column kinds that fit the data: one sequence of values per column."""
        return cls({name: _infer(name, values) for name, values in data.items()})


def _column_of(field: pa.Field) -> ColumnSchema:
    text = (field.metadata or {}).get(FIELD_KEY)
    known = column_from_json(json.loads(text)) if text else None
    if known is not None and known.kind != AnyArrow.kind and known.arrow_type == field.type:
        return known
    return _column_of_type(field.type)


def _column_of_type(kind: pa.DataType) -> ColumnSchema:
    if pa.types.is_boolean(kind):
        return Bool()
    if kind == pa.float32():
        return Float(bits=32)
    if kind == pa.float64():
        return Float()
    if kind == pa.int64():
        return Int()
    if kind == pa.string():
        return String()
    return AnyArrow(kind)


def _infer(name: str, values: Any) -> ColumnSchema:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return _named(name, _column_of_type(_widened(values.type)))
    present = [value for value in values if value is not None]
    first = present[0] if present else None
    for sample, make in _BY_VALUE.items():
        if isinstance(first, sample):
            return make(present)
    if hasattr(first, "save") or (isinstance(first, str) and _looks_like_image(name, present)):
        return ImageSchema()
    try:
        arrow = pa.array([_plain(value) for value in values])
    except pa.ArrowException as error:
        raise SchemaError(
            f"column `{name}` must have values of one kind: {error}",
            hint="say what it holds: schema={...}",
        ) from None
    return _named(name, _column_of_type(_widened(arrow.type)))


def _named(name: str, column: ColumnSchema) -> ColumnSchema:
    return SampleWeightSchema() if name == "weight" and isinstance(column, Float) else column


def _looks_like_image(name: str, values: list[Any]) -> bool:
    return name in ("image", "images", "image_path") or all(
        isinstance(value, str) and value.lower().endswith(_IMAGE_ENDINGS) for value in values
    )


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _widened(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_null(kind):
        return pa.string()
    return kind


def _labels(values: list[Any]) -> dict[int, str]:
    ids = sorted({int(label) for value in values for label in value.labels if label >= 0})
    return {label: str(label) for label in ids}


_BY_VALUE: dict[type, Any] = {
    BoundingBoxes2D: lambda values: BoundingBoxes2DSchema(
        _labels(values), additional=_additional(values)
    ),
    Keypoints2D: lambda values: Keypoints2DSchema(_labels(values), additional=_additional(values)),
    SegmentationMasks: lambda values: SegmentationMasksSchema(
        _labels(values), additional=_additional(values)
    ),
    SemanticSegmentation: lambda values: SemanticSegmentationSchema(),
}


def _additional(values: list[Any]) -> dict[str, ColumnSchema]:
    merged: dict[str, list[Any]] = {}
    for value in values:
        for name, items in value.properties.items():
            merged.setdefault(name, []).extend(items)
    return {name: _infer(name, items) for name, items in merged.items() if name != "label"}
