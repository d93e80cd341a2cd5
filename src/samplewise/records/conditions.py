"""Conditions on stored rows, in SQL that is true or false for every row, and never null."""

from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN = (bool, int, float, str)


def condition_of(values: Mapping[str, Any]) -> str:
    """Rows with these values.

    Args:
        values: By column; those that are no plain values tell nothing apart.
    """
    parts = [
        f"(`{name}` IS NULL)"
        if value is None
        else f"(`{name}` IS NOT NULL AND `{name}` = {_literal(value)})"
        for name, value in values.items()
        if value is None or isinstance(value, _PLAIN)
    ]
    return " AND ".join(parts) or "true"


def condition_in(name: str, values: Iterable[int | str]) -> str:
    """Rows with one of these values in a column; at least one."""
    return f"(`{name}` IS NOT NULL AND `{name}` IN ({', '.join(map(_literal, values))}))"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else repr(value)
