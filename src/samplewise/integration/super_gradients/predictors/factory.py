"""A predictor for whatever model there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from super_gradients.training.models import BaseClassifier
from super_gradients.training.models.pose_estimation_models.dekr_hrnet import (
    DEKRPoseEstimationModel,
)
from super_gradients.training.models.pose_estimation_models.yolo_nas_pose import YoloNASPose
from super_gradients.training.models.segmentation_models.regseg import RegSeg
from super_gradients.training.models.segmentation_models.segmentation_module import (
    SegmentationModule,
)
from super_gradients.training.models.segmentation_models.shelfnet import ShelfNetModuleBase
from super_gradients.training.models.segmentation_models.stdc import STDCSegmentationBase
from super_gradients.training.utils.utils import unwrap_model
from torch import nn

from samplewise.errors import InvalidArgumentError, did_you_mean
from samplewise.integration.super_gradients.predictors.classification import (
    classification_predictor,
)
from samplewise.integration.super_gradients.predictors.detection import detection_predictor
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.pose import pose_predictor
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import find_processing
from samplewise.integration.super_gradients.predictors.segmentation import segmentation_predictor

_MAKERS = {
    "classification": classification_predictor,
    "detection": detection_predictor,
    "pose": pose_predictor,
    "segmentation": segmentation_predictor,
}
TASKS = tuple(_MAKERS)

_CLASSES: dict[str, tuple[type, ...]] = {
    "pose": (YoloNASPose, DEKRPoseEstimationModel),
    "segmentation": (SegmentationModule, STDCSegmentationBase, RegSeg, ShelfNetModuleBase),
    "classification": (BaseClassifier,),
}


def predictor_for(
    model: nn.Module,
    *,
    params: PipelineParams | Mapping[str, Any] | None = None,
    task: str | None = None,
    processing: Mapping[str, Any] | None = None,
    class_names: Sequence[str] | None = None,
    embedding_layer: str | None = None,
) -> SuperGradientsPredictor:
    """Make a model ready to be asked about images.

    Args:
        model: A model of SuperGradients, or one like it; a wrapper of several devices is opened.
        params: How to predict; by default as the model was told with its dataset.
        task: One of `TASKS`; None: by the model's class.
        processing: Dataset processing parameters, as `set_dataset_processing_params` takes them
            and a dataset's `get_dataset_preprocessing_params()` returns them. They go before
            the model's own, which stay untouched.
        class_names: Goes before that of `processing`.
        embedding_layer: Dotted name of the module whose last map is pooled into embeddings; None:
            the backbone, or what comes nearest.

    Raises:
        InvalidArgumentError: The task is unknown, or the model does not take a parameter.
        CollectionError: Processing parameters are missing.
    """
    model = unwrap_model(model)
    task = task or task_of(model)
    if task not in _MAKERS:
        raise InvalidArgumentError(
            f"`task` must be a task of SuperGradients, but it is {task!r}.",
            hint=did_you_mean(task, TASKS),
        )
    known = find_processing(model, processing, class_names)
    return _MAKERS[task](model, PipelineParams.of(params), known, embedding_layer)


def task_of(model: nn.Module) -> str:
    """The task that a model was made for.

    Raises:
        InvalidArgumentError: Its class does not tell.
    """
    for task, classes in _CLASSES.items():
        if isinstance(model, classes):
            return task
    if hasattr(model, "get_post_prediction_callback"):
        return "detection"
    raise InvalidArgumentError(
        f"the task of `{type(model).__name__}` must be known, but its class does not tell it.",
        hint=f"name it: `task=` one of {', '.join(TASKS)}",
    )
