"""Writing predictions as a COCO results file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.formats._gathering import Gathered, gather
from samplewise.formats._label_columns import LabelColumns, origin_of
from samplewise.formats._written import local_path, replace_file
from samplewise.formats.coco._identity import category_ids, image_ids
from samplewise.records.stored_table import StoredTable


class HoldsTable(Protocol):
    """A `Table`, whose room is above this one."""

    stored: StoredTable


_SCORES = ("confidence", "score")


def write_results(
    predictions: pa.Table,
    table: HoldsTable,
    path: str | Path,
    *,
    column: str = "bbs_predicted",
) -> Path:
    """Write predictions as a COCO results file, with the ids of the Table's own COCO file.

    Args:
        predictions: Rows with `example_id` and the column, of one epoch and one input table:
            `run.metrics(epoch=..., table=table)`.
        table: The table that they are about.
        path: The file; one that exists is replaced.
        column: Which column: predicted boxes, masks or keypoints.

    Returns:
        The file.

    Raises:
        InvalidArgumentError: There is no such column, or an `example_id` is not in the table.
        StoreError: The file cannot be written.
    """
    for name in ("example_id", column):
        if name not in predictions.column_names:
            raise InvalidArgumentError(
                f"`predictions` must have the column `{name}`.",
                hint=did_you_mean(name, predictions.column_names),
            )
    entries = list(_entries(predictions, table.stored, column))
    path = local_path(path)
    with replace_file(path) as file:
        file.write(msgspec.json.encode(entries))
    return path


def _entries(predictions: pa.Table, table: StoredTable, column: str) -> Iterator[dict[str, Any]]:
    ids, categories = image_ids(table), category_ids(origin_of(table, ("coco",)))
    columns = _label_columns(predictions.schema.field(column).type, column)
    for batch in predictions.select(["example_id", column]).to_batches():
        rows = batch.column("example_id").to_pylist()
        outside = [row for row in rows if not 0 <= row < len(table)]
        if outside:
            raise InvalidArgumentError(
                f"`predictions` must be about table `{table.name}` of {len(table)} rows, "
                f"but has the `example_id` {outside[0]}."
            )
        for gathered in gather(batch, columns):
            label: Any = gathered.properties.get("label")
            yield {
                "image_id": ids[rows[gathered.row]],
                "category_id": categories.get(label, label),
                "score": _score(gathered),
                **_shape(gathered, columns),
            }


def _label_columns(kind: Any, column: str) -> LabelColumns:
    """The column as boxes, masks or keypoints, by the geometry that it holds."""
    fields = {kind.field(i).name: kind.field(i).type for i in range(kind.num_fields)}
    instances = fields.get("instances")
    names = set() if instances is None else {f.name for f in instances.value_type}
    found = [column if name in names else None for name in ("x_min", "polygons", "keypoints")]
    if not any(found):
        raise InvalidArgumentError(
            f"column `{column}` must hold boxes, masks or keypoints, but is {kind}."
        )
    return LabelColumns("", *found)


def _score(gathered: Gathered) -> float:
    return next((gathered.properties[n] for n in _SCORES if n in gathered.properties), 1.0)


def _shape(gathered: Gathered, columns: LabelColumns) -> dict[str, Any]:
    if columns.boxes is not None:
        return {"bbox": gathered.box}
    wanted = ("segmentation", "keypoints")
    fields = gathered.fields()
    return {name: fields[name] for name in wanted if name in fields}
