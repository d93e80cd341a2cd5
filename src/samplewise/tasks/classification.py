"""Classification: one class for an image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.metrics.classification import classification_metrics
from samplewise.metrics.columns import CLASSIFICATION
from samplewise.schema import (
    CategoricalLabelSchema,
    ColumnSchema,
    Float,
    ListSchema,
)
from samplewise.schema.value_map import ValueMap
from samplewise.tasks.classes import NetworkClasses, find_classes
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.task import Task

LABEL_COLUMN = "label"


@dataclass(frozen=True)
class PredictedLogits:
    """What a network says about one image, before softmax.

    Args:
        logits: One a class of the network, shape `(c,)`.
    """

    logits: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "logits", np.asarray(self.logits))


@dataclass(frozen=True)
class ClassificationLabels:
    """The labels of a table.

    Args:
        class_ids: One a row, masked where there is none, shape `(n,)`.
        value_map: Classes of the table.
        classes: Those of the network.
    """

    class_ids: np.ma.MaskedArray
    value_map: ValueMap
    classes: NetworkClasses


class ClassificationTask(Task[ClassificationLabels, PredictedLogits]):
    """One class for an image, from the logits of all classes."""

    name: ClassVar[str] = "classification"
    default_column: ClassVar[str] = LABEL_COLUMN
    prediction: ClassVar[type] = PredictedLogits

    def read_labels(self, column: LabelColumn) -> ClassificationLabels:
        """All labels of a table.

        Raises:
            InvalidArgumentError: The column holds something else.
        """
        if not isinstance(column.schema, CategoricalLabelSchema):
            raise InvalidArgumentError(
                f"{column} must hold labels with classes, but is {column.schema.kind}.",
                hint="name the column of labels: label_column_name=...",
            )
        labels = column.values.to_pylist()
        class_ids = np.ma.MaskedArray(
            np.array([0 if label is None else label for label in labels], np.int64),
            np.array([label is None for label in labels], bool),
        )
        value_map = column.schema.value_map
        return ClassificationLabels(class_ids, value_map, find_classes(None, value_map))

    def match_classes(
        self, labels: ClassificationLabels, class_names: Sequence[str] | None
    ) -> ClassificationLabels:
        """The same labels beside a network with these classes."""
        return replace(labels, classes=find_classes(class_names, labels.value_map))

    def count_others(self, labels: ClassificationLabels, rows: Sequence[int]) -> dict[str, int]:
        """Images by class."""
        return labels.classes.count_others(labels.class_ids[list(rows)].compressed())

    def schemas(
        self, labels: ClassificationLabels, *, with_predictions: bool
    ) -> dict[str, ColumnSchema]:
        """How sure and how right the network is, and what it says."""
        label = CategoricalLabelSchema(labels.classes.value_map, writable=False)
        columns: dict[str, ColumnSchema] = dict(CLASSIFICATION)
        if with_predictions:
            columns |= {
                "predicted_label": replace(label, prominence=6),
                "top_labels": ListSchema(label),
                "top_confidences": ListSchema(Float(minimum=0.0, maximum=1.0)),
            }
        return columns

    def columns(
        self,
        rows: Sequence[int],
        predictions: Sequence[PredictedLogits],
        labels: ClassificationLabels,
        *,
        with_predictions: bool,
    ) -> dict[str, Any]:
        """Metrics of some images; null where a label is needed and there is none."""
        metrics = classification_metrics(
            _stack_logits([each.logits for each in predictions], len(labels.classes.ids)),
            labels=labels.classes.ids,
            true_labels=labels.class_ids[list(rows)],
        )
        names = self.schemas(labels, with_predictions=with_predictions)
        return {name: getattr(metrics, name).tolist() for name in names}


def _stack_logits(logits: Sequence[np.ndarray], classes: int) -> np.ndarray:
    """Shape `(b, c)`."""
    for each in logits:
        if each.shape != (classes,):
            raise CollectionError(
                f"the model must give one logit per class ({classes}), but gives shape "
                f"{each.shape}.",
                hint="does its class list fit? "
                "model.set_dataset_processing_params(class_names=...)",
            )
    return np.array(logits).reshape(len(logits), classes)
