"""The confusion matrix of a selection."""

import numpy as np

from samplewise.server import wire
from samplewise.server.confusions import NOTHING, find_paired_columns, pairs_of
from samplewise.server.source import OpenSource


def confusion(source: OpenSource, rows: np.ndarray, confidence: float) -> wire.Confusion:
    """The confusion matrix of some rows; its last row and column are the background.

    Args:
        source: A collection.
        rows: Which rows count, 0-based.
        confidence: Predictions below it are left out.

    Raises:
        InvalidArgumentError: The source lacks ground truths or predictions with classes.
    """
    pairs = pairs_of(source, confidence)
    counted = np.zeros(len(source), bool)
    counted[rows] = True
    here = counted[pairs.rows]
    classes = _classes(source)
    ids = np.array([*(category.id for category in classes), NOTHING])
    order = np.argsort(ids)
    truth, predicted = (
        order[np.searchsorted(ids, values[here], sorter=order)]
        for values in (pairs.truth, pairs.predicted)
    )
    counts = np.zeros((len(ids), len(ids)), np.int64)
    np.add.at(counts, (truth, predicted), 1)
    return wire.Confusion(classes=classes, counts=counts.tolist())


def _classes(source: OpenSource) -> list[wire.Category]:
    by_id: dict[int, wire.Category] = {}
    for column in reversed(find_paired_columns(source)):
        described = next(each for each in source.info.columns if each.name == column.name)
        by_id |= {category.id: category for category in described.categories or ()}
    pairs = pairs_of(source, 0.0)
    seen = set(np.unique(np.concatenate([pairs.truth, pairs.predicted])).tolist()) - {NOTHING}
    for unknown in seen - by_id.keys():
        by_id[unknown] = wire.Category(id=unknown, name=str(unknown))
    return [by_id[key] for key in sorted(by_id)]
