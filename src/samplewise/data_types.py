"""Values in sample form, for those who build Tables: `sw.data_types.BoundingBoxes2D`."""

from samplewise.schema import (
    BoundingBoxes2D,
    Keypoints2D,
    SegmentationMasks,
    SemanticSegmentation,
)

__all__ = ["BoundingBoxes2D", "Keypoints2D", "SegmentationMasks", "SemanticSegmentation"]
