"""Rows of a CSV or Parquet file, with its columns of images and classes."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise.errors import ColumnNotFoundError, SchemaError, did_you_mean
from samplewise.formats._image_files import (
    MissingImages,
    check_missing_images,
    handle_missing,
    is_there,
    join_url,
)
from samplewise.formats.import_report import NO_IMAGE, NO_LABEL, Findings
from samplewise.records.portable import portable_table
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, ImageSchema
from samplewise.schema.image import ENCODED_HINT

Rows = tuple[Iterator[pa.Table], dict[str, ColumnSchema], dict[str, Any]]
"""Batches, their schema, and where they come from."""

_IMAGE = "image"
_ALIAS = re.compile(r"<[A-Z][A-Z0-9_]*>/")  # as our own exports may have them


def read_row_file(
    kind: str,
    path: str | Path,
    data: pa.Table,
    *,
    image_folder: str | Path | None = None,
    image_column: str | None = None,
    label_column: str | None = None,
    missing_images: MissingImages = "keep",
    schema: Mapping[str, ColumnSchema] | None = None,
    finds_images: bool = True,
) -> Rows:
    """Rows, the kinds of their columns, and where they come from.

    Args:
        kind: `csv` or `parquet`.
        path: The file, for errors.
        data: Its columns.
        image_folder: Where relative paths of images start; None takes the folder of the file.
        image_column: Column with paths of images; None takes `image`, where it holds text.
        label_column: Column with classes: names, which are numbered in their order, or ids.
        missing_images: What to do with images whose file is missing: `keep`, `drop` or `raise`.
        schema: Kinds by name of columns that are neither.
        finds_images: Whether a column `image` is one of images where nobody says so.

    Raises:
        FormatError: Images are missing and `missing_images` is `raise`.
        ColumnNotFoundError: There is no such column.
        SchemaError: A column cannot hold images, or classes, or cannot be stored.
    """
    missing = check_missing_images(missing_images)
    findings = Findings(Path(path).name)
    kinds: dict[str, ColumnSchema] = dict(schema or {})
    is_found = finds_images and _IMAGE in data.schema.names and _IMAGE not in kinds
    if image_column is None and is_found and _is_text(data, _IMAGE):
        image_column = _IMAGE
    folder = Path(image_folder or Path(path).parent).expanduser().absolute()
    if image_column is not None:
        urls = _absolute(_column(data, image_column, path), folder, image_column)
        data = _with(data, image_column, pa.array(urls, pa.string()))
        kinds[image_column] = ImageSchema()
        data = _with_images(data, urls, missing, findings, str(path))
    if label_column is not None:
        ids, classes = _classes(_column(data, label_column, path), label_column, findings)
        data = _with(data, label_column, ids)
        kinds[label_column] = CategoricalLabelSchema(classes)
    table, found = portable_table(data, kinds)
    source = {
        "kind": kind,
        "file": str(Path(path).expanduser().absolute()),
        "image_folder": str(folder),
        "repaired": findings.repaired,
        "kept": findings.kept,
    }
    return _batches(table, findings), {**found, **kinds}, source


def _batches(table: pa.Table, findings: Findings) -> Iterator[pa.Table]:
    yield table
    findings.tell()


def _with_images(
    data: pa.Table,
    urls: list[str | None],
    missing: MissingImages,
    findings: Findings,
    file: str,
) -> pa.Table:
    """The rows whose images are wanted; says how many are missing."""
    findings.keep(NO_IMAGE, *[f"row {i}" for i, url in enumerate(urls) if url is None])
    given = [url for url in urls if url is not None]
    absent = {url for url in given if not is_there(url)}
    names = [url for url in given if url in absent]
    handle_missing(names, len(given), missing, findings, file=file)
    if missing != "drop" or not names:
        return data
    return data.filter(pa.array([url not in absent for url in urls]))


def _column(data: pa.Table, name: str, path: str | Path) -> pa.ChunkedArray:
    if name not in data.schema.names:
        raise ColumnNotFoundError(
            f"`{path}` has no column `{name}`.", hint=did_you_mean(name, data.schema.names)
        )
    column = data.column(name)
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _with(data: pa.Table, name: str, column: Any) -> pa.Table:
    return data.set_column(data.schema.get_field_index(name), name, column)


def _absolute(column: pa.ChunkedArray, folder: Path, name: str) -> list[str | None]:
    if not (_is_text_type(column.type) or pa.types.is_null(column.type)):
        raise SchemaError(
            f"column `{name}` must hold paths of images, but holds {column.type}.",
            hint=ENCODED_HINT,
        )
    return [_url(url, folder) if url and url.strip() else None for url in column.to_pylist()]


def _url(url: str, folder: Path) -> str:
    if "://" in url or url.startswith("data:") or _ALIAS.match(url):
        return url
    return join_url(str(folder), os.path.expanduser(url) if url.startswith("~/") else url)


def _classes(column: pa.ChunkedArray, name: str, findings: Findings) -> tuple[Any, Any]:
    """Class ids, and their names; what is empty is missing, in text as in numbers."""
    if _is_text_type(column.type):
        texts = [text if text and text.strip() else None for text in column.to_pylist()]
        known = sorted(set(texts) - {None})  # type: ignore[type-var]
        places = {text: place for place, text in enumerate(known)}
        ids, classes = pa.array([places.get(text) for text in texts], pa.int64()), known
    elif pa.types.is_integer(column.type) or pa.types.is_null(column.type):
        ids = column.cast(pa.int64())
        classes = {label: str(label) for label in sorted(ids.drop_null().unique().to_pylist())}
    else:
        raise SchemaError(
            f"column `{name}` must hold classes as text or integers, not {column.type}."
        )
    empty = [f"row {row}" for row, label in enumerate(ids.to_pylist()) if label is None]
    findings.repair(NO_LABEL, *empty)
    return ids, classes


def _is_text(data: pa.Table, name: str) -> bool:
    return _is_text_type(data.schema.field(name).type)


def _is_text_type(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()
