"""Tables out, into the format that a file's ending names."""

from pathlib import Path
from typing import Any

from samplewise.formats.registry import format_to_write
from samplewise.records.stored_table import StoredTable


def export(table: StoredTable, path: str | Path, format: str | None = None, **options: Any) -> Path:  # noqa: A002
    """Write a Table as a file of another format.

    Args:
        table: The table.
        path: The file.
        format: `coco`, `yolo`, `csv` or `parquet`; None takes what the ending of `path` says.
        options: Options of the writer, such as `image_folder` of `coco` or `split` of `yolo`.

    Returns:
        The file.

    Raises:
        InvalidArgumentError: The format is unknown, or not said and not to be seen.
        StoreError: The file cannot be written.
    """
    writer = format_to_write(path, format).writer
    assert writer is not None, "one that cannot be written is refused above"
    return writer()(table, path, **options)
