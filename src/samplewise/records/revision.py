"""Revisions: a Table derived from another stores only what changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_value
from samplewise.errors import InvalidArgumentError, NotFoundError, SchemaError
from samplewise.records.head import claim_head, make_conflict
from samplewise.records.row_index import row_index, row_indices
from samplewise.records.stored_table import StoredTable
from samplewise.records.stored_urls import with_stored_urls
from samplewise.records.table_document import (
    TableDocument,
    already_exists,
    publish,
    read_table_document,
    table_documents,
)
from samplewise.schema import ColumnSchema
from samplewise.schema.foreign import join_chunks
from samplewise.storage.column_names import ROW
from samplewise.storage.rows import Rows, copy_slices, derive, protect

Changes = Mapping[str, Mapping[int, Any]]
"""New values by column and row index."""


def edit_table(
    table: StoredTable,
    changes: Mapping[str, Mapping[int, Any]],
    table_name: str | None = None,
    *,
    delete: Iterable[Any] = (),
    description: str = "",
    is_head: bool = False,
) -> StoredTable:
    """Store a revision with values changed and rows left out.

    Args:
        table: The table it is derived from.
        changes: New values, sample or stored form, by column and row index.
        table_name: Its name; None continues the name of `table` with a number.
        delete: Indices of the rows to leave out, or one boolean per row.
        description: Why.
        is_head: Whether `table` must be the newest revision: of many who go on from it at the same
            time one does. Otherwise each makes a branch of its own.

    Raises:
        ColumnNotFoundError: There is no such column.
        InvalidArgumentError: An index is outside the table, nothing changes, or a column is not
            for people to edit.
        SchemaError: A value does not fit its column.
        AlreadyExistsError: `table_name` is taken.
        NotFoundError: `table` was removed.
        HeadTakenError: `is_head`, and there is a newer revision.
        ConflictError: Other processes derived from the same rows, again and again.
    """
    _refuse_removed(table)
    if is_head and (newest := newest_descendant(table)).id != table.id:
        raise make_conflict(table.name, newest.name)
    count, name = len(table), table.name
    deleted = sorted(set(row_indices(delete, count, name)))
    gone = set(deleted)
    for column, values in changes.items():
        check_value(f"changes[{column!r}]", values, Mapping[int, Any])
    by_place = {
        column: {row_index(i, count, name): value for i, value in values.items()}
        for column, values in changes.items()
    }
    kept = {
        column: {place: value for place, value in values.items() if place not in gone}
        for column, values in _check_writable(table, by_place).items()
    }
    if not deleted and not any(kept.values()):
        raise InvalidArgumentError("a new revision must change something, but nothing is given.")
    _refuse_taken(table, table_name)
    numbers = table.reader.row_numbers()
    patch = _patch(table, kept, numbers)
    rows = derive(table.store, table.document.stored_rows, _steps(patch, numbers, deleted))
    change = {"deleted": len(deleted), "edited": 0 if patch is None else len(patch)}
    left = len(numbers) - len(deleted)
    document = _derive_document(table.document, rows, left, table_name, description, change)
    protect(table.store, rows, document.id)
    with claim_head(table.store, document, alone=is_head):
        published = publish(table.store, document, "rename" if table_name is None else "raise")
    return StoredTable(table.store, published, table.aliases)


def ancestors(table: StoredTable) -> list[StoredTable]:
    """The tables it was derived from that are still there, oldest first."""
    by_id = {document.id: document for document in _siblings(table)}
    found = (by_id.get(ancestor["id"]) for ancestor in table.document.ancestors)
    return [StoredTable(table.store, each, table.aliases) for each in found if each is not None]


def descendants(table: StoredTable) -> list[TableDocument]:
    """The tables that were derived from it, directly or not, in no order."""
    return [
        document
        for document in _siblings(table)
        if any(ancestor["id"] == table.document.id for ancestor in document.ancestors)
    ]


def newest_descendant(table: StoredTable) -> StoredTable:
    """The newest table that was derived from it, directly or not; itself if there is none.

    Each revision is a later version of the same rows, so no clock is asked which one is newest.
    """
    found = descendants(table)
    newest = max(found, key=lambda d: (d.rows.version, len(d.ancestors)), default=None)
    return table if newest is None else StoredTable(table.store, newest, table.aliases)


def _siblings(table: StoredTable) -> Iterator[TableDocument]:
    return table_documents(table.store, table.document.project, table.document.dataset)


def _check_writable(table: StoredTable, changes: Changes) -> Changes:
    for column, values in changes.items():
        if not table.schema[column].writable and values:
            raise InvalidArgumentError(f"column `{column}` must not be edited: it is computed.")
    return changes


def _refuse_removed(table: StoredTable) -> None:
    document = table.document
    stored = read_table_document(table.store, document.project, document.dataset, document.name)
    if stored is None or stored.id != document.id:
        what = "was removed" if stored is None else "was overwritten by another one"
        raise NotFoundError(f"table `{table.name}` cannot be changed: it {what}.")


def _refuse_taken(table: StoredTable, name: str | None) -> None:
    """Before anything is written; that the name is free at the end is what `publish` sees to."""
    document = table.document
    if name is not None and read_table_document(
        table.store, document.project, document.dataset, name
    ):
        raise already_exists(name, document.dataset)


def _steps(
    patch: pa.Table | None, numbers: np.ndarray, deleted: list[int]
) -> list[Callable[[Any], Any]]:
    steps: list[Callable[[Any], Any]] = []
    if patch is not None:
        steps.append(lambda data: data.merge_insert(ROW).when_matched_update_all().execute(patch))
    if deleted:
        condition = _condition(numbers, deleted)
        steps.append(lambda data: data.delete(condition))
    return steps


def _condition(numbers: np.ndarray, deleted: list[int]) -> str:
    """Which rows go, in SQL: the shorter list of the two."""
    if 2 * len(deleted) <= len(numbers):
        return f"{ROW} IN ({_list_numbers(numbers[deleted])})"
    kept = np.delete(numbers, deleted)
    return f"{ROW} NOT IN ({_list_numbers(kept)})" if len(kept) else "true"


def _list_numbers(numbers: np.ndarray) -> str:
    return ", ".join(map(str, numbers.tolist()))


def _patch(table: StoredTable, changes: Changes, numbers: np.ndarray) -> pa.Table | None:
    """Whole new rows for all rows that change, with their hidden number."""
    places = sorted({place for values in changes.values() for place in values})
    if not places:
        return None
    schema = table.schema
    rows = table.reader.take(places)
    for column, values in changes.items():
        if values:
            new = with_stored_urls(
                schema[column], _new_values(schema[column], values, column), table.aliases
            )
            merged = _merge(join_chunks(rows.column(column)), new, places, values)
            index = rows.schema.get_field_index(column)
            rows = rows.set_column(index, rows.schema.field(index), merged)
    rows = rows.add_column(0, pa.field(ROW, pa.int64(), nullable=False), pa.array(numbers[places]))
    return pa.Table.from_batches(
        [copy_slices(batch) for batch in rows.combine_chunks().to_batches()]
    )


def _new_values(kind: ColumnSchema, values: Mapping[int, Any], column: str) -> pa.Array:
    try:
        return kind.to_arrow(list(values.values()), name=column)
    except SchemaError:
        for place, value in values.items():  # again one by one: which row is it?
            kind.to_arrow([value], name=column, first_row=place)
        raise


def _merge(old: pa.Array, new: pa.Array, places: list[int], values: Mapping[int, Any]) -> pa.Array:
    """`old` at `places`, with `new` in the place of those that are in `values`."""
    source = {place: len(old) + i for i, place in enumerate(values)}
    chosen = [source.get(place, i) for i, place in enumerate(places)]
    return pa.concat_arrays([old, new]).take(pa.array(chosen))


def _derive_document(
    parent: TableDocument,
    rows: Rows,
    count: int,
    table_name: str | None,
    description: str,
    change: dict[str, int],
) -> TableDocument:
    return TableDocument(
        parent.project,
        parent.dataset,
        table_name or parent.name,
        rows=Rows(parent.rows.path, rows.version),
        row_count=count,
        schema=parent.schema,
        is_original=False,
        ancestors=[*parent.ancestors, {"name": parent.name, "id": parent.id}],
        named_after=None if table_name else parent.named_after or parent.name,
        description=description,
        source={"kind": "revision", **change},
    )
