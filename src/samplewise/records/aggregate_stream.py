"""Aggregates to their stream: a value of an epoch and split once."""

import pyarrow as pa

from samplewise.errors import AlreadyExistsError
from samplewise.records.aggregates import AGGREGATES
from samplewise.records.conditions import condition_in, condition_of
from samplewise.records.stream import Stream, stream_for, streams_of
from samplewise.storage import Store


def append_aggregates(
    store: Store, folder: str, run_name: str, batch: pa.RecordBatch, *, replace: bool
) -> None:
    """Append values, if they are not there already; of processes that race one does.

    Values without an epoch are points in time, and there may be many.

    Args:
        store: Where the run lies.
        folder: The data folder of the run.
        run_name: For errors.
        batch: `aggregate_rows(...)`, all of one epoch and split; at least one.
        replace: Whether values that are there go instead.

    Raises:
        AlreadyExistsError: One is there.
        StoreError: The store cannot be written.
    """
    stream = stream_for(store, folder, "aggregates", AGGREGATES)
    first = batch.slice(0, 1).to_pylist()[0]
    if first["epoch"] is None:
        stream.append([batch], AGGREGATES)
        return
    names = batch.column("name").to_pylist()
    key = condition_of({"epoch": first["epoch"], "split": first["split"]})
    condition = f"{key} AND {condition_in('name', names)}"
    fragments = stream.write([batch], AGGREGATES)
    with store.exclusive(folder):
        earlier = [
            each for each in streams_of(store, folder, "aggregates") if each.count(condition)
        ]
        if earlier and not replace:
            raise _repeat_error(run_name, first, names, earlier[0], key)
        for each in earlier:
            if each.path != stream.path:  # of an older version
                each.replace(condition, [])
        if any(each.path == stream.path for each in earlier):
            stream.replace(condition, fragments)
        else:
            stream.commit(fragments)


def _repeat_error(
    run_name: str, row: dict, names: list[str], stream: Stream, key: str
) -> AlreadyExistsError:
    known = [name for name in names if stream.count(f"{key} AND {condition_in('name', [name])}")]
    split = "" if row["split"] is None else f" of `{row['split']}`"
    return AlreadyExistsError(
        f"run `{run_name}` must have a value of each epoch once, but `{known[0]}`{split} at epoch "
        f"{row['epoch']} is there already.",
        hint="start a new run with samplewise.init(...), log under another `epoch`, or pass "
        "replace=True",
    )
