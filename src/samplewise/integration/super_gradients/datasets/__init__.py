"""SuperGradients datasets that read Tables."""

from samplewise.integration.super_gradients.datasets.classification_dataset import (
    ClassificationDataset,
)
from samplewise.integration.super_gradients.datasets.detection_dataset import DetectionDataset
from samplewise.integration.super_gradients.datasets.pose_dataset import PoseEstimationDataset
from samplewise.integration.super_gradients.datasets.segmentation_dataset import (
    SegmentationDataset,
)

__all__ = [
    "ClassificationDataset",
    "DetectionDataset",
    "PoseEstimationDataset",
    "SegmentationDataset",
]
