"""`samplewise collect`."""

import json
import os
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplewise.cli._address import find
from samplewise.cli._options import examples, root_option
from samplewise.cli._output import json_option, print_json, say
from samplewise.errors import CollectionError, InvalidArgumentError, NotFoundError
from samplewise.tasks.registry import TASKS

if TYPE_CHECKING:
    from samplewise.tables import Run, Table


class _Constant(click.ParamType):
    """`name=value`, the value as JSON where it is some."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        name, equals, text = value.partition("=")
        if not (name and equals):
            self.fail(f"{value!r} is not NAME=VALUE, such as fold=3.", param, ctx)
        try:
            return name, json.loads(text)
        except ValueError:
            return name, text


@click.command(
    epilog=examples(
        "collect --checkpoint ckpt_best.pth --model yolo_nas_s --table demo/val/initial",
        "collect --checkpoint ckpt_best.pth --model yolo_nas_s --table demo/val/initial "
        "--run best --constant epoch=9 --constant split=val --conf 0.1",
    )
)
@click.option("--checkpoint", required=True, metavar="FILE", help="Weights of the model.")
@click.option("--model", "model_name", required=True, help="SuperGradients' name: yolo_nas_s.")
@click.option(
    "--table", "tables", required=True, multiple=True, help="A URL, or project/dataset/table."
)
@click.option("--task", type=click.Choice(list(TASKS)), help="Left out: the model's own.")
@click.option(
    "--num-classes",
    type=click.IntRange(min=1),
    help="Outputs of the model; for poses: joints. Left out: as the checkpoint or the table has.",
)
@click.option("--project", "project_name", help="Of the run; left out: that of the first table.")
@click.option("--run", "run_name", help="Name of the run; left out: the time of day.")
@click.option("--conf", type=click.FloatRange(0, 1), help="Least confidence of a prediction.")
@click.option("--iou", type=click.FloatRange(0, 1), help="Overlap of two predictions of one thing.")
@click.option("--batch-size", type=click.IntRange(min=1), default=32, show_default=True)
@click.option("--workers", type=click.IntRange(min=0), default=2, show_default=True)
@click.option("--device", help="Such as cuda or cpu; left out: a GPU if there is one.")
@click.option("--embeddings", is_flag=True, help="Store embeddings of the images too.")
@click.option(
    "--constant", "constants", type=_Constant(), multiple=True, help="Value of a further column."
)
@root_option
@json_option
def command(
    checkpoint: str,
    model_name: str,
    tables: tuple[str, ...],
    project_name: str | None,
    run_name: str | None,
    root_url: str | None,
    constants: tuple[tuple[str, Any], ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Collect metrics of a stored checkpoint on tables.

    Makes a run without a training. The checkpoint is one of SuperGradients' own, which holds how
    images are prepared for the model.
    """
    from samplewise.tables import Run, Table

    opened = [Table.from_url(find(each, root_url, ["table"]).url) for each in tables]
    run = Run.create(
        project_name or opened[0].project_name,
        run_name,
        parameters={"checkpoint": checkpoint, "model": model_name, **options},
        root_url=opened[0].root_url,
    )
    with run, _active(run), _quiet_super_gradients():
        _collect(run, opened, checkpoint, model_name, dict(constants), **options)
    if as_json:
        print_json({"run": run.name, "project": run.project_name, "url": run.url})
    else:
        names = f"{run.project_name}/{run.name}"
        say(f"To see it: samplewise show {shlex.quote(names)}")


@contextmanager
def _active(run: "Run") -> Iterator[None]:
    """The callback writes to the active run."""
    from samplewise.tables import active_run, set_active_run

    before = active_run()
    set_active_run(run)
    try:
        yield
    finally:
        set_active_run(before)


@contextmanager
def _quiet_super_gradients() -> Iterator[None]:
    """What SuperGradients prints goes to stderr; no log folder in the home, no tips at the end."""
    os.environ.setdefault("CRASH_HANDLER", "FALSE")
    with tempfile.TemporaryDirectory(prefix="sg_logs-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("SUPER_GRADIENTS_LOG_DIR", folder)
        with redirect_stdout(sys.stderr):
            yield


def _collect(
    run: "Run",
    tables: "list[Table]",
    checkpoint: str,
    model_name: str,
    constants: dict[str, Any],
    *,
    task: str | None,
    num_classes: int | None,
    conf: float | None,
    iou: float | None,
    batch_size: int,
    workers: int,
    device: str | None,
    embeddings: bool,
) -> None:
    say("importing SuperGradients, which takes half a minute", err=True)
    from samplewise.integration.super_gradients.callbacks import CALLBACKS
    from samplewise.integration.super_gradients.predictors import task_of

    if not Path(checkpoint).is_file():
        raise NotFoundError(f"there is no file `{checkpoint}`.")
    count = num_classes or _count_in(checkpoint) or _class_count(tables)
    model = _model(model_name, checkpoint, count, device)
    callback = CALLBACKS[task or task_of(model)](
        project_name=run.project_name,
        run_name=run.name,
        batch_size=batch_size,
        pipeline_params={
            name: value for name, value in (("conf", conf), ("iou", iou)) if value is not None
        },
        collect_embeddings=embeddings,
        dataloader_args={"num_workers": workers},
        on_error="raise",
        root_url=run.root_url,
    )
    callback.collect_metrics_direct(model, tables, constants)


def _model(name: str, checkpoint: str, num_classes: int, device: str | None) -> Any:
    import torch
    from super_gradients.training import models

    from samplewise.integration.super_gradients.compatibility import patched_super_gradients

    try:
        with patched_super_gradients():
            model = models.get(name, num_classes=num_classes, checkpoint_path=checkpoint)
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        raise CollectionError(
            f"`{checkpoint}` cannot be loaded into `{name}` with {num_classes} classes: {first}",
            hint="check --model and --num-classes",
        ) from error
    return model.to(device or ("cuda" if torch.cuda.is_available() else "cpu")).eval()


def _count_in(checkpoint: str) -> int | None:
    """How many classes, or joints, the processing parameters of a checkpoint name, if any."""
    import torch

    from samplewise.integration.super_gradients.compatibility import readable_checkpoints

    try:
        with readable_checkpoints():
            stored = torch.load(checkpoint, map_location="cpu", weights_only=True)
    except Exception:  # noqa: BLE001  # what is wrong with it is said where its weights are loaded
        return None
    known = stored.get("processing_params") if isinstance(stored, dict) else None
    names = (known or {}).get("class_names") or (known or {}).get("keypoint_colors")
    return len(names) if names else None


def _class_count(tables: "Iterable[Table]") -> int:
    """How many classes the first column of labels has."""
    from samplewise.cli._class_balance import label_columns

    for table in tables:
        for _, value_map, _ in label_columns(table):
            if value_map:
                return len(value_map)
    raise InvalidArgumentError(
        "the number of classes must be known, but the tables have none.", hint="--num-classes N"
    )
