"""One class for an image."""

from typing import Any

from super_gradients.training.pipelines.pipelines import ClassificationPipeline
from super_gradients.training.utils.predict import (
    ImageClassificationPrediction,
    ImagesClassificationPrediction,
)
from torch import nn

from samplewise.integration.super_gradients.predictors.lazy_image import LazyImage
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import require
from samplewise.integration.super_gradients.predictors.thresholds import refuse_unknown


class LazyImageClassificationPrediction(LazyImage, ImageClassificationPrediction):
    """The class of an image that is read when asked for."""


def classification_predictor(
    model: nn.Module,
    params: PipelineParams,
    known: dict[str, Any],
    embedding_layer: str | None,
) -> SuperGradientsPredictor:
    """A predictor for a classification model.

    Args:
        model: Not wrapped; its output has one logit per class.
        params: How to predict; `fuse_model` and `fp16` alone.
        known: Dataset processing parameters, see `find_processing`.
        embedding_layer: None for the layer in front of the head.
    """
    resizing = {"skip_image_resizing": True} if params.skip_image_resizing else {}
    refuse_unknown(model, params.explicit_values() | resizing, {})
    require(model, known, "class_names", "image_processor")
    pipeline = ClassificationPipeline(
        model=model,  # pyright: ignore[reportArgumentType]
        class_names=known["class_names"],
        image_processor=known["image_processor"],
        fuse_model=False,
        fp16=params.fp16,
    )
    return SuperGradientsPredictor(
        model,
        pipeline,
        params,
        task="classification",
        kinds=(LazyImageClassificationPrediction, ImagesClassificationPrediction),
        embedding_layer=embedding_layer,
    )
