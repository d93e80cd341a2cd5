"""The callback that others build on."""

from samplewise.integration.super_gradients.callbacks.base_callback import MetricsCollectionCallback

__all__ = ["MetricsCollectionCallback"]
