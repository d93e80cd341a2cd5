"""What a store holds, from its small documents alone: the lists of the dashboard."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from samplewise.errors import NotFoundError, StoreError
from samplewise.records.catalog import dataset_names, project_names, run_names, table_names
from samplewise.records.collection_failures import describe_failures
from samplewise.records.run_document import RUNNING, RunDocument
from samplewise.server import wire
from samplewise.storage import Store
from samplewise.storage.layout import dataset_path, run_path, table_path


def project_rows(store: Store) -> list[wire.ProjectRow]:
    """All projects with a run or a table."""
    rows = [_project_row(store, name) for name in project_names(store)]
    return [row for row in rows if row.runs or row.tables]


def run_rows(store: Store, project: str) -> list[wire.RunRow]:
    """The runs of a project, the youngest first."""
    rows = [run_row(store, project, name) for name in run_names(store, project)]
    return sorted(rows, key=lambda row: row.created, reverse=True)


def table_rows(store: Store, project: str, dataset: str | None = None) -> list[wire.TableRow]:
    """The tables of a project or of one of its datasets, the oldest first in each dataset."""
    datasets = dataset_names(store, project) if dataset is None else [dataset]
    found = []
    for each in datasets:
        rows = [_table_row(store, project, each, n) for n in table_names(store, project, each)]
        found += sorted(rows, key=lambda row: row.created)
    return found


def run_row(store: Store, project: str, name: str) -> wire.RunRow:
    """One run; what cannot be read says why.

    Raises:
        NotFoundError: There is none.
    """
    try:
        document = store.read(f"{run_path(project, name)}/run.json")
    except StoreError as error:
        return _unreadable(project, name, error.message)
    if document is None:
        raise NotFoundError(f"there is no run `{name}` in project `{project}`.")
    status = document["status"]
    if status == RUNNING:
        status = RunDocument(store, project, name, document["id"]).status()
    return wire.RunRow(
        project=project,
        name=name,
        status=status,
        created=document["created"],
        ended=document["ended"],
        duration_s=_duration_s(document, status),
        description=document["description"],
        notes=document.get("notes", ""),
        tags=document.get("tags", []),
        parameters=flat(document["parameters"]),
        aggregates=[wire.Aggregate(**one) for one in document.get("last_aggregates", ())],
        collections=len(document.get("collections", ())),
        collection_failures=describe_failures(document.get("collections", ())),
        input_tables=[entry["id"] for entry in document.get("input_tables", ())],
        error=document["error"],
    )


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values by dotted names; lists as text."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        else:
            is_plain = value is None or isinstance(value, str | int | float | bool)
            found[f"{prefix}{name}"] = value if is_plain else str(value)
    return found


def table_row(store: Store, project: str, dataset: str, name: str) -> wire.TableRow:
    """One table.

    Raises:
        NotFoundError: There is none.
    """
    if name not in table_names(store, project, dataset):
        raise NotFoundError(f"there is no table `{name}` in dataset `{dataset}`.")
    return _table_row(store, project, dataset, name)


def _project_row(store: Store, name: str) -> wire.ProjectRow:
    runs = run_rows(store, name)
    tables = table_rows(store, name)
    times = [run.ended or run.created for run in runs] + [table.created for table in tables]
    return wire.ProjectRow(
        name=name,
        runs=len(runs),
        tables=len(tables),
        running=sum(run.status == RUNNING for run in runs),
        changed=max(times, default=None),
    )


def _duration_s(document: Mapping[str, Any], status: str) -> float | None:
    begun = datetime.fromisoformat(document["created"])
    if document["ended"] is not None:
        return (datetime.fromisoformat(document["ended"]) - begun).total_seconds()
    return (datetime.now(UTC) - begun).total_seconds() if status == RUNNING else None


def _unreadable(project: str, name: str, problem: str) -> wire.RunRow:
    return wire.RunRow(
        project=project,
        name=name,
        status="unreadable",
        created="",
        ended=None,
        duration_s=None,
        description="",
        notes="",
        tags=[],
        parameters={},
        aggregates=[],
        collections=0,
        collection_failures=None,
        input_tables=[],
        error=None,
        problem=problem,
    )


def _table_row(store: Store, project: str, dataset: str, name: str) -> wire.TableRow:
    problem, document = None, {}
    try:
        document = store.read(f"{table_path(project, dataset, name)}/table.json") or {}
    except StoreError as error:
        problem = error.message
    ancestors = [ancestor["name"] for ancestor in document.get("ancestors") or ()]
    return wire.TableRow(
        project=project,
        dataset=dataset,
        name=name,
        id=document.get("id", dataset_path(project, dataset)),
        rows=document.get("row_count", 0),
        created=document.get("created", ""),
        description=document.get("description", ""),
        parent=ancestors[-1] if ancestors else None,
        ancestors=ancestors,
        columns=document.get("columns", []),
        problem=problem,
    )
