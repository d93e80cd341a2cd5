"""`collect_metrics`: what any model says about every row of a Table, without a trainer."""

from collections.abc import Callable, Mapping
from typing import Any

from samplewise._arguments import shorten
from samplewise.collect.arguments import check_size
from samplewise.collect.collection import CollectionRecord, ComputeMetrics
from samplewise.collect.embedding_settings import EmbeddingSettings
from samplewise.collect.guard import no_trace
from samplewise.collect.plain_predictor import PlainPredictor
from samplewise.collect.predictor import Predictor
from samplewise.collect.ranks import Ranks
from samplewise.collect.table_collector import TableCollector, TableMetrics
from samplewise.collect.table_task import TableTask
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.schema import ColumnSchema
from samplewise.tables import Run, Table, active_run, init
from samplewise.tasks import Task, find_task


def collect_metrics(
    table: Table,
    predictor: Predictor | Callable[[Any], Any],
    *,
    task: str | Task[Any, Any] | None = None,
    compute_metrics: ComputeMetrics | None = None,
    schemas: Mapping[str, ColumnSchema] | None = None,
    run: Run | None = None,
    split: str | None = None,
    epoch: int | None = None,
    embeddings: bool = False,
    object_embeddings: bool = False,
    predictions: bool = True,
    batch_size: int = 32,
    image_column: str = "image",
    label_column: str | None = None,
    dataloader_args: Mapping[str, Any] | None = None,
    constants: Mapping[str, Any] | None = None,
    replace: bool = False,
) -> CollectionRecord:
    """Ask a model about every row of a Table, once, and store what comes of it in a Run.

    The engine of the callbacks: bounded memory, images read in workers, an image that cannot be
    read costs its own row, a batch that does not fit into memory is halved, one commit, and the
    network is left as it was.

    Args:
        table: Where the images and labels are.
        predictor: A `Predictor`, or a network or function from images `(b, 3, h, w)`, RGB in
            [0, 1], all of one size, to one prediction an image.
        task: `detection`, `pose`, `segmentation`, `classification`: what is stored and computed;
            predictions are `samplewise.tasks.PredictedBoxes` or its siblings.
        compute_metrics: Gets image URLs, predictions and the table; returns further columns, one
            value an image. Without a task, these alone.
        schemas: Kinds of these columns; None infers them.
        run: Where the rows go; None: the active run, or a new one in the project of the table.
        split: `train`, `val`, ...
        epoch: 0-based epoch.
        embeddings: Whether to store an embedding of every image.
        object_embeddings: Whether to store one of every box.
        predictions: Whether to store predictions, beside the metrics.
        batch_size: Images per forward pass.
        image_column: Column of the images.
        label_column: Column of the labels; None: that of the task.
        dataloader_args: For torch's DataLoader, which loads the images.
        constants: Values of further columns, the same in all rows.
        replace: Whether rows of this table, split and epoch that are there already are replaced.

    Returns:
        What was done: `rows`, `failed_rows`, `batch_size`, ...

    Raises:
        InvalidArgumentError: Neither a task nor `compute_metrics` nor embeddings are asked for, or
            an argument breaks its rule.
        ColumnNotFoundError: The table has no such column.
        CollectionError: The model and the table do not fit; nothing is stored.
        AlreadyExistsError: There are such rows already.
    """
    asked = predictor if isinstance(predictor, Predictor) else PlainPredictor(predictor)
    if task is None and compute_metrics is None and not embeddings:
        raise InvalidArgumentError(
            "`task` must say what is computed, but there is none.",
            hint="task='detection', compute_metrics=..., or embeddings=True",
        )
    if embeddings or object_embeddings:
        _ = asked.embedding_layer  # refused here, where they were asked for by name
    settings = EmbeddingSettings(embeddings, object_embeddings, 2, "pacmap", None, keep=True)
    collector = TableCollector(
        image_column, check_size(batch_size, "batch_size"), None, dataloader_args or {}, settings
    )
    table.schema.at(image_column)
    metrics = _table_metrics(
        table,
        find_task(task) if isinstance(task, str) else task,
        compute_metrics,
        schemas or {},
        image_column=image_column,
        label_column=label_column,
        class_names=getattr(asked, "class_names", None),
        predictions=predictions,
    )
    run = run or active_run() or init(table.project_name, root_url=table.root_url)
    network = getattr(asked, "network", None)
    with no_trace(*([] if network is None else [network])):
        record = collector.collect(
            run,
            table,
            asked,
            metrics,
            split=split,
            epoch=epoch,
            replace=replace,
            constants=constants or {},
            ranks=Ranks(),
        )
    run.add_collection({name: value for name, value in vars(record).items() if name != "streams"})
    return record


def _table_metrics(
    table: Table,
    task: Task[Any, Any] | None,
    compute_metrics: ComputeMetrics | None,
    schemas: Mapping[str, ColumnSchema],
    *,
    image_column: str,
    label_column: str | None,
    class_names: Any,
    predictions: bool,
) -> TableMetrics:
    own: ComputeMetrics = compute_metrics or (lambda images, found, table: {})
    if task is None:
        return TableMetrics(own, schemas)
    column = task.label_column(label_column)
    here = TableTask(task, table, label_column=column, image_column=image_column)
    here.match_classes(class_names)

    def compute(images: list[str], found: Any, table: Table) -> Mapping[str, Any]:
        _check_predictions(task, found)
        of_task = here.columns(images, found, with_predictions=predictions)
        of_user = own(images, found, table)
        if both := of_task.keys() & of_user.keys():
            raise CollectionError(
                f"`compute_metrics` must leave out the columns of the task, but has {min(both)!r}."
            )
        return {**of_task, **of_user}

    return TableMetrics(
        compute,
        {**here.schemas(with_predictions=predictions), **schemas},
        infer_others=compute_metrics is not None,
        object_boxes=here.object_boxes(lambda found: found, with_predictions=predictions),
        count_others=here.count_others,
        counted_in=task.counted_in,
        tally=here.tally,
    )


def _check_predictions(task: Task[Any, Any], found: Any) -> None:
    wrong = [each for each in found if not isinstance(each, task.prediction)]
    if wrong:
        raise CollectionError(
            f"the predictor must return `{task.prediction.__name__}` of `samplewise.tasks` for "
            f"{task.name}, but returned {shorten(wrong[0])}."
        )
