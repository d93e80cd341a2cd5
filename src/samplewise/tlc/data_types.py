"""What the contract calls data types: our own, see `samplewise.data_types`."""

from samplewise.data_types import (
    BoundingBoxes2D,
    Keypoints2D,
    SegmentationMasks,
    SemanticSegmentation,
)

__all__ = ["BoundingBoxes2D", "Keypoints2D", "SegmentationMasks", "SemanticSegmentation"]
