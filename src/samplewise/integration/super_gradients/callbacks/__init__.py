"""Callbacks for the SuperGradients Trainer."""

from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.classification_callback import (
    ClassificationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.detection_callback import (
    DetectionMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.embeddings_pipeline import EmbeddingsPipeline
from samplewise.integration.super_gradients.callbacks.pipeline_params import PipelineParams
from samplewise.integration.super_gradients.callbacks.pose_callback import (
    PoseEstimationMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.callbacks.segmentation_callback import (
    SegmentationMetricsCollectionCallback,
)

__all__ = [
    "ClassificationMetricsCollectionCallback",
    "DetectionMetricsCollectionCallback",
    "EmbeddingsPipeline",
    "MetricsCollectionCallback",
    "PipelineParams",
    "PoseEstimationMetricsCollectionCallback",
    "SegmentationMetricsCollectionCallback",
]
