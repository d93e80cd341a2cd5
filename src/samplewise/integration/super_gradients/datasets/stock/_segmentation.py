"""Tables of SuperGradients' segmentation datasets."""

import os
from typing import Any

import numpy as np
from super_gradients.training.datasets.segmentation_datasets.segmentation_dataset import (
    SegmentationDataSet,
)

from samplewise.errors import InvalidArgumentError
from samplewise.integration.super_gradients.datasets.stock._naming import (
    Place,
    split_in_batches,
    stamp,
)
from samplewise.schema import ImageSchema, SampleWeightSchema
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema
from samplewise.tables import Table
from samplewise.tasks.segmentation import CLASS_MAPS

_IGNORED = 255  # what their files hold where nobody says; some count it as another number later


def from_segmentation(dataset: Any, place: Place) -> Table:
    """Images with their class maps: where they lie, or what the dataset makes of its label files.

    Raises:
        InvalidArgumentError: The dataset does not name its classes.
    """
    classes = _classes(dataset, place)
    mask = SemanticSegmentationSchema(classes, ignore_label=_ignore_label(dataset, classes))
    pairs = dataset.samples_targets_tuples_list
    rows = (
        {"image": os.path.abspath(image), CLASS_MAPS: _mask(dataset, target), "weight": 1.0}
        for image, target in pairs
    )
    return place.table(
        dataset,
        {"image": ImageSchema(reader="pillow"), CLASS_MAPS: mask, "weight": SampleWeightSchema()},
        split_in_batches(rows),
        repr(classes),
        *(f"{image} {target} {_stamp(dataset, target)}" for image, target in pairs),
    )


def _classes(dataset: Any, place: Place) -> dict[int, str]:
    named = getattr(dataset, "CLASS_LABELS", None) or dict(enumerate(dataset.classes))
    if not named:
        raise InvalidArgumentError(
            f"the {place.split} loader's {type(dataset).__name__} must name its classes, "
            "but `classes` is empty.",
            hint='dataset.classes = ["road", "car"], in the order of the pixel values',
        )
    return {int(index): str(name) for index, name in named.items()}


def _ignore_label(dataset: Any, classes: dict[int, str]) -> int | None:
    label = getattr(dataset, "ignore_label", _IGNORED)
    return None if label in classes else label


def _mask(dataset: Any, target: Any) -> SemanticSegmentation:
    loads = getattr(dataset.target_loader, "__func__", dataset.target_loader)
    if loads is SegmentationDataSet.target_loader:
        return SemanticSegmentation(url=os.path.abspath(target))
    pixels = np.asarray(dataset.target_loader(target), np.int64)
    return SemanticSegmentation(class_map=pixels)


def _stamp(dataset: Any, target: Any) -> str:
    return stamp(target if isinstance(target, str) else dataset.annotations_file_path)
