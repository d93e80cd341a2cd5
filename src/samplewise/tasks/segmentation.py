"""Semantic segmentation: a class for every pixel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from samplewise._notes import warn
from samplewise.errors import FormatError
from samplewise.metrics.columns import SEGMENTATION
from samplewise.metrics.segmentation import SegmentationMetrics, segmentation_metrics
from samplewise.schema import (
    CategoricalLabelSchema,
    ColumnSchema,
    Float,
    Int,
    ListSchema,
    MapElement,
)
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema
from samplewise.tasks.class_maps import ClassMaps
from samplewise.tasks.classes import NetworkClasses, find_classes
from samplewise.tasks.label_column import LabelColumn
from samplewise.tasks.task import Task

CLASS_MAPS = "mask"
PREDICTED_CLASS_MAPS = "segmentation_predicted"
CLASS_LABELS = "class_labels"

_CLASS_RATIOS = {"class_iou": "iou", "class_dice": "dice", "class_boundary_iou": "boundary_iou"}
_CLASS_COUNTS = {
    "class_ground_truth_pixels": "ground_truth_pixels",
    "class_predicted_pixels": "predicted_pixels",
    "class_right_pixels": "right_pixels",
}
_NAMES = (*SEGMENTATION, CLASS_LABELS, *_CLASS_RATIOS, *_CLASS_COUNTS)


@dataclass(frozen=True)
class PredictedClassMap:
    """The class that a network gives every pixel of one image.

    Args:
        classes: Class indices of the network, in the size of the image on disk, shape `(h, w)`.
    """

    classes: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", np.asarray(self.classes))


@dataclass(frozen=True)
class SegmentationLabels:
    """The class maps of a table; one that cannot be used costs its own row its metrics.

    Args:
        maps: Read when asked for.
        classes: Of the network.
        warned: Why maps were not used, the first time; filled while they are read, and shared by
            all that is made of these labels.
        others: By row, how many of its pixels are of classes that the network does not have;
            filled while they are read.
    """

    maps: ClassMaps
    classes: NetworkClasses
    warned: list[str] = field(default_factory=list, repr=False)
    others: dict[int, dict[str, int]] = field(default_factory=dict, repr=False)

    @property
    def ignore_label(self) -> int:
        """Pixel value that counts for nothing: the table's, else one that is no class."""
        known = self.maps.ignore_label
        return int(max(*self.maps.class_ids, *self.classes.ids)) + 1 if known is None else known

    def load(self, row: int) -> np.ndarray | None:
        """The class map of a row, shape `(h, w)`; None where there is none that can be read."""
        try:
            return self.maps.load(row) if self.maps.has(row) else None
        except FormatError as error:
            self._warn_once(str(error))
            return None

    def load_like(self, row: int, shape: tuple[int, ...]) -> np.ndarray | None:
        """The same without classes of others; None also where it has not its prediction's size."""
        labelled = self.load(row)
        if labelled is None:
            return None
        if labelled.shape == shape:
            self.others[row] = self.classes.count_others(labelled[labelled != self.ignore_label])
            return np.where(self.classes.has(labelled), labelled, self.ignore_label)
        self._warn_once(
            f"the class map of row {row} in table `{self.maps.table_name}` must have the size of "
            f"its prediction, {shape}, but has {labelled.shape}."
        )
        return None

    def _warn_once(self, why: str) -> None:
        if not self.warned:
            self.warned.append(why)
            warn(f"{why}\nIts metrics are null, as those of rows like it.")


