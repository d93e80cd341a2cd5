"""Values of Arrow as JSON and as text."""

import base64
import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def plain(value: Any) -> Any:
    """A value of Arrow as JSON.

    NaN and infinities become null, because JSON has none; times ISO 8601; durations seconds;
    bytes Base64; decimals, which are what SQL's sums of integers are, numbers.
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def plain_rows(table: "pa.Table") -> list[dict[str, Any]]:
    """All rows as JSON; columns of one name are told apart by a number."""
    return [plain(row) for row in rename_repeated_columns(table).to_pylist()]


def rename_repeated_columns(table: "pa.Table") -> "pa.Table":
    """The table with a number after names that were there before: `id`, `id_1`."""
    names: list[str] = []
    for name in table.schema.names:
        number, free = 0, name
        while free in names:
            number += 1
            free = f"{name}_{number}"
        names.append(free)
    return table.rename_columns(names)


def flat(table: "pa.Table") -> "pa.Table":
    """The table with every nested or binary column as JSON text, as CSV needs it."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            texts = [
                None if value is None else json.dumps(plain(value), ensure_ascii=False)
                for value in table.column(i).to_pylist()
            ]
            table = table.set_column(i, field.name, pa.array(texts, pa.string()))
    return table
