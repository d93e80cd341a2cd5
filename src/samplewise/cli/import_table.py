"""`samplewise import`."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json

if TYPE_CHECKING:
    from samplewise.tables import Table

_MODES = click.Choice(["reuse", "overwrite", "rename", "raise"])
_TASKS = click.Choice(["detect", "segment", "pose"])
_MISSING = click.Choice(["keep", "drop", "raise"])


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

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorated


_task = click.option(
    "--task",
    type=_TASKS,
    default="detect",
    show_default=True,
    help="What the table is for; other labels in the files are kept too.",
)
_missing_images = click.option(
    "--missing-images",
    type=_MISSING,
    default="keep",
    show_default=True,
    help="What to do with images whose file is missing; they are counted in any case.",
)
_images = click.option("--images", "image_folder", metavar="FOLDER", help="Where the images lie.")
_image_column = click.option(
    "--image-column", metavar="NAME", help="Column with paths of images; `image` is one by itself."
)
_label_column = click.option(
    "--label-column", metavar="NAME", help="Column with classes, as text or as numbers."
)


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


@command.command(
    epilog=examples(
        "import coco train.json --images images/ --project demo --dataset train",
        "import coco person_keypoints.json --task pose --project demo --dataset poses",
        "import coco train.json --images /data/coco --alias COCO=/data/coco "
        "--project demo --dataset train",
    )
)
@click.argument("annotations_file", metavar="FILE")
@_images
@_task
@_missing_images
@_destination(has_weights=True)
def coco(as_json: bool, **options: Any) -> None:
    """Import a COCO annotations file: boxes, masks, keypoints.

    Without --images, the images lie in the folder of FILE.
    """
    _import("from_coco", options, as_json=as_json)


@command.command(
    epilog=examples(
        "import yolo data.yaml --project demo --dataset train",
        "import yolo data.yaml --split val --task segment --project demo --dataset val",
    )
)
@click.argument("dataset_yaml", metavar="FILE")
@click.option("--split", default="train", show_default=True, help="Which split of the dataset.")
@_task
@_missing_images
@_destination(has_weights=True)
def yolo(as_json: bool, **options: Any) -> None:
    """Import one split of a dataset in YOLO's layout.

    FILE is its YAML file with `path`, `train`, `val` and `names`.
    """
    _import("from_yolo", options, as_json=as_json)


@command.command(
    epilog=examples(
        "import voc VOC2012 --split train --project voc --dataset train",
        "import voc mine --annotations labels/ --images photos/ --project demo --dataset all",
    )
)
@click.argument("folder")
@click.option("--split", help="A list in ImageSets/Main; left out: all images.")
@_images
@click.option("--annotations", "annotations_folder", metavar="FOLDER", help="With the XML files.")
@_missing_images
@_destination(has_weights=True)
def voc(as_json: bool, **options: Any) -> None:
    """Import a dataset in the layout of Pascal VOC: one XML file for each image."""
    _import("from_voc", options, as_json=as_json)


@command.command(epilog=examples("import folder flowers/train --project flowers --dataset train"))
@click.argument("folder")
@_destination(has_weights=True)
def folder(as_json: bool, **options: Any) -> None:
    """Import a folder with one folder of images for each class."""
    _import("from_image_folder", options, as_json=as_json)


@command.command(
    epilog=examples(
        "import csv samples.csv --project demo --dataset samples",
        "import csv flowers.csv --images photos/ --image-column file --label-column species "
        "--project flowers --dataset all",
    )
)
@click.argument("path", metavar="FILE")
@_images
@_image_column
@_label_column
@_destination(has_weights=False)
def csv(as_json: bool, **options: Any) -> None:
    """Import a CSV file with a header.

    Paths of images that are not absolute are taken from --images, else from the folder of FILE.
    """
    _import_rows("csv", options, as_json=as_json)


@command.command(epilog=examples("import parquet samples.parquet --project demo --dataset all"))
@click.argument("path", metavar="FILE")
@_images
@_image_column
@_label_column
@_destination(has_weights=False)
def parquet(as_json: bool, **options: Any) -> None:
    """Import a Parquet file.

    Paths of images that are not absolute are taken from --images, else from the folder of FILE.
    """
    _import_rows("parquet", options, as_json=as_json)


def _import(maker: str, options: dict[str, Any], *, as_json: bool) -> None:
    from samplewise.tables import Table

    given = {**options, "aliases": dict(options["aliases"])}
    _tell(getattr(Table, maker)(**given), as_json=as_json)


def _import_rows(kind: str, options: dict[str, Any], *, as_json: bool) -> None:
    from samplewise.cli._row_file import read_row_file
    from samplewise.tables import Table

    names = ("path", "image_folder", "image_column", "label_column")
    data, schema = read_row_file(kind, **{name: options.pop(name) for name in names})
    given = {**options, "aliases": dict(options["aliases"])}
    _tell(Table.from_arrow(data, schema, **given), as_json=as_json)


def _tell(table: "Table", *, as_json: bool) -> None:
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
    click.echo(f"Table {names}: {len(table):,} rows, columns {', '.join(table.columns)}")
    report = ImportReport.of(table.source)
    if report.repaired or report.kept:
        click.echo(str(report))
    click.echo(f"To see it: samplewise show {shlex.quote(names)}")
