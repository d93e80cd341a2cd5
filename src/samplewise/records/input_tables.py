"""The input tables of a run: kept by the run itself, so that no later change takes them away."""

from collections.abc import Mapping
from typing import Any

from samplewise.errors import NotFoundError
from samplewise.records.stored_table import StoredTable
from samplewise.records.table_document import TableDocument
from samplewise.storage import Store

INPUTS = "inputs"
"""Folder of copies of the documents of a run's input tables, in the data folder of the run."""


def input_table_entry(store: Store, table: StoredTable) -> dict[str, Any]:
    """What the run's document says of a table: its id, its names, and where it lies.

    Args:
        store: Where the run lies.
        table: The table.
    """
    document = table.document
    is_here = store == table.store
    return {
        "id": document.id,
        "project": document.project,
        "dataset": document.dataset,
        "name": document.name,
        "root": None if is_here else table.store.root,
    }


def write_input_table(store: Store, folder: str, table: StoredTable) -> None:
    """Keep a copy of a table's document with the run; `vacuum` counts it as naming the rows.

    Args:
        store: Where the run lies.
        folder: The data folder of the run.
        table: The table.

    Raises:
        StoreError: The store cannot be written.
    """
    store.create(f"{folder}/{INPUTS}/{table.document.id}.json", table.document.to_json())


def open_input_table(store: Store, folder: str, entry: Mapping[str, Any]) -> StoredTable:
    """An input table as it was when metrics were collected on it.

    Args:
        store: Where the run lies.
        folder: The data folder of the run.
        entry: See `input_table_entry`.

    Raises:
        NotFoundError: The run's copy of its document is gone.
    """
    kept = store.read(f"{folder}/{INPUTS}/{entry['id']}.json")
    if kept is None:
        raise NotFoundError(f"the run knows no more what input table `{entry['name']}` was.")
    document = TableDocument.from_json(kept, entry["project"], entry["dataset"], entry["name"])
    return StoredTable.open(Store(entry["root"]) if entry["root"] else store, document)
