"""A table on the terminal."""

from typing import Any

from samplewise.cli._cell import cell
from samplewise.cli._charts import bar
from samplewise.cli._class_balance import ClassBalance, class_balances
from samplewise.cli._grid import grid, pairs
from samplewise.cli._inventory import runs_about, table_entry
from samplewise.cli._output import console
from samplewise.cli._plain import plain
from samplewise.cli._times import moment
from samplewise.formats.import_report import ImportReport
from samplewise.schema import ColumnSchema
from samplewise.storage import Store
from samplewise.tables import Table

_CLASSES = 20


def table_as_json(table: Table, rows: int) -> dict[str, Any]:
    """Everything about a table but its other rows, for `--json`."""
    return {
        "project": table.project_name,
        "dataset": table.dataset_name,
        "name": table.name,
        "url": table.url,
        "id": table.id,
        "created": table.created,
        "description": table.description,
        "row_count": len(table),
        "columns": table.schema.to_json(),
        "classes": [balance.to_json() for balance in class_balances(table)],
        "rows": plain(_first_rows(table, rows)),
        "lineage": [{"name": each.name, "url": each.url} for each in table.lineage()],
        "runs": [{"project": run.project, "name": run.name} for run in _runs(table)],
        "source": table.source,
    }


def show_table(table: Table, rows: int, *, show_all: bool) -> None:
    """Print a table."""
    _print_head(table)
    out = console()
    out.print("Columns", style="bold")
    columns = [[n, c.kind, _classes(c), c.description] for n, c in table.schema.items()]
    out.print(grid(["column", "kind", "classes", "description"], columns, numbers=["classes"]))
    out.print()
    for balance in class_balances(table):
        _print_balance(balance, None if show_all else _CLASSES)
    _print_rows(table, rows)


def _print_head(table: Table) -> None:
    out = console()
    names = (table.project_name, table.dataset_name, table.name)
    out.print(f"Table {'/'.join(names)}", style="bold")
    rows = {
        "rows": len(table),
        "created": moment(table.created),
        "description": table.description,
        "lineage": " > ".join(each.name for each in table.lineage()),
        "from": _origin(table.source),
        "import": _report(table.source),
        "used by": ", ".join(f"{run.project}/{run.name}" for run in _runs(table)),
        "URL": table.url,
    }
    out.print(pairs((name, value) for name, value in rows.items() if value not in ("", None)))
    out.print()


def _runs(table: Table) -> list[Any]:
    store = Store(table.root_url)
    entry = table_entry(store, table.project_name, table.dataset_name, table.name)
    return [] if entry is None else runs_about(store, [entry])


def _origin(source: dict[str, Any]) -> str:
    """What it was made from: the plain values of its source."""
    return ", ".join(
        f"{name}: {value}"
        for name, value in source.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    )


def _report(source: dict[str, Any]) -> str:
    report = ImportReport.of(source)
    return str(report) if report.repaired or report.kept else ""


def _classes(column: ColumnSchema) -> int | None:
    maps = [column.value_map, *(child.value_map for child in column.children.values())]
    return next((len(value_map) for value_map in maps if value_map is not None), None)


def _print_balance(balance: ClassBalance, most: int | None) -> None:
    out = console()
    unicode = out.encoding.startswith("utf")
    highest = max((count for *_, count in balance.counts), default=0) or 1
    shown = balance.counts[:most]
    rows = [
        [None if label is None else str(label), name, count, bar(count / highest, unicode=unicode)]
        for label, name, count in shown
    ]
    out.print(f"Classes of {balance.path}: {balance.total:,} labels", style="bold")
    out.print(grid(["id", "class", "count", ""], rows, numbers=["id", "count"]))
    rest = len(balance.counts) - len(shown)
    out.print(f"... and {rest:,} more: --all\n" if rest else "")


def _first_rows(table: Table, count: int) -> list[dict[str, Any]]:
    """As they are stored: an alias without a folder is no reason to show nothing."""
    return table.take(range(min(count, len(table)))).to_pylist()


def _print_rows(table: Table, count: int) -> None:
    shown = [name for name, column in table.schema.items() if not column.hidden]
    rows = [
        [str(i), *(cell(row[name], table.schema[name]) for name in shown)]
        for i, row in enumerate(_first_rows(table, count))
    ]
    if not rows:
        return
    out = console()
    out.print("First rows", style="bold")
    out.print(grid(["example_id", *shown], rows, numbers=["example_id"]))
