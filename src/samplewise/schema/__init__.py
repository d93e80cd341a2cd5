"""What a value can be: column kinds, value maps, array shapes."""

from samplewise.schema.boxes import BoundingBoxes2D, BoundingBoxes2DSchema
from samplewise.schema.column import Better, ColumnSchema
from samplewise.schema.image import ImageSchema
from samplewise.schema.keypoints import Keypoints2D, Keypoints2DSchema
from samplewise.schema.masks import (
    SegmentationMasks,
    SegmentationMasksSchema,
    SemanticSegmentation,
    SemanticSegmentationSchema,
)
from samplewise.schema.nested import AnyArrow, ArraySchema, EmbeddingSchema, ListSchema
from samplewise.schema.scalars import (
    Bool,
    CategoricalLabelSchema,
    Float,
    Int,
    SampleWeightSchema,
    String,
)
from samplewise.schema.table_schema import TableSchema
from samplewise.schema.value_map import MapElement, as_value_map

__all__ = [
    "AnyArrow",
    "ArraySchema",
    "Better",
    "Bool",
    "BoundingBoxes2D",
    "BoundingBoxes2DSchema",
    "CategoricalLabelSchema",
    "ColumnSchema",
    "EmbeddingSchema",
    "Float",
    "ImageSchema",
    "Int",
    "Keypoints2D",
    "Keypoints2DSchema",
    "ListSchema",
    "MapElement",
    "SampleWeightSchema",
    "SegmentationMasks",
    "SegmentationMasksSchema",
    "SemanticSegmentation",
    "SemanticSegmentationSchema",
    "String",
    "TableSchema",
    "as_value_map",
]
