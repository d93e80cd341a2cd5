"""The callback that others build on: aggregates, hyperparameters, and collection of metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from super_gradients.common.registry import register_callback
from super_gradients.training.models.sg_module import SgModule
from super_gradients.training.utils.callbacks import PhaseContext
from super_gradients.training.utils.predict.prediction_results import (
    ImagePrediction,
    ImagesPredictions,
)
from torch import nn

from samplewise._arguments import check_arguments
from samplewise.collect.arguments import check_epochs, check_size, check_word
from samplewise.collect.embedding_settings import EmbeddingSettings
from samplewise.collect.guard import no_trace
from samplewise.collect.loading import check_dataloader_args
from samplewise.collect.schedule import Schedule
from samplewise.collect.table_collector import TableCollector, TableMetrics
from samplewise.collect.training_run import TrainingRun
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.callbacks._input_tables import find_preprocessing
from samplewise.integration.super_gradients.callbacks._sample_loss import SampleLoss
from samplewise.integration.super_gradients.callbacks._table_collection import TableCollection
from samplewise.integration.super_gradients.datasets.selected_rows import (
    SelectedRows,
    select_rows,
)
from samplewise.integration.super_gradients.datasets.stock import Place
from samplewise.integration.super_gradients.predictors import (
    PipelineParams,
    SuperGradientsPredictor,
)
from samplewise.schema import ColumnSchema
from samplewise.tables import Run, Table


@register_callback("MetricsCollectionCallback")
class MetricsCollectionCallback(TableCollection):
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
        embeddings_method: How: `pacmap`, `umap` or `pca`.
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
        replace: Whether a table, split and epoch that is in the run already is replaced, and so
            its aggregates. Otherwise it is refused, unless the training is resumed.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.

    Raises:
        InvalidArgumentError: An argument breaks its rule.
    """

    @check_arguments
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
        embeddings_method: Literal["pacmap", "umap", "pca"] = "pacmap",
        inference_chunk_size: int | None = None,
        dataloader_args: dict[str, Any] | None = None,
        *,
        metrics_collection_dataloader_args: dict[str, Any] | None = None,
        collect_object_embeddings: bool = False,
        embedding_layer: str | None = None,
        keep_embeddings: bool = True,
        collect_loss: bool | nn.Module = False,
        on_error: Literal["continue", "raise"] = "continue",
        replace: bool = False,
        root_url: str | Path | None = None,
    ) -> None:
        check_word(on_error, "on_error", ("continue", "raise"))
        if collect_object_embeddings and not self._has_boxes:
            raise InvalidArgumentError(
                "`collect_object_embeddings` must be left out where there are no boxes, as in "
                f"`{type(self).__name__}`."
            )
        loader_args = {**(metrics_collection_dataloader_args or {}), **(dataloader_args or {})}
        check_dataloader_args(loader_args)
        super().__init__(
            TrainingRun(project_name, run_name, run_description, root_url),
            on_error,
            schedule=Schedule(
                check_epochs(metrics_collection_epochs), at_the_end=collect_metrics_on_train_end
            ),
            collector=TableCollector(
                image_column_name,
                check_size(batch_size, "batch_size"),
                check_size(inference_chunk_size, "inference_chunk_size"),
                loader_args,
                EmbeddingSettings(
                    collect_embeddings,
                    collect_object_embeddings,
                    embeddings_dim,
                    embeddings_method,
                    embedding_layer,
                    keep_embeddings,
                ),
            ),
            params=PipelineParams.of(pipeline_params),
            loss=SampleLoss(collect_loss),
            val_only=collect_val_only,
            replace=replace,
        )
        self._image_column_name = image_column_name
        self._label_column_name = label_column_name
        self._collect_predictions = collect_predictions

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
        tables: Sequence[Table | Any],
        constants: dict[str, Any] | None = None,
        *,
        processing: Mapping[str, Any] | None = None,
    ) -> None:
        """Collect metrics directly on tables.

        Goes to the callback's run, else to the active run, else to a new one.

        Args:
            model: The model to collect metrics from.
            tables: The tables to collect metrics on. A dataset stands for the rows that it reads,
                as in a training: `Subset(dataset, [0, 3])` for two of them.
            constants: Values of further columns, the same in all rows. `epoch` and `split` are
                those keys.
            processing: Dataset processing parameters, before the model's own: as a dataset's
                `get_dataset_preprocessing_params()` returns them. RegSeg and ShelfNet hold none.

        Raises:
            InvalidArgumentError: It cannot be told which rows a dataset reads.
            AlreadyExistsError: The run has rows of a table, split, epoch and constants already.
            CollectionError: The model lacks processing parameters, or a metric is wrong.
        """
        run, known = self._training.run_outside_training(), constants or {}
        with no_trace(model):
            for each in self._select_directly(tables, run, known.get("split")):
                dataset = find_preprocessing(None, [each])
                predictor = self._predictor(model, model, dataset, given=processing)
                self._collect_rows(run, predictor, each, known.get("epoch"), known)

    # What the Trainer calls; the rest of it is of no concern to subclasses.

    def on_training_start(self, context: PhaseContext) -> None:
        """Called when training starts, creates a run if there is none and logs hyperparameters.

        Raises:
            ValueError: If project_name or run_name is provided and different from those of an
                existing active run.
            AlreadyExistsError: The active run holds a training, and this one is not resumed.
            InvalidArgumentError: A loader reads a dataset of unknown kind, or the network has no
                `embedding_layer` of that name (a `ValueError` too).
        """
        super().on_training_start(context)

    def on_train_loader_end(self, context: PhaseContext) -> None:
        """Called when the training loader ends, logs SuperGradients' aggregate metrics."""
        super().on_train_loader_end(context)

    def on_training_end(self, context: PhaseContext) -> None:
        """Called when training ends, collects metrics if told to and updates the run status."""
        super().on_training_end(context)

    # How.

    def _select_directly(
        self, tables: Sequence[Any], run: Run, split: str | None
    ) -> list[SelectedRows]:
        place = Place(split or "direct", run.project_name, run.root_url)
        selected: list[SelectedRows] = []
        for each in tables:
            if isinstance(each, Table):
                selected.append(SelectedRows(split, each, np.arange(len(each))))
            else:
                selected += [replace(rows, split=split) for rows in select_rows(each, place)]
        return selected

    @property
    def _has_boxes(self) -> bool:
        """Whether there are objects that could have embeddings."""
        return False

    @property
    def _collects(self) -> bool:
        overridden = type(self).compute_metrics is not MetricsCollectionCallback.compute_metrics
        wanted = overridden or self._embeddings.are_collected or self.collects_predictions
        return wanted and not self._schedule.is_empty

    def _check_table(self, table: Table) -> None:
        for column in filter(None, (self._image_column_name, self.label_column_name)):
            table.schema.at(column)

    def _settings(self) -> dict[str, Any]:
        return {**super()._settings(), "collect_predictions": self.collects_predictions}

    def _table_metrics(self, table: Table, predictor: SuperGradientsPredictor) -> TableMetrics:
        # Without a task nobody knows the labels, and so no loss either, which is said.
        loss = self._loss.columns(predictor.task, None)
        return TableMetrics(self.compute_metrics, self.metrics_column_schemas(table), on_raw=loss)
