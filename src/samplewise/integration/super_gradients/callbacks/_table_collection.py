"""Per-sample metrics of the tables that a training reads, after the epochs that are listed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from super_gradients.training.utils.callbacks import PhaseContext

from samplewise._notes import note
from samplewise.collect.embedding_settings import EmbeddingSettings
from samplewise.collect.guard import no_trace
from samplewise.collect.schedule import Schedule
from samplewise.collect.table_collector import TableCollector, TableMetrics
from samplewise.collect.training_run import TrainingRun
from samplewise.errors import SamplewiseError
from samplewise.formats.image_scan import describe_images
from samplewise.integration.super_gradients import phase
from samplewise.integration.super_gradients.callbacks._input_tables import (
    VAL,
    find_preprocessing,
    input_rows,
    join_ranks,
)
from samplewise.integration.super_gradients.callbacks._run_logging import RunLogging
from samplewise.integration.super_gradients.callbacks._sample_loss import SampleLoss
from samplewise.integration.super_gradients.datasets.selected_rows import SelectedRows
from samplewise.integration.super_gradients.predictors import (
    PipelineParams,
    SuperGradientsPredictor,
    predictor_for,
    processing_in_training,
)
from samplewise.tables import Run, Table


class TableCollection(RunLogging):
    """Collects on tables when it is time; what is computed there is said by a subclass.

    Args:
        training: The Run.
        on_error: What a failure inside the callback does: `continue` or `raise`.
        schedule: After which epochs.
        collector: How.
        params: How the model predicts.
        loss: Whether each sample's loss is collected.
        val_only: Whether the training set is left out.
        replace: Whether what is in the run already is replaced.
    """

    def __init__(
        self,
        training: TrainingRun,
        on_error: str,
        *,
        schedule: Schedule,
        collector: TableCollector,
        params: PipelineParams,
        loss: SampleLoss,
        val_only: bool,
        replace: bool,
    ) -> None:
        super().__init__(training, on_error, replace=replace)
        self._schedule = schedule
        self._collector = collector
        self._params = params
        self._loss = loss
        self._val_only = val_only
        self._selected: list[SelectedRows] = []

    @property
    def _embeddings(self) -> EmbeddingSettings:
        return self._collector.embeddings

    # What subclasses say.

    @property
    def _collects(self) -> bool:
        """Whether there is anything to collect per sample."""
        raise NotImplementedError

    def _check_table(self, table: Table) -> None:
        """Refuse, before training, a table without the columns that collection will need."""

    def _table_metrics(self, table: Table, predictor: SuperGradientsPredictor) -> TableMetrics:
        """What is computed on a table."""
        raise NotImplementedError

    # What the Trainer calls.

    def on_training_start(self, context: PhaseContext) -> None:
        """Called when training starts: opens the run and finds the tables that it reads."""
        self._embeddings.check(phase.network_of(context).trained)
        self._schedule.start_over()
        self._loss.start_over()
        self._selected = []
        super().on_training_start(context)
        ranks = self._training.ranks
        if not self._training.is_first:
            self._selected = self._find_rows(context)  # in the Tables that rank 0 has made
        self._selected = join_ranks(ranks.run_on_all(lambda: self._selected), ranks)

    def on_train_loader_start(self, context: PhaseContext) -> None:
        """Called when an epoch starts: what the last one left undone is done now."""
        self._collect_epochs(context, self._schedule.take_due())
        super().on_train_loader_start(context)

    def on_train_loader_end(self, context: PhaseContext) -> None:
        """Called when the training loader ends, logs SuperGradients' aggregate metrics."""
        super().on_train_loader_end(context)
        self._schedule.note_trained(context.epoch)

    def on_validation_loader_end(self, context: PhaseContext) -> None:
        """Called when validation ends: logs its aggregates, and collects if the epoch is listed."""
        super().on_validation_loader_end(context)
        self._collect_epochs(context, self._schedule.take_due())

    def on_average_best_models_validation_end(self, context: PhaseContext) -> None:
        """Called when the epochs are over: the last moment at which there are several ranks."""
        super().on_average_best_models_validation_end(context)
        if self._training.ranks.world_size > 1:
            self._collect_epochs(context, self._schedule.take_last())

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"_selected": []}

    # How.

    def _complete(self, context: PhaseContext) -> None:
        if self._training.ranks.world_size == 1:
            self._collect_epochs(context, self._schedule.take_last())
        with self._catch_failures("reducing embeddings"):
            if self.run is not None and self._training.is_first:
                self._embeddings.reduce(self.run)

    def _open_run(self, context: PhaseContext, companions: Sequence[TrainingRun]) -> str:
        self._training.check_active()
        self._selected = self._find_rows(context)  # refused before there is a run
        return super()._open_run(context, companions)

    def _find_rows(self, context: PhaseContext) -> list[SelectedRows]:
        if not self._collects:
            return []
        project_name, root_url = self._training.place
        selected = input_rows(
            None if self._val_only else context.train_loader,
            context.valid_loader,
            project_name=project_name,
            root_url=root_url,
        )
        for each in selected:
            self._check_table(each.table)
            if self._training.is_first:
                self._note_odd_images(each)
        return selected

    def _note_odd_images(self, selected: SelectedRows) -> None:
        with suppress(SamplewiseError):  # said where its images are read
            urls = selected.table.image_urls(self._collector.image_column)
            if found := describe_images([urls[row] for row in selected.rows]):
                note(f"table `{selected.table.name}` ({selected.split}): {found}.")

    def _settings(self) -> dict[str, Any]:
        return {
            **super()._settings(),
            "metrics_collection_epochs": self._schedule.epochs,
            "collect_metrics_on_train_end": self._schedule.at_the_end,
            "collect_val_only": self._val_only,
            "batch_size": self._collector.batch_size,
            "inference_chunk_size": self._collector.chunk_size,
            "pipeline_params": self._params.to_dict(),
            **self._embeddings.to_dict(),
            "collect_loss": self._loss.is_wanted,
        }

    def _collect_epochs(self, context: PhaseContext, epochs: Sequence[int | None]) -> None:
        for epoch in epochs if self._selected else ():
            self._loss.use_criterion(context.criterion)
            networks = phase.network_of(context)
            with no_trace(networks.wrapped, networks.evaluated):
                for each in self._selected:
                    where = {"split": each.split, "epoch": epoch, "table": each.table}
                    with self._catch_failures("collecting metrics", **where):
                        self._collect_selected(networks, context, each, epoch)

    def _collect_selected(
        self,
        networks: phase.Network,
        context: PhaseContext,
        selected: SelectedRows,
        epoch: int | None,
    ) -> None:
        assert self.run is not None, "tables are known only once the run is open"
        held_out = [each for each in self._selected if each.split == VAL]
        own = selected if selected.split == VAL else None
        dataset = find_preprocessing(context.valid_loader, [own, *held_out, selected])
        predictor = self._training.ranks.run_on_all(
            lambda: self._predictor(networks.evaluated, networks.trained, dataset)
        )
        self._collect_rows(self.run, predictor, selected, epoch, {})

    def _predictor(
        self, model: Any, trained: Any, dataset: Any = None, given: Any = None
    ) -> SuperGradientsPredictor:
        return predictor_for(
            model,
            params=self._params,
            processing=processing_in_training(trained, dataset, given),
            embedding_layer=self._embeddings.layer,
        )

    def _collect_rows(
        self,
        run: Run,
        predictor: SuperGradientsPredictor,
        selected: SelectedRows,
        epoch: int | None,
        constants: Mapping[str, Any],
    ) -> None:
        ranks, table = self._training.ranks, selected.table
        metrics = ranks.run_on_all(lambda: self._table_metrics(table, predictor))
        record = self._collector.collect(
            run,
            table,
            predictor,
            metrics,
            split=selected.split,
            epoch=epoch,
            rows=selected.rows,
            replace=self._training.replaces or self._replace,
            beside=self._training.beside,
            constants=constants,
            ranks=ranks,
        )
        self._training.note_collection(record, counted_in=metrics.counted_in)
