"""Per-image and per-class metrics of semantic segmentation models."""

from typing import Any, ClassVar

from super_gradients.common.registry import register_callback

from samplewise.integration.super_gradients.callbacks._loss_targets import MapTargets
from samplewise.integration.super_gradients.callbacks._task_callback import TaskCallback
from samplewise.integration.super_gradients.callbacks._translation import Translation
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
from samplewise.tasks import PredictedClassMap, SegmentationLabels, SegmentationTask

_IGNORE_INDEX_NAMES = ("ignore_index", "ignore_label", "ignore_lb")


def _take_class_map(image: Any) -> PredictedClassMap:
    """From an `ImageSegmentationPrediction`."""
    return PredictedClassMap(image.prediction.segmentation_map)


def _map_targets(
    labels: SegmentationLabels, _: SuperGradientsPredictor, criterion: Any
) -> MapTargets:
    ignored = _ignore_index_of(criterion, labels.maps.ignore_index)
    return MapTargets(labels.load, labels.classes, ignored)


def _ignore_index_of(criterion: Any, default: int) -> int:
    """The index that a criterion does not count, by the names that criteria have for it."""
    found = [getattr(criterion, name, None) for name in _IGNORE_INDEX_NAMES]
    return next((each for each in found if isinstance(each, int)), default)


@register_callback("SegmentationMetricsCollectionCallback")
class SegmentationMetricsCollectionCallback(TaskCallback):
    """Collects what a semantic segmentation model does to every image.

    Per image: mean IoU, mean Dice, mean boundary IoU and pixel accuracy, in pixels of the image on
    disk. Per class: `class_labels` are the classes in the prediction or the ground truth of the
    image, and `class_iou`, `class_dice`, `class_boundary_iou`, `class_ground_truth_pixels`,
    `class_predicted_pixels` and `class_right_pixels` hold one value for each of them, so that the
    IoU of a whole dataset is a sum over its rows. The predicted class map is stored as run lengths
    (`segmentation_predicted`). Labels are the Table's class ids. Pixels with the Table's ignore
    label count for nothing.

    An image without a class map has nulls, and so has one whose class map cannot be read, is not
    of its size, or holds a value that is no class; that is said once.

    See `MetricsCollectionCallback` for the arguments. Subclasses may add metrics, as those of
    `DetectionMetricsCollectionCallback`.
    """

    _translation: ClassVar[Translation] = Translation(
        task=SegmentationTask(), to_target=_map_targets, from_image=_take_class_map
    )
