"""How a model predicts while metrics are collected."""

from samplewise.integration.super_gradients.predictors.parameters import PipelineParams

__all__ = ["PipelineParams"]
