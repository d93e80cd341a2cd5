"""Aggregate values of a run as rows."""

import math
import operator
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from samplewise._arguments import check_value, shorten
from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.schema import Better

AGGREGATES = pa.schema(
    [
        pa.field("epoch", pa.int64()),
        pa.field("split", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        # Rows written before it was known have none; null is "nobody said".
        pa.field("better", pa.string()),
    ]
)

BETTER = ("higher", "lower")


def aggregate_rows(
    values: Mapping[str, Any],
    epoch: int | None,
    split: str | None,
    better: Mapping[str, Better] | None = None,
) -> pa.RecordBatch:
    """One row per value, all of the same time.

    Args:
        values: Numbers by name.
        epoch: 0-based epoch they belong to.
        split: Where they were measured.
        better: Whether `higher` or `lower` values are better, by name, where that is known.

    Raises:
        InvalidArgumentError: A value is not a number, `epoch` no integer, or `better` another word
            or about no value.
    """
    known = better or {}
    _check_directions(known, values)
    row = {"epoch": _epoch(epoch), "split": split, "time": datetime.now(UTC)}
    rows = [
        {
            **row,
            "name": _name(name),
            "value": _number(name, value),
            "better": known.get(name),
        }
        for name, value in values.items()
    ]
    return pa.RecordBatch.from_pylist(rows, schema=AGGREGATES)


def last_aggregates(
    known: Iterable[Mapping[str, Any]], batch: pa.RecordBatch
) -> list[dict[str, Any]]:
    """The last row of each aggregate, as JSON values, without its time.

    Values that are no finite numbers are None.

    Args:
        known: What it was before.
        batch: Newer rows.
    """
    names = ("split", "name", "epoch", "value")
    new = [
        {name: row[name] for name in names}
        | ({} if row["better"] is None else {"better": row["better"]})
        for row in batch.to_pylist()
    ]
    for row in new:
        if row["value"] is not None and not math.isfinite(row["value"]):
            row["value"] = None
    by_name = {(row["split"], row["name"]): dict(row) for row in (*known, *new)}
    return list(by_name.values())


def _check_directions(better: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    for name, word in better.items():
        if not isinstance(word, str) or word not in BETTER:
            raise InvalidArgumentError(
                f"`better` must be higher or lower for each name, but `{name}` is {shorten(word)}."
            )
        if name not in values:
            raise InvalidArgumentError(
                f"`better` must name values that are logged, but `{name}` is none of them.",
                hint=did_you_mean(name, map(str, values)),
            )


def _name(name: object) -> str:
    check_value("the name of a value", str(name), str)
    return str(name)


def _epoch(epoch: Any) -> int | None:
    try:
        return None if epoch is None else operator.index(epoch)
    except TypeError:
        raise InvalidArgumentError(
            f"`epoch` must be an integer, but is {shorten(epoch)}."
        ) from None


def _number(name: object, value: Any) -> float | None:
    try:
        if value is None or not isinstance(value, str | bytes):
            return None if value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidArgumentError(f"`values` must have numbers, but `{name}` is {shorten(value)}.")