class SegmentationTask(Task[SegmentationLabels, PredictedClassMap]):
    """A class for every pixel, compared in pixels of the image on disk."""

    name: ClassVar[str] = "segmentation"
    default_column: ClassVar[str] = CLASS_MAPS
    prediction: ClassVar[type] = PredictedClassMap
    counted_in: ClassVar[str] = "pixels"

    def read_labels(self, column: LabelColumn) -> SegmentationLabels:
        """The class maps of a table.

        Raises:
            InvalidArgumentError: The column holds something else, or names no classes.
        """
        maps = ClassMaps(column)
        return SegmentationLabels(maps, _network_classes(None, maps))

    def match_classes(
        self, labels: SegmentationLabels, class_names: Sequence[str] | None
    ) -> SegmentationLabels:
        """The same class maps beside a network with these classes."""
        return replace(labels, classes=_network_classes(class_names, labels.maps), others={})

    def count_others(self, labels: SegmentationLabels, rows: Sequence[int]) -> dict[str, int]:
        """How many pixels count for nothing, by class."""
        total: Counter[str] = Counter()
        for row in rows:
            total.update(labels.others.get(row, {}))
        return dict(total)

    def schemas(
        self, labels: SegmentationLabels, *, with_predictions: bool
    ) -> dict[str, ColumnSchema]:
        """Ratios an image, ratios and counts a class, and predicted class maps."""
        value_map = labels.classes.value_map
        fraction = Float(minimum=0.0, maximum=1.0, better="higher")
        columns: dict[str, ColumnSchema] = {
            **SEGMENTATION,
            CLASS_LABELS: ListSchema(CategoricalLabelSchema(value_map, writable=False)),
            **{name: ListSchema(fraction) for name in _CLASS_RATIOS},
            **{name: ListSchema(Int(minimum=0)) for name in _CLASS_COUNTS},
        }
        if with_predictions:
            columns[PREDICTED_CLASS_MAPS] = SemanticSegmentationSchema(
                value_map, ignore_label=labels.maps.ignore_label, writable=False
            )
        return columns

    def columns(
        self,
        rows: Sequence[int],
        predictions: Sequence[PredictedClassMap],
        labels: SegmentationLabels,
        *,
        with_predictions: bool,
    ) -> dict[str, Any]:
        """Metrics of some images; null where there is no class map to compare with."""
        predicted = [labels.classes.to_table(each.classes) for each in predictions]
        labelled = [
            labels.load_like(row, pixels.shape) for row, pixels in zip(rows, predicted, strict=True)
        ]
        columns: dict[str, Any] = _metric_columns(predicted, labelled, labels)
        if with_predictions:
            columns[PREDICTED_CLASS_MAPS] = [
                SemanticSegmentation(class_map=pixels) for pixels in predicted
            ]
        return columns


def _network_classes(names: Sequence[str] | None, maps: ClassMaps) -> NetworkClasses:
    """Without the ignore label where the network does not know it either, as ours do not."""
    ignored = maps.ignore_label
    if names is not None and len(names) == 1 and len(maps.classes) == 2:
        # One logit, as of SuperGradients' persons: its class, and whatever is not of it.
        names = [*(name for name in maps.classes if name != names[0]), *names][-2:]
    if names is None or list(names) == maps.classes or ignored is None:
        return find_classes(names, maps.value_map)
    # Among the known ones, so that no class that only the network has gets its id.
    found = find_classes(names, {**maps.value_map, ignored: MapElement("ignored")})
    value_map = {i: e for i, e in found.value_map.items() if i != ignored or i in found.ids}
    return NetworkClasses(found.ids, value_map)


def _metric_columns(
    predicted: list[np.ndarray], labelled: list[np.ndarray | None], labels: SegmentationLabels
) -> dict[str, list[Any]]:
    """Metrics of the images with a ground truth; None for the others."""
    columns: dict[str, list[Any]] = {name: [None] * len(predicted) for name in _NAMES}
    pairs = [(at, predicted[at], truth) for at, truth in enumerate(labelled) if truth is not None]
    metrics = segmentation_metrics(
        [pixels for _, pixels, _ in pairs],
        [truth for _, _, truth in pairs],
        labels=labels.classes.ids,
        ignore_label=labels.ignore_label,
    )
    for number, (at, _, _) in enumerate(pairs):
        for name, value in _values_of_image(metrics, number).items():
            columns[name][at] = value
    return columns


def _values_of_image(metrics: SegmentationMetrics, number: int) -> dict[str, Any]:
    """Values of one image; its lists are about the classes that are in it or predicted."""
    here = metrics.ground_truth_pixels[number] + metrics.predicted_pixels[number] > 0
    lists = {CLASS_LABELS: metrics.labels[here]} | {
        column: getattr(metrics, name)[number][here]
        for column, name in {**_CLASS_RATIOS, **_CLASS_COUNTS}.items()
    }
    means = {name: getattr(metrics, name)[number : number + 1].tolist()[0] for name in SEGMENTATION}
    return means | {name: values.tolist() for name, values in lists.items()}
