"""Classes of a Table, whose ids may have gaps, and classes of a network, `0 .. c-1`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.schema import MapElement
from samplewise.schema.value_map import ValueMap


def model_classes(value_map: ValueMap) -> tuple[list[int], list[str]]:
    """Class ids and names in the order in which a network knows them.

    Two classes of one name are told apart by their id, since SuperGradients refuses duplicates.

    Raises:
        InvalidArgumentError: There are no classes.
    """
    if not value_map:
        raise InvalidArgumentError(
            "the labels must have classes, but their schema names none.",
            hint='give the column a schema: BoundingBoxes2DSchema({0: "cat", 1: "dog"})',
        )
    ids = sorted(value_map)
    names = [value_map[class_id].internal_name for class_id in ids]
    count = Counter(names)
    unique = [
        name if count[name] == 1 else f"{name} ({class_id})"
        for class_id, name in zip(ids, names, strict=True)
    ]
    return ids, unique


@dataclass(frozen=True)
class PredictedClasses:
    """From the class indices of a network to the class ids of a Table.

    Args:
        ids: The Table's class id of each class of the network, int64, shape `(c,)`.
        value_map: Names of these ids: the Table's, and those of classes that only the network has.
    """

    ids: np.ndarray
    value_map: ValueMap

    def to_table(self, indices: np.ndarray) -> np.ndarray:
        """Class ids of the Table for class indices of the network."""
        return self.ids[np.asarray(indices, np.int64)]


def predicted_classes(names: Sequence[str] | None, value_map: ValueMap) -> PredictedClasses:
    """Find the classes of a network among those of a Table, by name.

    A class that the Table does not have gets a free id above the Table's, so that its predictions
    are stored and count as wrong. Without names, the network's order is that of the ids.
    """
    ids = sorted(value_map)
    known = [] if not value_map else model_classes(value_map)[1]
    if names is None or list(names) == known:
        return PredictedClasses(np.array(ids, np.int64), dict(value_map))
    by_name = {value_map[class_id].internal_name: class_id for class_id in reversed(ids)}
    by_name |= dict(zip(known, ids, strict=True))
    free = max(ids, default=-1) + 1
    found, extended = [], dict(value_map)
    for name in names:
        class_id = by_name.get(str(name))
        if class_id is None:
            class_id, free = free, free + 1
            extended[class_id] = MapElement(str(name))
        found.append(class_id)
    return PredictedClasses(np.array(found, np.int64), extended)
