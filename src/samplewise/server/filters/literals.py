"""Values as text of a query that a person runs; the server's own queries take parameters."""

from typing import Any

_EXACT_DIGITS = 15


def literal(value: Any) -> str:
    """A value as DuckDB reads it.

    A number with a point is a decimal there, which becomes the same double only while it is short.

    Examples:
        >>> literal("it's"), literal(True), literal(-2), literal(0.1)
        ("'it''s'", 'true', '(-2)', '0.1')
        >>> literal(0.1 + 0.2)
        '0.30000000000000004e0'
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    number = repr(value)
    if isinstance(value, float) and sum(map(str.isdigit, number)) > _EXACT_DIGITS:
        return double_literal(value)
    return f"({number})" if number.startswith("-") else number


def double_literal(value: float) -> str:
    """As an exponent: without one DuckDB counts in decimals, which round otherwise.

    Examples:
        >>> double_literal(0.1), double_literal(-1e-9)
        ('0.1e0', '(-1e-09)')
    """
    number = f"{value!r}" if "e" in f"{value!r}" else f"{value!r}e0"
    return f"({number})" if number.startswith("-") else number
