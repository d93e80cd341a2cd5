"""`samplewise issues`."""

import sys
from typing import TYPE_CHECKING

import click

from samplewise._visible import visible
from samplewise.cli._address import find
from samplewise.cli._grid import grid
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import console, json_option, print_json, say

if TYPE_CHECKING:
    from samplewise.tables import Run


@click.command(
    epilog=examples(
        "issues demo/first",
        "issues demo/first --split val --kind wrong_class --limit 50",
        "issues demo/first --csv",
    )
)
@click.argument("run")
@click.option("--split", help="Of this split only.")
@click.option(
    "--kind", "kinds", multiple=True, help="wrong_class, badly_placed, missing, spurious."
)
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.05, show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Rows to print as a table; 0 prints all. JSON and CSV always have all.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@root_option
def command(
    run: str,
    *,
    split: str | None,
    kinds: tuple[str, ...],
    min_score: float,
    limit: int,
    as_csv: bool,
    as_json: bool,
    root_url: str | None,
) -> None:
    """List labels that are probably wrong, and what they should be.

    RUN is a URL, or project/run. Its stored predictions are held against the labels of the tables
    that it collected on: boxes of a wrong class, badly placed, missing, or about nothing.
    """
    from samplewise.tables import Run

    if as_csv and as_json:
        raise click.UsageError("give only one of --csv and --json.")
    opened = Run.from_url(find(run, root_url, ["run"]).url)
    found = opened.label_issues(split=split, kinds=list(kinds) or None, min_score=min_score)
    if as_json:
        print_json(found.to_pylist())
    elif as_csv:
        import pyarrow.csv as pa_csv

        flat = found.flatten()
        pa_csv.write_csv(flat, sys.stdout.buffer)
    else:
        _print(opened, found.slice(0, limit or None).to_pylist(), found.num_rows)


def _class_names(run: "Run") -> list[dict[int, str]]:
    """Names of the classes of each input table, by id."""
    from samplewise.cli._class_balance import label_columns

    found: list[dict[int, str]] = []
    for entry in run.stored.inputs:
        maps = [m for _, m, _ in label_columns(entry) if m]
        found.append({} if not maps else {i: e.internal_name for i, e in maps[0].items()})
    return found


def _print(run: "Run", rows: list[dict], count: int) -> None:
    names = _class_names(run)

    def name(row: dict, column: str) -> str | None:
        number = row[column]
        known = names[row["input_table_id"]]
        return None if number is None else visible(known.get(number, str(number)))

    columns = ["score", "kind", "example_id", "label_index", "label", "suggested", "split", "image"]
    shown = [
        [
            f"{row['score']:.2f}",
            row["kind"],
            row["example_id"],
            row["label_index"],
            name(row, "label"),
            name(row, "suggested_label"),
            row["split"],
            visible(row["image"] or ""),
        ]
        for row in rows
    ]
    console().print(grid(columns, shown, numbers=["score", "example_id", "label_index"]))
    say(f"{len(rows):,} of {count:,} suspects, the likeliest first")
