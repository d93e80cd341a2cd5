"""What the contract calls schemas: our own, see `samplewise.schemas`."""

from samplewise.schemas import (
    ArraySchema,
    Bool,
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    EmbeddingSchema,
    Float,
    ImageSchema,
    Int,
    Keypoints2DSchema,
    ListSchema,
    MapElement,
    SampleWeightSchema,
    SegmentationMasksSchema,
    SemanticSegmentationSchema,
    String,
)

__all__ = [
    "ArraySchema",
    "Bool",
    "BoundingBoxes2DSchema",
    "CategoricalLabelSchema",
    "EmbeddingSchema",
    "Float",
    "ImageSchema",
    "Int",
    "Keypoints2DSchema",
    "ListSchema",
    "MapElement",
    "SampleWeightSchema",
    "SegmentationMasksSchema",
    "SemanticSegmentationSchema",
    "String",
]
