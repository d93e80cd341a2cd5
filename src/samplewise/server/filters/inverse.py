"""What another filter leaves out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samplewise.server.filters.kind import FilterKind

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery


class Inverse(FilterKind):
    """The rows that its part leaves out, those where a value is missing among them."""

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """Null counts as false before it is turned around."""
        return f"not coalesce({parts[0]}, false)"

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """As `sql`."""
        return f"not coalesce({parts[0]}, false)"
