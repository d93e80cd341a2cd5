"""Revisions: a Table derived from another stores only what changed."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.storage.layout import dataset_path
from samplewise.storage.rows import ROW, Rows, derive, protect, unsliced
from samplewise.tables.table_document import TableDocument, publish, read_table_document

if TYPE_CHECKING:
    from samplewise.tables.table import Table

_SUFFIX = re.compile(r"(_\d{4})+$")


def without_rows(
    table: "Table", places: list[int], table_name: str | None, description: str
) -> "Table":
    """A revision without the rows at `places` (sorted, unique)."""
    return edited(table, {}, places, table_name, description)


def edited(
    table: "Table",
    changes: Mapping[str, Mapping[int, Any]],
    deleted: list[int],
    table_name: str | None,
    description: str,
) -> "Table":
    """A revision with values changed and rows left out."""
    from samplewise.tables.table import Table

    if not deleted and not any(changes.values()):
        raise InvalidArgumentError("a new revision must change something, but nothing is given.")
    steps: list[Callable[[Any], Any]] = []
    numbers = table._reader.row_numbers()
    patch = _patch(table, changes, numbers)
    if patch is not None:
        steps.append(lambda data: data.merge_insert(ROW).when_matched_update_all().execute(patch))
    if deleted:
        condition = _condition(numbers[deleted])
        steps.append(lambda data: data.delete(condition))
    rows = derive(table._store, table._document.stored_rows, steps)
    document = _derived(
        table,
        rows,
        len(table) - len(deleted),
        table_name,
        description,
        {"deleted": len(deleted), "edited": 0 if patch is None else len(patch)},
    )
    protect(table._store, rows, document.id)
    table._store.sync(rows.path)
    stored = publish(table._store, document, "rename" if table_name is None else "raise")
    return Table(table._store, stored, aliases=table._aliases)


def ancestors(table: "Table") -> "Iterator[Table]":
    """The revisions it was derived from, newest first; stops where one is gone."""
    from samplewise.tables.table import Table

    by_id = {document.id: document for document in _siblings(table)}
    parent = table._document.parent
    while parent is not None and (document := by_id.get(parent["id"])) is not None:
        yield Table(table._store, document, aliases=table._aliases)
        parent = document.parent


def descendants(table: "Table") -> "Iterator[Table]":
    """The revisions that were derived from it, directly or not."""
    from samplewise.tables.table import Table

    documents = _siblings(table)
    known = {table.id}
    for document in sorted(documents, key=lambda d: d.created):
        if document.parent is not None and document.parent["id"] in known:
            known.add(document.id)
            yield Table(table._store, document, aliases=table._aliases)


def _siblings(table: "Table") -> list[TableDocument]:
    project, dataset = table.project_name, table.dataset_name
    names = table._store.children(f"{dataset_path(project, dataset)}/tables")
    found = (read_table_document(table._store, project, dataset, name) for name in names)
    return [document for document in found if document is not None]


def _patch(
    table: "Table", changes: Mapping[str, Mapping[int, Any]], numbers: np.ndarray
) -> pa.Table | None:
    """Whole new rows for all rows that change, with their hidden number."""
    places = sorted({place for values in changes.values() for place in values})
    for column in changes:
        _ = table.schema[column]  # says which columns there are
    if not places:
        return None
    rows = table._reader.take(places)
    for column, values in changes.items():
        old = rows.column(column).to_pylist()
        new = [values.get(place, old[i]) for i, place in enumerate(places)]
        array = table.schema[column].to_arrow(new, name=column)
        index = rows.schema.get_field_index(column)
        rows = rows.set_column(index, rows.schema.field(index), array)
    rows = rows.add_column(0, pa.field(ROW, pa.int64(), nullable=False), pa.array(numbers[places]))
    return pa.Table.from_batches([unsliced(batch) for batch in rows.combine_chunks().to_batches()])


def _condition(numbers: np.ndarray) -> str:
    return f"{ROW} IN ({', '.join(map(str, numbers.tolist()))})"


def _derived(
    table: "Table",
    rows: Rows,
    count: int,
    table_name: str | None,
    description: str,
    change: dict[str, int],
) -> TableDocument:
    document = table._document
    return TableDocument(
        document.project,
        document.dataset,
        table_name or _SUFFIX.sub("", table.name),
        rows=Rows(document.rows.path, rows.version),
        row_count=count,
        schema=document.schema,
        is_original=False,
        parent={"name": document.name, "id": document.id},
        description=description,
        source={"kind": "revision", **change},
    )
