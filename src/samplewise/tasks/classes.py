"""Classes of a table, whose ids may have gaps, and classes of a network, `0 .. c-1`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samplewise.errors import CollectionError, InvalidArgumentError
from samplewise.schema import MapElement
from samplewise.schema.value_map import ValueMap


def training_classes(value_map: ValueMap) -> tuple[list[int], list[str]]:
    """Class ids and names in the order in which a network that is trained on them knows them.

    Two classes of one name are told apart by their id, since SuperGradients refuses duplicates.

    Raises:
        InvalidArgumentError: There are no classes.

    Examples:
        >>> training_classes({7: MapElement("dog"), 2: MapElement("cat")})
        ([2, 7], ['cat', 'dog'])
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
class NetworkClasses:
    """The classes of a network among those of a table.

    Args:
        ids: The table's class id of each class of the network, int64, shape `(c,)`.
        value_map: Names of these ids: the table's, and those of classes that only the network has.
    """

    ids: np.ndarray
    value_map: ValueMap

    def to_table(self, indices: np.ndarray) -> np.ndarray:
        """Class ids of the table for class indices of the network, in the same shape.

        Raises:
            CollectionError: The network predicts a class that nobody said it has.
        """
        indices = np.asarray(indices, np.int64)
        # Checked here: a negative index would take a class from the end, and say nothing.
        wrong = indices[(indices < 0) | (indices >= len(self.ids))]
        if wrong.size:
            raise CollectionError(
                f"the model must predict one of its {len(self.ids)} classes, but predicts class "
                f"{wrong.max()}.",
                hint="does its class list fit? "
                "model.set_dataset_processing_params(class_names=...)",
            )
        return self.ids[indices]

    def to_network(self, class_ids: np.ndarray) -> np.ndarray:
        """The network's class index of each class id of the table; -1 where it has none."""
        if not len(self.ids):
            return np.full(np.shape(class_ids), -1)
        order = np.argsort(self.ids, kind="stable")
        place = np.searchsorted(self.ids[order], class_ids).clip(max=len(order) - 1)
        found = order[place]
        return np.where(self.ids[found] == class_ids, found, -1)

    def has(self, class_ids: np.ndarray) -> np.ndarray:
        """Whether the network has these classes of the table, in the same shape."""
        return np.isin(class_ids, self.ids)

    def count_others(self, class_ids: np.ndarray) -> dict[str, int]:
        """How many of these class ids are of classes that the network does not have, by name.

        Args:
            class_ids: Of the table, negative for none, shape `(t,)`.
        """
        others, counts = np.unique(class_ids[~self.has(class_ids)], return_counts=True)
        names = (self.value_map.get(class_id) for class_id in others.tolist())
        pairs = zip(others.tolist(), names, counts.tolist(), strict=True)
        return {
            "no class" if name is None else f"{name.internal_name} ({class_id})": count
            for class_id, name, count in pairs
        }


def find_classes(names: Sequence[str] | None, value_map: ValueMap) -> NetworkClasses:
    """Find the classes of a network among those of a table, by name.

    A class that the table does not have gets a free id above the table's, so that its predictions
    are stored and count as wrong. Without names, the network's order is that of the ids.

    Args:
        names: Of the network's classes, `c` of them; None: nobody knows.
        value_map: Of the table.
    """
    ids = sorted(value_map)
    known = [] if not value_map else training_classes(value_map)[1]
    if names is None or list(names) == known:
        return NetworkClasses(np.array(ids, np.int64), dict(value_map))
    # Of two classes of one name the one with the smaller id, unless the name says which.
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
    return NetworkClasses(np.array(found, np.int64), extended)
