"""What changes in a store, seen by looking at its documents from time to time."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from samplewise.server import wire
from samplewise.server.answers import in_thread
from samplewise.storage import Store
from samplewise.storage.layout import run_path
from samplewise.tables.catalog import dataset_names as datasets
from samplewise.tables.catalog import project_names, run_names, table_names
from samplewise.tables.run_document import RunDocument
from samplewise.tables.stream import streams_of

EVERY_S = 1.0
_KEEP_ALIVE_EVERY = 15

State = dict[tuple[str, str, str | None], str]


async def events(store: Store, every_s: float = EVERY_S) -> AsyncIterator[bytes]:
    """Server-sent events, one for each thing that changed; never ends by itself.

    Args:
        store: The store.
        every_s: Seconds between two looks.
    """
    before = await in_thread(look, store)
    yield b": connected\n\n"
    for turn in range(1, 2**62):
        await asyncio.sleep(every_s)
        now = await in_thread(look, store)
        for what, project, name in sorted(changed(before, now), key=str):
            event = wire.Event(what=what, project=project, name=name)  # type: ignore[arg-type]
            yield b"data: " + msgspec.json.encode(event) + b"\n\n"
        if turn % _KEEP_ALIVE_EVERY == 0:
            yield b": still here\n\n"
        before = now


def changed(before: State, now: State) -> set[tuple[str, str, str | None]]:
    """What differs between two looks."""
    keys = before.keys() | now.keys()
    return {key for key in keys if before.get(key) != now.get(key)}


def look(store: Store) -> State:
    """What there is: something that changes with it, by its kind, project and name."""
    state: State = {}
    for project in project_names(store):
        runs = run_names(store, project)
        tables = [
            f"{dataset}/{table}"
            for dataset in datasets(store, project)
            for table in table_names(store, project, dataset)
        ]
        state["project", project, None] = str((runs, tables))
        for run in runs:
            state["run", project, run] = _state_of_run(store, project, run)
        for table in tables:
            state["table", project, table] = table
    return state


def _state_of_run(store: Store, project: str, name: str) -> str:
    """Its document, and the versions of its streams while it runs."""
    document = store.read(f"{run_path(project, name)}/run.json") or {}
    versions: list[object] = []
    if document.get("status") == "running":
        opened = RunDocument(store, project, name, document["id"])
        versions = [opened.status()]
        for stream in streams_of(store, opened.data_path):
            versions.append((stream.name, stream.dataset.version))
    return str((document, versions))
