"""People, or other skeletons, with their joints."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from super_gradients.training.models.pose_estimation_models.dekr_hrnet import (
    DEKRPoseEstimationModel,
)
from super_gradients.training.pipelines.pipelines import PoseEstimationPipeline
from super_gradients.training.processing.processing import KeypointsAutoPadding
from super_gradients.training.utils.predict import (
    ImagePoseEstimationPrediction,
    ImagesPoseEstimationPrediction,
    PoseEstimationPrediction,
)
from torch import nn

from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.integration.super_gradients.predictors.lazy_image import LazyImage
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import require, without_resizing
from samplewise.integration.super_gradients.predictors.thresholds import post_prediction_callback

_SAME = {
    "nms_top_k": "pre_nms_max_predictions",
    "max_predictions": "post_nms_max_predictions",
}


class LazyImagePoseEstimationPrediction(LazyImage, ImagePoseEstimationPrediction):
    """Poses in an image that is read when asked for."""


class PosePredictor(SuperGradientsPredictor):
    """YOLO-NAS-POSE and DEKR."""

    def _probe(self, boxes: np.ndarray) -> PoseEstimationPrediction:
        none = np.zeros((0, 3), dtype=int)
        poses = np.zeros((len(boxes), 1, 3), dtype=np.float32)
        return PoseEstimationPrediction(
            poses, np.zeros(len(boxes)), boxes, none, none, none, image_shape=(1, 1)
        )


def pose_predictor(
    model: nn.Module,
    params: PipelineParams,
    known: dict[str, Any],
    embedding_layer: str | None,
) -> PosePredictor:
    """A predictor for a pose estimation model.

    Args:
        model: Not wrapped.
        params: How to predict.
        known: Dataset processing parameters, see `find_processing`.
        embedding_layer: None for the backbone.
    """
    require(model, known, "image_processor", "edge_links", "edge_colors", "keypoint_colors", "conf")
    _check_skeleton(model, known)
    processor = known["image_processor"]
    if params.skip_image_resizing:
        padding = KeypointsAutoPadding(shape_multiple=(32, 32), pad_value=0)
        processor = without_resizing(processor, padding)
    pipeline = PoseEstimationPipeline(
        model=model,  # pyright: ignore[reportArgumentType]
        edge_links=known["edge_links"],
        edge_colors=known["edge_colors"],
        keypoint_colors=known["keypoint_colors"],
        post_prediction_callback=post_prediction_callback(model, _limits(params), known),
        image_processor=processor,
        fuse_model=False,
        fp16=params.fp16,
    )
    return PosePredictor(
        model,
        pipeline,
        params,
        task="pose",
        kinds=(LazyImagePoseEstimationPrediction, ImagesPoseEstimationPrediction),
        embedding_layer=embedding_layer,
    )


def _limits(params: PipelineParams) -> dict[str, Any]:
    """Under the names that pose models use."""
    given = params.explicit_values()
    for ours, theirs in _SAME.items():
        value = given.pop(ours, None)
        if value is not None and given.setdefault(theirs, value) != value:
            raise InvalidArgumentError(
                f"`{ours}` and `{theirs}` mean the same for a pose model, "
                f"but they are {value} and {given[theirs]}."
            )
    return given


def _check_skeleton(model: nn.Module, known: Mapping[str, Any]) -> None:
    if len(known["edge_links"]) != len(known["edge_colors"]):
        raise CollectionError(
            f"a skeleton must have one colour per link, but it has {len(known['edge_links'])} "
            f"links and {len(known['edge_colors'])} colours."
        )
    joints = len(known["keypoint_colors"])
    if isinstance(model, DEKRPoseEstimationModel) and joints != model.num_joints:
        raise CollectionError(
            f"a skeleton must have one colour per joint, but the model has {model.num_joints} "
            f"joints and there are {joints} colours."
        )
