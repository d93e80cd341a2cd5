"""How a model predicts."""

from samplewise.integration.super_gradients.callbacks.pipeline_params import PipelineParams

__all__ = ["PipelineParams"]
