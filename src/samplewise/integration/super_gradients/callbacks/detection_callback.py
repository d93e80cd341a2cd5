"""Per-image and per-box metrics of detection models."""

from typing import Any, ClassVar

from super_gradients.common.registry import register_callback

from samplewise.integration.super_gradients.callbacks._loss_targets import BoxTargets
from samplewise.integration.super_gradients.callbacks._task_callback import TaskCallback
from samplewise.integration.super_gradients.callbacks._translation import Translation
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.tasks import DetectionLabels, DetectionTask, PredictedBoxes


def _take_boxes(image: Any) -> PredictedBoxes:
    """From an `ImageDetectionPrediction`."""
    found = image.prediction
    return PredictedBoxes(found.bboxes_xyxy, found.labels, found.confidence)


def _box_targets(labels: DetectionLabels, predictor: SuperGradientsPredictor, _: Any) -> BoxTargets:
    indices = labels.classes.to_network(labels.class_ids)
    return BoxTargets(labels.boxes, indices, labels.is_crowd, predictor.boxes_to_input)


@register_callback("DetectionMetricsCollectionCallback")
class DetectionMetricsCollectionCallback(TaskCallback):
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

    _translation: ClassVar[Translation] = Translation(
        task=DetectionTask(), to_target=_box_targets, from_image=_take_boxes
    )
