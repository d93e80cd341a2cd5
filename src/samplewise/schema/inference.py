"""Which kind of column fits data that comes without a schema."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema.boxes import BoundingBoxes2D, BoundingBoxes2DSchema
from samplewise.schema.column import ColumnSchema
from samplewise.schema.foreign import as_column, as_lists, as_plain
from samplewise.schema.image import ImageSchema
from samplewise.schema.keypoints import Keypoints2D, Keypoints2DSchema
from samplewise.schema.masks import (
    SegmentationMasks,
    SegmentationMasksSchema,
    SemanticSegmentation,
    SemanticSegmentationSchema,
)
from samplewise.schema.nested import AnyArrow, ArraySchema, EmbeddingSchema, ListSchema
from samplewise.schema.scalars import (
    Bool,
    CategoricalLabelSchema,
    Float,
    Int,
    SampleWeightSchema,
    String,
)

_IMAGE_NAMES = ("image", "images", "image_path")
_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")


def column_of_type(kind: pa.DataType) -> ColumnSchema:
    """The kind of column that an Arrow type stands for when nothing else is known."""
    for arrow_type, schema in _BY_TYPE.items():
        if kind == arrow_type:
            return schema
    if pa.types.is_fixed_size_list(kind) and kind.value_type in (pa.float32(), pa.float64()):
        return ArraySchema((kind.list_size,), str(kind.value_type.to_pandas_dtype().__name__))
    if pa.types.is_list(kind) and kind.value_type in _BY_TYPE:
        return ListSchema(_BY_TYPE[kind.value_type])
    return AnyArrow(kind)


def infer_column(name: str, values: Any) -> ColumnSchema:
    """The kind of column that fits the values.

    Args:
        name: The column's name; `image` and `weight` say something about their values.
        values: As for `ColumnSchema.to_arrow`.

    Raises:
        SchemaError: The values are of several kinds.
    """
    column = as_column(values)
    kind = _infer(name, column)
    if name == "weight" and isinstance(kind, Float | Int) and _are_weights(column):
        return SampleWeightSchema()
    return kind


def _infer(name: str, column: "pa.Array | np.ndarray | list[Any]") -> ColumnSchema:
    if isinstance(column, pa.Array):
        return _infer_from_arrow(name, column)
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiub" and column.ndim > 0:
        return _infer_from_numbers(name, column.shape[1:], column.dtype)
    return _infer_from_objects(name, [as_plain(value) for value in column])


def _are_weights(column: Any) -> bool:
    try:
        SampleWeightSchema().to_arrow(column, name="weight")
    except SchemaError:
        return False
    return True


def _infer_from_arrow(name: str, array: pa.Array) -> ColumnSchema:
    if pa.types.is_dictionary(array.type) and is_text(array.type.value_type):
        return CategoricalLabelSchema(array.dictionary.to_pylist())
    if is_text(array.type) and _look_like_images(name, array.drop_null().to_pylist()):
        return ImageSchema()
    return column_of_type(widen_type(array.type))


def _infer_from_numbers(name: str, shape: tuple[int, ...], dtype: np.dtype) -> ColumnSchema:
    """The kind of values that are arrays of one shape, or numbers where the shape is `()`."""
    if name in _IMAGE_NAMES and dtype == np.uint8 and len(shape) in (2, 3):
        return ImageSchema()
    if shape:
        is_vector = len(shape) == 1 and dtype.kind == "f"
        if is_vector and "embedding" in name:
            return EmbeddingSchema(shape[0])
        return ArraySchema(shape, "float32" if dtype == np.float16 else dtype.name)
    return column_of_type(widen_type(pa.from_numpy_dtype(dtype)))


def _infer_from_objects(name: str, values: list[Any]) -> ColumnSchema:
    present = [value for value in values if value is not None]
    first = present[0] if present else None
    for sample, schema_of in _BY_SAMPLE.items():
        if isinstance(first, sample):
            return schema_of(present)
    if hasattr(first, "save") or _look_like_images(name, present):
        return ImageSchema()
    if isinstance(first, np.ndarray) and first.dtype.kind in "fiub":
        shapes = {getattr(value, "shape", None) for value in present}
        if len(shapes) == 1 and first.ndim > 0:
            return _infer_from_numbers(
                name, first.shape, np.result_type(*{v.dtype for v in present})
            )
    try:
        arrow = pa.array([as_lists(value) for value in values])
    except (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError) as error:
        raise SchemaError(
            f"column `{name}` must have values of one kind: {error}",
            hint="say what it holds: schema={...}",
        ) from None
    return column_of_type(widen_type(arrow.type))


def _look_like_images(name: str, values: list[Any]) -> bool:
    return (
        bool(values)
        and all(isinstance(value, str) for value in values)
        and (
            name in _IMAGE_NAMES or all(value.lower().endswith(_IMAGE_ENDINGS) for value in values)
        )
    )


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind)


def _is_view(kind: pa.DataType) -> bool:
    return kind == pa.string_view()


def widen_type(kind: pa.DataType) -> pa.DataType:
    """The Arrow type that Lance, DuckDB and our column kinds share, wherever in a nested one.

    Integers have 64 bits, floats at least 32 (DuckDB cannot scan halves), text is plain, what is
    only null is text, and dictionaries are what they hold.
    """
    if pa.types.is_dictionary(kind):
        return widen_type(kind.value_type)
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_float16(kind):
        return pa.float32()
    if is_text(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_large_binary(kind) or kind == pa.binary_view():
        return pa.binary()
    return _widen_nested(kind)


def _widen_nested(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_inner(kind.value_type), kind.list_size)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_inner(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _inner(field.type)) for field in kind])
    return kind


def _inner(kind: pa.DataType) -> pa.DataType:
    # Small integers inside lists are many: pixels, visibilities.
    return kind if pa.types.is_integer(kind) else widen_type(kind)


def _additional(values: list[Any]) -> dict[str, ColumnSchema]:
    merged: dict[str, list[Any]] = {}
    for value in values:
        for name, items in value.properties.items():
            merged.setdefault(name, []).extend(items)
    return {name: infer_column(name, items) for name, items in merged.items() if name != "label"}


_BY_TYPE: dict[pa.DataType, ColumnSchema] = {
    pa.bool_(): Bool(),
    pa.float32(): Float(bits=32),
    pa.float64(): Float(),
    pa.int64(): Int(),
    pa.string(): String(),
}

_BY_SAMPLE: dict[type, Callable[[list[Any]], ColumnSchema]] = {
    BoundingBoxes2D: lambda values: BoundingBoxes2DSchema(additional=_additional(values)),
    Keypoints2D: lambda values: Keypoints2DSchema(additional=_additional(values)),
    SegmentationMasks: lambda values: SegmentationMasksSchema(additional=_additional(values)),
    SemanticSegmentation: lambda values: SemanticSegmentationSchema(),
}
