"""Table: one immutable, named revision of a dataset."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.schema import ColumnSchema, ImageSchema, SemanticSegmentationSchema, TableSchema
from samplewise.schema.value_map import simple_value_map
from samplewise.storage import Aliases, Store, known_aliases
from samplewise.storage.layout import dataset_path
from samplewise.tables._creation import TableCreation
from samplewise.tables.row_reader import RowReader
from samplewise.tables.table_document import TableDocument, read_table_document

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Table(TableCreation):
    """One immutable, named revision of a dataset: rows (samples) under a schema.

    `table[i]` is a *sample*: images opened, boxes as `BoundingBoxes2D`. `table.table_rows[i]` is
    the *stored* view: URLs and plain values. A Table never changes: `delete_rows` and `edit` give
    a new revision that stores only what changed.

    Tables are made with `Table.from_coco(...)` and its siblings or with a `TableWriter`, and
    opened with `Table.from_names(...)` or `Table.from_url(...)`.
    """

    def __init__(
        self, store: Store, document: TableDocument, *, aliases: Aliases | None = None
    ) -> None:
        self._store = store
        self._document = document
        self._aliases = aliases or known_aliases(store, document.project)
        self._schema = TableSchema.from_arrow(document.schema)
        self._reader = RowReader(store, document)

    @classmethod
    def from_names(
        cls,
        table_name: str,
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        *,
        aliases: Mapping[str, str] | None = None,
    ) -> Self:
        """Open a stored table.

        Args:
            table_name: Its name.
            dataset_name: Its dataset.
            project_name: Its project.
            root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
            aliases: Folders by alias name, before those of the environment and the project.

        Raises:
            NotFoundError: There is no such table; the hint names those that there are.
            NewerFormatError: It was written by a newer Samplewise.
        """
        store = Store(root_url)
        document = read_table_document(store, project_name, dataset_name, table_name)
        if document is None:
            folder = f"{dataset_path(project_name, dataset_name)}/tables"
            raise NotFoundError(
                f"there is no table `{table_name}` in dataset `{dataset_name}` of project "
                f"`{project_name}` below {store.root}.",
                hint=did_you_mean(table_name, store.children(folder)),
            )
        return cls(store, document, aliases=known_aliases(store, project_name, aliases))

    @classmethod
    def from_url(cls, url: str, *, aliases: Mapping[str, str] | None = None) -> Self:
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
        return cls.from_names(parts[-1], parts[-3], parts[-5], root or "/", aliases=aliases)

    @property
    def name(self) -> str:
        """Name of the table."""
        return self._document.name

    @property
    def dataset_name(self) -> str:
        """Name of its dataset."""
        return self._document.dataset

    @property
    def project_name(self) -> str:
        """Name of its project."""
        return self._document.project

    @property
    def url(self) -> str:
        """Where it lies; opens it again with `Table.from_url`."""
        return self._store.url(self._document.path)

    @property
    def root_url(self) -> str:
        """Where its store lies."""
        return self._store.root

    @property
    def id(self) -> str:
        """Unique id of this revision."""
        return self._document.id

    @property
    def description(self) -> str:
        """What a person wrote about it."""
        return self._document.description

    @property
    def source(self) -> dict[str, Any]:
        """Where its rows came from, and what was repaired on the way."""
        return dict(self._document.source)

    @property
    def created(self) -> str:
        """When it was made, UTC, ISO 8601."""
        return self._document.created

    @property
    def schema(self) -> TableSchema:
        """Column kinds by column name."""
        return self._schema

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return list(self._schema)

    def __len__(self) -> int:
        return self._document.row_count

    def __bool__(self) -> bool:
        return True  # an empty table is a table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        """One sample, or a list of them: images opened, boxes as values of `data_types`."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = self._reader.row(self._checked_index(index))
        return {name: self._sample_value(name, value) for name, value in row.items()}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[i] for i in range(len(self)))

    @property
    def table_rows(self) -> "TableRows":
        """The stored view: a sequence of dicts of plain values."""
        return TableRows(self)

    def row(self, index: int) -> dict[str, Any]:
        """One row in stored form: URLs (aliases resolved) and plain values."""
        row = self._reader.row(self._checked_index(index))
        return {name: self._resolved(name, value) for name, value in row.items()}

    def image_urls(self, column: str = "image") -> list[str | None]:
        """Resolved URLs of all images of a column, `n` of them.

        Raises:
            ColumnNotFoundError: There is no such column.
            AliasError: An alias in a URL has no folder.
        """
        values = self.get_column_as_pyarrow_array(column).to_pylist()
        return [None if url is None else self._aliases.resolve(url) for url in values]

    def get_simple_value_map(self, path: str) -> dict[int, str] | None:
        """Names of classes by id.

        Args:
            path: Such as `label` or `bbs.instances_additional_data.label`.

        Returns:
            Names by id; None where the values are not categorical.

        Raises:
            ColumnNotFoundError: There is nothing at that path.
        """
        value_map = self._schema.at(path).value_map
        return None if value_map is None else simple_value_map(value_map)

    def get_column_as_pyarrow_array(self, name: str) -> pa.Array:
        """A whole column in stored form, `n` values.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        _ = self._schema[name]  # says which columns there are
        column = self._reader.to_arrow([name]).column(name)
        if column.num_chunks == 1:
            return column.chunk(0)
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows in stored form; column kinds in the metadata of the fields."""
        for name in columns or ():
            _ = self._schema[name]
        return self._reader.to_arrow(columns)

    def to_batches(
        self, columns: list[str] | None = None, batch_size: int = 8_192
    ) -> Iterator[pa.RecordBatch]:
        """All rows in stored form and in order, at most `batch_size` at a time."""
        return self._reader.batches(columns, batch_size)

    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Some rows in stored form, in the order of `indices`."""
        return self._reader.take([self._checked_index(i) for i in indices], columns)

    def to_pandas(self) -> "pd.DataFrame":
        """All rows in stored form as a pandas frame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """All rows in stored form as a Polars frame.

        Raises:
            MissingDependencyError: Polars is not installed.
        """
        from samplewise._extras import require

        polars = require("polars", package="polars", extra="polars", purpose="a Polars frame")
        return polars.from_arrow(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's C stream: `polars.DataFrame(table)`, `pyarrow.table(table)`, DuckDB."""
        batches = self._reader.batches()
        reader = pa.RecordBatchReader.from_batches(self._document.schema, batches)
        return reader.__arrow_c_stream__(requested_schema)

    def sql(self, query: str) -> pa.Table:
        """Ask a question in SQL (DuckDB's dialect) about the rows, under the name `rows`.

        Rows have the column `example_id`, their index in the table.

        Raises:
            InvalidArgumentError: The query is wrong; the message is DuckDB's.
        """
        from samplewise.tables.queries import TableQueries

        with TableQueries() as queries:
            queries.add_table("rows", self)
            return queries.ask(query)

    def __repr__(self) -> str:
        return (
            f"Table({self.project_name}/{self.dataset_name}/{self.name}: "
            f"{len(self)} rows, columns {', '.join(self.columns)})"
        )

    def _repr_html_(self) -> str:
        from samplewise.tables.html import table_html

        return table_html(self)

    def latest(self) -> "Table":
        """The newest revision that descends from this one; itself if there is none."""
        from samplewise.tables.revision import descendants

        return max(descendants(self), key=lambda table: table.created, default=self)

    def lineage(self) -> "list[Table]":
        """Its revisions from the first one to itself."""
        from samplewise.tables.revision import ancestors

        return [*reversed(list(ancestors(self))), self]

    def delete_rows(
        self,
        indices: Sequence[int] | np.ndarray,
        table_name: str | None = None,
        *,
        description: str = "",
    ) -> "Table":
        """A new revision without some rows.

        Args:
            indices: Row indices, `0 <= i < n`; negative ones count from the end.
            table_name: Name of the new table; None takes a free one after this table's name.
            description: Why.

        Raises:
            InvalidArgumentError: An index is outside the table.
            AlreadyExistsError: `table_name` is taken.
        """
        from samplewise.tables.revision import without_rows

        places = sorted({self._checked_index(i) for i in indices})
        return without_rows(self, places, table_name, description)

    def edit(
        self,
        changes: Mapping[str, Mapping[int, Any]],
        table_name: str | None = None,
        *,
        delete: Sequence[int] = (),
        description: str = "",
    ) -> "Table":
        """A new revision with some values changed.

        Args:
            changes: New values (sample or stored form) by column and row index:
                `{"weight": {3: 0.0}}`.
            table_name: Name of the new table; None takes a free one after this table's name.
            delete: Indices of rows to leave out.
            description: Why.

        Raises:
            ColumnNotFoundError: There is no such column.
            InvalidArgumentError: An index is outside the table.
            SchemaError: A value does not fit its column.
            AlreadyExistsError: `table_name` is taken.
        """
        from samplewise.tables.revision import edited

        checked = {
            column: {self._checked_index(i): value for i, value in values.items()}
            for column, values in changes.items()
        }
        places = sorted({self._checked_index(i) for i in delete})
        return edited(self, checked, places, table_name, description)

    def _checked_index(self, index: Any) -> int:
        try:
            number = int(index)
        except (TypeError, ValueError):
            raise InvalidArgumentError(f"an index must be an integer, but is {index!r}.") from None
        place = number + len(self) if number < 0 else number
        if not 0 <= place < len(self):
            raise TableIndexError(
                f"an index must lie in table `{self.name}` of {len(self)} rows, but is {number}."
            )
        return place

    def _resolved(self, name: str, value: Any) -> Any:
        if value is None or not isinstance(value, str | dict):
            return value
        column: ColumnSchema = self._schema[name]
        if isinstance(column, ImageSchema):
            return self._aliases.resolve(value)
        if isinstance(column, SemanticSegmentationSchema) and value["url"] is not None:
            return {**value, "url": self._aliases.resolve(value["url"])}
        return value

    def _sample_value(self, name: str, value: Any) -> Any:
        return self._schema[name].to_sample(self._resolved(name, value))


class TableIndexError(InvalidArgumentError, IndexError):
    """A row index is outside its table. An `IndexError`, so that old-style iteration ends."""


class TableRows(Sequence[dict[str, Any]]):
    """The stored view of a Table.

    Args:
        table: The table.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._table.row(i) for i in range(*index.indices(len(self)))]
        return self._table.row(index)
