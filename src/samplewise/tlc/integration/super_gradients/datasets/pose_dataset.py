"""The dataset for pose estimation."""

from samplewise.integration.super_gradients.datasets.pose_dataset import PoseEstimationDataset

__all__ = ["PoseEstimationDataset"]
