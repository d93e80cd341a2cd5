"""What detection, pose estimation, segmentation and classification have in common."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.schema import ColumnSchema
from samplewise.tasks.label_column import LabelColumn

Labels = TypeVar("Labels")
"""The ground truth of one table, read once: a frozen dataclass of arrays over all its rows."""

Prediction = TypeVar("Prediction")
"""What a network says about one image: a frozen dataclass of arrays that no framework owns."""


class Task(ABC, Generic[Labels, Prediction]):
    """A kind of problem: what its labels are, what is stored of predictions, how good they are.

    A task itself holds nothing, so one object serves all tables, networks and threads. It is asked
    in this order:

    ```
    labels = task.read_labels(column)                  once a table
    labels = task.match_classes(labels, class_names)   once a network: its class 3 is which of ours?
    task.schemas(labels, ...)                          once a collection
    task.columns(rows, predictions, labels, ...)       once a batch
    ```

    Attributes:
        name: How it is called: `detection`.
        default_column: Name of the column of labels, where nobody names another one.
        prediction: What it takes as the prediction for one image.
        has_boxes: Whether its objects have boxes, in which embeddings can be pooled.
        counted_in: What `count_others` counts, where that is not labels: `pixels`.
    """

    name: ClassVar[str]
    default_column: ClassVar[str]
    prediction: ClassVar[type]
    has_boxes: ClassVar[bool] = False
    counted_in: ClassVar[str] = ""

    def label_column(self, path: str | None) -> str:
        """Name of the column of labels.

        Args:
            path: What somebody called it; None for the default.
        """
        return path or self.default_column

    @abstractmethod
    def read_labels(self, column: LabelColumn) -> Labels:
        """The ground truth of all rows; the classes of the network are taken to be the same.

        Raises:
            InvalidArgumentError: The column holds something else.
        """

    @abstractmethod
    def match_classes(self, labels: Labels, class_names: Sequence[str] | None) -> Labels:
        """The same labels, beside a network with classes of these names; None: nobody knows."""

    def count_others(self, labels: Labels, rows: Sequence[int]) -> dict[str, int]:
        """Labels that no metric counts, since the network does not have their class.

        Nothing that it could predict would be right.

        Args:
            labels: Of the table, beside the network.
            rows: Which rows are asked about; `columns` has been asked for them.

        Returns:
            How many there are by class, in `counted_in`.
        """
        return {}

    @abstractmethod
    def schemas(self, labels: Labels, *, with_predictions: bool) -> dict[str, ColumnSchema]:
        """What `columns` returns, by column name.

        Args:
            labels: Of the table that metrics are computed on.
            with_predictions: Whether the predictions themselves are stored beside the metrics.
        """

    @abstractmethod
    def columns(
        self,
        rows: Sequence[int],
        predictions: Sequence[Prediction],
        labels: Labels,
        *,
        with_predictions: bool,
    ) -> dict[str, Any]:
        """Metrics of some images, `b` values by column name.

        Args:
            rows: Where the images stand in the table, `b` of them.
            predictions: What the network says about each of them.
            labels: Of the table.
            with_predictions: As for `schemas`.

        Raises:
            CollectionError: The network and the table do not fit: another number of classes.
        """

    def count_left_out(self, predictions: Sequence[Prediction]) -> Counter[str]:
        """Objects that were predicted and that no image can have, by what is wrong with them."""
        return Counter()

    def label_boxes(self, labels: Labels, rows: Sequence[int]) -> list[np.ndarray]:
        """Boxes of the labelled objects of some rows, each `xyxy` pixels, shape `(t, 4)`.

        Raises:
            InvalidArgumentError: This task has no boxes.
        """
        raise self._no_boxes()

    def prediction_boxes(self, predictions: Sequence[Prediction]) -> list[np.ndarray]:
        """Boxes of predicted objects, each `xyxy` pixels, shape `(p, 4)`; NaN where there is none.

        Raises:
            InvalidArgumentError: This task has no boxes.
        """
        raise self._no_boxes()

    def _no_boxes(self) -> InvalidArgumentError:
        return InvalidArgumentError(
            f"embeddings of objects must come from a task with boxes, but this is {self.name}."
        )
