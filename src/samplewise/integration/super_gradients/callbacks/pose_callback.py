"""Per-image, per-pose and per-joint metrics of pose estimation models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from super_gradients.common.registry import register_callback
from super_gradients.training.utils.predict import ImagePoseEstimationPrediction

from samplewise._notes import warn
from samplewise.collect.inference import ObjectBoxes
from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.callbacks._loss_targets import PoseTargets
from samplewise.integration.super_gradients.callbacks._object_boxes import object_boxes
from samplewise.integration.super_gradients.callbacks._pose_batch import PredictedPoses, pose_batch
from samplewise.integration.super_gradients.callbacks._pose_columns import (
    lists_of,
    predicted_column,
)
from samplewise.integration.super_gradients.callbacks._sample_loss import Target
from samplewise.integration.super_gradients.callbacks._table_rows import TableRows
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.poses import (
    KEYPOINTS,
    TablePoses,
    checked_keypoints_schema,
    poses_of,
)
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.metrics.columns import POSE
from samplewise.metrics.keypoints import COCO_SIGMAS
from samplewise.metrics.pose import (
    GROUND_TRUTH_KINDS,
    JOINT_KINDS,
    PREDICTION_KINDS,
    pose_metrics,
)
from samplewise.schema import (
    CategoricalLabelSchema,
    ColumnSchema,
    Float,
    Int,
    Keypoints2DSchema,
    ListSchema,
)
from samplewise.schema.instances import LABEL
from samplewise.tables import Table

PREDICTED = "keypoints_2d_predicted"

_UNKNOWN_SIGMA = 0.1  # what SuperGradients' own metric takes for a skeleton that is not COCO's


@dataclass(frozen=True)
class _Labels:
    """The ground truth of one table."""

    poses: TablePoses
    schema: Keypoints2DSchema
    sigmas: np.ndarray
    label: int | None
    rows: TableRows


@register_callback("PoseEstimationMetricsCollectionCallback")
class PoseEstimationMetricsCollectionCallback(MetricsCollectionCallback):
    """Collects what a pose estimation model does to every image.

    Per image: numbers of predictions and ground truths, true and false positives and false
    negatives at OKS 0.5 with COCO's matching, precision, recall, F1, mean OKS of the matches, AP,
    labelled, invisible and missed joints, mean joint error. Per predicted pose
    (`keypoints_2d_predicted`): confidence, OKS with its match, the matched ground truth, what kind
    of error it is, and the confidence of each joint. Per ground truth: its kind, who found it with
    which OKS, and for each of its joints kind and error.

    A pose estimation model knows joints and no classes, so poses are matched whatever the class of
    a ground truth is. If all poses of a Table are of one class, predictions are stored under its
    id; if they are of several, their label is null, for the model does not tell which.

    OKS takes the tolerances (sigmas) of the Table's schema and the property `area` of each pose,
    else the area of its box. Without tolerances, COCO's serve 17 joints and 0.1 all others, as in
    SuperGradients' own metric. Predicted joints are stored with visibility 2: models do not tell
    hidden joints from visible ones.

    See `MetricsCollectionCallback` for the arguments, and `DetectionMetricsCollectionCallback` for
    how a subclass adds metrics.
    """

    _has_boxes: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._labels: dict[str, _Labels] = {}
        super().__init__(*args, **kwargs)

    @property
    def label_column_name(self) -> str:
        """Column of keypoints, `keypoints_2d` by default; the path of their labels works too."""
        return (self._label_column_name or KEYPOINTS).partition(".")[0]

    @property
    def collects_predictions(self) -> bool:
        """Whether predicted poses are stored: yes, unless told otherwise."""
        return self._collect_predictions is not False

    def metrics_column_schemas(self, table: Table) -> dict[str, ColumnSchema]:
        """Column kinds of what `compute_metrics` returns."""
        columns: dict[str, ColumnSchema] = {
            **POSE,
            "ground_truth_kind": ListSchema(CategoricalLabelSchema(GROUND_TRUTH_KINDS)),
            "ground_truth_match": ListSchema(Int(description="index of the prediction")),
            "ground_truth_oks": ListSchema(
                Float(description="OKS with its match", minimum=0.0, maximum=1.0, better="higher")
            ),
            "joint_kind": ListSchema(ListSchema(CategoricalLabelSchema(JOINT_KINDS))),
            "joint_error": ListSchema(ListSchema(Float(minimum=0.0, unit="px", better="lower"))),
        }
        if self.collects_predictions:
            columns[PREDICTED] = _predicted_schema(self._labels_of(table))
        return columns

    def compute_metrics(self, images: list[str], predictions: Any, table: Table) -> dict[str, Any]:
        """Metrics of a batch, one value per image by column name."""
        known = self._labels_of(table)
        rows = known.rows.of(images)
        is_one = isinstance(predictions, ImagePoseEstimationPrediction)
        listed = [each.prediction for each in ([predictions] if is_one else predictions)]
        predicted = PredictedPoses.of(listed, known.poses.num_joints)
        batch = pose_batch(rows, predicted, known.poses)
        metrics = pose_metrics(batch, sigmas=known.sigmas)
        truths = batch.ground_truth_offsets
        columns: dict[str, Any] = {
            **{name: getattr(metrics, name) for name in POSE},
            "ground_truth_kind": lists_of(metrics.ground_truth_kind, truths),
            "ground_truth_match": lists_of(metrics.matched_prediction, truths),
            "ground_truth_oks": lists_of(metrics.ground_truth_oks, truths),
            "joint_kind": lists_of(metrics.joint_kind, truths),
            "joint_error": lists_of(metrics.joint_error, truths),
        }
        if self.collects_predictions:
            extents = known.poses.extents[rows]
            schema = _predicted_schema(known)
            columns[PREDICTED] = predicted_column(
                batch, metrics, predicted, known.label, extents, schema
            )
        return columns

    def _start_over(self) -> None:
        super()._start_over()
        self._labels = {}

    def _check_table(self, table: Table, split: str) -> None:
        super()._check_table(table, split)
        self._labels_of(table)

    def _prepare_table(self, table: Table, predictor: SuperGradientsPredictor) -> None:
        self._labels_of(table)

    def _loss_target(self, table: Table, predictor: SuperGradientsPredictor) -> Target:
        return PoseTargets(self._labels_of(table).poses, predictor.boxes_to_input)

    def _object_boxes(self, table: Table) -> Mapping[str, ObjectBoxes]:
        known = self._labels_of(table).poses
        stored = self.collects_predictions
        return object_boxes(known.boxes, known.offsets, of_predictions=stored)

    def _labels_of(self, table: Table) -> _Labels:
        if table.id not in self._labels:
            self._labels[table.id] = self._read_labels(table)
        return self._labels[table.id]

    def _read_labels(self, table: Table) -> _Labels:
        schema = checked_keypoints_schema(table, self.label_column_name)
        poses = poses_of(table, self.label_column_name)
        return _Labels(
            poses,
            schema,
            _sigmas(schema.oks_sigmas, poses.num_joints, table.name),
            _only_class(schema, poses),
            TableRows(table, self._image_column_name),
        )


def _predicted_schema(known: _Labels) -> Keypoints2DSchema:
    """The skeleton and the classes of the Table, with what is known of a prediction."""
    theirs = known.schema
    return Keypoints2DSchema(
        theirs.classes,
        additional={
            "confidence": Float(minimum=0.0, maximum=1.0),
            "oks": Float(
                minimum=0.0,
                maximum=1.0,
                description="similarity with the match, else the largest with any ground truth",
                better="higher",
            ),
            "matched_ground_truth": Int(description="its index in the image; null for none"),
            "error_kind": CategoricalLabelSchema(PREDICTION_KINDS),
            "joint_confidences": ListSchema(Float(minimum=0.0, maximum=1.0)),
        },
        joint_names=theirs.joint_names,
        skeleton=theirs.skeleton,
        flip_indices=theirs.flip_indices,
        oks_sigmas=theirs.oks_sigmas,
        point_colors=theirs.point_colors,
        line_colors=theirs.line_colors,
        writable=False,
    )


def _sigmas(given: Sequence[float], num_joints: int, table_name: str) -> np.ndarray:
    if len(given) == num_joints:
        return np.asarray(given, np.float64)
    if given:
        raise InvalidArgumentError(
            f"the keypoints of table `{table_name}` must have one OKS sigma a joint, "
            f"but have {len(given)} for {num_joints} joints."
        )
    if num_joints == len(COCO_SIGMAS):
        return COCO_SIGMAS
    warn(
        f"the keypoints of table `{table_name}` have no OKS sigmas; all are taken as "
        f"{_UNKNOWN_SIGMA}. Name them in the schema: Keypoints2DSchema(oks_sigmas=[...])."
    )
    return np.full(num_joints, _UNKNOWN_SIGMA)


def _only_class(schema: Keypoints2DSchema, poses: TablePoses) -> int | None:
    """The class of all poses; None where there are several or nobody says."""
    found = set(poses.labels[poses.labels >= 0].tolist())
    if not found:
        found = set(schema.properties[LABEL].value_map or {})
    return found.pop() if len(found) == 1 else None
