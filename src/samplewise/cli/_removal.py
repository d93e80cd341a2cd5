"""What a deletion would take, and taking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samplewise.cli import _inventory as inventory
from samplewise.cli._address import Address
from samplewise.cli._inventory import RUNNING, RunEntry, TableEntry


@dataclass(frozen=True)
class Removal:
    """What a deletion would take, and what has to do with it.

    Args:
        address: What is deleted.
        tables: The tables that go.
        runs: The runs that go.
        derived: Tables that stay, and were derived from one that goes.
        users: Runs that stay, and have metrics on a table that goes.
    """

    address: Address
    tables: Sequence[TableEntry]
    runs: Sequence[RunEntry]
    derived: Sequence[TableEntry]
    users: Sequence[RunEntry]

    @property
    def running(self) -> list[RunEntry]:
        """Runs that go although their training has not ended."""
        return [run for run in self.runs if run.status == RUNNING]

    def lines(self) -> list[str]:
        """For a person who is about to say yes."""
        lines = [f"This deletes {self.address}: {self.address.url}"]
        if self.address.kind != "run":
            rows = sum(table.document.get("row_count") or 0 for table in self.tables)
            names = _list_names([f"{table.dataset}/{table.name}" for table in self.tables])
            lines.append(f"- {_count(self.tables, 'table')} with {rows:,} rows: {names}")
        if self.runs:
            names = _list_names([run.name for run in self.runs])
            lines.append(f"- {_count(self.runs, 'run')} with all metrics: {names}")
        if self.derived:
            names = _list_names([table.name for table in self.derived])
            lines.append(f"- derived from it, and keep all their rows: {names}")
        if self.users:
            names = _list_names([f"{run.project}/{run.name}" for run in self.users])
            lines.append(f"- have metrics on it, and keep the rows they are about: {names}")
        return [*lines, "Images are not touched."]

    def carry_out(self) -> None:
        """Delete it; room on disk that nothing needs any more is freed by `vacuum`."""
        from samplewise.tables import Run, Table

        store = self.address.store
        for run in self.runs:
            store.remove(run.path) if run.problem else Run.from_url(run.url).delete()
        for table in self.tables:
            store.remove(table.path) if table.problem else Table.from_url(table.url).delete()
        if self.address.kind == "project":
            # The file itself stays: `vacuum` looks for what is left where it is.
            store.replace(f"{self.address.path}/project.json", {"aliases": {}})

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "kind": self.address.kind,
            "url": self.address.url,
            "tables": [table.url for table in self.tables],
            "runs": [run.url for run in self.runs],
            "derived": [table.url for table in self.derived],
            "users": [run.url for run in self.users],
        }


def removal_of(address: Address) -> Removal:
    """What deleting something would take."""
    store, project = address.store, address.project
    if address.kind == "run":
        entry = inventory.run_entry(store, project, address.name)
        return Removal(address, [], [entry] if entry else [], [], [])
    dataset = None if address.kind == "project" else address.names[1]
    siblings = inventory.tables_in(store, project, dataset)
    tables = [t for t in siblings if address.kind != "table" or t.name == address.name]
    runs = inventory.runs_in(store, project) if address.kind == "project" else []
    gone = {table.id for table in tables}
    derived = [
        table
        for table in siblings
        if table not in tables and any(each["id"] in gone for each in table.ancestors)
    ]
    urls = {run.url for run in runs}
    users = [run for run in inventory.runs_about(store, tables) if run.url not in urls]
    return Removal(address, tables, runs, derived, users)


def _count(things: Sequence[Any], noun: str) -> str:
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"


def _list_names(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f", ... {len(names)} in all" if len(names) > most else "")
