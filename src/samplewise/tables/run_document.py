"""The document of a Run: one small JSON file, replaced atomically by the process that owns the run."""

import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from samplewise.errors import AlreadyExistsError, NotFoundError, did_you_mean
from samplewise.storage.layout import project_path, run_path
from samplewise.storage.store import Store
from samplewise.tables.if_exists import IfExists, candidate_names
from samplewise.tables.liveness import Owner, is_alive
from samplewise.tables.provenance import provenance

RUNNING, COMPLETED, CANCELLED, FAILED = "running", "completed", "cancelled", "failed"


class RunDocument:
    """The stored state of one run.

    Args:
        store: Where it lies.
        project: Its project.
        name: Its name.
    """

    def __init__(self, store: Store, project: str, name: str) -> None:
        self.store = store
        self.project = project
        self.name = name
        self.path = run_path(project, name)
        self._lock = threading.Lock()

    def read(self) -> dict[str, Any]:
        """What is stored now.

        Raises:
            NotFoundError: The run is gone.
        """
        document = self.store.read(f"{self.path}/run.json")
        if document is None:
            runs = self.store.children(f"{project_path(self.project)}/runs")
            raise NotFoundError(
                f"there is no run `{self.name}` in project `{self.project}` "
                f"below {self.store.root}.",
                hint=did_you_mean(self.name, runs),
            )
        return document

    def update(self, **changes: Any) -> dict[str, Any]:
        """Replace some fields."""
        with self._lock:
            document = {**self.read(), **changes}
            self.store.replace(f"{self.path}/run.json", document)
            return document

    def status(self) -> str:
        """`running`, `completed`, `cancelled` or `failed`; a running one whose process is gone has failed."""
        document = self.read()
        if document["status"] != RUNNING:
            return document["status"]
        heartbeat = self.store.touched(f"{self.path}/heartbeat")
        return RUNNING if is_alive(document["owner"], heartbeat) else FAILED


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
    """
    wanted = name or datetime.now().strftime("%Y%m%d-%H%M%S")
    content = _new_content(description, parameters)
    rename = if_exists == "rename" or name is None
    for candidate in candidate_names(wanted) if rename else (wanted,):
        document = RunDocument(store, project, candidate)
        if store.create(f"{document.path}/run.json", content):
            return document, True
    document = RunDocument(store, project, wanted)
    if if_exists == "reuse":
        return document, False
    if if_exists == "overwrite":
        store.remove(document.path)
        if store.create(f"{document.path}/run.json", content):
            return document, True
    raise AlreadyExistsError(
        f"run `{wanted}` exists in project `{project}`.",
        hint='pass if_exists="reuse", "overwrite" or "rename"',
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
        "error": None,
    }
