"""Label issues of a run: what its stored predictions say against the labels of its tables."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from samplewise._notes import note
from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.metrics.boxes import areas
from samplewise.metrics.detection_batch import DetectionBatch
from samplewise.metrics.label_issues import KINDS, LabelSuspects, find_label_issues
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_run import StoredRun
from samplewise.records.stored_table import StoredTable
from samplewise.schema import BoundingBoxes2DSchema, ImageSchema, TableSchema
from samplewise.schema.boxes import BOX_TYPE, RaggedBoxes, boxes_from_arrow
from samplewise.schema.foreign import join_chunks
from samplewise.schema.ragged import CONFIDENCE, LABEL

pc: Any = pyarrow.compute  # its functions are made when it is imported
CROWD = "iscrowd"
TRAIN = "train"
_LEAST_CONFIDENCE = 0.05
_KEYS = (EXAMPLE_ID, INPUT_TABLE_ID, EPOCH, SPLIT)

SCHEMA = pa.schema(
    [
        (EXAMPLE_ID, pa.int64()),
        ("image", pa.string()),
        ("kind", pa.string()),
        ("score", pa.float64()),
        ("image_score", pa.float64()),
        ("label_index", pa.int64()),
        ("label", pa.int64()),
        ("box", BOX_TYPE),
        ("suggested_label", pa.int64()),
        ("suggested_box", BOX_TYPE),
        ("prediction_index", pa.int64()),
        (CONFIDENCE, pa.float64()),
        (EPOCH, pa.int64()),
        ("in_sample", pa.bool_()),
        (INPUT_TABLE_ID, pa.int64()),
        (SPLIT, pa.string()),
    ]
)


def label_issues(
    run: StoredRun,
    *,
    table_id: int | None,
    split: str | None,
    epochs: str | int | Sequence[int],
    kinds: Collection[str] | None,
    min_score: float,
) -> pa.Table:
    """Rank the suspects of a run; see `Run.label_issues`."""
    check_kinds(kinds)
    groups = _groups(run, table_id, split)
    if not groups:
        raise NotFoundError(
            f"run `{run.name}` has no predicted boxes with a property `{CONFIDENCE}` there.",
            hint="collect with DetectionMetricsCollectionCallback, or add `bbs_predicted` with "
            "run.add_metrics(...); label issues are found for boxes so far",
        )
    inputs = run.inputs
    found = [
        _rank(inputs[key[0]], group, _choose_epochs(group, epochs))
        for key, group in sorted(groups.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))
    ]
    suspects = pa.concat_tables(found)
    keep = pc.greater_equal(suspects["score"], min_score)
    if kinds is not None:
        keep = pc.and_(keep, pc.is_in(suspects["kind"], pa.array(list(kinds), pa.string())))
    return suspects.filter(keep).sort_by(
        [("score", "descending"), (INPUT_TABLE_ID, "ascending"), (EXAMPLE_ID, "ascending")]
    )


@dataclass(frozen=True)
class _Group:
    """Predictions about one table and split.

    Args:
        input_table_id: The table.
        split: The split.
        column: Name of the column of predicted boxes.
        known_classes: Ids of the classes that the network has; None where nobody knows.
        epochs: Rows by epoch: example ids and boxes.
    """

    input_table_id: int
    split: str | None
    column: str
    known_classes: set[int] | None
    epochs: dict[int | None, tuple[np.ndarray, RaggedBoxes]]

    @property
    def in_sample(self) -> bool | None:
        """Whether the model trained on it; None where nobody knows."""
        return None if self.split is None else self.split == TRAIN


def check_kinds(kinds: Collection[str] | None) -> None:
    """Refuse kinds that there are not.

    Raises:
        InvalidArgumentError: One is no kind.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise InvalidArgumentError(
                f"`kinds` must be some of {', '.join(KINDS)}, but one is {kind!r}.",
                hint=did_you_mean(str(kind), KINDS),
            )


def _groups(
    run: StoredRun, table_id: int | None, split: str | None
) -> dict[tuple[int, str | None], _Group]:
    groups: dict[tuple[int, str | None], _Group] = {}
    for stream in run.metric_streams:
        schema = TableSchema.from_arrow(stream.arrow_schema)
        column = _find_predictions(schema)
        if column is None:
            continue
        rows = stream.dataset.to_table(columns=[*_KEYS, column], scan_in_order=True)
        rows = rows.filter(pc.and_(pc.is_valid(rows[column]), pc.is_valid(rows[INPUT_TABLE_ID])))
        if table_id is not None:
            rows = rows.filter(pc.equal(rows[INPUT_TABLE_ID], table_id))
        if split is not None:
            rows = rows.filter(pc.equal(rows[SPLIT], split))
        label = schema[column].properties[LABEL]  # type: ignore[attr-defined]
        classes = set(label.value_map) if label.value_map else None
        for (table, part, epoch), chosen in _parts(rows):
            group = groups.setdefault((table, part), _Group(table, part, column, classes, {}))
            ids = chosen[EXAMPLE_ID].to_numpy()
            group.epochs[epoch] = (ids, boxes_from_arrow(join_chunks(chosen[column])))
    return groups


