"""The callback for pose estimation."""

from samplewise.integration.super_gradients.callbacks.pose_callback import (
    PoseEstimationMetricsCollectionCallback,
)

__all__ = ["PoseEstimationMetricsCollectionCallback"]
