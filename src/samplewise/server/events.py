"""What changes in a store, seen by looking at its files from time to time."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from samplewise.errors import SamplewiseError
from samplewise.records.catalog import dataset_names, project_names, run_names, table_names
from samplewise.records.run_document import RUNNING, RunDocument
from samplewise.records.stream import STREAMS
from samplewise.server import wire
from samplewise.server.answers import in_thread
from samplewise.storage import Store
from samplewise.storage.layout import run_path, table_path

EVERY_S = 1.0
EVERY_FAR_S = 10.0
"""Between two looks at a store that is not on this machine."""
_KEEP_ALIVE_S = 15.0

State = dict[tuple[str, str, str | None], object]


class Watch:
    """Looks at a store, once for all who want to know; may be shared by threads.

    Args:
        store: The store.
        every_s: Seconds between two looks; None: as often as is cheap.
    """

    def __init__(self, store: Store, every_s: float | None = None) -> None:
        self._store = store
        self.every_s = every_s or (EVERY_FAR_S if store.is_remote else EVERY_S)
        self._lock = threading.Lock()
        self._seen: tuple[float, State] = (-1.0, {})
        self._documents: dict[str, tuple[object, dict[str, Any]]] = {}

    async def events(self) -> AsyncIterator[bytes]:
        """Server-sent events, one for each thing that changed; never ends by itself."""
        before = await in_thread(self.look)
        yield b": connected\n\n"
        said = time.monotonic()
        while True:
            await asyncio.sleep(self.every_s)
            now = await in_thread(self.look)
            for what, project, name in sorted(find_changes(before, now), key=str):
                event = wire.Event(what=what, project=project, name=name)  # type: ignore[arg-type]
                yield b"data: " + msgspec.json.encode(event) + b"\n\n"
                said = time.monotonic()
            if time.monotonic() - said > _KEEP_ALIVE_S:
                yield b": still here\n\n"
                said = time.monotonic()
            before = now

    def look(self) -> State:
        """What there is: something that changes with it, by its kind, project and name."""
        with self._lock:
            at, state = self._seen
            if time.monotonic() - at > self.every_s / 2 or at < 0:
                state = self._look()
                self._seen = (time.monotonic(), state)
            return state

    def _look(self) -> State:
        state: State = {}
        for project in project_names(self._store):
            runs = run_names(self._store, project)
            tables = [
                (dataset, table)
                for dataset in dataset_names(self._store, project)
                for table in table_names(self._store, project, dataset)
            ]
            state["project", project, None] = (tuple(runs), tuple(tables))
            for run in runs:
                state["run", project, run] = self._state_of_run(project, run)
            for dataset, table in tables:
                path = f"{table_path(project, dataset, table)}/table.json"
                state["table", project, f"{dataset}/{table}"] = self._stamp(path)
        return state

    def _state_of_run(self, project: str, name: str) -> object:
        """Its document, its streams, and whether its process is still there."""
        path = f"{run_path(project, name)}/run.json"
        stamp, document = self._document(path)
        if "id" not in document:
            return stamp
        run = RunDocument(self._store, project, name, document["id"])
        status = _status(run) if document.get("status") == RUNNING else None
        streams = f"{run.data_path}/{STREAMS}"
        versions = [
            self._stamp(f"{streams}/{rows}/_versions") for rows in self._store.children(streams)
        ]
        return stamp, status, tuple(versions)

    def _document(self, path: str) -> tuple[object, dict[str, Any]]:
        stamp = self._stamp(path)
        known = self._documents.get(path)
        if known is None or known[0] != stamp:
            try:
                known = self._documents[path] = (stamp, self._store.read(path) or {})
            except SamplewiseError:  # what cannot be read is said by the list that it is in
                known = (stamp, {})
        return known

    def _stamp(self, path: str) -> object:
        """Differs when a file, or what lies directly in a folder, does."""
        if self._store.is_remote:
            found = self._store.files(path.rpartition("/")[0])
            return tuple(sorted(str(each) for each in found if each.path.startswith(path)))
        try:
            status = os.stat(self._store.url(path))
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size


def find_changes(before: State, now: State) -> set[tuple[str, str, str | None]]:
    """What differs between two looks."""
    keys = before.keys() | now.keys()
    return {key for key in keys if before.get(key) != now.get(key)}


def _status(run: RunDocument) -> str | None:
    try:
        return run.status()
    except SamplewiseError:
        return None
