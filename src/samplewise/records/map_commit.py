"""A map and its reducer in one commit, although coordinates lie in several streams.

The run's document decides. First it names the versions of the streams that the old map is in
(`replacing`), which all readers see from then on; then the streams are changed; then one change of
the document names the new map and lets readers go on. What a killed process left in between, the
next writer takes back.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from samplewise.errors import ConflictError, SamplewiseError
from samplewise.records.readable import readable
from samplewise.records.stored_run import REPLACING, StoredRun
from samplewise.records.stream import Stream, streams_of

REDUCERS = "reducers"
"""Folder of the fitted reducers, in the data folder of their run."""


class Places(NamedTuple):
    """Coordinates of the rows of one stream.

    Args:
        stream: Which.
        field: Name, type and metadata of their column.
        values: One per row, in the order of the rows.
    """

    stream: Stream
    field: pa.Field
    values: pa.Array


def commit_map(
    run: StoredRun,
    record: Mapping[str, Any],
    places: Iterable[Places],
    reducer: Path | None = None,
) -> None:
    """Store a map; one of the same column is replaced, and its reducer removed.

    Args:
        run: The run.
        record: What the run notes of it. `reducer` names its file, below the run's folder.
        places: Its coordinates.
        reducer: The file itself, where it is a new one.

    Raises:
        ConflictError: Others changed the rows, or take turns without a lock (an object store).
        StoreError: The store cannot be written; the old map is still there.
    """
    new = readable(record)
    with run.store.exclusive(run.folder):
        take_back_half_made_maps(run)
        if reducer is not None:
            run.write_file(new["reducer"], reducer.read_bytes())
        before = _reducers_of(run)
        streams = {each.name: each.dataset.version for each in _streams(run)}
        mark = {"id": uuid.uuid4().hex, "streams": streams}
        try:
            run.document.update(replacing=mark)
            for stream, field, values in places:
                stream.put_column(field, values)
            run.document.update(
                replacing=_swap(mark, None),
                reductions=lambda stored: [
                    *(old for old in stored or [] if old["column"] != new["column"]),
                    new,
                ],
            )
        except BaseException:
            with contextlib.suppress(SamplewiseError):  # the next writer does it
                take_back_half_made_maps(run)
            raise
        for name in before - _reducers_of(run):
            run.store.remove(f"{run.folder}/{name}")


def take_back_half_made_maps(run: StoredRun) -> None:
    """Bring the streams back to where they were, if a process ended while it stored a map.

    To be called before anything is written to a run's metrics, in its `exclusive`.

    Raises:
        ConflictError: Another process does the same.
        StoreError: The store cannot be written.
    """
    left = run.document.read().get(REPLACING)
    if left is None:
        return
    mark = {**left, "id": uuid.uuid4().hex}  # whoever set it, if it lives, cannot end it now
    run.document.update(replacing=_swap(left, mark))
    for stream in _streams(run):
        if stream.name in left["streams"]:
            stream.restore(left["streams"][stream.name])
    run.document.update(replacing=_swap(mark, None))


def list_unused_reducers(run: StoredRun) -> list[str]:
    """Paths of reducers that no map names: a process ended before it named them."""
    folder, named = f"{run.folder}/{REDUCERS}", _reducers_of(run)
    return [
        file.path
        for file in run.store.files(folder)
        if file.path.removeprefix(f"{run.folder}/") not in named
    ]


def _swap(old: Any, new: Any) -> Callable[[Any], Any]:
    """A mark in the place of ours; where another one stands, somebody else took over."""

    def change(now: Any) -> Any:
        if now != old:
            raise ConflictError(
                "another process wrote metrics of this run while a map was stored.",
                hint="try again",
            )
        return new

    return change


def _streams(run: StoredRun) -> list[Stream]:
    """As they are written, not as readers see them."""
    return streams_of(run.store, run.folder, "metrics")


def _reducers_of(run: StoredRun) -> set[str]:
    return {record["reducer"] for record in run.reductions if record.get("reducer")}
