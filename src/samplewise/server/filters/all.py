"""What several filters all take."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samplewise.server.filters.kind import FilterKind

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery


class All(FilterKind):
    """The rows that all of its parts take; every row without any part."""

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """All at once."""
        return f"({' and '.join(parts) or 'true'})"

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """As `sql`."""
        return f"({' and '.join(parts) or 'true'})"
