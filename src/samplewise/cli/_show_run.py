"""A run on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from samplewise.cli._charts import plot, sparkline
from samplewise.cli._curves import Curve, curves_of
from samplewise.cli._grid import grid, pairs, status_text
from samplewise.cli._inventory import run_entry
from samplewise.cli._output import console
from samplewise.cli._times import duration, moment
from samplewise.cli._worst import Worst, worst_images
from samplewise.errors import ColumnNotFoundError, NotFoundError, SamplewiseError, did_you_mean
from samplewise.storage import Store
from samplewise.tables import Run

_AGGREGATES, _PARAMETERS = 24, 30


def run_as_json(run: Run, worst: int, by: str | None) -> dict[str, Any]:
    """Everything about a run but its metrics tables, for `--json`."""
    found, problem = _worst_or_why_not(run, worst, by)
    return {
        "project": run.project_name,
        "name": run.name,
        "url": run.url,
        "status": run.status,
        "created": run.created,
        "ended": run.ended,
        "duration_s": _took(run),
        "description": run.description,
        "error": run.error,
        "aggregates": [curve.to_json() for curve in curves_of(run.history)],
        "parameters": run.parameters,
        "collections": run.collections,
        "worst": {"by": found.by, "rows": found.rows, "problem": problem},
        "provenance": run.provenance,
    }


def show_run(run: Run, plots: Sequence[str], worst: int, by: str | None, *, show_all: bool) -> None:
    """Print a run.

    Raises:
        NotFoundError: There is no aggregate of a name in `plots`.
        ColumnNotFoundError: There is no metric `by`.
    """
    curves = curves_of(run.history)
    drawn = [_plot(curves, name, run) for name in plots]
    found, problem = _worst_or_why_not(run, worst, by)
    _print_head(run)
    _print_aggregates(curves, None if show_all else _AGGREGATES)
    for each in drawn:
        console().print(each, end="\n\n", no_wrap=True, crop=True)
    _print_parameters(run.parameters, None if show_all else _PARAMETERS)
    _print_collections(run.collections)
    _print_worst(found, problem)


def _took(run: Run) -> float | None:
    entry = run_entry(Store(run.root_url), run.project_name, run.name)
    return None if entry is None else entry.duration_s


def _print_head(run: Run) -> None:
    out = console()
    out.print(f"Run {run.project_name}/{run.name}", style="bold")
    git = run.provenance.get("git") or {}
    commit = git.get("commit", "")[:12] + " with changes" * bool(git.get("has_changes"))
    rows = {
        "status": status_text(run.status),
        "started": moment(run.created),
        "took": duration(_took(run)),
        "error": run.error,
        "description": run.description,
        "commit": commit,
        "URL": run.url,
    }
    out.print(pairs((name, value) for name, value in rows.items() if value))
    out.print()


def _print_aggregates(curves: list[Curve], most: int | None) -> None:
    out = console()
    if not curves:
        out.print("No aggregates.\n")
        return
    unicode = out.encoding.startswith("utf")
    rows = [_aggregate_row(curve, unicode=unicode) for curve in curves[:most]]
    columns = ["split", "aggregate", "last", "lowest", "highest", "curve"]
    out.print("Aggregates", style="bold")
    out.print(grid(columns, rows, numbers=["last", "lowest", "highest"]))
    _say_rest(len(curves) - len(rows))


def _aggregate_row(curve: Curve, *, unicode: bool) -> list[Any]:
    there = [value for value in curve.values if value is not None]
    low, high = (min(there), max(there)) if there else (None, None)
    line = sparkline(curve.values, unicode=unicode)
    return [curve.split, curve.name, curve.values[-1], low, high, line]


def _plot(curves: list[Curve], name: str, run: Run) -> str:
    wanted = [curve for curve in curves if curve.name == name]
    if not wanted:
        raise NotFoundError(
            f"run `{run.name}` has no aggregate `{name}`.",
            hint=did_you_mean(name, {curve.name for curve in curves}),
        )
    width = max(min(console().width, 100) - 16, 16)
    return name + "\n" + plot({c.split or "-": c.points for c in wanted}, width=width)


def _print_parameters(parameters: Mapping[str, Any], most: int | None) -> None:
    if not parameters:
        return
    flat = list(_flat(parameters))
    out = console()
    out.print("Parameters", style="bold")
    out.print(pairs(flat[:most]))
    _say_rest(len(flat) - len(flat[:most]))


def _flat(parameters: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in parameters.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, str(value)


def _print_collections(collections: Sequence[Mapping[str, Any]]) -> None:
    if not collections:
        return
    rows = [
        [
            each.get("epoch"),
            each.get("split"),
            (each.get("table") or "").rpartition("/datasets/")[2].replace("/tables/", "/"),
            each.get("rows"),
            each.get("failed_rows"),
            duration(each.get("duration_s")),
            each.get("error") or "",
        ]
        for each in collections
    ]
    columns = ["epoch", "split", "table", "rows", "unreadable", "took", "failure"]
    out = console()
    out.print("Collections", style="bold")
    out.print(grid(columns, rows, numbers=["epoch", "rows", "unreadable", "took"]))
    out.print()


def _print_worst(found: Worst, problem: str | None) -> None:
    out = console()
    if problem is not None:
        out.print(f"The worst images cannot be shown: {problem}")
    elif found.rows:
        out.print(f"Worst images by {found.by}", style="bold")
        rows = [[_unless_id(name, row[name]) for name in found.columns] for row in found.rows]
        numbers = {n for n in found.columns for r in found.rows if isinstance(r[n], int | float)}
        out.print(grid(found.columns, rows, numbers=numbers))


def _unless_id(name: str, value: Any) -> Any:
    """Numbers that count nothing get no commas."""
    return str(value) if name == "example_id" else value


def _worst_or_why_not(run: Run, count: int, by: str | None) -> tuple[Worst, str | None]:
    """The worst images; what is wrong where an input table is gone, say."""
    try:
        return worst_images(run, count, by), None
    except ColumnNotFoundError:
        raise
    except SamplewiseError as error:
        return Worst(by, [], []), error.message


def _say_rest(count: int) -> None:
    console().print(f"... and {count:,} more: --all\n" if count > 0 else "")