def _find_predictions(schema: TableSchema) -> str | None:
    for name, kind in schema.items():
        if isinstance(kind, BoundingBoxes2DSchema) and CONFIDENCE in kind.properties:
            return name
    return None


def _parts(rows: pa.Table) -> Iterator[tuple[tuple[int, str | None, int | None], pa.Table]]:
    keys = rows.select([INPUT_TABLE_ID, SPLIT, EPOCH]).group_by([INPUT_TABLE_ID, SPLIT, EPOCH])
    for key in keys.aggregate([]).to_pylist():
        keep = pa.array(np.ones(len(rows), bool))
        for name, value in key.items():
            same = pc.is_null(rows[name]) if value is None else pc.equal(rows[name], value)
            keep = pc.and_(keep, pc.fill_null(same, False))
        chosen = rows.filter(keep).sort_by(EXAMPLE_ID)
        yield (key[INPUT_TABLE_ID], key[SPLIT], key[EPOCH]), chosen


def _choose_epochs(group: _Group, epochs: str | int | Sequence[int]) -> list[int | None]:
    """Which epochs are looked at, the last one last."""
    there = sorted(group.epochs, key=lambda epoch: -1 if epoch is None else epoch)
    if epochs == "auto":
        # Who trained on an error has learned it at last: earlier epochs still disagreed.
        return there if group.in_sample else there[-1:]
    if isinstance(epochs, str):
        raise InvalidArgumentError(f'`epochs` must be "auto" or numbers, but is {epochs!r}.')
    wanted: list[int | None] = [epochs] if isinstance(epochs, int) else list(epochs)
    for epoch in wanted:
        if epoch not in there:
            raise NotFoundError(
                f"`epochs` must have been collected, but {epoch!r} was not for split "
                f"{group.split!r}.",
                hint=f"there are {', '.join(map(str, there))}",
            )
    return sorted(wanted, key=there.index)


def _rank(table: StoredTable, group: _Group, epochs: list[int | None]) -> pa.Table:
    stored = table.take(group.epochs[epochs[-1]][0], [label_column(table)]).column(0)
    ids, last = group.epochs[epochs[-1]]
    has_labels = pc.is_valid(stored).to_numpy()
    if not has_labels.all():
        note(f"{int((~has_labels).sum())} rows of `{table.name}` have no labels: not looked at.")
    labels = boxes_from_arrow(join_chunks(stored))
    batches, kept = [], np.zeros(0, np.int64)
    for epoch in epochs:
        there, boxes = group.epochs[epoch]
        if not np.array_equal(there, ids):
            note(f"epoch {epoch} has not the same rows as epoch {epochs[-1]}: left out.")
            continue
        batch, kept = _batch(boxes, labels, group.known_classes, has_labels)
        batches.append(batch)
    _tell(group, last)
    suspects = find_label_issues(batches)
    return _to_arrow(table, group, epochs[-1], ids, batches[-1], kept, suspects)


def _tell(group: _Group, predictions: RaggedBoxes) -> None:
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


def label_column(table: StoredTable) -> str:
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


def _batch(
    predicted: RaggedBoxes,
    labels: RaggedBoxes,
    known: set[int] | None,
    has_labels: np.ndarray,
) -> tuple[DetectionBatch, np.ndarray]:
    """Predictions beside labels, and which of the stored predictions they are."""
    confidences = _confidences(predicted)
    image = np.repeat(np.arange(len(has_labels)), np.diff(predicted.offsets))
    keep = (confidences >= _LEAST_CONFIDENCE) & has_labels[image]
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
    group: _Group,
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
    urls = np.array(_image_urls(table, ids), object)
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


def _image_urls(table: StoredTable, ids: np.ndarray) -> list[str | None]:
    for name, kind in table.schema.items():
        if isinstance(kind, ImageSchema):
            return [
                None if url is None else table.aliases.resolve(url)
                for url in table.take(ids, [name]).column(0).to_pylist()
            ]
    return [None] * len(ids)
