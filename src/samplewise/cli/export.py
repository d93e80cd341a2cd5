"""`samplewise export`."""

from pathlib import Path
from typing import Any

import click

from samplewise.cli._address import find
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json
from samplewise.errors import AlreadyExistsError

_FORMATS = click.Choice(["coco", "yolo", "csv", "parquet"])
_TASKS = click.Choice(["detect", "segment", "pose"])
_BELONGS_TO = {"image_folder": "coco", "split": "yolo", "task": "yolo", "images": "yolo"}


@click.command(
    epilog=examples(
        "export demo/drawn/initial labels.json",
        "export demo/drawn/initial yolo/ --format yolo --split train",
        "export demo/drawn/initial rows.parquet",
    )
)
@click.argument("table", metavar="URL_OR_NAME")
@click.argument("path", metavar="PATH")
@click.option("--format", "wanted", type=_FORMATS, help="Left out: what the ending of PATH says.")
@click.option(
    "--images",
    "image_folder",
    metavar="FOLDER",
    help="COCO: names of images are written from here on.",
)
@click.option("--split", help="YOLO: name of the split, `train` by default.")
@click.option("--task", type=_TASKS, help="YOLO: what a line is; left out: what it was read for.")
@click.option(
    "--copy", "images", flag_value="copy", help="YOLO: copy images, and do not link them."
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@root_option
@json_option
def command(
    table: str,
    path: str,
    wanted: str | None,
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
    given = _fitting(options, wanted or _format_of(path))
    if Path(path).expanduser().is_file() and not force and (wanted or _format_of(path)) != "yolo":
        raise AlreadyExistsError(f"`{path}` exists.", hint="pass --force to replace it")
    from samplewise.tables import Table

    opened = Table.from_url(address.url)
    written = opened.export(path, wanted, **given)
    if as_json:
        print_json({"path": str(written), "rows": len(opened)})
    else:
        click.echo(f"{len(opened):,} rows in {written}")


def _format_of(path: str) -> str | None:
    """What an ending says; the writers refuse what they do not know."""
    endings = {".json": "coco", ".yaml": "yolo", ".yml": "yolo"}
    return endings.get(Path(path).suffix.lower())


def _fitting(options: dict[str, str | None], name: str | None) -> dict[str, Any]:
    """The options that were given.

    Raises:
        UsageError: One of them belongs to another format.
    """
    given = {option: value for option, value in options.items() if value is not None}
    for option in given:
        if name != _BELONGS_TO[option]:
            shown = {"image_folder": "images", "images": "copy"}.get(option, option)
            raise click.UsageError(f"--{shown} is for --format {_BELONGS_TO[option]} only.")
    return given
