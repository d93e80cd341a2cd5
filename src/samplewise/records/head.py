"""One head a lineage: of several processes that go on from one revision, one is first.

Not everywhere can processes take turns: an object store knows no locks. What all stores know is to
create a document if there is none, so that is the claim to the head: `heads/<id of the parent>`
beside the rows of the lineage, with which it goes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from samplewise.errors import ConflictError
from samplewise.records.table_document import TableDocument, table_documents
from samplewise.storage.store import Store

HEADS = "heads"
"""Folder of the claims, in the Lance data of the lineage."""

_SETTLED_S = 60.0
"""After so long a claim of a process that then published nothing holds no longer."""


class HeadTakenError(ConflictError):
    """Another process went on from the same revision, and was first."""


@contextmanager
def claim_head(store: Store, parent: TableDocument, child: TableDocument) -> Iterator[None]:
    """Be the one that goes on from a revision; what is published inside is its successor.

    Args:
        store: Where they lie.
        parent: The revision to go on from.
        child: The one that will be published.

    Raises:
        HeadTakenError: Another process was first.
        StoreError: The store cannot be written.
    """
    path = f"{parent.stored_rows.path}/{HEADS}/{parent.id}.json"
    claim = {"child": child.id, "at": datetime.now(UTC).isoformat(), "is_published": False}
    if not store.create(path, claim):
        _take_over(store, path, claim, parent)
    try:
        yield
    except BaseException:
        store.remove(path)
        raise
    store.update(path, lambda stored: {**stored, "is_published": stored["child"] == child.id})


def _take_over(store: Store, path: str, claim: dict[str, Any], parent: TableDocument) -> None:
    """Where whoever was first is gone again: its revision was deleted, or its process died."""
    there = {document.id for document in table_documents(store, parent.project, parent.dataset)}
    replaced = store.update(path, _replace_if_settled(claim, there, parent.name))
    if replaced is None and not store.create(path, claim):  # it gave up, and a third was faster
        raise _error(parent.name)


def _replace_if_settled(
    claim: dict[str, Any], there: set[str], name: str
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(stored: dict[str, Any]) -> dict[str, Any]:
        if stored.get("child") in there or not _is_settled(stored):
            raise _error(name)
        return claim

    return change


def _is_settled(stored: dict[str, Any]) -> bool:
    if stored.get("is_published"):
        return True
    try:
        claimed = datetime.fromisoformat(stored["at"])
    except (KeyError, TypeError, ValueError):
        return True
    return abs((datetime.now(UTC) - claimed).total_seconds()) > _SETTLED_S


def _error(name: str) -> HeadTakenError:
    return HeadTakenError(
        f"another process is going on from `{name}` just now.",
        hint="look at its newest revision, and try again",
    )
