"""Numbers between two ends."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.literals import literal

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery


class RangeFilter(FilterKind, tag="range"):
    """Numbers from `low` to `high`, both included; None leaves an end open."""

    column: str
    low: float | None = None
    high: float | None = None

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """Over a column of numbers."""
        values = question.source.values(self.column)
        if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
            raise InvalidArgumentError(
                f"`column` must have numbers for a range, but `{self.column}` is {values.type}."
            )
        return self._condition(question.add(values), values.type, question.value)

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """As `sql`, with the ends written out."""
        kind = query.source.values(self.column).type
        return self._condition(query.value(self.column), kind, literal)

    def _condition(self, name: str, kind: pa.DataType, value: Callable[[float], str]) -> str:
        ends = [(">=", self.low), ("<=", self.high)]
        tests = [f"{name} {sign} {value(end)}" for sign, end in ends if end is not None]
        if pa.types.is_floating(kind):
            tests.append(f"not isnan({name})")  # DuckDB holds it larger than every number
        return f"({' and '.join(tests) or f'{name} is not null'})"
