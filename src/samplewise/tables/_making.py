"""Writing a Table from what a reader gives, or reusing the stored one without reading."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from samplewise._notes import note
from samplewise.records.if_exists import IfExists, checked_if_exists
from samplewise.records.table_document import read_table_document
from samplewise.schema import ColumnSchema
from samplewise.storage import Store
from samplewise.tables.table_writer import TableWriter, write_table

if TYPE_CHECKING:
    from samplewise.tables.table import Table

Opened = tuple[Iterable[Any], Mapping[str, ColumnSchema], Mapping[str, Any]]
"""Batches for a `TableWriter`, their schema, and where they come from, as JSON values."""


def make_table(
    opened: Callable[[], Opened],
    *,
    table_name: str,
    dataset_name: str,
    project_name: str,
    root_url: str | None,
    if_exists: IfExists,
    add_weight_column: bool,
    description: str,
    aliases: Mapping[str, str] | None,
) -> "Table":
    """Write a table from what `opened()` gives; it is not called where the stored one is reused."""
    from samplewise.tables.table import Table

    if checked_if_exists(if_exists) == "reuse":
        stored = read_table_document(Store(root_url), project_name, dataset_name, table_name)
        if stored is not None:
            note(f'table `{table_name}` exists and is reused as it is (if_exists="reuse").')
            return Table.from_names(
                table_name, dataset_name, project_name, root_url, aliases=aliases
            )
    writer = TableWriter(
        table_name,
        dataset_name,
        project_name,
        root_url=root_url,
        if_exists=if_exists,
        add_weight_column=add_weight_column,
        description=description,
        aliases=aliases,
    )
    batches, schema, source = opened()
    writer.describe(schema, source)
    return write_table(writer, batches)
