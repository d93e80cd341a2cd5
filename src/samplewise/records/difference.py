"""How two revisions differ: rows that came and went, and values that changed, by row identity."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.records.changed_values import differs
from samplewise.records.stored_table import StoredTable
from samplewise.schema.foreign import join_chunks
from samplewise.storage.column_names import ROW

_ROWS = 4_096  # compared at a time


@dataclass(frozen=True)
class Difference:
    """What is different in a revision, as row indices.

    Attributes:
        added: Rows of the other revision that its base has not, ascending; int64, shape `(a,)`.
        removed: Rows of the base that the other has not, ascending; int64, shape `(r,)`.
        changed: Rows of both with another value, as pairs of the row in the base and the row in
            the other revision; int64, shape `(m, 2)`.
        columns: Names of the columns that differ, for each changed row; `m` of them.
    """

    added: np.ndarray
    removed: np.ndarray
    changed: np.ndarray
    columns: Sequence[Sequence[str]]


def difference(
    base: StoredTable, other: StoredTable, columns: Collection[str] | None = None
) -> Difference:
    """How a revision differs from another one of the same lineage.

    Rows that lie in the same place of the same file are equal and never read, so that the cost is
    that of what changed.

    Args:
        base: One revision.
        other: Another one.
        columns: The columns to look at; None takes all that both have.

    Raises:
        InvalidArgumentError: The two do not share their first revision.
    """
    if base.document.rows.path != other.document.rows.path:
        raise InvalidArgumentError(
            f"`{base.document.name}` and `{other.document.name}` must be revisions of one Table, "
            "but they were made from scratch.",
            hint="compare a Table with one that was derived from it",
        )
    ours, theirs = _places(base), _places(other)
    numbers, here, there = np.intersect1d(
        ours.numbers, theirs.numbers, assume_unique=True, return_indices=True
    )
    maybe = ~_lie_together(base, other, ours.addresses[here], theirs.addresses[there])
    pairs = np.stack([here[maybe], there[maybe]], axis=1).astype(np.int64)
    found = list(columns_that_differ(base, other, pairs, columns))
    differs = np.array([bool(names) for names in found], bool)
    return Difference(
        added=np.flatnonzero(~np.isin(theirs.numbers, numbers)),
        removed=np.flatnonzero(~np.isin(ours.numbers, numbers)),
        changed=pairs[differs],
        columns=[names for names in found if names],
    )


@dataclass(frozen=True)
class _Places:
    """Hidden number and address of every row in the order of the table."""

    numbers: np.ndarray
    addresses: np.ndarray


def _places(table: StoredTable) -> _Places:
    rows = table.reader.dataset.to_table(columns=[ROW], with_row_address=True)
    numbers = rows.column(ROW).to_numpy()
    order = np.argsort(numbers, kind="stable")
    return _Places(numbers[order], rows.column("_rowaddr").to_numpy()[order])


def _lie_together(
    base: StoredTable, other: StoredTable, ours: np.ndarray, theirs: np.ndarray
) -> np.ndarray:
    """Whether rows are the same bytes: at one address of a fragment with the same files."""
    files = _files(base), _files(other)
    shared = [key for key in files[0].keys() & files[1].keys() if files[0][key] == files[1][key]]
    return (ours == theirs) & np.isin(ours >> 32, np.array(shared, ours.dtype))


def _files(table: StoredTable) -> dict[int, tuple[str, ...]]:
    return {
        fragment.fragment_id: tuple(file.path for file in fragment.metadata.files)
        for fragment in table.reader.dataset.get_fragments()
    }


def columns_that_differ(
    base: StoredTable,
    other: StoredTable,
    pairs: np.ndarray,
    columns: Collection[str] | None = None,
) -> Iterator[list[str]]:
    """Which columns differ in each pair of rows.

    Args:
        base: One revision.
        other: Another one.
        pairs: Rows of `base` and of `other`; int64, shape `(m, 2)`.
        columns: The columns to look at; None takes all that both have.
    """
    names = [name for name in base.document.schema.names if name in other.document.schema.names]
    if columns is not None:
        names = [name for name in names if name in columns]
    for start in range(0, len(pairs), _ROWS):
        part = pairs[start : start + _ROWS]
        before = base.reader.take(part[:, 0], names)
        after = other.reader.take(part[:, 1], names)
        marks = [
            differs(join_chunks(before.column(n)), join_chunks(after.column(n))) for n in names
        ]
        for row in range(len(part)):
            yield [name for name, changed in zip(names, marks, strict=True) if changed[row]]
