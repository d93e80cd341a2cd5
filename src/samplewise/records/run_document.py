"""The document of a Run: one small JSON file, changed by processes that take turns."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from samplewise.errors import AlreadyExistsError, NotFoundError, did_you_mean
from samplewise.records.catalog import run_names
from samplewise.records.if_exists import IfExists, candidate_names
from samplewise.records.liveness import Owner, is_alive
from samplewise.records.provenance import provenance
from samplewise.storage.layout import run_path
from samplewise.storage.store import Store

RUNNING, COMPLETED, CANCELLED, FAILED = "running", "completed", "cancelled", "failed"

HEARTBEAT = "heartbeat"


class RunDocument:
    """The stored state of one run.

    What belongs to the run lies in a folder named by its id, so that whoever still writes to a run
    that was overwritten writes beside the new one, never into it.

    Args:
        store: Where it lies.
        project: Its project.
        name: Its name.
        run_id: Its id.
    """

    def __init__(self, store: Store, project: str, name: str, run_id: str) -> None:
        self.store = store
        self.project = project
        self.name = name
        self.run_id = run_id
        self.path = run_path(project, name)
        self.data_path = f"{self.path}/{run_id}"

    @classmethod
    def open(cls, store: Store, project: str, name: str) -> "RunDocument":
        """The document of a stored run.

        Raises:
            NotFoundError: There is none; the hint names those that there are.
        """
        stored = store.read(f"{run_path(project, name)}/run.json")
        if stored is None:
            raise NotFoundError(
                f"there is no run `{name}` in project `{project}` below {store.root}.",
                hint=did_you_mean(name, run_names(store, project)),
            )
        return cls(store, project, name, stored["id"])

    def read(self) -> dict[str, Any]:
        """What is stored now.

        Raises:
            NotFoundError: The run is gone, or was overwritten.
        """
        document = self.store.read(f"{self.path}/run.json")
        return self._same(document)

    def update(self, **changes: Any) -> dict[str, Any]:
        """Replace some fields; a function as a value gets the stored one.

        Returns:
            What is stored now.

        Raises:
            NotFoundError: The run is gone, or was overwritten.
            StoreError: The store cannot be written.
        """

        def change(stored: dict[str, Any]) -> dict[str, Any]:
            self._same(stored)
            new = {name: _apply(stored.get(name), value) for name, value in changes.items()}
            return {**stored, **new}

        return self._same(self.store.update(f"{self.path}/run.json", change))

    def status(self) -> str:
        """`running`, `completed`, `cancelled` or `failed`.

        A running one whose process is gone has failed.
        """
        document = self.read()
        if document["status"] != RUNNING:
            return document["status"]
        heartbeat = self.store.touch_time(f"{self.data_path}/{HEARTBEAT}")
        return RUNNING if is_alive(document["owner"], heartbeat) else FAILED

    def _same(self, document: dict[str, Any] | None) -> dict[str, Any]:
        if document is None:
            raise NotFoundError(f"run `{self.name}` of project `{self.project}` is gone.")
        if document.get("id") != self.run_id:
            raise NotFoundError(
                f"run `{self.name}` of project `{self.project}` was overwritten by another one."
            )
        return document


def create_run(
    store: Store,
    project: str,
    name: str | None,
    description: str,
    parameters: Mapping[str, Any],
    if_exists: IfExists,
) -> tuple[RunDocument, bool]:
    """Publish a new run, or what `if_exists` says where the name is taken.

    Returns:
        The run, and whether it is new.

    Raises:
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        StoreError: The store cannot be written.
    """
    content = _new_content(description, parameters)
    wanted = name or datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    if if_exists == "rename" or name is None:
        return _create_renamed(store, project, wanted, content), True
    document = RunDocument(store, project, wanted, content["id"])
    while not store.create(f"{document.path}/run.json", content):
        if if_exists == "overwrite":
            if store.update(f"{document.path}/run.json", lambda _: content) is not None:
                break
        elif if_exists == "raise":
            raise AlreadyExistsError(
                f"run `{wanted}` exists in project `{project}`.",
                hint='pass if_exists="reuse", "overwrite" or "rename"',
            )
        elif (stored := store.read(f"{document.path}/run.json")) is not None:
            return RunDocument(store, project, wanted, stored["id"]), False
        # Somebody deleted it in this moment, so the name is free again.
    return document, True


def _create_renamed(store: Store, project: str, wanted: str, content: dict) -> RunDocument:
    for name in candidate_names(wanted, set(run_names(store, project))):
        document = RunDocument(store, project, name, content["id"])
        if store.create(f"{document.path}/run.json", content):
            return document
    raise AlreadyExistsError(
        f"all names from `{wanted}_0000` to `{wanted}_9999` are taken.", hint="pass a run_name"
    )


def _new_content(description: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "created": datetime.now(UTC).isoformat(),
        "ended": None,
        "status": RUNNING,
        "owner": Owner.this_process().to_json(),
        "description": description,
        "parameters": dict(parameters),
        "provenance": provenance(),
        "input_tables": [],
        "collections": [],
        "last_aggregates": [],
        "error": None,
    }


def _apply(stored: Any, value: Any | Callable[[Any], Any]) -> Any:
    return value(stored) if callable(value) else value
