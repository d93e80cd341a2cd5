"""Per-image metrics of classification models."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from super_gradients.common.registry import register_callback

from samplewise.collect.inference import OnRaw
from samplewise.collect.predictor import Batch
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients.callbacks._loss_targets import LabelTargets, indices_of
from samplewise.integration.super_gradients.callbacks._sample_loss import Target
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.classes import (
    PredictedClasses,
    predicted_classes,
)
from samplewise.integration.super_gradients.datasets.classification_dataset import LABEL_COLUMN
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.metrics.classification import ClassificationMetrics, classification_metrics
from samplewise.metrics.columns import CLASSIFICATION
from samplewise.schema import (
    CategoricalLabelSchema,
    ColumnSchema,
    Float,
    ListSchema,
)
from samplewise.tables import Table


@register_callback("ClassificationMetricsCollectionCallback")
class ClassificationMetricsCollectionCallback(MetricsCollectionCallback):
    """Collects what a classification model does to every image.

    Predicted label, the five most probable ones, confidence, margin, entropy, cross-entropy, and
    whether it is correct: all from the logits of the one forward pass. Labels are the Table's
    class ids. An image without a label has null where a label is needed.

    See `MetricsCollectionCallback` for the arguments. `compute_metrics` is free for metrics of a
    subclass: the ones above are stored beside it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known: dict[str, tuple[PredictedClasses, np.ma.MaskedArray]] = {}
        super().__init__(*args, **kwargs)

    @property
    def label_column_name(self) -> str:
        """Column of labels, `label` by default."""
        return self._label_column_name or LABEL_COLUMN

    @property
    def collects_predictions(self) -> bool:
        """Whether predicted labels are stored: yes, unless told otherwise."""
        return self._collect_predictions is not False

    @property
    def _collects(self) -> bool:
        return not self._schedule.is_empty

    def _start_over(self) -> None:
        super()._start_over()
        self._known = {}

    def _check_table(self, table: Table, split: str) -> None:
        super()._check_table(table, split)
        self._schema(table)

    def _schema(self, table: Table) -> CategoricalLabelSchema:
        schema = table.schema[self.label_column_name]
        if not isinstance(schema, CategoricalLabelSchema):
            raise InvalidArgumentError(
                f"column `{self.label_column_name}` of table `{table.name}` must hold labels with "
                f"classes, but is {schema.kind}.",
                hint="name the column of labels: label_column_name=...",
            )
        return schema

    def _prepare_table(self, table: Table, predictor: SuperGradientsPredictor) -> None:
        classes = predicted_classes(predictor.class_names, self._schema(table).value_map)
        labels = table.get_column_as_pyarrow_array(self.label_column_name).to_pylist()
        true = np.ma.MaskedArray(
            np.array([0 if label is None else label for label in labels], np.int64),
            np.array([label is None for label in labels], bool),
        )
        self._known[table.id] = classes, true

    def _loss_target(self, table: Table, predictor: SuperGradientsPredictor) -> Target:
        classes, true = self._known[table.id]
        return LabelTargets(np.where(np.ma.getmaskarray(true), -1, indices_of(true.data, classes)))

    def _raw_schemas(self, table: Table) -> Mapping[str, ColumnSchema]:
        classes, _ = self._known[table.id]
        label = CategoricalLabelSchema(classes.value_map, writable=False)
        columns: dict[str, ColumnSchema] = dict(CLASSIFICATION)
        if self.collects_predictions:
            columns |= {
                "predicted_label": replace(label, prominence=6),
                "top_labels": ListSchema(label),
                "top_confidences": ListSchema(Float(minimum=0.0, maximum=1.0)),
            }
        return columns

    def _raw_columns(self, table: Table) -> OnRaw:
        classes, true = self._known[table.id]
        wanted = [*self._raw_schemas(table)]

        def columns(raw: Any, batch: Batch) -> dict[str, Sequence[Any]]:
            logits = _logits(raw, len(classes.ids))
            metrics = classification_metrics(
                logits, labels=classes.ids, true_labels=true[batch.rows]
            )
            return {name: _values(metrics, name) for name in wanted}

        return columns


def _logits(raw: Any, classes: int) -> np.ndarray:
    output = raw[0] if isinstance(raw, tuple | list) else raw
    if not isinstance(output, torch.Tensor) or output.ndim != 2 or output.shape[1] != classes:
        shape = tuple(getattr(output, "shape", ()))
        raise CollectionError(
            f"the model must give one logit per class ({classes}), but gives {shape}.",
            hint="does its class list fit? model.set_dataset_processing_params(class_names=...)",
        )
    return output.detach().float().cpu().numpy()


def _values(metrics: ClassificationMetrics, name: str) -> list[Any]:
    """One value per image; masked ones are None."""
    return getattr(metrics, name).tolist()
