"""SuperGradients: callbacks and datasets that translate, nothing more."""

from samplewise.integration.super_gradients import _console
from samplewise.integration.super_gradients.callbacks import (
    ClassificationMetricsCollectionCallback,
    DetectionMetricsCollectionCallback,
    EmbeddingsPipeline,
    MetricsCollectionCallback,
    PipelineParams,
    PoseEstimationMetricsCollectionCallback,
    SegmentationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets import (
    ClassificationDataset,
    DetectionDataset,
    PoseEstimationDataset,
    SegmentationDataset,
)

__all__ = [
    "ClassificationDataset",
    "ClassificationMetricsCollectionCallback",
    "DetectionDataset",
    "DetectionMetricsCollectionCallback",
    "EmbeddingsPipeline",
    "MetricsCollectionCallback",
    "PipelineParams",
    "PoseEstimationDataset",
    "PoseEstimationMetricsCollectionCallback",
    "SegmentationDataset",
    "SegmentationMetricsCollectionCallback",
]

# The one thing that happens at import: a script that only imports this prints already.
_console.let_output_through()
