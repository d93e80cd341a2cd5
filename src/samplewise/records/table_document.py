"""The document of a Table: the small JSON file whose exclusive creation publishes it."""

import base64
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from samplewise._notes import warn
from samplewise.errors import AlreadyExistsError, NotFoundError, StoreError
from samplewise.records.fingerprint import Fingerprint
from samplewise.records.if_exists import IfExists, candidate_names
from samplewise.storage.documents import names_other_rows
from samplewise.storage.layout import dataset_path, table_path
from samplewise.storage.rows import Rows
from samplewise.storage.store import Store

DOCUMENT = "table.json"

COPIES = "documents"
"""Folder of copies of the documents, in the Lance data that they name."""

LEFT = ".left"
"""Ending of the mark beside Lance data that tells when a name last let go of a version of it."""


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
        ancestors: Name and id of the tables it was derived from, oldest first.
        named_after: The table whose name it continues with a number; None for a name of its own.
        description: What a person wrote about it.
        source: Where it came from, and what was repaired on the way.
        fingerprint: What it was made of; None for revisions, and for Tables of older versions.
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
    ancestors: Sequence[Mapping[str, str]] = ()
    named_after: str | None = None
    description: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: Fingerprint | None = None
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
            "ancestors": [dict(ancestor) for ancestor in self.ancestors],
            "named_after": self.named_after,
            "description": self.description,
            "source": dict(self.source),
            "fingerprint": None if self.fingerprint is None else self.fingerprint.to_json(),
            "columns": self.schema.names,
            "arrow_schema": base64.b64encode(self.schema.serialize()).decode(),
        }

    @classmethod
    def from_json(
        cls, stored: Mapping[str, Any], project: str, dataset: str, name: str
    ) -> "TableDocument":
        """The inverse of `to_json`.

        Raises:
            StoreError: It is no document of a table.
        """
        damaged = f"the document of table `{name}` in dataset `{dataset}` of project `{project}` "
        if names_other_rows(stored):
            raise StoreError(f"{damaged}is damaged: its rows are not those that were written.")
        try:
            schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(stored["arrow_schema"])))
            return cls(
                project=project,
                dataset=dataset,
                name=name,
                rows=Rows(stored["rows"], stored["version"]),
                row_count=stored["row_count"],
                schema=schema,
                is_original=stored["is_original"],
                ancestors=stored.get("ancestors") or (),
                named_after=stored.get("named_after"),
                description=stored.get("description") or "",
                source=stored.get("source") or {},
                fingerprint=_fingerprint(stored.get("fingerprint")),
                id=stored["id"],
                created=stored["created"],
            )
        except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
            raise StoreError(f"{damaged}is damaged: {error!r}") from error


def read_table_document(
    store: Store, project: str, dataset: str, name: str
) -> TableDocument | None:
    """The document of a stored table; None if there is none.

    The names are those of its folders, so that a copied or renamed folder still opens.

    Raises:
        NewerFormatError: It was written by a newer Samplewise.
        StoreError: It is damaged.
    """
    stored = store.read(f"{table_path(project, dataset, name)}/{DOCUMENT}")
    return None if stored is None else TableDocument.from_json(stored, project, dataset, name)


def table_documents(store: Store, project: str, dataset: str) -> Iterator[TableDocument]:
    """The documents of all tables of a dataset; a damaged one is named, and left out."""
    for name in store.children(f"{dataset_path(project, dataset)}/tables"):
        try:
            document = read_table_document(store, project, dataset, name)
        except StoreError as error:
            warn(f"table `{name}` is left out: {error.message}")
            continue
        if document is not None:
            yield document


def publish(store: Store, document: TableDocument, if_exists: IfExists) -> TableDocument:
    """Make a table visible under its name, or what `if_exists` says where the name is taken.

    Returns:
        The document that is stored now: for `reuse` the one that was there before.

    Raises:
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.
    """
    store.create(copy_path(document), document.to_json())
    if if_exists == "rename":
        return _publish_renamed(store, document)
    while not store.create(f"{document.path}/{DOCUMENT}", document.to_json()):
        if if_exists == "overwrite":
            if _overwrite(store, document):
                break
            continue
        if if_exists == "raise":
            raise already_exists(document.name, document.dataset)
        existing = read_table_document(store, document.project, document.dataset, document.name)
        if existing is not None:
            return existing
        # Somebody deleted it in this moment, so the name is free again.
    return document


def copy_path(document: TableDocument) -> str:
    """Where a copy of the document lies, beside its rows: `check` mends a damaged one with it."""
    return f"{document.stored_rows.path}/{COPIES}/{document.id}.json"


def already_exists(name: str, dataset: str) -> AlreadyExistsError:
    """What `if_exists="raise"` raises."""
    return AlreadyExistsError(
        f"table `{name}` exists in dataset `{dataset}`.",
        hint='pass if_exists="reuse", "overwrite" or "rename", or another table_name',
    )


def unpublish(store: Store, document: TableDocument) -> None:
    """Take a table away. Its rows stay until `vacuum` finds that nothing names them.

    Raises:
        NotFoundError: It is gone already, or another one has its name now.
    """
    stored = read_table_document(store, document.project, document.dataset, document.name)
    if stored is None or stored.id != document.id:
        raise NotFoundError(f"table `{document.name}` is not there any more.")
    store.touch(f"{document.stored_rows.path}{LEFT}")
    store.remove(document.path)


def _fingerprint(stored: Mapping[str, Any] | None) -> Fingerprint | None:
    return None if stored is None else Fingerprint.from_json(stored)


def _publish_renamed(store: Store, document: TableDocument) -> TableDocument:
    """Under the first free name. A name it continues is not given a second time."""
    taken = set(store.children(f"{dataset_path(document.project, document.dataset)}/tables"))
    base = document.named_after or document.name
    for name in candidate_names(base, taken, is_bare_allowed=document.named_after is None):
        named = replace(document, name=name, named_after=None if name == document.name else base)
        if store.create(f"{named.path}/{DOCUMENT}", named.to_json()):
            return named
    raise AlreadyExistsError(
        f"all names from `{base}_0000` to `{base}_9999` are taken.", hint="pass a table_name"
    )


def _overwrite(store: Store, document: TableDocument) -> bool:
    """Put it in place of the one that is there; False if there is none any more."""
    left: list[str] = []

    def change(stored: dict[str, Any]) -> dict[str, Any]:
        left.append(f"{dataset_path(document.project, document.dataset)}/{stored.get('rows')}")
        return document.to_json()

    if store.update(f"{document.path}/{DOCUMENT}", change) is None:
        return False
    for path in left:
        store.touch(f"{path}{LEFT}")
    return True
