"""Tables of torchvision's classification datasets, which are SuperGradients' too."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from samplewise.integration.super_gradients.datasets.stock._naming import Place, split_in_batches
from samplewise.schema import CategoricalLabelSchema, ImageSchema, SampleWeightSchema
from samplewise.tables import Table
from samplewise.tasks.classification import LABEL_COLUMN


def from_folder(dataset: Any, place: Place) -> Table:
    """Images in one folder a class: `ImageFolder`, `ImageNetDataset`."""
    rows = [
        {"image": os.path.abspath(path), LABEL_COLUMN: int(label), "weight": 1.0}
        for path, label in dataset.samples
    ]
    return _make_table(
        dataset, place, rows, *(f"{row['image']} {row[LABEL_COLUMN]}" for row in rows)
    )


def from_arrays(dataset: Any, place: Place) -> Table:
    """Images in memory: `Cifar10`, `Cifar100`, MNIST. They are stored inside of the rows."""
    images, labels = np.asarray(dataset.data), np.asarray(dataset.targets)
    digest = hashlib.sha256(images.tobytes()).hexdigest()
    rows = (
        {"image": image, LABEL_COLUMN: int(label), "weight": 1.0}
        for image, label in zip(images, labels, strict=True)
    )
    return _make_table(dataset, place, rows, digest, repr(labels.tolist()))


def _make_table(
    dataset: Any, place: Place, rows: Iterable[Mapping[str, Any]], *facts: str
) -> Table:
    schema = {
        "image": ImageSchema(reader="pillow"),
        LABEL_COLUMN: CategoricalLabelSchema([str(name) for name in dataset.classes]),
        "weight": SampleWeightSchema(),
    }
    return place.table(dataset, schema, split_in_batches(rows), repr(dataset.classes), *facts)
