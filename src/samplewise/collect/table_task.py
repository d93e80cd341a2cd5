"""A task on one table: where the engine, which knows Tables, meets tasks, which know arrays."""

from collections.abc import Callable, Sequence
from typing import Any, Generic

import numpy as np

from samplewise.collect.collection import GROUND_TRUTH_EMBEDDINGS, PREDICTION_EMBEDDINGS
from samplewise.collect.image_rows import ImageRows
from samplewise.collect.inference import ObjectBoxes
from samplewise.schema import ColumnSchema
from samplewise.schema.violations import Tally
from samplewise.tables import Table
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.task import Labels, Prediction, Task


def read_label_column(table: Table, name: str) -> LabelColumn:
    """A column of a Table, as tasks read it.

    Raises:
        ColumnNotFoundError: The Table has no such column.
    """
    return LabelColumn(
        name,
        table.name,
        table.schema[name],
        table.get_column_as_pyarrow_array(name),
        table.stored.aliases.resolve,
    )


class TableTask(Generic[Labels, Prediction]):
    """What a task stores and computes on one table, whose labels are read once.

    Args:
        task: The task.
        table: The table.
        label_column: Its column of labels.
        image_column: Its column of images.

    Attributes:
        task: The task.
        labels: Of all rows of the table.
        tally: Predictions that no image can have, of those that `columns` was asked about since
            the last `match_classes`.

    Raises:
        ColumnNotFoundError: The table has no such column.
        InvalidArgumentError: The column holds no labels of this task.
    """

    def __init__(
        self,
        task: Task[Labels, Prediction],
        table: Table,
        *,
        label_column: str,
        image_column: str,
    ) -> None:
        self.task = task
        self.labels = task.read_labels(read_label_column(table, label_column))
        self.tally = Tally()
        self._rows = ImageRows(table, image_column)

    def match_classes(self, class_names: Sequence[str] | None) -> None:
        """Metrics are about a network with classes of these names from now on."""
        self.labels = self.task.match_classes(self.labels, class_names)
        self.tally = Tally()

    def count_others(self, rows: Sequence[int]) -> dict[str, int]:
        """Labels of some rows that no metric counts, by class; see `Task.count_others`."""
        return self.task.count_others(self.labels, rows)

    def schemas(self, *, with_predictions: bool) -> dict[str, ColumnSchema]:
        """What `columns` returns, by column name."""
        return self.task.schemas(self.labels, with_predictions=with_predictions)

    def columns(
        self, images: Sequence[str], predictions: Sequence[Prediction], *, with_predictions: bool
    ) -> dict[str, Any]:
        """Metrics of images as `compute_metrics` gets them; see `Task.columns`.

        Raises:
            InvalidArgumentError: An image is not in the table.
            CollectionError: The network and the table do not fit.
        """
        return self.columns_of_rows(
            self._rows.of(images), predictions, with_predictions=with_predictions
        )

    def columns_of_rows(
        self, rows: Sequence[int], predictions: Sequence[Prediction], *, with_predictions: bool
    ) -> dict[str, Any]:
        """The same for rows of the table."""
        self.tally.left_out += self.task.count_left_out(predictions)
        return self.task.columns(rows, predictions, self.labels, with_predictions=with_predictions)

    def object_boxes(
        self, neutral: Callable[[Any], Prediction], *, with_predictions: bool
    ) -> dict[str, ObjectBoxes]:
        """In which boxes embeddings are pooled, by the column that takes one vector a box.

        Args:
            neutral: From what the predictor returns for an image to what the task knows.
            with_predictions: Whether predictions are stored, and so their embeddings.
        """
        if not self.task.has_boxes:
            return {}
        task, labels = self.task, self.labels

        def label_boxes(rows: list[int], _: list[Any]) -> list[np.ndarray]:
            return task.label_boxes(labels, rows)

        def prediction_boxes(_: list[int], predictions: list[Any]) -> list[np.ndarray]:
            return task.prediction_boxes([neutral(each) for each in predictions])

        found: dict[str, ObjectBoxes] = {GROUND_TRUTH_EMBEDDINGS: label_boxes}
        return found | ({PREDICTION_EMBEDDINGS: prediction_boxes} if with_predictions else {})
