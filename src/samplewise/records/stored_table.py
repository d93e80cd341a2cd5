"""A Table as it lies in its store: what the modules that work on tables share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_value
from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.records.catalog import table_names
from samplewise.records.row_index import row_index, row_indices
from samplewise.records.row_reader import RowReader
from samplewise.records.table_document import TableDocument, read_table_document
from samplewise.schema import TableSchema
from samplewise.schema.foreign import join_chunks
from samplewise.storage import Aliases, Store, load_aliases


@dataclass(frozen=True)
class StoredTable:
    """Where a Table lies, what its document says, and its rows in stored form.

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
    def open(
        cls, store: Store, document: TableDocument, aliases: Aliases | None = None
    ) -> "StoredTable":
        """With the aliases that are known in its project, unless others are given."""
        return cls(store, document, aliases or load_aliases(store, document.project))

    @classmethod
    def from_names(
        cls,
        store: Store,
        project: str,
        dataset: str,
        name: str,
        aliases: Mapping[str, str] | None = None,
    ) -> "StoredTable":
        """Open a stored table.

        Args:
            store: Where it lies.
            project: Its project.
            dataset: Its dataset.
            name: Its name.
            aliases: Folders by alias name, before those of the environment and the project.

        Raises:
            NotFoundError: There is no such table; the hint names those that there are.
            NewerFormatError: It was written by a newer Samplewise.
        """
        document = read_table_document(store, project, dataset, name)
        if document is None:
            raise NotFoundError(
                f"there is no table `{name}` in dataset `{dataset}` of project "
                f"`{project}` below {store.root}.",
                hint=did_you_mean(name, table_names(store, project, dataset)),
            )
        return cls(store, document, load_aliases(store, project, aliases))

    @classmethod
    def from_url(cls, url: str, aliases: Mapping[str, str] | None = None) -> "StoredTable":
        """Open a stored table by its URL, `<root>/<project>/datasets/<dataset>/tables/<table>`.

        Raises:
            InvalidArgumentError: The URL has another form.
            NotFoundError: There is no such table.
        """
        parts = str(url).rstrip("/").removesuffix("/table.json").split("/")
        if len(parts) < 6 or parts[-4] != "datasets" or parts[-2] != "tables":
            raise InvalidArgumentError(
                "`url` must end with <project>/datasets/<dataset>/tables/<table>, "
                f"but is {str(url)!r}."
            )
        root = "/".join(parts[:-5])
        return cls.from_names(Store(root or "/"), parts[-5], parts[-3], parts[-1], aliases)

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.document.name

    @property
    def id(self) -> str:
        """Unique id of this revision."""
        return self.document.id

    @property
    def source(self) -> dict[str, Any]:
        """Where its rows came from, and what was repaired on the way."""
        return dict(self.document.source)

    @property
    def url(self) -> str:
        """Where it lies."""
        return self.store.url(self.document.path)

    @cached_property
    def schema(self) -> TableSchema:
        """Column kinds by column name."""
        return TableSchema.from_arrow(self.document.schema)

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return list(self.schema)

    def __len__(self) -> int:
        return self.document.row_count

    def __bool__(self) -> bool:
        return True  # an empty table is a table

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows; column kinds in the metadata of the fields.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        return self.reader.to_arrow(self._check_columns(columns))

    def to_batches(
        self, columns: list[str] | None = None, batch_size: int = 8_192
    ) -> Iterator[pa.RecordBatch]:
        """All rows in order, at most `batch_size` at a time.

        Raises:
            ColumnNotFoundError: There is no such column.
            InvalidArgumentError: `batch_size` is less than 1.
        """
        if not 1 <= batch_size < 2**31:
            raise InvalidArgumentError(
                f"`batch_size` must be a number of rows above 0, but is {batch_size}."
            )
        return self.reader.batches(self._check_columns(columns), batch_size)

    def column(self, name: str) -> pa.Array:
        """A whole column, `n` values.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        return join_chunks(self.to_arrow([name]).column(name))

    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Some rows, in the order of `indices`.

        Args:
            indices: Row indices, `0 <= i < n`; negative ones count from the end. Or one boolean
                per row.
            columns: Which columns; None takes all.

        Raises:
            InvalidArgumentError: An index is outside the table.
            ColumnNotFoundError: There is no such column.
        """
        places = row_indices(indices, len(self), self.name)
        return self.reader.take(places, self._check_columns(columns))

    def row(self, index: int) -> dict[str, Any]:
        """One row: URLs (aliases resolved) and plain values.

        Raises:
            InvalidArgumentError: `index` is outside the table.
            AliasError: An alias in a URL has no folder.
        """
        row = self.reader.row(row_index(index, len(self), self.name))
        return {name: self._resolve(name, value) for name, value in row.items()}

    def image_urls(self, column: str = "image") -> list[str | None]:
        """Resolved URLs of all images of a column, `n` of them.

        Raises:
            ColumnNotFoundError: There is no such column.
            AliasError: An alias in a URL has no folder.
        """
        return [self._resolve(column, url) for url in self.column(column).to_pylist()]

    def _check_columns(self, columns: list[str] | None) -> list[str] | None:
        if columns is None:
            return None
        names = list(columns)
        for name in names:
            check_value("columns", name, str)
            _ = self.schema[name]  # says which columns there are
        return names

    def _resolve(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        return self.schema[name].map_urls(value, self.aliases.resolve)
