"""Rows of a CSV or Parquet file, with its columns of images and classes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise.errors import ColumnNotFoundError, FormatError, SchemaError, did_you_mean
from samplewise.records.portable import portable_table
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, ImageSchema

Rows = tuple[list[pa.Table], dict[str, ColumnSchema], dict[str, Any]]
"""Batches, their schema, and where they come from."""

_IMAGE = "image"


def read_row_file(
    read: Callable[[str], pa.Table],
    path: str | Path,
    *,
    image_folder: str | None = None,
    image_column: str | None = None,
    label_column: str | None = None,
) -> Rows:
    """Rows, the kinds of their columns, and where they come from.

    Args:
        read: Reads the file.
        path: The file.
        image_folder: Where relative paths of images start; None takes the folder of the file.
        image_column: Column with paths of images; None takes `image`, where it holds text.
        label_column: Column with classes: names, which are numbered in their order, or ids.

    Raises:
        FormatError: The file is missing, or is no such file.
        ColumnNotFoundError: There is no such column.
        SchemaError: A column cannot hold images, or classes, or cannot be stored.
    """
    data = read_whole(read, path)
    schema: dict[str, ColumnSchema] = {}
    if image_column is None and _IMAGE in data.schema.names and _is_text(data, _IMAGE):
        image_column = _IMAGE
    if image_column is not None:
        folder = Path(image_folder or Path(path).parent).expanduser().absolute()
        data = _with(
            data, image_column, _absolute(_column(data, image_column), folder, image_column)
        )
        schema[image_column] = ImageSchema()
    if label_column is not None:
        ids, classes = _classes(_column(data, label_column), label_column)
        data = _with(data, label_column, ids)
        schema[label_column] = CategoricalLabelSchema(classes)
    table, kinds = portable_table(data, schema)
    return [table], {**kinds, **schema}, {"kind": "file", "path": str(Path(path).absolute())}


def read_whole(read: Callable[[str], pa.Table], path: str | Path) -> pa.Table:
    """All rows of a file.

    Raises:
        FormatError: The file is missing, or is no such file.
    """
    try:
        return read(str(path))
    except (OSError, pa.ArrowException) as error:
        raise FormatError(f"`{path}` cannot be read: {error}") from None


def _column(data: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in data.schema.names:
        raise ColumnNotFoundError(
            f"the file has no column `{name}`.", hint=did_you_mean(name, data.schema.names)
        )
    column = data.column(name)
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _with(data: pa.Table, name: str, column: Any) -> pa.Table:
    return data.set_column(data.schema.get_field_index(name), name, column)


def _absolute(column: pa.ChunkedArray, folder: Path, name: str) -> pa.Array:
    if not _is_text_type(column.type):
        raise SchemaError(f"column `{name}` must hold paths of images, but holds {column.type}.")
    return pa.array([None if url is None else _url(url, folder) for url in column.to_pylist()])


def _url(url: str, folder: Path) -> str:
    is_whole = "://" in url or url.startswith(("data:", "<"))
    return url if is_whole else str(folder / Path(url).expanduser())


def _classes(column: pa.ChunkedArray, name: str) -> tuple[Any, Any]:
    """Class ids, and their names."""
    known = sorted(column.drop_null().unique().to_pylist())
    if _is_text_type(column.type):
        places = {text: place for place, text in enumerate(known)}
        return pa.array([places.get(text) for text in column.to_pylist()], pa.int64()), known
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64()), {label: str(label) for label in known}
    raise SchemaError(f"column `{name}` must hold classes as text or integers, not {column.type}.")


def _is_text(data: pa.Table, name: str) -> bool:
    return _is_text_type(data.schema.field(name).type)


def _is_text_type(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()
