"""Per-image and per-class metrics of semantic segmentation models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from super_gradients.common.registry import register_callback
from super_gradients.training.utils.predict import ImageSegmentationPrediction

from samplewise._notes import warn
from samplewise.errors import CollectionError, FormatError
from samplewise.integration.super_gradients.callbacks._loss_targets import MapTargets
from samplewise.integration.super_gradients.callbacks._sample_loss import Target
from samplewise.integration.super_gradients.callbacks._table_rows import TableRows
from samplewise.integration.super_gradients.callbacks.base_callback import (
    MetricsCollectionCallback,
)
from samplewise.integration.super_gradients.datasets.class_maps import MASK_COLUMN, ClassMaps
from samplewise.integration.super_gradients.datasets.classes import (
    PredictedClasses,
    predicted_classes,
)
from samplewise.integration.super_gradients.predictors import SuperGradientsPredictor
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
from samplewise.tables import Table

PREDICTED = "segmentation_predicted"
CLASS_LABELS = "class_labels"

_CLASS_RATIOS = {"class_iou": "iou", "class_dice": "dice", "class_boundary_iou": "boundary_iou"}
_CLASS_COUNTS = {
    "class_ground_truth_pixels": "ground_truth_pixels",
    "class_predicted_pixels": "predicted_pixels",
    "class_right_pixels": "right_pixels",
}
_NAMES = (*SEGMENTATION, CLASS_LABELS, *_CLASS_RATIOS, *_CLASS_COUNTS)


@dataclass(frozen=True)
class _Labels:
    """The ground truth of one table, and what the network's classes are there."""

    maps: ClassMaps
    rows: TableRows
    classes: PredictedClasses

    @property
    def class_ids(self) -> np.ndarray:
        """Of the Table, and of classes that only the network has."""
        return np.union1d(self.maps.class_ids, self.classes.ids)


