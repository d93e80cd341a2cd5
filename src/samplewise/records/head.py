"""The head of a lineage: of many who continue one revision at the same time, one does.

A *claim* is a small document beside the rows, named by the revision that is continued. It is made
by an exclusive create (a hard link; a conditional put on object stores) just before the new
revision is published, so that on every kind of root exactly one writer has it.
"""

import contextlib
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from samplewise.errors import AlreadyExistsError, ConflictError
from samplewise.records.table_document import TableDocument, table_documents
from samplewise.storage import Store

HEADS = "heads"
"""Folder of the claims, in the Lance data of the lineage."""

_PATIENCE_S = 90.0
"""After how long a claim is that of a dead writer: publishing takes two calls, of 30 s at most."""


class HeadTakenError(ConflictError):
    """Another process went on from the same revision, and was first."""


@contextlib.contextmanager
def claim_head(store: Store, document: TableDocument, *, alone: bool) -> Iterator[None]:
    """Publish a revision in here: others who continue the same one are told that it is taken.

    Args:
        store: The store.
        document: The new revision, not published yet.
        alone: Whether nobody else may have continued the revision that it was made of. Otherwise
            it is one branch of several, and only keeps out those who want to be alone.

    Raises:
        HeadTakenError: Another writer has.
    """
    path = _claim_path(document)
    with store.exclusive(document.stored_rows.path):
        if alone:
            _claim(store, document, path)
        else:
            store.create(path, {"child": document.id})
        try:
            yield
        except AlreadyExistsError:  # its name is taken, so it will never be there
            release_head(store, document)
            raise


def release_head(store: Store, document: TableDocument) -> None:
    """Let others continue what a revision continued that is there no more."""
    if document.ancestors:
        claim = store.read(_claim_path(document))
        if claim is not None and claim.get("child") == document.id:
            store.remove(_claim_path(document))


def _claim(store: Store, document: TableDocument, path: str) -> None:
    start, pause_s = time.monotonic(), 0.05
    while not store.create(path, {"child": document.id}):
        claim = store.read(path)
        holder = None if claim is None else claim.get("child")
        if claim is None:
            continue  # released just now
        for other in table_documents(store, document.project, document.dataset):
            if other.id == holder:
                raise make_conflict(document.ancestors[-1]["name"], other.name)
        # On a local disk publishing goes on under a lock, which a dead writer does not hold.
        if not store.is_remote or time.monotonic() - start > _PATIENCE_S:
            store.update(path, partial(_hand_over, holder, document.id))
            if (store.read(path) or {}).get("child") == document.id:
                return
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 2.0)


def _hand_over(dead: object, heir: str, claim: dict[str, Any]) -> dict[str, Any]:
    return {**claim, "child": heir} if claim.get("child") == dead else claim


def make_conflict(base: str, newer: str) -> HeadTakenError:
    """What is said to those who are not the first."""
    return HeadTakenError(
        f"`{base}` has a newer revision: `{newer}`.",
        hint="look at what changed meanwhile, and make the edits on table.latest()",
    )


def _claim_path(document: TableDocument) -> str:
    return f"{document.stored_rows.path}/{HEADS}/{document.ancestors[-1]['id']}.json"
