"""A run on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from samplewise.cli._charts import plot, sparkline
from samplewise.cli._curves import AggregateCurve, curves_of
from samplewise.cli._grid import grid, pairs, status_text
from samplewise.cli._inventory import run_entry
from samplewise.cli._output import console
from samplewise.cli._times import duration, moment
from samplewise.cli._worst_images import RankedImages, rank_images
from samplewise.errors import (
    ColumnNotFoundError,
    InvalidArgumentError,
    NotFoundError,
    SamplewiseError,
    did_you_mean,
)
from samplewise.storage import Store
from samplewise.tables import Run

_AGGREGATES, _PARAMETERS = 24, 30


def run_as_json(run: Run, worst: int, by: str | None, *, descending: bool | None) -> dict[str, Any]:
    """Everything about a run but its metrics tables, for `--json`."""
    found, problem = _try_to_rank(run, worst, by, descending)
    ranking = found.ranking
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
        "collection_failures": run.collection_failures,
        "aggregates": [curve.to_json() for curve in curves_of(run.history)],
        "parameters": run.parameters,
        "collections": run.collections,
        "worst": {
            "by": by if ranking is None else ranking.by,
            "better": None if ranking is None else ranking.better,
            "descending": None if ranking is None else ranking.descending,
            "rows": found.rows,
            "problem": problem,
            "note": found.note,
        },
        "provenance": run.provenance,
    }


def show_run(
    run: Run,
    plots: Sequence[str],
    worst: int,
    by: str | None,
    *,
    descending: bool | None = None,
    show_all: bool,
) -> None:
    """Print a run.

    Raises:
        NotFoundError: There is no aggregate of a name in `plots`.
        ColumnNotFoundError: There is no metric `by`.
        InvalidArgumentError: The metric `by` is no number.
    """
    curves = curves_of(run.history)
    drawn = [_plot(curves, name, run) for name in plots]
    found, problem = _try_to_rank(run, worst, by, descending)
    _print_head(run)
    _print_aggregates(curves, None if show_all else _AGGREGATES)
    for each in drawn:
        console().print(each, end="\n\n", no_wrap=True, crop=True)
    _print_parameters(run.parameters, None if show_all else _PARAMETERS)
    _print_collections(run.collections)
    _print_ranked(found, problem)


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
        "collections": run.collection_failures,
        "description": run.description,
        "commit": commit,
        "URL": run.url,
    }
    out.print(pairs((name, value) for name, value in rows.items() if value))
    out.print()


def _print_aggregates(curves: list[AggregateCurve], most: int | None) -> None:
    out = console()
    if not curves:
        out.print("No aggregates.\n")
        return
    unicode = out.encoding.startswith("utf")
    rows = [_aggregate_row(curve, unicode=unicode) for curve in curves[:most]]
    columns = ["split", "aggregate", "last", "lowest", "highest", "better", "curve"]
    out.print("Aggregates", style="bold")
    out.print(grid(columns, rows, numbers=["last", "lowest", "highest"]))
    _say_rest(len(curves) - len(rows))


def _aggregate_row(curve: AggregateCurve, *, unicode: bool) -> list[Any]:
    there = [value for value in curve.values if value is not None]
    low, high = (min(there), max(there)) if there else (None, None)
    line = sparkline(curve.values, unicode=unicode)
    return [curve.split, curve.name, curve.values[-1], low, high, curve.better or "", line]


def _plot(curves: list[AggregateCurve], name: str, run: Run) -> str:
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


def _print_ranked(found: RankedImages, problem: str | None) -> None:
    out = console()
    if problem is not None:
        out.print(f"The worst images cannot be shown: {problem}")
    elif found.rows:
        out.print(str(found.ranking), style="bold")
        rows = [[_unless_id(name, row[name]) for name in found.columns] for row in found.rows]
        titles = {name: column.title or name for name, column in found.columns.items()}
        numbers = [n for n in titles if any(isinstance(r[n], int | float) for r in found.rows)]
        out.print(grid([*titles.values()], rows, numbers=[titles[name] for name in numbers]))
    if found.note and (found.rows or found.ranking is None):
        out.print(found.note, highlight=False)


def _unless_id(name: str, value: Any) -> Any:
    """Numbers that count nothing get no commas."""
    return str(value) if name == "example_id" else value


def _try_to_rank(
    run: Run, count: int, by: str | None, descending: bool | None
) -> tuple[RankedImages, str | None]:
    """The worst images; what is wrong where an input table is gone, say."""
    try:
        return rank_images(run, count, by, descending=descending), None
    except (ColumnNotFoundError, InvalidArgumentError):
        raise
    except SamplewiseError as error:
        return RankedImages(None, {}, []), error.message


def _say_rest(count: int) -> None:
    console().print(f"... and {count:,} more: --all\n" if count > 0 else "")