@register_callback("SegmentationMetricsCollectionCallback")
class SegmentationMetricsCollectionCallback(MetricsCollectionCallback):
    """Collects what a semantic segmentation model does to every image.

    Per image: mean IoU, mean Dice, mean boundary IoU and pixel accuracy, in pixels of the image on
    disk. Per class: `class_labels` are the classes in the prediction or the ground truth of the
    image, and `class_iou`, `class_dice`, `class_boundary_iou`, `class_ground_truth_pixels`,
    `class_predicted_pixels` and `class_right_pixels` hold one value for each of them, so that the
    IoU of a whole dataset is a sum over its rows. The predicted class map is stored as run lengths
    (`segmentation_predicted`). Labels are the Table's class ids. Pixels with the Table's ignore
    label count for nothing.

    An image without a class map has nulls, and so has one whose class map cannot be read, is not
    of its size, or holds a value that is no class; that is said once.

    See `MetricsCollectionCallback` for the arguments. Subclasses may add metrics, as those of
    `DetectionMetricsCollectionCallback`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._labels: dict[str, _Labels] = {}
        self._doubted: set[str] = set()
        super().__init__(*args, **kwargs)

    @property
    def label_column_name(self) -> str:
        """Column of class maps, `mask` by default."""
        return self._label_column_name or MASK_COLUMN

    @property
    def collects_predictions(self) -> bool:
        """Whether predicted class maps are stored: yes, unless told otherwise."""
        return self._collect_predictions is not False

    def metrics_column_schemas(self, table: Table) -> dict[str, ColumnSchema]:
        """Column kinds of what `compute_metrics` returns."""
        known = self._labels_of(table)
        value_map = known.classes.value_map
        fraction = Float(minimum=0.0, maximum=1.0, better="higher")
        columns: dict[str, ColumnSchema] = {
            **SEGMENTATION,
            CLASS_LABELS: ListSchema(CategoricalLabelSchema(value_map, writable=False)),
            **{name: ListSchema(fraction) for name in _CLASS_RATIOS},
            **{name: ListSchema(Int(minimum=0)) for name in _CLASS_COUNTS},
        }
        if self.collects_predictions:
            columns[PREDICTED] = SemanticSegmentationSchema(
                value_map, ignore_label=known.maps.ignore_label, writable=False
            )
        return columns

    def compute_metrics(self, images: list[str], predictions: Any, table: Table) -> dict[str, Any]:
        """Metrics of a batch, one value per image by column name."""
        known = self._labels_of(table)
        one = isinstance(predictions, ImageSegmentationPrediction)
        maps = [_predicted_ids(each, known) for each in ([predictions] if one else predictions)]
        truths = [
            self._truth(row, predicted.shape, known, table)
            for row, predicted in zip(known.rows.of(images), maps, strict=True)
        ]
        columns: dict[str, list[Any]] = _judged(maps, truths, known)
        if self.collects_predictions:
            columns[PREDICTED] = [SemanticSegmentation(class_map=predicted) for predicted in maps]
        return columns

    def _start_over(self) -> None:
        super()._start_over()
        self._labels, self._doubted = {}, set()

    def _check_table(self, table: Table, split: str) -> None:
        super()._check_table(table, split)
        self._labels_of(table)

    def _prepare_table(self, table: Table, predictor: SuperGradientsPredictor) -> None:
        known = self._labels_of(table)
        classes = _network_classes(predictor.class_names, known.maps)
        self._labels[table.id] = replace(known, classes=classes)

    def _loss_target(self, table: Table, predictor: SuperGradientsPredictor) -> Target:
        known = self._labels_of(table)
        load = partial(self._loaded, known=known, table=table)
        fill = _ignored_by(self._loss.criterion, known.maps.ignore_index)
        return MapTargets(load, known.classes, fill)

    def _labels_of(self, table: Table) -> _Labels:
        if table.id not in self._labels:
            maps = ClassMaps(table, self.label_column_name)
            rows = TableRows(table, self._image_column_name)
            self._labels[table.id] = _Labels(maps, rows, _network_classes(None, maps))
        return self._labels[table.id]

    def _truth(
        self, row: int, shape: tuple[int, ...], known: _Labels, table: Table
    ) -> np.ndarray | None:
        """The class map of a row, shape `(h, w)`; None where there is none to compare with."""
        truth = self._loaded(row, known, table)
        if truth is None:
            return None
        if truth.shape != shape:
            return self._doubt(
                table,
                f"the class map of row {row} in table `{table.name}` must have the size of its "
                f"prediction, {shape}, but has {truth.shape}.",
            )
        return truth

    def _loaded(self, row: int, known: _Labels, table: Table) -> np.ndarray | None:
        """The class map of a row, shape `(h, w)`; None where there is none that can be read."""
        try:
            return known.maps.load(row) if known.maps.has(row) else None
        except FormatError as error:
            return self._doubt(table, str(error))

    def _doubt(self, table: Table, why: str) -> None:
        """One bad row must not cost the others their metrics; it is said once a table."""
        if table.id not in self._doubted:
            self._doubted.add(table.id)
            warn(f"{why}\nIts metrics are null, as those of rows like it.")


def _network_classes(names: Sequence[str] | None, maps: ClassMaps) -> PredictedClasses:
    """Without the ignore label where the network does not know it either, as ours do not."""
    ignored = maps.ignore_label
    if names is not None and len(names) == 1 and len(maps.classes) == 2:
        # One logit, as of SuperGradients' persons: its class, and whatever is not of it.
        names = [*(name for name in maps.classes if name != names[0]), *names][-2:]
    if names is None or list(names) == maps.classes or ignored is None:
        return predicted_classes(names, maps.value_map)
    # Among the known ones, so that no class that only the network has gets its id.
    found = predicted_classes(names, {**maps.value_map, ignored: MapElement("ignored")})
    value_map = {i: e for i, e in found.value_map.items() if i != ignored or i in found.ids}
    return PredictedClasses(found.ids, value_map)


def _ignored_by(criterion: Any, default: int) -> int:
    """The index that a criterion does not count, by the names that criteria have for it."""
    names = ("ignore_index", "ignore_label", "ignore_lb")
    found = [getattr(criterion, name, None) for name in names]
    return next((each for each in found if isinstance(each, int)), default)


def _predicted_ids(each: ImageSegmentationPrediction, known: _Labels) -> np.ndarray:
    """Class ids of the Table, int64, shape `(h, w)`."""
    indices = np.asarray(each.prediction.segmentation_map)
    count = len(known.classes.ids)
    if indices.size and indices.max() >= count:
        raise CollectionError(
            f"the model must predict one of its {count} classes, but predicts class "
            f"{indices.max()}.",
            hint="does its class list fit? model.set_dataset_processing_params(class_names=...)",
        )
    return known.classes.to_table(indices)


def _judged(
    maps: list[np.ndarray], truths: list[np.ndarray | None], known: _Labels
) -> dict[str, list[Any]]:
    """Metrics of the images with a ground truth; None for the others."""
    columns: dict[str, list[Any]] = {name: [None] * len(maps) for name in _NAMES}
    pairs = [(at, maps[at], truth) for at, truth in enumerate(truths) if truth is not None]
    metrics = segmentation_metrics(
        [predicted for _, predicted, _ in pairs],
        [truth for _, _, truth in pairs],
        labels=known.class_ids,
        ignore_label=known.maps.ignore_label,
    )
    for number, (at, _, _) in enumerate(pairs):
        for name, value in _of_image(metrics, number).items():
            columns[name][at] = value
    return columns


def _of_image(metrics: SegmentationMetrics, number: int) -> dict[str, Any]:
    here = metrics.ground_truth_pixels[number] + metrics.predicted_pixels[number] > 0
    lists = {CLASS_LABELS: metrics.labels[here]} | {
        column: getattr(metrics, name)[number][here]
        for column, name in {**_CLASS_RATIOS, **_CLASS_COUNTS}.items()
    }
    means = {name: getattr(metrics, name)[number : number + 1].tolist()[0] for name in SEGMENTATION}
    return means | {name: values.tolist() for name, values in lists.items()}
