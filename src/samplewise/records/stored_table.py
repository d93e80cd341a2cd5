"""A Table as it lies in its store: what the modules that work on tables share."""

from dataclasses import dataclass, field

from samplewise.records.row_reader import RowReader
from samplewise.records.table_document import TableDocument
from samplewise.storage import Aliases, Store, known_aliases


@dataclass(frozen=True)
class StoredTable:
    """Where a Table lies, what its document says, and what reads its rows.

    Args:
        store: Its store.
        document: Its document.
        aliases: The aliases that hold for its URLs.
        reader: What reads its rows; None makes one.
    """

    store: Store
    document: TableDocument
    aliases: Aliases
    reader: RowReader = field(default=None, compare=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.reader is None:
            object.__setattr__(self, "reader", RowReader(self.store, self.document))

    @classmethod
    def opened(
        cls, store: Store, document: TableDocument, aliases: Aliases | None = None
    ) -> "StoredTable":
        """With the aliases that are known in its project, unless others are given."""
        return cls(store, document, aliases or known_aliases(store, document.project))
