"""Boxes with classes."""

from typing import Any

import numpy as np
from super_gradients.training.pipelines.pipelines import DetectionPipeline
from super_gradients.training.processing.processing import DetectionAutoPadding
from super_gradients.training.utils.predict import (
    DetectionPrediction,
    ImageDetectionPrediction,
    ImagesDetectionPrediction,
)
from torch import nn

from samplewise.integration.super_gradients.predictors.lazy_image import LazyImage
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import require, without_resizing
from samplewise.integration.super_gradients.predictors.thresholds import post_prediction_callback


class LazyImageDetectionPrediction(LazyImage, ImageDetectionPrediction):
    """Boxes in an image that is read when asked for."""


class DetectionPredictor(SuperGradientsPredictor):
    """YOLO-NAS, PP-YOLOE, YoloX and others with `get_post_prediction_callback`."""

    def _probe(self, boxes: np.ndarray) -> DetectionPrediction:
        none = np.zeros(len(boxes))
        return DetectionPrediction(boxes, "xyxy", none, none, image_shape=(1, 1))


def detection_predictor(
    model: nn.Module,
    params: PipelineParams,
    known: dict[str, Any],
    embedding_layer: str | None,
) -> DetectionPredictor:
    """A predictor for a detection model.

    Args:
        model: Not wrapped.
        params: How to predict.
        known: Dataset processing parameters, see `find_processing`.
        embedding_layer: None for the backbone.
    """
    require(model, known, "class_names", "image_processor")
    callback = post_prediction_callback(model, params.explicit_values(), known)
    processor = known["image_processor"]
    if params.skip_image_resizing:
        padding = DetectionAutoPadding(shape_multiple=(32, 32), pad_value=0)
        processor = without_resizing(processor, padding)
    pipeline = DetectionPipeline(
        model=model,  # pyright: ignore[reportArgumentType]
        class_names=known["class_names"],
        post_prediction_callback=callback,
        image_processor=processor,
        fuse_model=False,
        fp16=params.fp16,
    )
    return DetectionPredictor(
        model,
        pipeline,
        params,
        task="detection",
        kinds=(LazyImageDetectionPrediction, ImagesDetectionPrediction),
        embedding_layer=embedding_layer,
    )
