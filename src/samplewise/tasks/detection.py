"""Detection: boxes with classes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
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
from samplewise.schema.value_map import ValueMap
from samplewise.schema.violations import Tally, check_boxes, check_confidences
from samplewise.tasks._arrow import lists_of, nullable
from samplewise.tasks.classes import NetworkClasses, find_classes
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.task import Task

BOXES = "bbs"
PREDICTED_BOXES = "bbs_predicted"
CROWD = "iscrowd"


@dataclass(frozen=True)
class PredictedBoxes:
    """The boxes that a network finds in one image.

    Boxes that no image can have are not among them. They go here, before anything counts them:
    what is stored a box (embeddings, `ground_truth_match`) goes by a box's place in the image.

    Args:
        boxes: `xyxy` pixels of the image on disk, shape `(p, 4)`.
        classes: Class indices of the network, shape `(p,)`.
        confidences: In [0, 1], shape `(p,)`.

    Attributes:
        left_out: How many were left out, by what is wrong with them.

    Examples:
        >>> found = PredictedBoxes([[0, 0, 9, 9], [5, 5, 1, 1]], [0, 1], [0.9, 0.8])
        >>> found.boxes.tolist(), sum(found.left_out.values())
        ([[0.0, 0.0, 9.0, 9.0]], 1)
    """

    boxes: np.ndarray
    classes: np.ndarray
    confidences: np.ndarray
    left_out: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        boxes = np.asarray(self.boxes, np.float64).reshape(-1, 4)
        confidences = np.asarray(self.confidences, np.float64).reshape(-1)
        tally = Tally()
        keep = tally.sift([*check_boxes(boxes), *check_confidences(confidences)], "boxes")
        object.__setattr__(self, "boxes", boxes[keep])
        object.__setattr__(self, "classes", np.asarray(self.classes).astype(np.int64)[keep])
        object.__setattr__(self, "confidences", confidences[keep])
        object.__setattr__(self, "left_out", tally.left_out)


@dataclass(frozen=True)
class DetectionLabels:
    """The labelled boxes of a table.

    Args:
        boxes: Boxes of all rows, `t` of them.
        class_ids: Of the table, -1 for none, shape `(t,)`.
        is_crowd: Which are crowd regions, shape `(t,)`.
        value_map: Classes of the table.
        classes: Those of the network.
    """

    boxes: RaggedBoxes
    class_ids: np.ndarray
    is_crowd: np.ndarray
    value_map: ValueMap
    classes: NetworkClasses

    @classmethod
    def of(cls, column: LabelColumn) -> "DetectionLabels":
        """Read a column of boxes.

        Raises:
            InvalidArgumentError: It holds something else.
        """
        value_map = _boxes_schema(column).properties[LABEL].value_map or {}
        boxes = boxes_from_arrow(column.values)
        return cls(
            boxes,
            class_ids=boxes.integers(LABEL, -1),
            is_crowd=boxes.integers(CROWD, 0).astype(bool),
            value_map=value_map,
            classes=find_classes(None, value_map),
        )


class DetectionTask(Task[DetectionLabels, PredictedBoxes]):
    """Boxes with classes; matched as COCO does, at IoU 0.5."""

    name: ClassVar[str] = "detection"
    default_column: ClassVar[str] = BOXES
    prediction: ClassVar[type] = PredictedBoxes
    has_boxes: ClassVar[bool] = True

    def label_column(self, path: str | None) -> str:
        """Name of the column of boxes; the path of their labels is understood too."""
        return super().label_column(path).partition(".")[0]

    def read_labels(self, column: LabelColumn) -> DetectionLabels:
        """All boxes of a table."""
        return DetectionLabels.of(column)

    def match_classes(
        self, labels: DetectionLabels, class_names: Sequence[str] | None
    ) -> DetectionLabels:
        """The same boxes beside a network with these classes."""
        return replace(labels, classes=find_classes(class_names, labels.value_map))

    def count_others(self, labels: DetectionLabels, rows: Sequence[int]) -> dict[str, int]:
        """Boxes by class."""
        here = [labels.class_ids[_instances_of(labels, row)] for row in rows]
        return labels.classes.count_others(np.concatenate([np.zeros(0, np.int64), *here]))

    def schemas(
        self, labels: DetectionLabels, *, with_predictions: bool
    ) -> dict[str, ColumnSchema]:
        """Counts and ratios an image, kinds and matches a ground truth, and predicted boxes."""
        columns: dict[str, ColumnSchema] = {
            **DETECTION,
            "ground_truth_kind": ListSchema(CategoricalLabelSchema(GROUND_TRUTH_KINDS)),
            "ground_truth_match": ListSchema(Int(description="index of the prediction")),
        }
        if with_predictions:
            columns[PREDICTED_BOXES] = _prediction_schema(labels.classes)
        return columns

    def columns(
        self,
        rows: Sequence[int],
        predictions: Sequence[PredictedBoxes],
        labels: DetectionLabels,
        *,
        with_predictions: bool,
    ) -> dict[str, Any]:
        """Metrics of some images."""
        batch = _batch(rows, predictions, labels)
        metrics = detection_metrics(batch)
        truths = batch.ground_truth_offsets
        columns: dict[str, Any] = {
            **{name: getattr(metrics, name) for name in DETECTION},
            "ground_truth_kind": lists_of(metrics.ground_truth_kind, truths),
            "ground_truth_match": lists_of(metrics.matched_prediction, truths),
        }
        if with_predictions:
            columns[PREDICTED_BOXES] = _make_prediction_column(
                batch, metrics, labels.boxes.extents[rows], _prediction_schema(labels.classes)
            )
        return columns

    def count_left_out(self, predictions: Sequence[PredictedBoxes]) -> Counter[str]:
        """Boxes that no image can have."""
        return sum((Counter(each.left_out) for each in predictions), Counter())

    def label_boxes(self, labels: DetectionLabels, rows: Sequence[int]) -> list[np.ndarray]:
        """Labelled boxes of some rows."""
        return [labels.boxes.boxes[_instances_of(labels, row)] for row in rows]

    def prediction_boxes(self, predictions: Sequence[PredictedBoxes]) -> list[np.ndarray]:
        """Predicted boxes."""
        return [each.boxes for each in predictions]


def _boxes_schema(column: LabelColumn) -> BoundingBoxes2DSchema:
    if not isinstance(column.schema, BoundingBoxes2DSchema):
        raise InvalidArgumentError(
            f"{column} must hold boxes, but is {column.schema.kind}.",
            hint="name the column of boxes: label_column_name=...",
        )
    return column.schema


def _prediction_schema(classes: NetworkClasses) -> BoundingBoxes2DSchema:
    return BoundingBoxes2DSchema(
        classes.value_map,
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


def _instances_of(labels: DetectionLabels, row: int) -> slice:
    return slice(labels.boxes.offsets[row], labels.boxes.offsets[row + 1])


def _batch(
    rows: Sequence[int], predictions: Sequence[PredictedBoxes], labels: DetectionLabels
) -> DetectionBatch:
    here = [_instances_of(labels, row) for row in rows]
    # What the network cannot find counts as crowd regions do: nobody has to find it, and no
    # prediction is of its class.
    optional = [
        labels.is_crowd[part] | ~labels.classes.has(labels.class_ids[part]) for part in here
    ]
    return DetectionBatch.from_images(
        predicted_boxes=[each.boxes for each in predictions],
        predicted_labels=[labels.classes.to_table(each.classes) for each in predictions],
        confidences=[each.confidences for each in predictions],
        ground_truth_boxes=[labels.boxes.boxes[part] for part in here],
        ground_truth_labels=[labels.class_ids[part] for part in here],
        is_crowd=optional,
    )


def _make_prediction_column(
    batch: DetectionBatch,
    metrics: DetectionMetrics,
    extents: np.ndarray,
    schema: BoundingBoxes2DSchema,
) -> pa.Array:
    properties: Mapping[str, Any] = {
        LABEL: batch.predicted_labels,
        "confidence": batch.confidences,
        "iou": metrics.iou,
        "matched_ground_truth": nullable(metrics.matched_ground_truth),
        "error_kind": metrics.prediction_kind,
    }
    return boxes_to_arrow(
        batch.predicted_boxes, batch.prediction_offsets, properties, extents, schema
    )
