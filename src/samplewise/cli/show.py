"""`samplewise show`."""

import click

from samplewise.cli._address import find
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json


@click.command(
    epilog=examples(
        "show demo/first",
        'show demo/first --plot "mAP@0.50" --worst 10',
        "show demo/drawn/initial --rows 3",
        "show /data/samplewise/demo/runs/first --json",
    )
)
@click.argument("target", metavar="URL_OR_NAME")
@click.option("--plot", "plots", metavar="NAME", multiple=True, help="Draw this aggregate's curve.")
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="How many of the worst images of a run, for each split.",
)
@click.option(
    "--by",
    metavar="METRIC",
    help="What the images are ranked by: by default the most prominent metric that says which way "
    "is better.",
)
@click.option(
    "--ascending/--descending",
    "ascending",
    default=None,
    help="Which end comes first: by default the worse one, and the highest where the metric does "
    "not say which way is better.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="How many of the first rows of a table.",
)
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    help="Leave out nothing: all aggregates, parameters, classes.",
)
@root_option
@json_option
def command(
    target: str,
    *,
    plots: tuple[str, ...],
    worst: int,
    by: str | None,
    ascending: bool | None,
    rows: int,
    show_all: bool,
    root_url: str | None,
    as_json: bool,
) -> None:
    """Show a run or a table.

    URL_OR_NAME is a URL, project/run or project/dataset/table. Of a run: aggregates with their
    curves, parameters, collections and their failures, and the images on which the model did
    worst. Of a table: columns, class balance, first rows, and where it comes from.
    """
    address = find(target, root_url, ["run", "table"])
    if address.kind == "run":
        from samplewise.cli._show_run import run_as_json, show_run
        from samplewise.tables import Run

        run = Run.from_url(address.url)
        descending = None if ascending is None else not ascending
        if as_json:
            print_json(run_as_json(run, worst, by, descending=descending))
        else:
            show_run(run, plots, worst, by, descending=descending, show_all=show_all)
    else:
        from samplewise.cli._show_table import show_table, table_as_json
        from samplewise.tables import Table

        table = Table.from_url(address.url)
        if as_json:
            print_json(table_as_json(table, rows))
        else:
            show_table(table, rows, show_all=show_all)
