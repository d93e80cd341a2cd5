"""Pose estimation: people, or other skeletons, with their joints."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from samplewise._notes import warn
from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.metrics.columns import POSE
from samplewise.metrics.keypoints import COCO_SIGMAS
from samplewise.metrics.pose import (
    GROUND_TRUTH_KINDS,
    JOINT_KINDS,
    PREDICTION_KINDS,
    PoseBatch,
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
from samplewise.schema.violations import Tally, Violation, check_boxes, check_confidences
from samplewise.tasks._arrow import lists_of
from samplewise.tasks._pose_columns import make_prediction_column
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.pose_labels import LabelledPoses, keypoints_schema_of, read_poses
from samplewise.tasks.task import Task

KEYPOINTS = "keypoints_2d"
PREDICTED_KEYPOINTS = "keypoints_2d_predicted"

_UNKNOWN_SIGMA = 0.1  # what SuperGradients' own metric takes for a skeleton that is not COCO's


@dataclass(frozen=True)
class PredictedPoses:
    """The poses that a network finds in one image.

    Poses that no image can have are not among them, for the reason that `PredictedBoxes` gives.

    Args:
        joints: `x, y` in pixels of the image on disk, shape `(p, k, 2)`, or with the confidence of
            each joint, shape `(p, k, 3)`; without any it is 1.
        confidences: Of the poses, shape `(p,)`.
        boxes: `xyxy` pixels, shape `(p, 4)`; None, or NaN, where the network has none.

    Attributes:
        left_out: How many were left out, by what is wrong with them.
    """

    joints: np.ndarray
    confidences: np.ndarray
    boxes: np.ndarray | None = None
    left_out: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        joints = _with_confidences(self.joints)
        confidences = np.asarray(self.confidences, np.float64).reshape(-1)
        corners = None if self.boxes is None else np.asarray(self.boxes, np.float64).reshape(-1, 4)
        lost = np.asarray(~np.isfinite(joints[..., :2]).all(axis=(1, 2)))
        rules = [
            Violation("have joints with finite `x` and `y`", lost),
            *([] if corners is None else check_boxes(corners, may_be_missing=True)),
            *check_confidences(confidences),
        ]
        tally = Tally()
        keep = tally.sift(rules, "poses")
        object.__setattr__(self, "joints", joints[keep])
        object.__setattr__(self, "confidences", confidences[keep])
        object.__setattr__(self, "boxes", None if corners is None else corners[keep])
        object.__setattr__(self, "left_out", tally.left_out)

    @property
    def corners(self) -> np.ndarray:
        """The boxes as numbers in any case, shape `(p, 4)`; NaN where there is none."""
        if self.boxes is None:
            return np.full((len(self.joints), 4), np.nan)
        return self.boxes


@dataclass(frozen=True)
class PoseLabels:
    """The labelled poses of a table, and how strictly they are compared.

    Args:
        poses: Poses of all rows.
        schema: Of their column: skeleton, classes, colours.
        sigmas: Tolerance of each joint in OKS, shape `(k,)`.
        only_class: The class of all poses; None where there are several or nobody says.
    """

    poses: LabelledPoses
    schema: Keypoints2DSchema
    sigmas: np.ndarray
    only_class: int | None


class PoseTask(Task[PoseLabels, PredictedPoses]):
    """Poses of one skeleton; matched as COCO does, at OKS 0.5, whatever their class is."""

    name: ClassVar[str] = "pose"
    default_column: ClassVar[str] = KEYPOINTS
    prediction: ClassVar[type] = PredictedPoses
    has_boxes: ClassVar[bool] = True

    def label_column(self, path: str | None) -> str:
        """Name of the column of keypoints; the path of their labels is understood too."""
        return super().label_column(path).partition(".")[0]

    def read_labels(self, column: LabelColumn) -> PoseLabels:
        """All poses of a table, with the tolerances that its schema names.

        Raises:
            InvalidArgumentError: The column holds something else, poses differ in their number of
                joints, or there is not one tolerance a joint.
        """
        schema, poses = keypoints_schema_of(column), read_poses(column)
        sigmas = _sigmas(schema.oks_sigmas, poses.num_joints, column.table_name)
        return PoseLabels(poses, schema, sigmas, _only_class(schema, poses))

    def match_classes(self, labels: PoseLabels, class_names: Sequence[str] | None) -> PoseLabels:
        """The same poses: a network knows joints and no classes."""
        return labels

    def schemas(self, labels: PoseLabels, *, with_predictions: bool) -> dict[str, ColumnSchema]:
        """Counts, ratios and errors an image, kinds a ground truth and a joint, and poses."""
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
        if with_predictions:
            columns[PREDICTED_KEYPOINTS] = _prediction_schema(labels.schema)
        return columns

    def columns(
        self,
        rows: Sequence[int],
        predictions: Sequence[PredictedPoses],
        labels: PoseLabels,
        *,
        with_predictions: bool,
    ) -> dict[str, Any]:
        """Metrics of some images."""
        batch = _batch(rows, predictions, labels.poses)
        metrics = pose_metrics(batch, sigmas=labels.sigmas)
        truths = batch.ground_truth_offsets
        columns: dict[str, Any] = {
            **{name: getattr(metrics, name) for name in POSE},
            "ground_truth_kind": lists_of(metrics.ground_truth_kind, truths),
            "ground_truth_match": lists_of(metrics.matched_prediction, truths),
            "ground_truth_oks": lists_of(metrics.ground_truth_oks, truths),
            "joint_kind": lists_of(metrics.joint_kind, truths),
            "joint_error": lists_of(metrics.joint_error, truths),
        }
        if with_predictions:
            boxes = [np.zeros((0, 4)), *(each.corners for each in predictions)]
            columns[PREDICTED_KEYPOINTS] = make_prediction_column(
                batch,
                metrics,
                boxes=np.concatenate(boxes),
                class_id=labels.only_class,
                extents=labels.poses.extents[rows],
                schema=_prediction_schema(labels.schema),
            )
        return columns

    def count_left_out(self, predictions: Sequence[PredictedPoses]) -> Counter[str]:
        """Poses that no image can have."""
        return sum((Counter(each.left_out) for each in predictions), Counter())

    def label_boxes(self, labels: PoseLabels, rows: Sequence[int]) -> list[np.ndarray]:
        """Boxes of the labelled poses of some rows."""
        return [labels.poses.boxes[labels.poses.of_row(row)] for row in rows]

    def prediction_boxes(self, predictions: Sequence[PredictedPoses]) -> list[np.ndarray]:
        """Boxes of the predicted poses; NaN where a network predicts poses without boxes."""
        return [each.corners for each in predictions]


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


def _only_class(schema: Keypoints2DSchema, poses: LabelledPoses) -> int | None:
    found = set(poses.class_ids[poses.class_ids >= 0].tolist())
    if not found:
        found = set(schema.properties[LABEL].value_map or {})
    return found.pop() if len(found) == 1 else None


def _with_confidences(joints: np.ndarray) -> np.ndarray:
    """Float64, shape `(p, k, 3)`; of no poses nobody knows `k`, and it is 0."""
    joints = np.asarray(joints, np.float64)
    if not len(joints):
        return np.zeros((0, 0, 3))
    if joints.shape[2] == 2:
        joints = np.concatenate([joints, np.ones((*joints.shape[:2], 1))], axis=2)
    return joints


def _prediction_schema(labelled: Keypoints2DSchema) -> Keypoints2DSchema:
    """The skeleton and the classes of the table, with what is known of a prediction."""
    return Keypoints2DSchema(
        labelled.classes,
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
        joint_names=labelled.joint_names,
        skeleton=labelled.skeleton,
        flip_indices=labelled.flip_indices,
        oks_sigmas=labelled.oks_sigmas,
        point_colors=labelled.point_colors,
        line_colors=labelled.line_colors,
        writable=False,
    )


def _batch(
    rows: Sequence[int], predictions: Sequence[PredictedPoses], labelled: LabelledPoses
) -> PoseBatch:
    """Predictions and ground truths of some rows, all of one class."""
    joints = [_check_joints(each.joints, labelled.num_joints) for each in predictions]
    here = [labelled.of_row(row) for row in rows]
    return PoseBatch.from_images(
        predicted_joints=[each[..., :2] for each in joints],
        joint_confidences=[each[..., 2] for each in joints],
        confidences=[each.confidences for each in predictions],
        ground_truth_joints=[labelled.joints[part, :, :2] for part in here],
        visibility=[labelled.joints[part, :, 2].astype(np.int64) for part in here],
        ground_truth_boxes=[labelled.boxes[part] for part in here],
        ground_truth_areas=[labelled.areas[part] for part in here],
        is_crowd=[labelled.is_crowd[part] for part in here],
    )


def _check_joints(joints: np.ndarray, num_joints: int) -> np.ndarray:
    if not len(joints):
        return np.zeros((0, num_joints, 3))
    if joints.shape[1] != num_joints:
        raise CollectionError(
            f"the model must have the {num_joints} joints of the table, but has {joints.shape[1]}.",
            hint="models.get(name, num_classes=dataset.num_joints)",
        )
    return joints
