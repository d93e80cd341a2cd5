"""What the four callbacks for tasks have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar

from super_gradients.training.utils.callbacks import PhaseContext
from super_gradients.training.utils.predict.prediction_results import ImagePrediction

from samplewise.collect.inference import OnRaw
from samplewise.collect.predictor import Batch
from samplewise.collect.table_collector import TableMetrics
from samplewise.collect.table_task import TableTask
from samplewise.integration.super_gradients.callbacks._sample_loss import combine_columns
from samplewise.integration.super_gradients.callbacks._translation import Translation
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.metrics.columns import SAMPLE_LOSS
from samplewise.schema import ColumnSchema
from samplewise.tables import Table


class TaskCallback(MetricsCollectionCallback):
    """Collects what a task stores and computes, from what SuperGradients predicts.

    A subclass names its `_translation`, and that is all that it says.
    """

    _translation: ClassVar[Translation]

    @classmethod
    def task_name(cls) -> str:
        """Name of the task that it collects."""
        return cls._translation.task.name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._table_tasks: dict[str, TableTask] = {}
        super().__init__(*args, **kwargs)

    @property
    def label_column_name(self) -> str:
        """Column of labels; what is collected of them is said by the task."""
        return self._translation.task.label_column(self._label_column_name)

    @property
    def collects_predictions(self) -> bool:
        """Whether predictions are stored: yes, unless told otherwise."""
        return self._collect_predictions is not False

    def compute_metrics(self, images: list[str], predictions: Any, table: Table) -> dict[str, Any]:
        """Metrics of a batch, one value per image by column name.

        Empty where they are computed from the network's own output, and stored beside these.
        """
        from_image = self._translation.from_image
        if from_image is None:
            return {}
        listed = [predictions] if isinstance(predictions, ImagePrediction) else predictions
        return self._table_task(table).columns(
            images,
            [from_image(each) for each in listed],
            with_predictions=self.collects_predictions,
        )

    def metrics_column_schemas(self, table: Table) -> dict[str, ColumnSchema]:
        """Column kinds of what `compute_metrics` returns."""
        return {} if self._translation.from_image is None else self._schemas(table)

    def on_training_start(self, context: PhaseContext) -> None:
        """Called when training starts, creates a run if there is none and logs hyperparameters."""
        self._table_tasks = {}
        super().on_training_start(context)

    @property
    def _has_boxes(self) -> bool:
        return self._translation.task.has_boxes

    def _check_table(self, table: Table) -> None:
        super()._check_table(table)
        self._table_task(table)

    def _table_metrics(self, table: Table, predictor: SuperGradientsPredictor) -> TableMetrics:
        here, translation = self._table_task(table), self._translation
        here.match_classes(predictor.class_names)
        target = translation.to_target(here.labels, predictor, self._loss.criterion)
        loss = self._loss.columns(predictor.task, target)
        stored = self.collects_predictions
        from_raw, from_image = translation.from_raw, translation.from_image
        return TableMetrics(
            self.compute_metrics,
            {
                **self.metrics_column_schemas(table),
                **({} if from_raw is None else self._schemas(table)),
                **(SAMPLE_LOSS if loss else {}),
            },
            on_raw=combine_columns(
                None if from_raw is None else self._raw_columns(here, from_raw), loss
            ),
            object_boxes={}
            if from_image is None
            else here.object_boxes(from_image, with_predictions=stored),
            count_others=here.count_others,
            counted_in=here.task.counted_in,
            tally=here.tally,
        )

    def _raw_columns(self, here: TableTask, from_raw: Any) -> OnRaw:
        stored = self.collects_predictions

        def columns(raw: Any, batch: Batch) -> dict[str, Sequence[Any]]:
            return here.columns_of_rows(batch.rows, from_raw(raw), with_predictions=stored)

        return columns

    def _schemas(self, table: Table) -> dict[str, ColumnSchema]:
        return self._table_task(table).schemas(with_predictions=self.collects_predictions)

    def _table_task(self, table: Table) -> TableTask:
        if table.id not in self._table_tasks:
            self._table_tasks[table.id] = TableTask(
                self._translation.task,
                table,
                label_column=self.label_column_name,
                image_column=self._image_column_name,
            )
        return self._table_tasks[table.id]
