"""What can a person filter by? One file a kind; `kinds` has the list of them."""

from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.kinds import Filter

__all__ = ["Filter", "FilterKind"]
