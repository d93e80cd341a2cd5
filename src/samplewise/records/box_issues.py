"""Label issues of boxes: stored predictions against the labels of a table."""

from typing import Any

import numpy as np
import pyarrow as pa

from samplewise._notes import note
from samplewise.errors import InvalidArgumentError
from samplewise.metrics.boxes import areas
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.label_issues import KINDS, LabelSuspects, find_label_issues
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_table import StoredTable
from samplewise.records.suspects import SCHEMA, Group, image_urls, pc
from samplewise.schema import BoundingBoxes2DSchema, TableSchema
from samplewise.schema.boxes import BOX_TYPE, RaggedBoxes, boxes_from_arrow
from samplewise.schema.foreign import join_chunks
from samplewise.schema.ragged import CONFIDENCE, LABEL

CROWD = "iscrowd"
_LEAST_CONFIDENCE = 0.05


def find_predicted_boxes(schema: TableSchema) -> list[str] | None:
    """The column of metrics that holds boxes with confidences, if there is one."""
    for name, kind in schema.items():
        if isinstance(kind, BoundingBoxes2DSchema) and CONFIDENCE in kind.properties:
            return [name]
    return None


def rank_boxes(table: StoredTable, group: Group, epochs: list[int | None]) -> pa.Table:
    """Suspects among the labelled boxes of a table, in no order.

    Args:
        table: The table.
        group: Predictions about it.
        epochs: Which epochs of the group, the last one last.
    """
    last = group.epochs[epochs[-1]]
    ids = last[EXAMPLE_ID].to_numpy()
    stored = table.take(ids, [find_label_column(table)]).column(0)
    has_labels = np.asarray(pc.is_valid(stored))
    if not has_labels.all():
        note(f"{int((~has_labels).sum())} rows of `{table.name}` have no labels: not looked at.")
    labels = boxes_from_arrow(join_chunks(stored))
    (column,) = find_predicted_boxes(TableSchema.from_arrow(last.schema)) or [""]
    batches, kept = [], np.zeros(0, np.int64)
    for epoch in epochs:
        rows = group.epochs[epoch]
        if not np.array_equal(rows[EXAMPLE_ID].to_numpy(), ids):
            note(f"epoch {epoch} has not the same rows as epoch {epochs[-1]}: left out.")
            continue
        predicted = boxes_from_arrow(join_chunks(rows[column]))
        batch, kept = read_batch(
            rows.schema, column, predicted, labels, has_labels, _LEAST_CONFIDENCE
        )
        batches.append(batch)
    _tell(group, boxes_from_arrow(join_chunks(last[column])))
    suspects = find_label_issues(batches)
    return _to_arrow(table, group, epochs[-1], ids, batches[-1], kept, suspects)


def _network_classes(schema: pa.Schema, column: str) -> set[int] | None:
    """Ids of the classes that the network has; None where nobody knows."""
    kind = TableSchema.from_arrow(schema)[column]
    assert isinstance(kind, BoundingBoxes2DSchema)
    return set(kind.properties[LABEL].value_map or ()) or None


def _tell(group: Group, predictions: RaggedBoxes) -> None:
    """What limits the ranking."""
    what = f"label issues of split {group.split!r}"
    confidences = _confidences(predictions)
    if len(confidences) >= 20 and np.nanmin(confidences) > _LEAST_CONFIDENCE + 0.01:
        note(
            f"{what}: predictions were collected from confidence {np.nanmin(confidences):.2g} on; "
            "with pipeline_params={'conf': 0.05} more missing and moved labels are found."
        )
    if group.in_sample:
        note(
            f"{what}: the model trained on these labels and may have learned their errors; "
            "a model that did not finds more."
        )


def _confidences(boxes: RaggedBoxes) -> np.ndarray:
    """Float64, NaN where there is none, shape `(p,)`."""
    values = boxes.properties[CONFIDENCE].cast(pa.float64())
    return values.to_numpy(zero_copy_only=False)


def find_label_column(table: StoredTable) -> str:
    """The column of labelled boxes: `bbs`, else the first that holds no predictions.

    Raises:
        InvalidArgumentError: There is none.
    """
    names = [
        name
        for name, kind in table.schema.items()
        if isinstance(kind, BoundingBoxes2DSchema) and CONFIDENCE not in kind.properties
    ]
    if not names:
        raise InvalidArgumentError(f"table `{table.name}` has no column of labelled boxes.")
    return "bbs" if "bbs" in names else names[0]


