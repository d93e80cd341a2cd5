"""What lies in a store, from its JSON documents alone: neither Arrow nor Lance is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samplewise.errors import StoreError
from samplewise.records.collection_failures import describe_failures
from samplewise.storage import Store
from samplewise.storage.layout import dataset_path, project_path, run_path, table_path

RUNNING, UNREADABLE = "running", "unreadable"


@dataclass(frozen=True)
class TableEntry:
    """A table as its document describes it.

    Args:
        store: Where it lies.
        project: Its project.
        dataset: Its dataset.
        name: Its name.
        document: What is stored; empty if it cannot be read.
        problem: Why it cannot be read.
    """

    store: Store
    project: str
    dataset: str
    name: str
    document: Mapping[str, Any]
    problem: str | None = None

    @property
    def path(self) -> str:
        """Its folder, below the root."""
        return table_path(self.project, self.dataset, self.name)

    @property
    def url(self) -> str:
        """Opens it with `Table.from_url`."""
        return self.store.url(self.path)

    @property
    def id(self) -> str | None:
        """Unique id of the table."""
        return self.document.get("id")

    @property
    def ancestors(self) -> list[dict[str, str]]:
        """Name and id of the tables it was derived from, oldest first; some may be gone."""
        return list(self.document.get("ancestors") or ())

    @property
    def created(self) -> str:
        """When it was made, UTC, ISO 8601."""
        return self.document.get("created") or ""

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        get = self.document.get
        return {
            "dataset": self.dataset,
            "name": self.name,
            "url": self.url,
            "id": self.id,
            "rows": get("row_count"),
            "columns": get("columns"),
            "created": get("created"),
            "description": get("description"),
            "ancestors": self.ancestors,
            "problem": self.problem,
        }


@dataclass(frozen=True)
class RunEntry:
    """A run as its document describes it.

    Args:
        store: Where it lies.
        project: Its project.
        name: Its name.
        document: What is stored; empty if it cannot be read.
        problem: Why it cannot be read.
    """

    store: Store
    project: str
    name: str
    document: Mapping[str, Any]
    problem: str | None = None

    @property
    def path(self) -> str:
        """Its folder, below the root."""
        return run_path(self.project, self.name)

    @property
    def url(self) -> str:
        """Opens it with `Run.from_url`."""
        return self.store.url(self.path)

    @property
    def created(self) -> str:
        """When it began, UTC, ISO 8601."""
        return self.document.get("created") or ""

    @property
    def status(self) -> str:
        """As `Run.status`, or `unreadable`."""
        if self.problem is not None:
            return UNREADABLE
        if self.document["status"] != RUNNING:
            return self.document["status"]
        # The only question that needs more than the document, and few runs ask it.
        from samplewise.records.run_document import RunDocument

        return RunDocument.open(self.store, self.project, self.name).status()

    @property
    def collection_failures(self) -> str | None:
        """Which collections failed, in a sentence; None where none did."""
        return describe_failures(self.document.get("collections") or ())

    @property
    def last_aggregates(self) -> list[dict[str, Any]]:
        """The last value of each aggregate: `split`, `name`, `epoch`, `value`."""
        return list(self.document.get("last_aggregates") or ())

    @property
    def duration_s(self) -> float | None:
        """How long it took, or has taken until now; None if nobody knows."""
        if not self.created:
            return None
        end = self.document.get("ended")
        if end is None and self.status != RUNNING:
            return None
        until = datetime.now(UTC) if end is None else datetime.fromisoformat(end)
        return (until - datetime.fromisoformat(self.created)).total_seconds()

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        get = self.document.get
        return {
            "name": self.name,
            "url": self.url,
            "status": self.status,
            "created": get("created"),
            "ended": get("ended"),
            "duration_s": self.duration_s,
            "description": get("description"),
            "error": get("error"),
            "collections": len(get("collections", ())),
            "collection_failures": self.collection_failures,
            "last_aggregates": self.last_aggregates,
            "problem": self.problem,
        }


def projects(store: Store) -> list[str]:
    """Names of the projects with a table or a run: other folders may lie beside them."""
    names = _names(store, "")
    return [name for name in names if run_names(store, name) or dataset_names(store, name)]


def dataset_names(store: Store, project: str) -> list[str]:
    """Names of a project's datasets with a table."""
    names = _names(store, f"{project_path(project)}/datasets")
    return [name for name in names if table_names(store, project, name)]


def table_names(store: Store, project: str, dataset: str) -> list[str]:
    """Names of a dataset's tables."""
    names = _names(store, f"{dataset_path(project, dataset)}/tables")
    # A folder without a document is what a killed process left behind.
    return [n for n in names if "table" in store.documents(table_path(project, dataset, n))]


def run_names(store: Store, project: str) -> list[str]:
    """Names of a project's runs."""
    names = _names(store, f"{project_path(project)}/runs")
    return [name for name in names if "run" in store.documents(run_path(project, name))]


def tables_in(store: Store, project: str, dataset: str | None = None) -> list[TableEntry]:
    """The tables of a project or of one of its datasets, oldest first in each dataset."""
    found = []
    for each in dataset_names(store, project) if dataset is None else [dataset]:
        tables = [table_entry(store, project, each, n) for n in table_names(store, project, each)]
        found += sorted(filter(None, tables), key=lambda table: table.created)
    return found


def runs_in(store: Store, project: str) -> list[RunEntry]:
    """The runs of a project, the youngest first."""
    runs = [run_entry(store, project, name) for name in run_names(store, project)]
    return sorted(filter(None, runs), key=lambda run: run.created, reverse=True)


def table_entry(store: Store, project: str, dataset: str, name: str) -> TableEntry | None:
    """One table; None if there is none."""
    read, problem = _read(store, f"{table_path(project, dataset, name)}/table.json")
    if read is None and problem is None:
        return None
    return TableEntry(store, project, dataset, name, read or {}, problem)


def run_entry(store: Store, project: str, name: str) -> RunEntry | None:
    """One run; None if there is none."""
    read, problem = _read(store, f"{run_path(project, name)}/run.json")
    if read is None and problem is None:
        return None
    return RunEntry(store, project, name, read or {}, problem)


def runs_about(store: Store, tables: list[TableEntry]) -> list[RunEntry]:
    """Runs of any project of the store with metrics on one of the tables."""
    ids = {table.id for table in tables if table.id is not None}
    runs = [run for project in projects(store) for run in runs_in(store, project)]
    return [
        run
        for run in runs
        if any(entry["id"] in ids for entry in run.document.get("input_tables", ()))
    ]


def _read(store: Store, path: str) -> tuple[dict[str, Any] | None, str | None]:
    """A document, or why it cannot be read: one broken file must not hide the others."""
    try:
        return store.read(path), None
    except StoreError as error:
        return None, error.message


def _names(store: Store, path: str) -> list[str]:
    """Names of folders, without those that nobody could have named."""
    return [name for name in store.children(path) if not name.startswith(".")]
