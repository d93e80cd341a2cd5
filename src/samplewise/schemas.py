"""Column kinds, for those who build Tables: `sw.schemas.ImageSchema()`."""

from samplewise.schema import (
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
