"""`samplewise ls`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from samplewise.cli import _inventory as inventory
from samplewise.cli._address import find
from samplewise.cli._inventory import RunEntry, TableEntry
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import console, json_option, print_json, say
from samplewise.cli._times import duration, moment
from samplewise.storage import Store

_TELLING = re.compile(r"mAP|AP\d*@|F1|accuracy|IoU|Dice", re.IGNORECASE)
_SHOWN = 3


@click.command(epilog=examples("ls", "ls demo", "ls demo --json", "ls --root s3://bucket/folder"))
@click.argument("project", required=False)
@root_option
@json_option
def command(project: str | None, root_url: str | None, as_json: bool) -> None:
    """List projects, or the tables and runs of a project.

    PROJECT is a name or a URL. Only small documents are read, so a large store is listed quickly.
    """
    if project is None:
        _list_projects(Store(root_url), as_json=as_json)
    else:
        address = find(project, root_url, ["project"])
        _list_project(address.store, address.project, as_json=as_json)


def _list_projects(store: Store, *, as_json: bool) -> None:
    found = [_count_of(store, name) for name in inventory.projects(store)]
    if as_json:
        print_json({"root": store.root, "projects": found})
        return
    if not found:
        say(f"There is no project below {store.root} yet.")
        say("Hint: `samplewise demo` makes one, `samplewise import` brings your labels.")
        return
    from samplewise.cli._grid import grid

    counts = ("datasets", "tables", "runs")
    rows = [[each[name] for name in ("name", *counts)] for each in found]
    _print(f"Projects below {store.root}", grid(["project", *counts], rows, numbers=counts))


def _count_of(store: Store, project: str) -> dict[str, Any]:
    datasets = inventory.dataset_names(store, project)
    return {
        "name": project,
        "url": store.url(project),
        "datasets": len(datasets),
        "tables": sum(len(inventory.table_names(store, project, each)) for each in datasets),
        "runs": len(inventory.run_names(store, project)),
    }


def _list_project(store: Store, project: str, *, as_json: bool) -> None:
    tables = inventory.tables_in(store, project)
    runs = inventory.runs_in(store, project)
    if as_json:
        print_json(
            {
                "project": project,
                "url": store.url(project),
                "tables": [table.to_json() for table in tables],
                "runs": [run.to_json() for run in runs],
            }
        )
        return
    from samplewise.cli._grid import grid, status_text

    columns = ["dataset", "table", "rows", "created", "description"]
    _print(
        f"Tables of {project}" if tables else f"{project} has no tables.",
        grid(columns, map(_table_row, _in_lineage(tables)), numbers=["rows"]) if tables else None,
    )
    columns = ["run", "status", "started", "took", "last aggregates"]
    rows = [
        [
            run.name,
            status_text(run.status),
            moment(run.created),
            duration(run.duration_s),
            describe_aggregates(run),
        ]
        for run in runs
    ]
    _print(
        f"Runs of {project}" if runs else f"{project} has no runs.",
        grid(columns, rows) if runs else None,
    )


def _print(title: str, shown: Any) -> None:
    out = console()
    out.print(title, style="bold")
    if shown is not None:
        out.print(shown)
    out.print()


def _table_row(entry: tuple[int, TableEntry]) -> Sequence[Any]:
    depth, table = entry
    name = "  " * (depth - 1) + "└ " * (depth > 0) + table.name
    described = table.problem or table.document.get("description") or ""
    rows = table.document.get("row_count")
    return [table.dataset, name, rows, moment(table.created), described]


def _in_lineage(tables: Sequence[TableEntry]) -> Iterator[tuple[int, TableEntry]]:
    """Every table below the one it was derived from, with its depth; roots as they come."""
    known = {table.id for table in tables if table.id is not None}
    children: dict[str | None, list[TableEntry]] = {}
    for table in tables:
        ancestors = [each["id"] for each in table.ancestors if each["id"] in known]
        children.setdefault(ancestors[-1] if ancestors else None, []).append(table)
    waiting = [(0, table) for table in reversed(children.get(None, []))]
    while waiting:
        depth, table = waiting.pop()
        yield depth, table
        if table.id is not None:
            waiting += [(depth + 1, child) for child in reversed(children.get(table.id, []))]


def describe_aggregates(run: RunEntry) -> str:
    """The aggregates that say most: of validation before training, scores before losses."""
    if run.problem is not None:
        return run.problem

    def place(entry: Mapping[str, Any]) -> tuple[bool, bool]:
        return entry["split"] != "val", not _TELLING.search(entry["name"])

    shown = sorted(run.last_aggregates, key=place)[:_SHOWN]
    failures = [run.collection_failures] if run.collection_failures else []
    return ", ".join(
        failures
        + [
            f"{entry['split'] or ''} {entry['name']} {entry['value']:.4g}".strip()
            for entry in shown
            if entry["value"] is not None
        ]
    )
