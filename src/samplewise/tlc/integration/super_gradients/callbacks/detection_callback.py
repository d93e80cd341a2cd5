"""The callback for detection."""

from samplewise.integration.super_gradients.callbacks.detection_callback import (
    DetectionMetricsCollectionCallback,
)

__all__ = ["DetectionMetricsCollectionCallback"]
