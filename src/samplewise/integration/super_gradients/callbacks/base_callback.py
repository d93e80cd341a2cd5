"""The callback that others build on: aggregates, hyperparameters, and collection of metrics."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from super_gradients.common.registry import register_callback
from super_gradients.training.models.sg_module import SgModule
from super_gradients.training.utils.callbacks import PhaseContext
from super_gradients.training.utils.predict.prediction_results import (
    ImagePrediction,
    ImagesPredictions,
)
from torch import nn

from samplewise._progress import progress_bar
from samplewise.collect.collection import CollectionPlan, collect
from samplewise.collect.guard import no_trace
from samplewise.collect.inference import ObjectBoxes, OnRaw
from samplewise.collect.loading import check_dataloader_args
from samplewise.collect.ranks import rows_of_rank
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients import phase
from samplewise.integration.super_gradients.callbacks._arguments import (
    checked_epochs,
    checked_size,
    checked_word,
)
from samplewise.integration.super_gradients.callbacks._embedding_settings import EmbeddingSettings
from samplewise.integration.super_gradients.callbacks._input_tables import input_tables
from samplewise.integration.super_gradients.callbacks._run_logging import RunLogging
from samplewise.integration.super_gradients.callbacks._sample_loss import (
    SampleLoss,
    Target,
    both,
)
from samplewise.integration.super_gradients.callbacks._schedule import Schedule
from samplewise.integration.super_gradients.callbacks._training_run import TrainingRun
from samplewise.integration.super_gradients.predictors import (
    PipelineParams,
    SuperGradientsPredictor,
    predictor_for,
    processing_params,
)
from samplewise.metrics.columns import SAMPLE_LOSS
from samplewise.schema import ColumnSchema
from samplewise.tables import Run, Table


@register_callback("MetricsCollectionCallback")
class MetricsCollectionCallback(RunLogging):
    """Collects per-sample metrics and logs SuperGradients' aggregate metrics to a Run.

    Used as it is, it logs hyperparameters and aggregates. To collect per-sample metrics, subclasses
    implement `compute_metrics`, `metrics_column_schemas` and the property `label_column_name`.

    It leaves no trace in the training: weights are bit-identical to those without it. A failure
    inside it is said once, noted in the Run, and the training goes on. While the training runs,
    what newer torch, NumPy and matplotlib broke in SuperGradients is mended, see
    `samplewise.integration.super_gradients.compatibility.patched_super_gradients`.

    Args:
        project_name: Project of the run that is made if there is no active one.
        run_name: Name of the run that is made if there is no active one.
        run_description: Description of the run that is made if there is no active one.
        image_column_name: Column of the tables with the images.
        label_column_name: Column of the tables with the labels; None takes the task's default.
        metrics_collection_epochs: 0-based epochs after which to collect metrics.
        collect_metrics_on_train_end: Whether to collect metrics after training.
        collect_val_only: Whether to collect on the validation set only.
        batch_size: Images per forward pass; None takes a whole chunk.
        pipeline_params: How the model predicts; a `PipelineParams`, a dictionary, or None for the
            defaults.
        collect_predictions: Whether to store predictions. None: subclasses for a task do, the
            base does not.
        collect_embeddings: Whether to store embeddings of the images, from the same forward pass.
        embeddings_dim: To how many dimensions embeddings are reduced; 2 or 3 are recommended.
        embeddings_method: How: `pacmap` or `umap`.
        inference_chunk_size: Images per chunk that a worker loads; at most
            `batch_size * inference_chunk_size` images are in memory. None takes `batch_size`, or 32
            where that is None.
        dataloader_args: For the DataLoader; by default 8 workers and no pinned memory.
            `batch_size` is ignored and shuffling is refused.
        metrics_collection_dataloader_args: Another name for `dataloader_args`.
        collect_object_embeddings: Whether to store embeddings of every predicted and every
            ground-truth box, from the same forward pass. Detection, pose.
        embedding_layer: Dotted name of the layer whose last map is pooled; None: the backbone, or
            what comes nearest. A model without either has no embeddings, which is said.
        keep_embeddings: Whether to keep the embeddings of images once they are on the map.
        collect_loss: Whether to store the loss of each image, which the training's criterion has
            for it alone, from the same forward pass. For `collect_metrics_direct`: the criterion.
        on_error: What a failure inside the callback does: `continue` (noted, training goes on) or
            `raise`.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.

    Raises:
        InvalidArgumentError: An argument breaks its rule.
    """

    _has_boxes: ClassVar[bool] = False  # for embeddings of objects

    def __init__(  # noqa: PLR0917  # the contract's signature
        self,
        project_name: str | None = None,
        run_name: str | None = None,
        run_description: str | None = None,
        image_column_name: str = "image",
        label_column_name: str | None = None,
        metrics_collection_epochs: list[int] | None = None,
        collect_metrics_on_train_end: bool = True,
        collect_val_only: bool = False,
        batch_size: int | None = 32,
        pipeline_params: PipelineParams | dict[str, Any] | None = None,
        collect_predictions: bool | None = None,
        collect_embeddings: bool = False,
        embeddings_dim: int = 2,
        embeddings_method: Literal["pacmap", "umap"] = "pacmap",
        inference_chunk_size: int | None = None,
        dataloader_args: dict[str, Any] | None = None,
        *,
        metrics_collection_dataloader_args: dict[str, Any] | None = None,
        collect_object_embeddings: bool = False,
        embedding_layer: str | None = None,
        keep_embeddings: bool = True,
        collect_loss: bool | nn.Module = False,
        on_error: Literal["continue", "raise"] = "continue",
        root_url: str | None = None,
    ) -> None:
        super().__init__(
            TrainingRun(project_name, run_name, run_description, root_url),
            checked_word(on_error, "on_error", ("continue", "raise")),
        )
        self._image_column_name = image_column_name
        self._label_column_name = label_column_name
        self._schedule = Schedule(
            checked_epochs(metrics_collection_epochs), at_the_end=collect_metrics_on_train_end
        )
        self._val_only = collect_val_only
        self._batch_size = checked_size(batch_size, "batch_size")
        self._params = PipelineParams.of(pipeline_params)
        self._collect_predictions = collect_predictions
        self._embeddings = EmbeddingSettings(
            collect_embeddings,
            collect_object_embeddings,
            embeddings_dim,
            embeddings_method,
            embedding_layer,
            keep_embeddings,
        )
        if collect_object_embeddings and not self._has_boxes:
            raise InvalidArgumentError(
                "`collect_object_embeddings` must be left out where there are no boxes, as in "
                f"`{type(self).__name__}`."
            )
        self._chunk_size = checked_size(inference_chunk_size, "inference_chunk_size")
        given = {**(metrics_collection_dataloader_args or {}), **(dataloader_args or {})}
        check_dataloader_args(given)
        self._dataloader_args = given
        self._collect_loss = collect_loss
        self._fitting: int | None = None
        self._start_over()

    # What subclasses say.

    @property
    def label_column_name(self) -> str | None:
        """Name of the column with the labels; None where the subclass needs none."""
        return self._label_column_name

    @property
    def collects_predictions(self) -> bool:
        """Whether predictions are stored."""
        return bool(self._collect_predictions)

    def compute_metrics(
        self, images: list[str], predictions: ImagesPredictions | ImagePrediction, table: Table
    ) -> Mapping[str, Sequence[Any]]:
        """Compute metrics for a batch of images and corresponding predictions.

        Args:
            images: Absolute URLs of `b` images. Each is a `str` with the attribute `example_id`,
                the 0-based index of its row in the table.
            predictions: SuperGradients' predictions of these images, in this order.
            table: The table with the images and labels.

        Returns:
            One value per image by column name: `b` values each.
        """
        return {}

    def metrics_column_schemas(self, table: Table) -> Mapping[str, ColumnSchema]:
        """Column kinds of what `compute_metrics` returns.

        Args:
            table: The table that metrics are collected on.

        Returns:
            Column kinds by column name. Empty: inferred from the first batch.
        """
        return {}

    # What can be called without a Trainer.

    def collect_metrics_direct(
        self,
        model: SgModule,
        tables: list[Table],
        constants: dict[str, Any] | None = None,
        *,
        processing: Mapping[str, Any] | None = None,
    ) -> None:
        """Collect metrics directly on tables.

        Goes to the callback's run, else to the active run, else to a new one.

        Args:
            model: The model to collect metrics from.
            tables: The tables to collect metrics on.
            constants: Values of further columns, the same in all rows. `epoch` and `split` are
                those keys.
            processing: Dataset processing parameters, before the model's own: as a dataset's
                `get_dataset_preprocessing_params()` returns them. RegSeg and ShelfNet hold none.

        Raises:
            CollectionError: The model lacks processing parameters, or a metric is wrong.
        """
        run, known = self._training.outside_training(), constants or {}
        with no_trace(model):
            for table in tables:
                predictor = self._predictor(model, model, given=processing)
                split, epoch = known.get("split"), known.get("epoch")
                self._collect_table(run, predictor, table, split, epoch, known)

    # What the Trainer calls.

    def on_training_start(self, context: PhaseContext) -> None:
        """Called when training starts, creates a run if there is none and logs hyperparameters.

        Raises:
            ValueError: If project_name or run_name is provided and different from those of an
                existing active run.
            InvalidArgumentError: A loader reads a dataset of unknown kind, or the network has no
                `embedding_layer` of that name (a `ValueError` too).
        """
        self._embeddings.check(phase.network_of(context).trained)
        super().on_training_start(context)
        urls = [(split, table.url) for split, table in self._tables]
        urls = self._training.ranks.by_first(lambda: urls)
        self._tables = self._tables or [(split, Table.from_url(url)) for split, url in urls]

    def on_train_loader_start(self, context: PhaseContext) -> None:
        """Called when an epoch starts: what the last one left undone is done now."""
        self._collect_epochs(context, self._schedule.take_due())
        super().on_train_loader_start(context)

    def on_train_loader_end(self, context: PhaseContext) -> None:
        """Called when the training loader ends, logs SuperGradients' aggregate metrics."""
        super().on_train_loader_end(context)
        self._schedule.trained(context.epoch)

    def on_validation_loader_end(self, context: PhaseContext) -> None:
        """Called when validation ends: logs its aggregates, and collects if the epoch is listed."""
        super().on_validation_loader_end(context)
        self._collect_epochs(context, self._schedule.take_due())

    def on_average_best_models_validation_end(self, context: PhaseContext) -> None:
        """Called when the epochs are over: the last moment at which there are several ranks."""
        super().on_average_best_models_validation_end(context)
        if self._training.ranks.world_size > 1:
            self._collect_epochs(context, self._schedule.take_last())

    def on_training_end(self, context: PhaseContext) -> None:
        """Called when training ends, collects metrics if told to and updates the run status."""
        super().on_training_end(context)

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"_tables": []}

    # How.

    def _start_over(self) -> None:
        super()._start_over()
        self._loss = SampleLoss(self._collect_loss)
        self._schedule.start_over()
        self._tables: list[tuple[str, Table]] = []

    def _complete(self, context: PhaseContext) -> None:
        if self._training.ranks.world_size == 1:
            self._collect_epochs(context, self._schedule.take_last())
        with self._never_fatal("reducing embeddings"):
            if self.run is not None and self._training.is_first:
                self._embeddings.reduce(self.run)

    @property
    def _collects(self) -> bool:
        """Whether there is anything to collect per sample."""
        overridden = type(self).compute_metrics is not MetricsCollectionCallback.compute_metrics
        wanted = overridden or self._embeddings.are_collected or self.collects_predictions
        return wanted and not self._schedule.is_empty

    def _opened(self, context: PhaseContext, companions: Sequence[TrainingRun]) -> str:
        self._training.check_active()
        self._tables = self._tables_of_loaders(context)  # refused before there is a run
        return super()._opened(context, companions)

    def _tables_of_loaders(self, context: PhaseContext) -> list[tuple[str, Table]]:
        if not self._collects:
            return []
        project_name, root_url = self._training.place
        tables = input_tables(
            None if self._val_only else context.train_loader,
            context.valid_loader,
            project_name=project_name,
            root_url=root_url,
        )
        for split, table in tables:
            self._check_table(table, split)
        return tables

    def _check_table(self, table: Table, split: str) -> None:
        """Refuse, before training, a table without the columns that collection will need."""
        for column in filter(None, (self._image_column_name, self.label_column_name)):
            table.schema.at(column)

    def _settings(self) -> dict[str, Any]:
        return {
            **super()._settings(),
            "metrics_collection_epochs": self._schedule.epochs,
            "collect_metrics_on_train_end": self._schedule.at_the_end,
            "collect_val_only": self._val_only,
            "batch_size": self._batch_size,
            "inference_chunk_size": self._chunk_size,
            "pipeline_params": self._params.to_dict(),
            "collect_predictions": self.collects_predictions,
            **self._embeddings.to_dict(),
            "collect_loss": self._collect_loss is not False,
        }

    def _collect_epochs(self, context: PhaseContext, epochs: Sequence[int | None]) -> None:
        for epoch in epochs if self._tables else ():
            self._loss.of_training(context.criterion)
            networks = phase.network_of(context)
            with no_trace(networks.wrapped, networks.evaluated):
                for split, table in self._tables:
                    self._collect_split(networks, context, epoch, split, table)

    def _collect_split(
        self,
        networks: phase.Network,
        context: PhaseContext,
        epoch: int | None,
        split: str,
        table: Table,
    ) -> None:
        with self._never_fatal("collecting metrics", split=split, epoch=epoch, table=table):
            assert self.run is not None, "tables are known only once the run is open"
            predictor = self._training.ranks.together(
                lambda: self._predictor(networks.evaluated, networks.trained, context)
            )
            self._collect_table(self.run, predictor, table, split, epoch, {})

    def _predictor(
        self,
        model: Any,
        trained: Any,
        context: PhaseContext | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> SuperGradientsPredictor:
        known = {**processing_params(trained), **(given or {})}
        dataset: Any = getattr(getattr(context, "valid_loader", None), "dataset", None)
        if "image_processor" not in known and hasattr(dataset, "get_dataset_preprocessing_params"):
            known = {**dataset.get_dataset_preprocessing_params(), **known}
        return predictor_for(
            model,
            params=self._params,
            processing=known,
            embedding_layer=self._embeddings.layer,
        )

    def _collect_table(
        self,
        run: Run,
        predictor: SuperGradientsPredictor,
        table: Table,
        split: str | None,
        epoch: int | None,
        constants: Mapping[str, Any],
    ) -> None:
        ranks, first = self._training.ranks, self._training.is_first
        plan = ranks.together(lambda: self._plan(table, predictor, constants))
        share = rows_of_rank(len(table), ranks.rank, ranks.world_size)
        with progress_bar(f"collecting {split or table.name}", len(share), shown=first) as done:
            record = collect(
                run, table, predictor, plan, split=split, epoch=epoch, ranks=ranks, on_progress=done
            )
        self._training.note_collection(record)
        if record.batch_size is not None and plan.largest_batch > record.batch_size:
            self._fitting = record.batch_size

    def _plan(
        self, table: Table, predictor: SuperGradientsPredictor, constants: Mapping[str, Any]
    ) -> CollectionPlan:
        self._prepare_table(table, predictor)
        loss = self._loss.columns(predictor.task, self._loss_target(table, predictor))
        schemas = {**self.metrics_column_schemas(table), **self._raw_schemas(table)}
        has_layer = self._embeddings.fit(predictor)
        objects = has_layer and self._embeddings.objects
        return CollectionPlan(
            compute_metrics=self.compute_metrics,
            schemas={**schemas, **(SAMPLE_LOSS if loss else {})},
            on_raw=both(self._raw_columns(table), loss),
            image_column=self._image_column_name,
            batch_size=self._batch_size,
            chunk_size=self._chunk_size,
            fitting=self._fitting,
            dataloader_args=self._dataloader_args,
            embeddings=has_layer and self._embeddings.images,
            object_boxes=self._object_boxes(table) if objects else {},
            constants=constants,
        )

    def _prepare_table(self, table: Table, predictor: SuperGradientsPredictor) -> None:
        """What a task needs to know before its first `compute_metrics` on a table."""

    def _object_boxes(self, table: Table) -> Mapping[str, ObjectBoxes]:
        """Which boxes of an image have embeddings of their own, by column."""
        return {}

    def _raw_columns(self, table: Table) -> OnRaw | None:
        """What a task computes from the network's own output, in the same pass."""
        return None

    def _raw_schemas(self, table: Table) -> Mapping[str, ColumnSchema]:
        """Column kinds of that."""
        return {}

    def _loss_target(self, table: Table, predictor: SuperGradientsPredictor) -> Target | None:
        """What the criterion takes for each image of a table; None where nobody knows."""
        return None
