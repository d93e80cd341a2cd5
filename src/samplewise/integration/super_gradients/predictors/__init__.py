"""What does a SuperGradients model see in an image? Loads SuperGradients."""

from samplewise.integration.super_gradients.predictors.factory import (
    TASKS,
    predictor_for,
    task_of,
)
from samplewise.integration.super_gradients.predictors.parameters import PipelineParams
from samplewise.integration.super_gradients.predictors.predictor import SuperGradientsPredictor
from samplewise.integration.super_gradients.predictors.processing import (
    processing_in_training,
    processing_params,
)

__all__ = [
    "TASKS",
    "PipelineParams",
    "SuperGradientsPredictor",
    "predictor_for",
    "processing_in_training",
    "processing_params",
    "task_of",
]