def read_batch(
    schema: pa.Schema,
    column: str,
    predicted: RaggedBoxes,
    labels: RaggedBoxes,
    has_labels: np.ndarray,
    least: float,
) -> tuple[DetectionBatch, np.ndarray]:
    """Predictions beside labels, and which of the stored predictions they are.

    Args:
        schema: Of the metrics.
        column: Its column of predicted boxes.
        predicted: Boxes of `n` images.
        labels: Labels of the same images.
        has_labels: Images whose predictions count, shape `(n,)`.
        least: Least confidence that counts.

    Returns:
        The batch, and for each of its predictions its index in its image as it is stored.
    """
    known = _network_classes(schema, column)
    confidences = _confidences(predicted)
    image = np.repeat(np.arange(len(has_labels)), np.diff(predicted.offsets))
    keep = (confidences >= least) & has_labels[image]
    chosen = predicted.where(keep)
    class_ids = labels.integers(LABEL, -1)
    is_crowd = labels.integers(CROWD, 0).astype(bool)
    if known is not None:  # what the network cannot see it cannot dispute
        is_crowd |= ~np.isin(class_ids, list(known))
    batch = DetectionBatch(
        prediction_offsets=chosen.offsets,
        predicted_boxes=chosen.boxes,
        predicted_labels=chosen.integers(LABEL, -2),
        confidences=confidences[keep],
        ground_truth_offsets=labels.offsets,
        ground_truth_boxes=labels.boxes,
        ground_truth_labels=class_ids,
        is_crowd=is_crowd,
        ground_truth_areas=areas(labels.boxes),
    )
    return batch, np.flatnonzero(keep) - predicted.offsets[image[keep]]


def _to_arrow(
    table: StoredTable,
    group: Group,
    epoch: int | None,
    ids: np.ndarray,
    batch: DetectionBatch,
    index_in_image: np.ndarray,
    found: LabelSuspects,
) -> pa.Table:
    count = len(found.score)
    has_label, rests_on = found.label >= 0, found.prediction >= 0
    kind = np.array(KINDS, object)[found.kind]
    label, prediction = np.maximum(found.label, 0), np.maximum(found.prediction, 0)
    is_missing, is_swap = kind == "missing", kind == "wrong_class"
    gives_label = rests_on & (is_missing | is_swap)
    gives_box = rests_on & (is_missing | (kind == "badly_placed"))
    urls = image_urls(table, ids)
    columns: dict[str, Any] = {
        EXAMPLE_ID: ids[found.image],
        "image": pa.array(urls[found.image], pa.string()),
        "kind": pa.array(kind, pa.string()),
        "score": found.score,
        "image_score": found.image_score[found.image],
        "label_index": _where(has_label, found.label - batch.ground_truth_offsets[found.image]),
        "label": _where(has_label, _pick(batch.ground_truth_labels, label)),
        "box": _boxes(has_label, _pick(batch.ground_truth_boxes, label)),
        "suggested_label": _where(gives_label, _pick(batch.predicted_labels, prediction)),
        "suggested_box": _boxes(gives_box, _pick(batch.predicted_boxes, prediction)),
        "prediction_index": _where(rests_on, _pick(index_in_image, prediction)),
        CONFIDENCE: _where(rests_on, _pick(batch.confidences, prediction)),
        EPOCH: pa.array([epoch] * count, pa.int64()),
        "in_sample": pa.array([group.in_sample] * count, pa.bool_()),
        INPUT_TABLE_ID: pa.array([group.input_table_id] * count, pa.int64()),
        "table_id": pa.array([table.id] * count, pa.string()),
        SPLIT: pa.array([group.split] * count, pa.string()),
    }
    return pa.table(columns, schema=SCHEMA)


def _pick(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return values[rows] if len(values) else np.zeros((len(rows), *values.shape[1:]), values.dtype)


def _where(there: np.ndarray, values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~there)


def _boxes(there: np.ndarray, values: np.ndarray) -> pa.Array:
    corners = [pa.array(np.ascontiguousarray(values[:, i])) for i in range(4)]
    return pa.StructArray.from_arrays(corners, fields=list(BOX_TYPE), mask=pa.array(~there))
