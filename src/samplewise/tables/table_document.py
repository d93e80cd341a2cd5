"""The document of a Table: the small JSON file whose exclusive creation publishes it."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from samplewise.errors import AlreadyExistsError
from samplewise.storage.layout import dataset_path, table_path
from samplewise.storage.rows import Rows
from samplewise.storage.store import Store
from samplewise.tables.if_exists import IfExists, candidate_names


@dataclass(frozen=True)
class TableDocument:
    """All that is known of a Table without reading its rows.

    Args:
        project: Its project.
        dataset: Its dataset.
        name: Its name.
        rows: Its Lance data and version; the path is relative to the dataset's folder.
        row_count: Number of rows, `n`.
        schema: Its Arrow schema, with column kinds in the fields' metadata.
        is_original: Whether rows lie in the order of the table, numbered 0 to n-1.
        parent: Name and id of the table it was derived from.
        description: What a person wrote about it.
        source: Where it came from, and what was repaired on the way.
        id: Unique in all stores.
        created: When it was published, UTC.
    """

    project: str
    dataset: str
    name: str
    rows: Rows
    row_count: int
    schema: pa.Schema
    is_original: bool = True
    parent: Mapping[str, str] | None = None
    description: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    @property
    def path(self) -> str:
        """Folder of the table, below the root."""
        return table_path(self.project, self.dataset, self.name)

    @property
    def stored_rows(self) -> Rows:
        """Its Lance data, with the path below the root."""
        folder = dataset_path(self.project, self.dataset)
        return Rows(f"{folder}/{self.rows.path}", self.rows.version)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "id": self.id,
            "created": self.created,
            "rows": self.rows.path,
            "version": self.rows.version,
            "row_count": self.row_count,
            "is_original": self.is_original,
            "parent": self.parent,
            "description": self.description,
            "source": self.source,
            "columns": self.schema.names,
            "arrow_schema": base64.b64encode(self.schema.serialize()).decode(),
        }


def read_table_document(
    store: Store, project: str, dataset: str, name: str
) -> TableDocument | None:
    """The document of a stored table; None if there is none.

    The names are those of its folders, so that a copied or renamed folder still opens.
    """
    stored = store.read(f"{table_path(project, dataset, name)}/table.json")
    if stored is None:
        return None
    return TableDocument(
        project=project,
        dataset=dataset,
        name=name,
        rows=Rows(stored["rows"], stored["version"]),
        row_count=stored["row_count"],
        schema=pa.ipc.read_schema(pa.py_buffer(base64.b64decode(stored["arrow_schema"]))),
        is_original=stored["is_original"],
        parent=stored["parent"],
        description=stored["description"],
        source=stored["source"],
        id=stored["id"],
        created=stored["created"],
    )


def publish(store: Store, document: TableDocument, if_exists: IfExists) -> TableDocument:
    """Make a table visible under its name, or what `if_exists` says where the name is taken.

    Returns:
        The document that is stored now: for `reuse` the one that was there before.

    Raises:
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.
    """
    if if_exists == "rename":
        for name in candidate_names(document.name):
            named = replace(document, name=name)
            if store.create(f"{named.path}/table.json", named.to_json()):
                return named
        raise AlreadyExistsError(f"all names from `{document.name}_0000` on are taken.")
    if store.create(f"{document.path}/table.json", document.to_json()):
        return document
    if if_exists == "overwrite":
        store.replace(f"{document.path}/table.json", document.to_json())
        return document
    existing = read_table_document(store, document.project, document.dataset, document.name)
    if if_exists == "reuse" and existing is not None:
        return existing
    raise AlreadyExistsError(
        f"table `{document.name}` exists in dataset `{document.dataset}`.",
        hint='pass if_exists="reuse", "overwrite" or "rename"',
    )
