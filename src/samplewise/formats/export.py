"""Tables out, into the format that a file's ending names."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from samplewise._notes import note
from samplewise.errors import InvalidArgumentError
from samplewise.formats._written import local_path
from samplewise.formats.exported import Exported
from samplewise.formats.format import Format
from samplewise.formats.registry import format_to_write
from samplewise.records.part import part_of
from samplewise.records.stored_table import StoredTable
from samplewise.schema import SampleWeightSchema


def export(
    table: StoredTable,
    path: str | Path,
    format: str | None = None,  # noqa: A002
    *,
    weight_threshold: float = 0.0,
    **options: Any,
) -> Exported:
    """Write a Table as a file of another format.

    Args:
        table: The table.
        path: The file.
        format: `coco`, `yolo`, `csv` or `parquet`; None takes what the ending of `path` says.
        weight_threshold: Rows whose weight is below it are left out.
        options: Options of the writer, such as `image_folder` of `coco` or `split` of `yolo`.

    Returns:
        The file, and how many rows are in it.

    Raises:
        InvalidArgumentError: The format is unknown, or not said and not to be seen; the path is
            not on this machine; or the threshold is no number, or the table has no weights.
        StoreError: The file cannot be written.
    """
    local_path(path)
    writer = format_to_write(path, format).writer
    assert writer is not None, "one that cannot be written is refused above"
    part = _heavy_rows(table, weight_threshold)
    made = writer()(part, path, **options)
    exported = made if isinstance(made, Exported) else Exported(Path(made), len(part))
    light = len(table) - len(part)
    if light:
        exported.left_out[f"their weight is below {weight_threshold:g}"] = light
        note(f"{exported.path.name}: {light} rows of a weight below {weight_threshold:g} left out.")
    return exported


def what_exists(known: Format, path: str | Path, **options: Any) -> str | None:
    """What an export would replace, in words; None if nothing.

    Raises:
        InvalidArgumentError: The path is not on this machine.
    """
    if known.existing is not None:
        return known.existing()(path, **options)
    return f"`{path}`" if os.path.lexists(local_path(path)) else None


def _heavy_rows(table: StoredTable, threshold: float) -> StoredTable:
    """The rows whose weight is not below a threshold; those without a weight are among them."""
    if isinstance(threshold, bool) or not isinstance(threshold, int | float | np.number):
        raise InvalidArgumentError(f"`weight_threshold` must be a number, but is {threshold!r}.")
    columns = [name for name, kind in table.schema.items() if isinstance(kind, SampleWeightSchema)]
    if not columns and threshold > 0:
        raise InvalidArgumentError(
            "the table must have a column of weights for `weight_threshold`, "
            f"but has {', '.join(table.columns)}."
        )
    if not columns or not threshold > 0:
        return table
    weights = np.array(table.column(columns[0]).to_pylist(), np.float64)
    kept = np.flatnonzero(~(weights < threshold))
    return table if len(kept) == len(table) else part_of(table, kept)
