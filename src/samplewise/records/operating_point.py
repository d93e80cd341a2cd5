"""Metrics at another operating point: recomputed from what is stored, without the network."""

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.metrics.columns import DETECTION
from samplewise.metrics.detection import detection_metrics
from samplewise.records.box_issues import find_label_column, find_predicted_boxes, read_batch
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, KEYS, SPLIT
from samplewise.records.stored_run import StoredRun
from samplewise.records.suspects import Groups, read_groups
from samplewise.schema import TableSchema
from samplewise.schema.boxes import boxes_from_arrow
from samplewise.schema.foreign import join_chunks

_BACKGROUND = 0.1


def metrics_at(
    run: StoredRun,
    *,
    confidence: float,
    iou: float,
    table_id: int | None,
    split: str | None,
    epoch: int | None,
) -> pa.Table:
    """Recompute them; see `Run.metrics_at`."""
    if not 0 <= confidence <= 1:
        raise InvalidArgumentError(f"`confidence` must lie in [0, 1], but is {confidence!r}.")
    if not _BACKGROUND < iou <= 1:
        raise InvalidArgumentError(f"`iou` must lie in (0.1, 1], but is {iou!r}.")
    groups: Groups = {}
    for stream in run.metric_streams:
        columns = find_predicted_boxes(TableSchema.from_arrow(stream.arrow_schema))
        if columns is not None:
            read_groups(groups, stream, columns, table_id=table_id, split=split)
    inputs = run.inputs
    parts = [
        (table, part, when, rows)
        for (table, part), group in groups.items()
        for when, rows in group.epochs.items()
        if epoch in (None, when)
    ]
    if not parts:
        raise NotFoundError(
            f"run `{run.name}` has no predicted boxes with confidences there.",
            hint="collect with DetectionMetricsCollectionCallback, or add `bbs_predicted` with "
            "run.add_metrics(...)",
        )
    found = []
    for table, part, when, rows in sorted(parts, key=lambda p: (p[2] or 0, p[1] or "", p[0])):
        ids = rows[EXAMPLE_ID].to_numpy()
        labels = inputs[table].take(ids, [find_label_column(inputs[table])]).column(0)
        (column,) = find_predicted_boxes(TableSchema.from_arrow(rows.schema)) or [""]
        batch, _ = read_batch(
            rows.schema,
            column,
            boxes_from_arrow(join_chunks(rows[column])),
            boxes_from_arrow(join_chunks(labels)),
            np.ones(len(ids), bool),
            confidence,
        )
        metrics = detection_metrics(batch, iou_threshold=iou)
        keys = {EXAMPLE_ID: ids.tolist(), INPUT_TABLE_ID: table, EPOCH: when, SPLIT: part}
        found.append(_to_arrow(keys, metrics, len(ids)))
    return pa.concat_tables(found)


def _to_arrow(keys: dict, metrics: object, count: int) -> pa.Table:
    kinds = {**KEYS, **DETECTION}
    values = {name: v if isinstance(v, list) else [v] * count for name, v in keys.items()}
    values |= {name: getattr(metrics, name).tolist() for name in DETECTION}
    arrays = [pa.array(values[name], kind.arrow_type) for name, kind in kinds.items()]
    return pa.table(arrays, schema=pa.schema([k.to_field(n) for n, k in kinds.items()]))
