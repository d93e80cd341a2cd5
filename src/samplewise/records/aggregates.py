"""Aggregate values of a run as rows."""

import math
import operator
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from samplewise.errors import InvalidArgumentError

AGGREGATES = pa.schema(
    [
        pa.field("epoch", pa.int64()),
        pa.field("split", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)


def aggregate_rows(
    values: Mapping[str, Any], epoch: int | None, split: str | None
) -> pa.RecordBatch:
    """One row per value, all of the same time.

    Raises:
        InvalidArgumentError: A value is not a number, or `epoch` no integer.
    """
    row = {"epoch": _epoch(epoch), "split": split, "time": datetime.now(UTC)}
    rows = [
        {**row, "name": str(name), "value": _number(name, value)} for name, value in values.items()
    ]
    return pa.RecordBatch.from_pylist(rows, schema=AGGREGATES)


def last_aggregates(
    known: Iterable[Mapping[str, Any]], batch: pa.RecordBatch
) -> list[dict[str, Any]]:
    """The last value of each aggregate, as JSON values: `split`, `name`, `epoch`, `value`.

    Values that are no finite numbers are None.

    Args:
        known: What it was before.
        batch: Newer rows.
    """
    new = [
        {"split": row["split"], "name": row["name"], "epoch": row["epoch"], "value": row["value"]}
        for row in batch.to_pylist()
    ]
    for row in new:
        if row["value"] is not None and not math.isfinite(row["value"]):
            row["value"] = None
    by_name = {(row["split"], row["name"]): dict(row) for row in (*known, *new)}
    return list(by_name.values())


def _epoch(epoch: Any) -> int | None:
    try:
        return None if epoch is None else operator.index(epoch)
    except TypeError:
        raise InvalidArgumentError(f"`epoch` must be an integer, but is {epoch!r}.") from None


def _number(name: object, value: Any) -> float | None:
    try:
        if value is None or not isinstance(value, str | bytes):
            return None if value is None else float(value)
    except (TypeError, ValueError):
        pass
    raise InvalidArgumentError(f"`values` must have numbers, but `{name}` is {value!r}.")
