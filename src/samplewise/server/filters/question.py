"""Typed filters as SQL: parameters for values, names of our own for columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.server.filters.joining import join_conditions
from samplewise.server.filters.kind import FilterKind

if TYPE_CHECKING:
    from samplewise.server import wire
    from samplewise.server.source import OpenSource

MOST_NESTED = 100
MOST_FILTERS = 1_000
MOST_VALUES = 10_000
"""Of all lists of values together; `rows` has no such bound, since it is no SQL."""


def check_size(filters: Sequence[FilterKind]) -> None:
    """Refuse filters that Python could not follow, or that DuckDB would be at for minutes.

    Raises:
        InvalidArgumentError: There are more than `MOST_NESTED` inside each other, more than
            `MOST_FILTERS`, or more than `MOST_VALUES` values in their lists.
    """
    every = _check_nesting(filters)
    values = sum(len(getattr(each, "values", ())) for each in every)
    for name, count, most in (
        ("filters", len(every), MOST_FILTERS),
        ("values", values, MOST_VALUES),
    ):
        if count > most:
            raise InvalidArgumentError(
                f"`filters` must have at most {most:,} {name}, but have {count:,}.",
                hint="`rows` takes any number of samples by their `example_id`",
            )


def _check_nesting(filters: Sequence[FilterKind]) -> list[FilterKind]:
    level, depth = list(filters), 0
    every = level
    while level := [part for each in level for part in each.parts()]:
        depth += 1
        every = every + level
        if depth > MOST_NESTED:
            raise InvalidArgumentError(
                f"`filters` must have at most {MOST_NESTED} filters inside each other."
            )
    return every


class Question:
    """Conditions and orders over the rows of a source, as SQL.

    Values are parameters and columns are called `c0`, `c1`, ...: nothing of a request is ever text
    of the query.

    Args:
        source: The source.

    Attributes:
        parameters: Values in the order of the `?`.
        columns: Columns by what the SQL calls them, one value per row.
    """

    def __init__(self, source: "OpenSource") -> None:
        self.source = source
        self.parameters: list[Any] = []
        self.columns: dict[str, pa.Array] = {}

    def where(self, filters: Sequence[FilterKind]) -> str:
        """All filters at once; call it before `order`, since parameters are counted.

        Raises:
            ColumnNotFoundError: The source lacks a column.
            InvalidArgumentError: A filter does not fit its column.
        """
        return " and ".join(map(self.condition, join_conditions(filters))) or "true"

    def condition(self, each: FilterKind) -> str:
        """One filter; null counts as false."""
        parts = [self.condition(part) for part in each.parts()]
        return f"coalesce({each.sql(self, parts)}, false)"

    def order(self, sort: "Sequence[wire.Sort]") -> str:
        """An order; what is missing or no number comes last.

        Raises:
            ColumnNotFoundError: The source lacks a column.
        """
        return ", ".join(map(self._order_by, sort))

    def add(self, values: pa.Array) -> str:
        """What the SQL calls a column."""
        name = f"c{len(self.columns)}"
        self.columns[name] = values
        return name

    def value(self, value: Any) -> str:
        """What the SQL calls a value: values are asked for in the order in which they stand."""
        self.parameters.append(value)
        return "?"

    def _order_by(self, each: "wire.Sort") -> str:
        values = self.source.values(each.column)
        name = self.add(values)
        if pa.types.is_floating(values.type):
            name = f"case when isnan({name}) then null else {name} end"
        return f"{name} {'desc' if each.descending else 'asc'} nulls last"
