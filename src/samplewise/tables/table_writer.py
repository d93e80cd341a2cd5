"""Writing a Table row by row or batch by batch."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self, Unpack

from samplewise._arguments import check_arguments
from samplewise.records.destination import Keeping, takes
from samplewise.records.stored_table_writer import StoredTableWriter
from samplewise.schema import ColumnSchema
from samplewise.tables.table import Table


class TableWriter:
    """Writes one Table, row by row or batch by batch, in bounded memory.

    Used as a context manager it finalizes at the end of the block; an exception inside the block
    leaves no table behind, and neither does a writer that is dropped before it was finalized.
    Where the name is taken, the new table gets a free one unless told otherwise.

    Args:
        table_name: Name of the table.
        dataset_name: Name of its dataset.
        project_name: Name of its project.
        schema: Column kinds by name. Left out, they are inferred from the first batch of rows.
        add_weight_column: Whether to add a column `weight` of ones.
        source: Where the rows come from, as JSON values.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
        if_exists: What to do where the name is taken: `reuse`, `overwrite`, `rename`, `raise`.
        description: What a person should know about the table.
        aliases: Folders by alias name: images inside are stored as `<NAME>/...`.

    Raises:
        InvalidArgumentError: A name cannot be a folder, or `if_exists` is unknown.
        SchemaError: A column of `schema` has no column schema, or a name that cannot be stored.
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.

    Examples:
        >>> import tempfile
        >>> root = tempfile.mkdtemp()
        >>> with TableWriter("initial", "numbers", "docs", root_url=root) as writer:
        ...     writer.add_row({"x": 1.5, "y": 2})
        ...     writer.add_batch({"x": [2.5, 3.5], "y": [3, 4]})
        >>> len(writer.table)
        3
    """

    @takes(Keeping, if_exists="rename")
    def __init__(
        self,
        table_name: str,
        dataset_name: str,
        project_name: str,
        *,
        schema: Mapping[str, ColumnSchema] | None = None,
        add_weight_column: bool = False,
        source: Mapping[str, Any] | None = None,
        **destination: Unpack[Keeping],
    ) -> None:
        self._writer = StoredTableWriter(
            schema,
            add_weight_column=add_weight_column,
            source=source,
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            **destination,
        )

    @property
    def table(self) -> Table:
        """The written table.

        Raises:
            InvalidArgumentError: It is not finalized yet.
        """
        return self._table

    @cached_property
    def _table(self) -> Table:
        stored = self._writer.table
        return Table(stored.store, stored.document, aliases=stored.aliases)

    @check_arguments
    def describe(self, schema: Mapping[str, ColumnSchema], source: Mapping[str, Any]) -> None:
        """Say what the rows will be, before the first one: for readers that open their file first.

        Raises:
            SchemaError: A column has no column schema, or a name that cannot be stored.
        """
        self._writer.describe(schema, source)

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Add one row, values in sample or stored form.

        Raises:
            SchemaError: A column is unknown or missing, or a value does not fit; at the latest
                when the batch that the row falls into is written.
        """
        self._writer.add_row(row)

    def add_batch(self, batch: Any) -> None:
        """Add many rows at once.

        Args:
            batch: A mapping with one sequence per column, an Arrow table or an Arrow batch.

        Raises:
            SchemaError: A column is unknown or missing, has another length, or a value does not
                fit.
        """
        self._writer.add_batch(batch)

    def finalize(self) -> Table:
        """Write what is left and publish the table.

        Returns:
            The stored table: with `if_exists="reuse"` the one that was there before.

        Raises:
            SchemaError: No row was added and no schema was given.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
            StoreError: The store cannot be written.
        """
        self._writer.finalize()
        return self.table

    def abort(self) -> None:
        """Throw away what was written; no table comes of it."""
        self._writer.abort()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._writer.__exit__(kind)
