"""Text that contains other text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samplewise.errors import InvalidArgumentError
from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.literals import literal

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery


class TextFilter(FilterKind, tag="text"):
    """Text that contains other text, whatever its case."""

    column: str
    contains: str

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """Over a column of text, or of the addresses of images."""
        values = question.source.values(self.column)
        if question.source.column(self.column).role not in ("text", "image"):
            raise InvalidArgumentError(f"`column` must have text, but `{self.column}` has none.")
        return _condition(question.add(values), question.value(self.contains))

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """As `sql`, with the text written out."""
        return _condition(query.value(self.column), literal(self.contains))


def _condition(name: str, text: str) -> str:
    return f"contains(lower({name}), lower({text}))"
