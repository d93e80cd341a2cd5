"""The dataset for detection."""

from samplewise.integration.super_gradients.datasets.detection_dataset import DetectionDataset

__all__ = ["DetectionDataset"]
