"""Names of the SuperGradients integration; imports SuperGradients."""

from samplewise.integration.super_gradients import (
    DetectionDataset,
    DetectionMetricsCollectionCallback,
    EmbeddingsPipeline,
    MetricsCollectionCallback,
    PipelineParams,
    PoseEstimationDataset,
    PoseEstimationMetricsCollectionCallback,
)

__all__ = [
    "DetectionDataset",
    "DetectionMetricsCollectionCallback",
    "EmbeddingsPipeline",
    "MetricsCollectionCallback",
    "PipelineParams",
    "PoseEstimationDataset",
    "PoseEstimationMetricsCollectionCallback",
]
