"""Tables out, into the format that a file's ending names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.formats import coco, yolo
from samplewise.formats.tabular import write_csv, write_parquet
from samplewise.records.stored_table import StoredTable

_WRITERS: Mapping[str, Callable[..., Path]] = {
    "coco": coco.write,
    "yolo": yolo.write,
    "parquet": write_parquet,
    "csv": write_csv,
}
_ENDINGS = {
    ".json": "coco",
    ".yaml": "yolo",
    ".yml": "yolo",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
}


def export(table: StoredTable, path: str | Path, format: str | None = None, **options: Any) -> Path:  # noqa: A002
    """Write a Table as a file of another format.

    Args:
        table: The table.
        path: The file.
        format: `coco`, `yolo`, `parquet` or `csv`; None takes what the ending of `path` says.
        options: Options of the writer, such as `image_folder` of `coco` or `split` of `yolo`.

    Returns:
        The file.

    Raises:
        InvalidArgumentError: The format is unknown, or not said and not to be seen.
        StoreError: The file cannot be written.
    """
    name = _ENDINGS.get(Path(path).suffix.lower()) if format is None else format
    if name is None:
        raise InvalidArgumentError(
            f"`path` must end with {', '.join(_ENDINGS)}, but is {str(path)!r}.",
            hint=f"or pass format=, one of {', '.join(_WRITERS)}",
        )
    if name not in _WRITERS:
        raise InvalidArgumentError(
            f"`format` must be one of {', '.join(_WRITERS)}, but is {name!r}.",
            hint=did_you_mean(str(name), _WRITERS),
        )
    return _WRITERS[name](table, path, **options)
