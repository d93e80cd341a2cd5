"""`samplewise import`."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from samplewise.cli._options import examples, format_option, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.formats.format import Format
from samplewise.formats.registry import FORMATS

if TYPE_CHECKING:
    from samplewise.tables import Table

_MODES = click.Choice(["reuse", "overwrite", "rename", "raise"])


class _Alias(click.ParamType):
    """`DATA=/folder`."""

    name = "NAME=FOLDER"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        name, equals, folder = value.partition("=")
        if not (name and equals and folder):
            self.fail(f"{value!r} is not NAME=FOLDER, such as DATA=/data/images.", param, ctx)
        return name, folder


def _destination(*, has_weights: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options that say where the table goes, and how."""
    options = [
        click.option("--project", "project_name", required=True, help="Its project."),
        click.option("--dataset", "dataset_name", required=True, help="Its dataset."),
        click.option(
            "--table", "table_name", default="initial", show_default=True, help="Its name."
        ),
        click.option(
            "--if-exists",
            type=_MODES,
            default="reuse",
            show_default=True,
            help="What to do if there is a table of that name.",
        ),
        click.option(
            "--alias",
            "aliases",
            type=_Alias(),
            multiple=True,
            help="Store images below FOLDER as <NAME>/..., so that the folder may move.",
        ),
        click.option(
            "--weights/--no-weights",
            "add_weight_column",
            default=has_weights,
            show_default=True,
            help="Add a column `weight` of ones.",
        ),
        click.option("--description", default="", help="What a person should know about it."),
        root_option,
        json_option,
    ]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.group(
    epilog=examples(
        "import coco train.json --images images/ --project demo --dataset train",
        "import yolo data.yaml --split val --project demo --dataset val",
        "import folder flowers/train --project flowers --dataset train",
        "import csv samples.csv --image-column path --project demo --dataset samples",
    )
)
def command() -> None:
    """Make a table from label files or from rows.

    Images stay where they are: a table holds their paths. What is wrong in the files is refused
    with its reason, or repaired, counted and reported.
    """


def _make_command(known: Format) -> click.Command:
    """The command that imports a format."""

    def run(as_json: bool, **options: Any) -> None:
        _import(known, options, as_json=as_json)

    keyword, metavar = known.path
    run = _destination(has_weights=known.has_weights)(run)
    for option in reversed(known.import_options):
        run = format_option(option)(run)
    run = click.argument(keyword, metavar=metavar)(run)
    text = "\n\n".join(filter(None, (known.summary, known.details)))
    return click.command(known.name, help=text, epilog=examples(*known.examples))(run)


for each in FORMATS.values():
    if each.reader is not None:
        command.add_command(_make_command(each))


def _import(known: Format, options: dict[str, Any], *, as_json: bool) -> None:
    from samplewise.tables import Table

    path = options.pop(known.path[0])
    of_reader = {each.keyword: options.pop(each.keyword) for each in known.import_options}
    given = {**options, "aliases": dict(options["aliases"])}
    _print_table(Table.from_format(known.name, path, of_reader, **given), as_json=as_json)


def _print_table(table: "Table", *, as_json: bool) -> None:
    from samplewise.formats.import_report import ImportReport

    names = f"{table.project_name}/{table.dataset_name}/{table.name}"
    if as_json:
        print_json(
            {
                "project": table.project_name,
                "dataset": table.dataset_name,
                "name": table.name,
                "url": table.url,
                "id": table.id,
                "row_count": len(table),
                "columns": table.columns,
                "repaired": table.source.get("repaired", {}),
                "kept": table.source.get("kept", {}),
            }
        )
        return
    say(f"Table {names}: {len(table):,} rows, columns {', '.join(table.columns)}")
    report = ImportReport.of(table.source)
    if report.repaired or report.kept:
        say(str(report))
    say(f"To see it: samplewise show {shlex.quote(names)}")
