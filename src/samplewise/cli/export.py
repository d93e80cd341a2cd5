"""`samplewise export`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from samplewise._arguments import check_value
from samplewise.cli._address import find
from samplewise.cli._options import examples, format_option, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.errors import AlreadyExistsError
from samplewise.formats.format import Format
from samplewise.formats.registry import FORMATS


def _writable_formats() -> list[Format]:
    return [each for each in FORMATS.values() if each.writer is not None]


def _format_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of all formats; that they fit the one that is meant is seen when called."""
    for option in reversed(
        [option for each in _writable_formats() for option in each.export_options]
    ):
        function = format_option(option)(function)
    return function


@click.command(
    epilog=examples(
        "export demo/drawn/initial labels.json",
        "export demo/drawn/initial yolo/ --format yolo --split train",
        "export demo/drawn/initial rows.parquet",
    )
)
@click.argument("table", metavar="URL_OR_NAME")
@click.argument("path", metavar="PATH")
@click.option(
    "--format",
    "wanted",
    type=click.Choice([each.name for each in _writable_formats()]),
    help="Left out: what the ending of PATH says.",
)
@_format_options
@click.option(
    "--weight-threshold",
    type=float,
    default=0.0,
    help="Leave out rows whose weight is below it.",
)
@click.option("--force", is_flag=True, help="Replace a file, or a split, that exists.")
@root_option
@json_option
def command(
    table: str,
    path: str,
    wanted: str | None,
    weight_threshold: float,
    force: bool,
    root_url: str | None,
    as_json: bool,
    **options: str | None,
) -> None:
    """Write a table as COCO, YOLO, CSV or Parquet.

    URL_OR_NAME is a URL or project/dataset/table. PATH ends with .json (COCO), .yaml (YOLO), .csv
    or .parquet, or --format says what it is. A YOLO dataset that exists gets a further split.
    """
    address = find(table, root_url, ["table"])
    check_value("path", path, str | Path)
    known = next((each for each in _writable_formats() if _is_meant(each, path, wanted)), None)
    given = _options_of(known, options)
    from samplewise.formats.export import export, what_exists
    from samplewise.tables import Table

    replaced = None if known is None or force else what_exists(known, path, **given)
    if replaced is not None:
        raise AlreadyExistsError(f"{replaced} exists.", hint="pass --force to replace it")
    opened = Table.from_url(address.url)
    exported = export(opened.stored, path, wanted, weight_threshold=weight_threshold, **given)
    left_out = {why: count for why, count in exported.left_out.items() if count}
    if as_json:
        more = {"left_out": left_out} if left_out else {}
        print_json({"path": str(exported.path), "rows": exported.rows, **more})
        return
    of = f" of {len(opened):,}" if left_out else ""
    say(f"{exported.rows:,}{of} rows in {exported.path}")
    for why, count in left_out.items():
        say(f"{count:,} left out: {why}")


def _is_meant(known: Format, path: str, wanted: str | None) -> bool:
    """Whether a format is named, or said by an ending; writers refuse what no format knows."""
    return known.name == wanted if wanted else Path(path).suffix.lower() in known.endings


def _options_of(known: Format | None, options: dict[str, str | None]) -> dict[str, Any]:
    """The options that were given.

    Raises:
        UsageError: One of them belongs to another format.
    """
    given = {option: value for option, value in options.items() if value is not None}
    for each in _writable_formats():
        for option in each.export_options:
            if option.keyword in given and each is not known:
                flag = option.flag or option.keyword
                raise click.UsageError(f"--{flag} is for --format {each.name} only.")
    return given
