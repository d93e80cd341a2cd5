"""Per-image, per-pose and per-joint metrics of pose estimation models."""

from typing import Any, ClassVar

from super_gradients.common.registry import register_callback

from samplewise.integration.super_gradients.callbacks._loss_targets import PoseTargets
from samplewise.integration.super_gradients.callbacks._task_callback import TaskCallback
from samplewise.integration.super_gradients.callbacks._translation import Translation
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.tasks import PoseLabels, PoseTask, PredictedPoses


def _take_poses(image: Any) -> PredictedPoses:
    """From an `ImagePoseEstimationPrediction`."""
    found = image.prediction
    return PredictedPoses(found.poses, found.scores, found.bboxes_xyxy)


def _pose_targets(labels: PoseLabels, predictor: SuperGradientsPredictor, _: Any) -> PoseTargets:
    return PoseTargets(labels.poses, predictor.boxes_to_input)


@register_callback("PoseEstimationMetricsCollectionCallback")
class PoseEstimationMetricsCollectionCallback(TaskCallback):
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

    _translation: ClassVar[Translation] = Translation(
        task=PoseTask(), to_target=_pose_targets, from_image=_take_poses
    )
