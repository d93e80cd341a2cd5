"""Label issues of images with one class: stored probabilities against the labels of a table."""

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_table import StoredTable
from samplewise.records.suspects import SCHEMA, Group, image_urls
from samplewise.schema import CategoricalLabelSchema, TableSchema
from samplewise.schema.ragged import CONFIDENCE

_PREDICTED, _MARGIN, _LOSS = "predicted_label", "margin", "cross_entropy"
_COLUMNS = (_LOSS, _PREDICTED, CONFIDENCE, _MARGIN)


def find_predicted_classes(schema: TableSchema) -> list[str] | None:
    """The columns of metrics that say how probable the label and the best other class are."""
    return list(_COLUMNS) if set(_COLUMNS) <= set(schema) else None


def find_class_column(table: StoredTable) -> str:
    """The column of labels: `label`, else the first with classes.

    Raises:
        InvalidArgumentError: There is none.
    """
    names = [n for n, kind in table.schema.items() if isinstance(kind, CategoricalLabelSchema)]
    if not names:
        raise InvalidArgumentError(f"table `{table.name}` has no column of classes.")
    return "label" if "label" in names else names[0]


def rank_classes(table: StoredTable, group: Group, epochs: list[int | None]) -> pa.Table:
    """Suspects among the labels of a table, in no order.

    The score is `(1 + p_other - p_label) / 2`: 0.5 where another class is as probable as the label.

    Args:
        table: The table.
        group: Predictions about it.
        epochs: Which epochs of the group, the last one last; probabilities are averaged.

    Source:
        The margin of Northcutt, Jiang, Chuang (2021), "Confident learning", JAIR 70.
    """
    last = group.epochs[epochs[-1]]
    ids = last[EXAMPLE_ID].to_numpy()
    labels = table.take(ids, [find_class_column(table)]).column(0).to_numpy(zero_copy_only=False)
    same = [e for e in epochs if np.array_equal(group.epochs[e][EXAMPLE_ID].to_numpy(), ids)]
    score = np.mean([_score(group.epochs[epoch], labels) for epoch in same], axis=0)
    predicted = _numbers(last, _PREDICTED).astype(np.int64)
    disputes = predicted != labels
    count = len(ids)
    columns = {
        EXAMPLE_ID: ids,
        "image": pa.array(image_urls(table, ids), pa.string()),
        "kind": pa.array(["wrong_class"] * count),
        "score": score,
        "image_score": score,
        "label_index": pa.nulls(count, pa.int64()),
        "label": pa.array(labels, pa.int64(), from_pandas=True),
        "box": pa.nulls(count, SCHEMA.field("box").type),
        "suggested_label": pa.array(predicted, mask=~disputes),
        "suggested_box": pa.nulls(count, SCHEMA.field("box").type),
        "prediction_index": pa.nulls(count, pa.int64()),
        CONFIDENCE: _numbers(last, CONFIDENCE),
        EPOCH: pa.array([epochs[-1]] * count, pa.int64()),
        "in_sample": pa.array([group.in_sample] * count, pa.bool_()),
        INPUT_TABLE_ID: pa.array([group.input_table_id] * count, pa.int64()),
        "table_id": pa.array([table.id] * count, pa.string()),
        SPLIT: pa.array([group.split] * count, pa.string()),
    }
    return pa.table(columns, schema=SCHEMA)


def _score(rows: pa.Table, labels: np.ndarray) -> np.ndarray:
    of_label = np.exp(-_numbers(rows, _LOSS))
    best = _numbers(rows, CONFIDENCE)
    is_right = _numbers(rows, _PREDICTED) == labels
    other = np.where(is_right, best - _numbers(rows, _MARGIN), best)
    return np.clip((1 + other - of_label) / 2, 0.0, 1.0)


def _numbers(rows: pa.Table, name: str) -> np.ndarray:
    return rows[name].cast(pa.float64()).to_numpy()
