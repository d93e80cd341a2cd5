"""Labels as a task reads them, from plain values; no table, no store, no framework."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from samplewise.data_types import BoundingBoxes2D, Keypoints2D, SemanticSegmentation
from samplewise.schema import ColumnSchema
from samplewise.schemas import (
    BoundingBoxes2DSchema,
    CategoricalLabelSchema,
    Int,
    Keypoints2DSchema,
    SemanticSegmentationSchema,
)
from samplewise.tasks import LabelColumn


def column_of(schema: ColumnSchema, values: Sequence[Any]) -> LabelColumn:
    """A column of labels."""
    return LabelColumn("labels", "drawn", schema, schema.to_arrow(list(values), name="labels"))


@pytest.fixture(scope="session")
def make_column() -> Callable[..., LabelColumn]:
    """Makes a column of labels of a schema and its values."""
    return column_of


@pytest.fixture(scope="session")
def boxes() -> LabelColumn:
    """A cat (3) and a dog (7) in the first image, a crowd of cats in the second, none in the last.

    Ids have gaps.
    """
    first, second = BoundingBoxes2D.create_empty(32, 32), BoundingBoxes2D.create_empty(32, 32)
    first.add_instance([0, 0, 10, 10], 3, iscrowd=0)
    first.add_instance([20, 20, 30, 30], 7, iscrowd=0)
    second.add_instance([0, 0, 30, 30], 3, iscrowd=1)
    schema = BoundingBoxes2DSchema({3: "cat", 7: "dog"}, additional={"iscrowd": Int()})
    return column_of(schema, [first, second, BoundingBoxes2D.create_empty(32, 32)])


@pytest.fixture(scope="session")
def poses() -> LabelColumn:
    """A pose of three joints, one of them hidden, one not labelled; and an image without any."""
    value = Keypoints2D.create_empty(64, 64)
    value.add_instance(np.array([[10, 10, 2], [40, 40, 1], [0, 0, 0]]), 5)
    schema = Keypoints2DSchema(
        {5: "person", 6: "dog"}, joint_names=["a", "b", "c"], oks_sigmas=[0.1] * 3
    )
    return column_of(schema, [value, Keypoints2D.create_empty(64, 64)])


@pytest.fixture(scope="session")
def class_maps() -> LabelColumn:
    """Roads (2), cars (7) and trees (9), pixels without a class (0), and a row without a map."""
    pixels = np.array([[7, 2, 2], [9, 7, 0]])
    schema = SemanticSegmentationSchema({2: "road", 7: "car", 9: "tree"}, ignore_label=0)
    return column_of(schema, [SemanticSegmentation(class_map=pixels), None])


@pytest.fixture(scope="session")
def labels() -> LabelColumn:
    """A dog, a cat, and an image that nobody has labelled."""
    return column_of(CategoricalLabelSchema({3: "cat", 7: "dog"}), [7, 3, None])
