"""Callbacks for the SuperGradients Trainer."""

from samplewise.integration.super_gradients.callbacks._task_callback import (
    TaskCallback as _TaskCallback,
)
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

CALLBACKS: dict[str, type[_TaskCallback]] = {
    kind.task_name(): kind
    for kind in (
        DetectionMetricsCollectionCallback,
        PoseEstimationMetricsCollectionCallback,
        SegmentationMetricsCollectionCallback,
        ClassificationMetricsCollectionCallback,
    )
}
"""By the name of their task."""

__all__ = [
    "CALLBACKS",
    "ClassificationMetricsCollectionCallback",
    "DetectionMetricsCollectionCallback",
    "EmbeddingsPipeline",
    "MetricsCollectionCallback",
    "PipelineParams",
    "PoseEstimationMetricsCollectionCallback",
    "SegmentationMetricsCollectionCallback",
]
