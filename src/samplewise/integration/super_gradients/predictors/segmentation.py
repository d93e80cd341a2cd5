"""A class for every pixel."""

from typing import Any

import torch
from super_gradients.training.pipelines.pipelines import SegmentationPipeline
from super_gradients.training.utils.predict import (
    ImageSegmentationPrediction,
    ImagesSegmentationPrediction,
    Prediction,
)
from torch import nn

from samplewise.integration.super_gradients.predictors.lazy_image import LazyImage
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import require
from samplewise.integration.super_gradients.predictors.thresholds import refuse_unknown


class LazyImageSegmentationPrediction(LazyImage, ImageSegmentationPrediction):
    """A map of classes over an image that is read when asked for."""


class SegmentationPredictor(SuperGradientsPredictor):
    """PP-LiteSeg, STDC, DDRNet, SegFormer; RegSeg and ShelfNet, which have no `predict`."""

    def _decode(self, raw: Any, inputs: torch.Tensor) -> list[Prediction]:
        # Networks with auxiliary heads give a tuple, which `predict` tries to call.
        while isinstance(raw, tuple | list):
            raw = raw[0]
        return super()._decode(raw, inputs)


def segmentation_predictor(
    model: nn.Module,
    params: PipelineParams,
    known: dict[str, Any],
    embedding_layer: str | None,
) -> SegmentationPredictor:
    """A predictor for a semantic segmentation model.

    Args:
        model: Not wrapped.
        params: How to predict; `fuse_model` and `fp16` alone.
        known: Dataset processing parameters, see `find_processing`.
        embedding_layer: None for the backbone.
    """
    refuse_unknown(model, params.explicit_values() | _resizing(params), {})
    require(model, known, "class_names", "image_processor")
    pipeline = SegmentationPipeline(
        model=model,  # pyright: ignore[reportArgumentType]
        class_names=known["class_names"],
        image_processor=known["image_processor"],
        fuse_model=False,
        fp16=params.fp16,
    )
    return SegmentationPredictor(
        model,
        pipeline,
        params,
        task="segmentation",
        kinds=(LazyImageSegmentationPrediction, ImagesSegmentationPrediction),
        embedding_layer=embedding_layer,
    )


def _resizing(params: PipelineParams) -> dict[str, Any]:
    return {"skip_image_resizing": True} if params.skip_image_resizing else {}
