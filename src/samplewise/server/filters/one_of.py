"""Values of a list."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.literals import literal

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery


class OneOfFilter(FilterKind, tag="one_of"):
    """Values of a list; None in it takes the missing ones, NaN among them."""

    column: str
    values: list[int | float | str | bool | None]

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """Over a column of one value a sample."""
        values = question.source.values(self.column)
        return self._condition(question.add(values), values.type, question.value)

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """As `sql`, with the values written out."""
        kind = query.source.values(self.column).type
        return self._condition(query.value(self.column), kind, literal)

    def _condition(self, name: str, kind: pa.DataType, value: Callable[[Any], str]) -> str:
        wanted = [_as_stored(each, kind) for each in self.values if each is not None]
        tests = [f"{name} in ({', '.join(map(value, wanted))})"] if wanted else []
        if None in self.values:
            tests.append(f"{name} is null")
            if pa.types.is_floating(kind):
                tests.append(f"isnan({name})")  # the browser's columns know no other missing
        return "(" + " or ".join(f"coalesce({test}, false)" for test in tests or ["false"]) + ")"


def _as_stored(value: Any, kind: pa.DataType) -> Any:
    """A value as the column has it; one that cannot be equal to any is refused."""
    try:
        return pa.scalar(value, kind).as_py()
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        raise InvalidArgumentError(f"`values` must be {kind}, but has {value!r}.") from None
