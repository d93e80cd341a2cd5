"""Per-image and per-box metrics of detection models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from super_gradients.common.registry import register_callback
from super_gradients.training.utils.predict import ImageDetectionPrediction

from samplewise.collect.inference import ObjectBoxes
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.callbacks._loss_targets import BoxTargets, indices_of
from samplewise.integration.super_gradients.callbacks._object_boxes import object_boxes
from samplewise.integration.super_gradients.callbacks._sample_loss import Target
from samplewise.integration.super_gradients.callbacks._table_rows import TableRows
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.classes import (
    PredictedClasses,
    predicted_classes,
)
from samplewise.integration.super_gradients.datasets.detection_dataset import BOXES, is_crowd
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.metrics.columns import DETECTION
from samplewise.metrics.detection import (
    GROUND_TRUTH_KINDS,
    PREDICTION_KINDS,
    DetectionBatch,
    DetectionMetrics,
    detection_metrics,
)
from samplewise.schema import (
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    ColumnSchema,
    Float,
    Int,
    ListSchema,
)
from samplewise.schema.boxes import RaggedBoxes, boxes_from_arrow, boxes_to_arrow
from samplewise.schema.instances import LABEL
from samplewise.tables import Table

PREDICTED = "bbs_predicted"


@dataclass(frozen=True)
class _Labels:
    """The ground truth of one table."""

    boxes: RaggedBoxes
    labels: np.ndarray
    crowd: np.ndarray
    rows: TableRows
    classes: PredictedClasses


@register_callback("DetectionMetricsCollectionCallback")
class DetectionMetricsCollectionCallback(MetricsCollectionCallback):
    """Collects what a detection model does to every image.

    Per image: numbers of predictions and ground truths, true and false positives and false
    negatives at IoU 0.5 with COCO's matching, precision, recall, F1, mean IoU of the matches, AP.
    Per predicted box (`bbs_predicted`): label, confidence, IoU with its match, the matched ground
    truth, and what kind of error it is. Per ground truth: its kind (found, missed, ignored) and
    who found it. Labels are the Table's class ids.

    See `MetricsCollectionCallback` for the arguments. Subclasses may add metrics:

    ```python
    class Mine(DetectionMetricsCollectionCallback):
        def compute_metrics(self, images, predictions, table):
            ours = super().compute_metrics(images, predictions, table)
            return {**ours, "mine": [len(p.prediction) for p in predictions]}

        def metrics_column_schemas(self, table):
            return {**super().metrics_column_schemas(table), "mine": Int()}
    ```
    """

    _has_boxes: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._labels: dict[str, _Labels] = {}
        super().__init__(*args, **kwargs)

    @property
    def label_column_name(self) -> str:
        """Column of boxes, `bbs` by default; the path of their labels is understood too."""
        return (self._label_column_name or BOXES).partition(".")[0]

    @property
    def collects_predictions(self) -> bool:
        """Whether predicted boxes are stored: yes, unless told otherwise."""
        return self._collect_predictions is not False

    def metrics_column_schemas(self, table: Table) -> dict[str, ColumnSchema]:
        """Column kinds of what `compute_metrics` returns."""
        columns: dict[str, ColumnSchema] = {
            **DETECTION,
            "ground_truth_kind": ListSchema(CategoricalLabelSchema(GROUND_TRUTH_KINDS)),
            "ground_truth_match": ListSchema(Int(description="index of the prediction")),
        }
        if self.collects_predictions:
            columns[PREDICTED] = self._predicted_schema(table)
        return columns

    def compute_metrics(self, images: list[str], predictions: Any, table: Table) -> dict[str, Any]:
        """Metrics of a batch, one value per image by column name."""
        known = self._labels_of(table)
        rows = known.rows.of(images)
        listed = [predictions] if isinstance(predictions, ImageDetectionPrediction) else predictions
        batch = _batch(rows, [each.prediction for each in listed], known)
        metrics = detection_metrics(batch)
        columns: dict[str, Any] = {
            **{name: getattr(metrics, name) for name in DETECTION},
            "ground_truth_kind": _lists(metrics.ground_truth_kind, batch.ground_truth_offsets),
            "ground_truth_match": _lists(metrics.matched_prediction, batch.ground_truth_offsets),
        }
        if self.collects_predictions:
            columns[PREDICTED] = _predicted_column(
                batch, metrics, known.boxes.extents[rows], self._predicted_schema(table)
            )
        return columns

    def _start_over(self) -> None:
        super()._start_over()
        self._labels = {}

    def _prepare_table(self, table: Table, predictor: SuperGradientsPredictor) -> None:
        self._labels[table.id] = self._read_labels(table, predictor.class_names)

    def _loss_target(self, table: Table, predictor: SuperGradientsPredictor) -> Target:
        known = self._labels_of(table)
        indices = indices_of(known.labels, known.classes)
        return BoxTargets(known.boxes, indices, known.crowd, predictor.boxes_to_input)

    def _object_boxes(self, table: Table) -> Mapping[str, ObjectBoxes]:
        known = self._labels_of(table).boxes
        stored = self.collects_predictions
        return object_boxes(known.boxes, known.offsets, of_predictions=stored)

    def _labels_of(self, table: Table) -> _Labels:
        if table.id not in self._labels:
            self._labels[table.id] = self._read_labels(table, None)
        return self._labels[table.id]

    def _read_labels(self, table: Table, class_names: Any) -> _Labels:
        column = self.label_column_name
        schema = table.schema[column]
        if not isinstance(schema, BoundingBoxes2DSchema):
            raise InvalidArgumentError(
                f"column `{column}` of table `{table.name}` must hold boxes, but is {schema.kind}.",
                hint="name the column of boxes: label_column_name=...",
            )
        boxes = boxes_from_arrow(table.get_column_as_pyarrow_array(column))
        value_map = schema.properties[LABEL].value_map or {}
        return _Labels(
            boxes,
            boxes.integers(LABEL, -1),
            is_crowd(boxes),
            TableRows(table, self._image_column_name),
            predicted_classes(class_names, value_map),
        )

    def _check_table(self, table: Table, split: str) -> None:
        super()._check_table(table, split)
        self._predicted_schema(table)

    def _predicted_schema(self, table: Table) -> BoundingBoxes2DSchema:
        known = self._labels_of(table)
        return BoundingBoxes2DSchema(
            known.classes.value_map,
            additional={
                "confidence": Float(minimum=0.0, maximum=1.0),
                "iou": Float(
                    minimum=0.0,
                    maximum=1.0,
                    description="overlap with the match, else the largest with any ground truth",
                    better="higher",
                ),
                "matched_ground_truth": Int(description="its index in the image; null for none"),
                "error_kind": CategoricalLabelSchema(PREDICTION_KINDS),
            },
            writable=False,
        )


def _batch(rows: list[int], predictions: list[Any], known: _Labels) -> DetectionBatch:
    starts, stops = known.boxes.offsets[rows], known.boxes.offsets[np.asarray(rows, int) + 1]
    here = [slice(start, stop) for start, stop in zip(starts, stops, strict=True)]
    return DetectionBatch.from_images(
        predicted_boxes=[np.asarray(p.bboxes_xyxy, np.float64).reshape(-1, 4) for p in predictions],
        predicted_labels=[known.classes.to_table(p.labels) for p in predictions],
        confidences=[np.asarray(p.confidence, np.float64) for p in predictions],
        ground_truth_boxes=[known.boxes.boxes[part] for part in here],
        ground_truth_labels=[known.labels[part] for part in here],
        is_crowd=[known.crowd[part] for part in here],
    )


def _predicted_column(
    batch: DetectionBatch,
    metrics: DetectionMetrics,
    extents: np.ndarray,
    schema: BoundingBoxes2DSchema,
) -> pa.Array:
    properties: Mapping[str, Any] = {
        LABEL: batch.predicted_labels,
        "confidence": batch.confidences,
        "iou": metrics.iou,
        "matched_ground_truth": _nullable(metrics.matched_ground_truth),
        "error_kind": metrics.prediction_kind,
    }
    return boxes_to_arrow(
        batch.predicted_boxes, batch.prediction_offsets, properties, extents, schema
    )


def _lists(values: np.ndarray, offsets: np.ndarray) -> pa.Array:
    flat = _nullable(values).cast(pa.int64())
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def _nullable(values: np.ndarray) -> pa.Array:
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values))
    return pa.array(values)
