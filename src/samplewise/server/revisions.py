"""Edits become the next revision; a stale base is answered with what changed meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.records.difference import Difference, difference
from samplewise.records.head import HeadTakenError
from samplewise.records.revision import edit_table, newest_descendant
from samplewise.records.stored_table import StoredTable
from samplewise.server import wire
from samplewise.server.catalog import Catalog, table_source
from samplewise.storage.layout import dataset_path

MOST_SAMPLES = 300
"""Samples named in a difference; counts are of all."""
MOST_EDITS = 200_000

Changes = dict[str, dict[int, Any]]


class StaleBaseError(Exception):
    """The base of some edits is not the newest revision.

    Args:
        conflict: What changed meanwhile.
    """

    def __init__(self, conflict: wire.Conflict) -> None:
        super().__init__(conflict.detail)
        self.conflict = conflict


def compare_tables(catalog: Catalog, asked: wire.TableDiffRequest) -> wire.TableDiff:
    """How a revision differs from its base.

    Raises:
        NotFoundError: One of them is not there.
        InvalidArgumentError: They are no revisions of one Table.
    """
    base, other = catalog.table(asked.base), catalog.table(asked.other)
    return _message(difference(base, other))


def commit(catalog: Catalog, asked: wire.CommitRequest) -> wire.Committed:
    """Make a revision of some edits, all of them or none.

    Raises:
        StaleBaseError: There is a newer revision than the one that was edited.
        NotFoundError: The base is not there.
        InvalidArgumentError: An edit does not fit, or there is none.
        AlreadyExistsError: The name is taken.
    """
    base = catalog.table(asked.base)
    changes = _changes(base, asked.edits)
    for example_id in asked.delete:
        _refuse_negative(example_id)
    # From the look at the newest revision to the commit nobody else of this machine gets between.
    with catalog.store.exclusive(dataset_path(base.document.project, base.document.dataset)):
        target = base if asked.onto is None else catalog.table(asked.onto)
        newest = newest_descendant(base)
        if asked.latest and newest.id != target.id:
            raise StaleBaseError(_conflict(base, newest, _list_touched(changes, asked.delete)))
        deleted: Collection[int] = asked.delete
        if target.id != base.id:
            changes, deleted = _move(base, target, changes, asked)
        told = {"delete": list(deleted), "description": asked.description}
        try:
            made = edit_table(target, changes, asked.name, **told, is_head=asked.latest)
        except HeadTakenError:  # another machine got in between
            newest = newest_descendant(base)
            if newest.id == target.id:
                raise
            touched = _list_touched(changes, asked.delete)
            raise StaleBaseError(_conflict(base, newest, touched)) from None
    return wire.Committed(table=table_source(made), rows=len(made))


def _changes(base: StoredTable, edits: list[wire.Edit]) -> Changes:
    if len(edits) > MOST_EDITS:
        raise InvalidArgumentError(f"`edits` must be at most {MOST_EDITS}, but are {len(edits)}.")
    changes: Changes = defaultdict(dict)
    for edit in edits:
        _refuse_negative(edit.example_id)
        if edit.example_id in changes[edit.column]:
            raise InvalidArgumentError(
                f"`edits` must name a value once, but `{edit.column}` of sample "
                f"{edit.example_id} is there twice."
            )
        changes[edit.column][edit.example_id] = edit.value
    return dict(changes)


def _refuse_negative(example_id: int) -> None:
    """Python counts such rows from the end; nobody means that who clicked on a sample."""
    if example_id < 0:
        raise InvalidArgumentError(f"`example_id` must not be negative, but is {example_id}.")


def _list_touched(changes: Changes, deleted: Iterable[int]) -> dict[int, set[str]]:
    """What the edits are about: columns by sample, all of them for one that is deleted."""
    touched: dict[int, set[str]] = defaultdict(set)
    for column, values in changes.items():
        for example_id in values:
            touched[example_id].add(column)
    for example_id in deleted:
        touched[example_id] = {""}
    return touched


def _collisions(found: Difference, touched: dict[int, set[str]]) -> list[wire.ChangedSample]:
    """Samples that were edited here and changed there, in the same column, or that are gone."""
    gone = [wire.ChangedSample(row, None, []) for row in found.removed.tolist() if row in touched]
    changed = [
        wire.ChangedSample(row, there, list(columns))
        for (row, there), columns in zip(found.changed.tolist(), found.columns, strict=True)
        if touched.get(row, set()) & {*columns, ""}
    ]
    return changed + gone


def _conflict(
    base: StoredTable, newest: StoredTable, touched: dict[int, set[str]]
) -> wire.Conflict:
    found = difference(base, newest)
    return wire.Conflict(
        title="Conflict",
        detail=f"`{base.name}` has a newer revision: `{newest.name}`.",
        hint="look at what changed meanwhile, and apply the edits to the newest revision",
        newest=table_source(newest),
        changes=_message(found),
        collisions=_collisions(found, touched),
    )


def _move(
    base: StoredTable, target: StoredTable, changes: Changes, asked: wire.CommitRequest
) -> tuple[Changes, list[int]]:
    """The edits by the rows of another revision."""
    found = difference(base, target)
    touched = _list_touched(changes, asked.delete)
    collisions = _collisions(found, touched)
    if collisions and asked.collisions == "refuse":
        raise StaleBaseError(_conflict(base, target, touched))
    dropped = {one.base_example_id for one in collisions if asked.collisions == "theirs"}
    rows = _rows_there(base, target)
    kept = {row: there for row, there in rows.items() if row not in dropped}
    moved = {
        column: {kept[row]: value for row, value in values.items() if row in kept}
        for column, values in changes.items()
    }
    deleted = sorted(kept[row] for row in asked.delete if row in kept)
    if touched and not deleted and not any(moved.values()):
        raise InvalidArgumentError(
            f"no edit is left for `{target.name}`: all are about samples that changed there, or "
            "are gone.",
            hint="let go of them, and go on from there",
        )
    return moved, deleted


def _rows_there(base: StoredTable, target: StoredTable) -> dict[int, int]:
    """The row of each sample in another revision; those that are gone are left out."""
    ours, theirs = base.reader.row_numbers(), target.reader.row_numbers()
    _, here, there = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    return dict(zip(here.tolist(), there.tolist(), strict=True))


def _message(found: Difference) -> wire.TableDiff:
    columns: dict[str, int] = defaultdict(int)
    for names in found.columns:
        for name in names:
            columns[name] += 1
    changed = [
        wire.ChangedSample(base, other, list(names))
        for (base, other), names in zip(
            found.changed[:MOST_SAMPLES].tolist(), found.columns, strict=False
        )
    ]
    added = [wire.ChangedSample(None, row, []) for row in found.added[:MOST_SAMPLES].tolist()]
    removed = [wire.ChangedSample(row, None, []) for row in found.removed[:MOST_SAMPLES].tolist()]
    return wire.TableDiff(
        added=len(found.added),
        removed=len(found.removed),
        changed=len(found.changed),
        columns=dict(columns),
        samples=[*changed, *added, *removed],
    )
