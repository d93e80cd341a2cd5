"""What is there already is not written again: one table, split and epoch once in a run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from samplewise.errors import AlreadyExistsError
from samplewise.records.conditions import condition_in, condition_of
from samplewise.records.map_commit import take_back_half_made_maps
from samplewise.records.metric_rows import (
    COLLECTION_ERROR,
    EPOCH,
    EXAMPLE_ID,
    INPUT_TABLE_ID,
    SPLIT,
)
from samplewise.records.stored_run import StoredRun
from samplewise.records.stream import Stream


@dataclass(frozen=True)
class Earlier:
    """Rows of one stream that are there already.

    Args:
        stream: Where.
        condition: Which, in SQL.
        count: How many.
    """

    stream: Stream
    condition: str
    count: int


def find_collected(
    run: StoredRun, identity: Mapping[str, Any], beside: Collection[str] = ()
) -> list[Earlier]:
    """Rows of collections of the same table, split, epoch and constants.

    Args:
        run: The run.
        identity: Keys and constants of a collection.
        beside: Paths of streams that may have such rows: those of other callbacks.
    """
    found = []
    for stream in run.metric_streams:
        names = set(stream.arrow_schema.names)
        if stream.path in beside or not {COLLECTION_ERROR, *identity} <= names:
            continue
        condition = condition_of(identity)
        count = stream.count(condition)
        if count:
            found.append(Earlier(stream, condition, count))
    return found


def commit_once(
    run: StoredRun,
    written: Sequence[tuple[Stream, list[str]]],
    identity: Mapping[str, Any],
    *,
    replace: bool,
    beside: Collection[str] = (),
) -> int:
    """Commit a collection, if it is not there already; of processes that race one does.

    Args:
        run: The run.
        written: Streams and what was written for them.
        identity: Keys and constants of the collection.
        replace: Whether what is there goes instead.
        beside: As for `find_collected`.

    Returns:
        How many rows were replaced.

    Raises:
        AlreadyExistsError: It is there.
        StoreError: The store cannot be written.
    """
    with run.store.exclusive(run.folder):
        take_back_half_made_maps(run)
        earlier = find_collected(run, identity, beside)
        if earlier and not replace:
            raise repeat_error(run, identity, earlier)
        by_path = {each.stream.path: each for each in earlier}
        for path, each in by_path.items():
            if path not in {stream.path for stream, _ in written}:
                each.stream.replace(each.condition, [])  # rows with other columns
        for stream, fragments in written:
            known = by_path.get(stream.path)
            if known is None:
                stream.commit(fragments)
            else:
                stream.replace(known.condition, fragments)
    return sum(each.count for each in earlier)


def append_once(run: StoredRun, stream: Stream, batch: pa.RecordBatch, *, replace: bool) -> None:
    """Append rows of metrics, if the stream has none about the same samples; one commit.

    Without an input table samples are the same that have the same `example_id`.

    Args:
        run: The run.
        stream: One of its streams.
        batch: Rows with all key columns, all of one input table or of none.
        replace: Whether rows that are there go instead.

    Raises:
        AlreadyExistsError: There are some.
        NotFoundError: The run is gone, and these rows with it.
        StoreError: The store cannot be written.
    """
    keys = batch.select([INPUT_TABLE_ID, EPOCH, SPLIT, EXAMPLE_ID]).to_pylist()
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in keys:
        place = (row[INPUT_TABLE_ID], row[EPOCH], row[SPLIT])
        groups.setdefault(place, []).append(row[EXAMPLE_ID])
    if not keys:  # no row, no version that a map taken back could take along
        stream.append([batch], batch.schema)
        run.document.read()  # a run that was removed in this moment has no rows
        return
    fragments = stream.write([batch], batch.schema)
    with run.store.exclusive(run.folder):
        take_back_half_made_maps(run)
        earlier = [each for place, ids in groups.items() for each in _find_rows(stream, place, ids)]
        if earlier and not replace:
            table_id, epoch, split = next(p for p, i in groups.items() if _find_rows(stream, p, i))
            what = "this table" if table_id is not None else "these samples, without a table"
            raise repeat_error(run, {EPOCH: epoch, SPLIT: split}, earlier[:1], what)
        if earlier:
            stream.replace(" OR ".join(f"({each.condition})" for each in earlier), fragments)
        else:
            stream.commit(fragments)
    run.document.read()


def _find_rows(stream: Stream, place: tuple[Any, ...], ids: Sequence[int]) -> list[Earlier]:
    """Rows about some samples of one table, epoch and split."""
    key = condition_of(dict(zip((INPUT_TABLE_ID, EPOCH, SPLIT), place, strict=True)))
    if not stream.count(key):
        return []  # as a rule; a list of many samples takes long to compare with
    condition = f"{key} AND {condition_in(EXAMPLE_ID, ids)}"
    count = stream.count(condition)
    return [Earlier(stream, condition, count)] if count else []


def repeat_error(
    run: StoredRun,
    identity: Mapping[str, Any],
    earlier: Sequence[Earlier],
    what: str = "this table",
) -> AlreadyExistsError:
    """Why a collection is refused."""
    epoch = "without an epoch" if identity[EPOCH] is None else f"epoch {identity[EPOCH]}"
    split = "" if identity[SPLIT] is None else f", split `{identity[SPLIT]}`"
    count = sum(each.count for each in earlier)
    return AlreadyExistsError(
        f"run `{run.name}` must have each table, split and epoch once, but has {count} rows of "
        f"{what}, {epoch}{split} already.",
        hint="start a new run with samplewise.init(...), collect under another `epoch` or with "
        "other constants, or pass replace=True",
    )
