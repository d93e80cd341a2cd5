"""SuperGradients: callbacks and datasets that translate, nothing more."""

from samplewise.integration.super_gradients.callbacks import (
    DetectionMetricsCollectionCallback,
    MetricsCollectionCallback,
    PipelineParams,
)
from samplewise.integration.super_gradients.datasets import DetectionDataset

__all__ = [
    "DetectionDataset",
    "DetectionMetricsCollectionCallback",
    "MetricsCollectionCallback",
    "PipelineParams",
]
