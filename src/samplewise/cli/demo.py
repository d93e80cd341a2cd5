"""`samplewise demo`."""

import shlex
from typing import TYPE_CHECKING

import click

from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say

if TYPE_CHECKING:
    from samplewise.demo.demonstration import Demonstration


@click.command(epilog=examples("demo", "demo --folder my-demo --epochs 3 --train 64 --val 16"))
@click.option(
    "--folder",
    default="samplewise-demo",
    show_default=True,
    help="Takes the images and the weights; new, empty, or of an earlier demo.",
)
@click.option(
    "--epochs", type=click.IntRange(min=1), default=10, show_default=True, help="Of training."
)
@click.option(
    "--train",
    type=click.IntRange(min=1),
    default=320,
    show_default=True,
    help="Scenes to train on.",
)
@click.option(
    "--val", type=click.IntRange(min=1), default=80, show_default=True, help="Held-out scenes."
)
@root_option
@json_option
def command(
    folder: str, epochs: int, train: int, val: int, root_url: str | None, as_json: bool
) -> None:
    """Draw a dataset, train on it, and show the worst images.

    Draws scenes with a few wrong labels among the right ones, trains YOLO-NAS-S on them with
    SuperGradients' own Trainer and our callback, and shows the run. About five minutes on two
    cores.
    """
    from samplewise.demo.demonstration import demonstrate

    shown = demonstrate(
        folder,
        epochs=epochs,
        train=train,
        val=val,
        root_url=root_url,
        say=lambda line: say(line, err=as_json),
    )
    if as_json:
        _print_json(shown)
    else:
        _print(shown)


def _print_json(shown: "Demonstration") -> None:
    print_json(
        {
            "run": shown.run.url,
            "tables": [table.url for table in shown.tables],
            "pictures": str(shown.pictures),
            "worst": len(shown.worst),
            "planted": shown.planted,
            "found": shown.found,
            "planted_errors": str(shown.planted_errors),
        }
    )


def _print(shown: "Demonstration") -> None:
    from samplewise.cli._show_run import show_run

    show_run(shown.run, ["mAP@0.50"], 5, None, show_all=False)
    say(
        f"\nThe {len(shown.worst)} worst training images, drawn with labels and predictions:\n"
        f"  {shown.pictures}\n"
        f"{shown.found} of them are among the {shown.planted} images that were given a wrong label:"
        f"\n  {shown.planted_errors}\n"
        f"Labels that are probably wrong:\n  samplewise issues {shlex.quote(shown.run.url)}\n"
        f"The run again:\n  samplewise show {shlex.quote(shown.run.url)}\n"
        "All of it in a browser: every image, filters, a map, corrections:\n"
        f"  samplewise ui {shown.run.project_name} --root {shlex.quote(shown.run.root_url)}"
    )
