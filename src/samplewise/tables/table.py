"""Table: one immutable, named revision of a dataset."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, overload

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_arguments
from samplewise._notes import note
from samplewise.errors import ImageError, InvalidArgumentError
from samplewise.records.stored_table import StoredTable
from samplewise.records.table_document import unpublish
from samplewise.schema import TableSchema
from samplewise.schema.value_map import simple_value_map
from samplewise.storage import Store
from samplewise.tables._contents import TableContents
from samplewise.tables._creation import TableCreation
from samplewise.tables.url import Url


class Table(TableCreation, TableContents):
    """One immutable, named revision of a dataset: rows (samples) under a schema.

    `table[i]` is a *sample*: images opened, boxes as `BoundingBoxes2D`. `table.table_rows[i]` is
    the *stored* view: URLs and plain values. A Table never changes: `delete_rows` and `edit` give
    a new revision that stores only what changed.

    Tables are made with `Table.from_coco(...)` and its siblings or with a `TableWriter`, and
    opened with `Table.from_names(...)` or `Table.from_url(...)`.
    """

    @classmethod
    @check_arguments
    def from_names(
        cls,
        table_name: str,
        dataset_name: str,
        project_name: str,
        root_url: str | Path | None = None,
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
        return cls._of(
            StoredTable.from_names(store, project_name, dataset_name, table_name, aliases)
        )

    @classmethod
    @check_arguments
    def from_url(cls, url: str | Path, *, aliases: Mapping[str, str] | None = None) -> Self:
        """Open a stored table by its URL, `<root>/<project>/datasets/<dataset>/tables/<table>`.

        Raises:
            InvalidArgumentError: The URL has another form.
            NotFoundError: There is no such table.
        """
        return cls._of(StoredTable.from_url(str(url), aliases))

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.stored.name

    @property
    def dataset_name(self) -> str:
        """Name of its dataset."""
        return self.stored.document.dataset

    @property
    def project_name(self) -> str:
        """Name of its project."""
        return self.stored.document.project

    @property
    def url(self) -> Url:
        """Where it lies, a `str`; opens it again with `Table.from_url`."""
        return Url(self.stored.url)

    @property
    def root_url(self) -> str:
        """Where its store lies."""
        return self.stored.store.root

    @property
    def id(self) -> str:
        """Unique id of this revision."""
        return self.stored.id

    @property
    def description(self) -> str:
        """What a person wrote about it."""
        return self.stored.document.description

    @property
    def source(self) -> dict[str, Any]:
        """Where its rows came from, and what was repaired on the way."""
        return self.stored.source

    @property
    def created(self) -> str:
        """When it was made, UTC, ISO 8601."""
        return self.stored.document.created

    @property
    def schema(self) -> TableSchema:
        """Column kinds by column name."""
        return self.stored.schema

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return self.stored.columns

    def __len__(self) -> int:
        return len(self.stored)

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
        """One sample, or a list of them: images opened, boxes as values of `data_types`.

        Raises:
            InvalidArgumentError: `index` is outside the table.
            AliasError: An alias in a URL has no folder.
            ImageError: An image cannot be read; `table.table_rows` has its other values.
        """
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return {name: self._sample(index, name, v) for name, v in self.row(index).items()}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[i] for i in range(len(self)))

    @property
    def table_rows(self) -> "TableRows":
        """The stored view: a sequence of dicts of plain values."""
        return TableRows(self)

    def row(self, index: int) -> dict[str, Any]:
        """One row in stored form: URLs (aliases resolved) and plain values.

        Raises:
            InvalidArgumentError: `index` is outside the table.
            AliasError: An alias in a URL has no folder.
        """
        return self.stored.row(index)

    @check_arguments
    def image_urls(self, column: str = "image") -> list[str | None]:
        """Resolved URLs of all images of a column, `n` of them.

        Raises:
            ColumnNotFoundError: There is no such column.
            AliasError: An alias in a URL has no folder.
        """
        return self.stored.image_urls(column)

    @check_arguments
    def get_simple_value_map(self, path: str) -> dict[int, str] | None:
        """Names of classes by id.

        Args:
            path: Such as `label` or `bbs.instances_additional_data.label`.

        Returns:
            Names by id; None where the values are not categorical.

        Raises:
            ColumnNotFoundError: There is nothing at that path.
        """
        value_map = self.schema.at(path).value_map
        return None if value_map is None else simple_value_map(value_map)

    def latest(self) -> Self:
        """The newest revision that descends from this one; itself if there is none."""
        from samplewise.records.revision import newest_descendant

        return self._sibling(newest_descendant(self.stored))

    def lineage(self) -> list[Self]:
        """Its revisions from the first one to itself; those that were removed are left out."""
        from samplewise.records.revision import ancestors

        return [*map(self._sibling, ancestors(self.stored)), self]

    @check_arguments
    def delete_rows(
        self,
        indices: Sequence[int] | np.ndarray,
        table_name: str | None = None,
        *,
        table_url: str | Path | None = None,
        description: str = "",
    ) -> Self:
        """A new revision without some rows.

        Args:
            indices: Row indices, `0 <= i < n`; negative ones count from the end. Or one boolean
                per row.
            table_name: Name of the new table; None takes a free one after this table's name.
            table_url: Its URL in place of its name, such as `table.url.create_sibling("clean")`.
            description: Why.

        Raises:
            InvalidArgumentError: An index is outside the table, there is none, or `table_url` is
                not in the dataset of this table.
            AlreadyExistsError: `table_name` is taken.
        """
        if table_url is not None:
            table_name = self.url.name_of_sibling(table_url, "table_url")
        return self.edit({}, table_name, delete=indices, description=description)

    @check_arguments
    def edit(
        self,
        changes: Mapping[str, Mapping[int, Any]],
        table_name: str | None = None,
        *,
        delete: Sequence[int] | np.ndarray = (),
        description: str = "",
        latest: bool = False,
    ) -> Self:
        """A new revision with some values changed.

        Args:
            changes: New values (sample or stored form) by column and row index:
                `{"weight": {3: 0.0}}`.
            table_name: Name of the new table; None takes a free one after this table's name.
            delete: Indices of rows to leave out.
            description: Why.
            latest: Whether this must be the newest revision: of many who edit it at the same time
                one does, on every kind of root. Otherwise each makes a branch of its own.

        Raises:
            ColumnNotFoundError: There is no such column.
            InvalidArgumentError: An index is outside the table, nothing changes, or a column is
                not for people to edit.
            SchemaError: A value does not fit its column.
            AlreadyExistsError: `table_name` is taken.
            NotFoundError: The table was removed.
            ConflictError: There is a newer revision, and `latest` is asked for.
        """
        from samplewise.records.revision import edit_table

        told = {"delete": delete, "description": description, "is_head": latest}
        return self._sibling(edit_table(self.stored, changes, table_name, **told))

    @check_arguments
    def apply(
        self,
        issues: pa.Table,
        kinds: Sequence[str] | None = None,
        min_score: float = 0.5,
        table_name: str | None = None,
        *,
        description: str = "",
    ) -> Self:
        """A new revision in which label issues are mended as they suggest.

        A label of a wrong class gets the class that was seen there, a badly placed one the box that
        was seen, a missing one is added, a spurious one goes. A label that is not what it was when
        the issues were found is left alone and counted.

        Args:
            issues: Of `run.label_issues(...)`, or some of its rows.
            kinds: Which kinds to mend; None mends all.
            min_score: Suspects with a lower score are left alone.
            table_name: Name of the new table; None takes a free one after this table's name.
            description: Why; None says how many of which kind.

        Raises:
            InvalidArgumentError: They are no label issues of this table, or there is nothing to
                mend.
            AlreadyExistsError: `table_name` is taken.

        Examples:
            ```python
            better = table.apply(run.label_issues(split="val"), min_score=0.6)
            ```
        """
        from samplewise.records.label_fixes import plan_fixes

        fixes = plan_fixes(self.stored, issues, kinds, min_score)
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(fixes.made.items()))
        if fixes.changed_since:
            note(f"{fixes.changed_since} labels of `{self.name}` changed since: left alone.")
        if not fixes.values:
            raise InvalidArgumentError(
                f"`issues` must have something to mend in `{self.name}`, but have nothing of score "
                f"{min_score:g} or more.",
                hint="lower min_score, or look at run.label_issues() first",
            )
        note(f"mended in `{self.name}`: {said}.")
        return self.edit(
            {fixes.column: fixes.values},
            table_name,
            description=description or f"label issues mended: {said}",
        )

    def delete(self) -> None:
        """Take the table away. Those who have it open can go on reading.

        Its rows are deleted by `vacuum`, a day later, unless another table or a run has them too.
        """
        from samplewise.records.head import release_head

        unpublish(self.stored.store, self.stored.document)
        release_head(self.stored.store, self.stored.document)

    def __repr__(self) -> str:
        return (
            f"Table({self.project_name}/{self.dataset_name}/{self.name}: "
            f"{len(self)} rows, columns {', '.join(self.columns)})"
        )

    def _repr_html_(self) -> str:
        from samplewise.tables.html import table_html

        return table_html(self)

    def _sample(self, index: int, column: str, value: Any) -> Any:
        try:
            return self.schema[column].to_sample(value)
        except ImageError as error:
            where = f"row {index} of table `{self.name}`, column `{column}`"
            raise type(error)(f"{where}: {error.message}", hint=error.hint) from None

    def _sibling(self, stored: StoredTable) -> Self:
        return self if stored.id == self.id else self._of(stored)


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
