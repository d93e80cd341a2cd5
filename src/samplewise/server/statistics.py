"""How the labels of some samples are distributed, and which of them are hardly right."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.schema.boxes import BoundingBoxes2DSchema, RaggedBoxes, boxes_from_arrow
from samplewise.schema.instances import LABEL
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.selection import selected

MOST_NAMED = 1_000
_BINS = 30
_UNLABELLED = np.iinfo(np.int64).min
_TINY = 4.0  # pixels
_SAME = 0.9  # IoU of two boxes that are one object labelled twice


def statistics(catalog: Catalog, asked: wire.StatisticsRequest) -> wire.Statistics:
    """Counts, histograms and checks of the boxes of the selected samples.

    Raises:
        ColumnNotFoundError: There is no such column.
        InvalidArgumentError: The column holds no boxes, or a filter does not fit.
    """
    source = catalog.open(asked.source)
    column = source.column(asked.column)
    if not isinstance(column.schema, BoundingBoxes2DSchema):
        raise InvalidArgumentError(f"`column` must hold boxes, but `{asked.column}` does not.")
    rows = selected(source, asked.filters, hot=catalog.hot)
    found = _Boxes.of(boxes_from_arrow(column.rows.column(column.stored).take(pa.array(rows))))
    return wire.Statistics(
        samples=len(rows),
        instances=len(found.labels),
        classes=found.classes(),
        histograms=found.histograms(),
        checks=found.checks(source.example_ids[rows]),
    )


@dataclass(frozen=True)
class _Boxes:
    """Boxes of `n` samples, flat.

    Args:
        boxes: `xyxy` pixels, shape `(t, 4)`.
        samples: Which of the samples each is in, shape `(t,)`.
        labels: Class ids, shape `(t,)`.
        sizes: Width and height of the image of each, NaN where unknown, shape `(t, 2)`.
        counts: Boxes of each sample, shape `(n,)`.
    """

    boxes: np.ndarray
    samples: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, ragged: RaggedBoxes) -> "_Boxes":
        """The boxes of some samples."""
        counts = np.diff(ragged.offsets)
        samples = np.repeat(np.arange(len(counts)), counts)
        extents = ragged.extents[samples]
        return cls(
            ragged.boxes,
            samples,
            ragged.integers(LABEL, _UNLABELLED),
            extents[:, 2:] - extents[:, :2],
            counts,
        )

    @property
    def sides(self) -> np.ndarray:
        """Width and height of each box, shape `(t, 2)`."""
        return self.boxes[:, 2:] - self.boxes[:, :2]

    def classes(self) -> list[wire.ClassCount]:
        """Classes, the most frequent first."""
        pairs = np.unique(np.stack([self.labels, self.samples], axis=1), axis=0)
        ids, instances = np.unique(self.labels, return_counts=True)
        samples = dict(zip(*np.unique(pairs[:, 0], return_counts=True), strict=True))
        order = np.argsort(-instances, kind="stable")
        return [
            wire.ClassCount(
                id=None if ids[i] == _UNLABELLED else int(ids[i]),
                instances=int(instances[i]),
                samples=int(samples[ids[i]]),
            )
            for i in order
        ]

    def histograms(self) -> dict[str, wire.Histogram]:
        """What is measured of boxes; the aspect on a scale of powers of two."""
        width, height = self.sides.T
        with np.errstate(divide="ignore", invalid="ignore"):
            aspect = np.log2(width / height)
            area = np.sqrt(width * height / self.sizes.prod(axis=1))
        return {
            "width": _histogram(width),
            "height": _histogram(height),
            "aspect": _histogram(aspect),
            "area": _histogram(area),
            "instances": _counted(self.counts),
        }

    def checks(self, example_ids: np.ndarray) -> list[wire.Check]:
        """Boxes that are hardly right."""
        width, height = self.sides.T
        outside = (self.boxes[:, :2] < -0.5).any(axis=1) | (
            self.boxes[:, 2:] > self.sizes + 0.5
        ).any(axis=1)
        found = {
            ("Labelled twice", "Two boxes of one class on one object (IoU above 0.9)."): (
                self._twice()
            ),
            ("Tiny", f"Less than {_TINY:.0f} pixels wide or high."): (
                np.minimum(width, height) < _TINY
            ),
            ("Out of the image", "A box that reaches over the border of its image."): outside,
            ("Without a class", "A box that nobody gave a label."): self.labels == _UNLABELLED,
        }
        checks = [
            _check(*words, self.samples, wrong, example_ids) for words, wrong in found.items()
        ]
        empty = example_ids[self.counts == 0]
        none = wire.Check(
            "Without boxes",
            "Samples in which nothing is labelled.",
            0,
            empty[:MOST_NAMED].tolist(),
        )
        return [check for check in [*checks, none] if check.example_ids]

    def _twice(self) -> np.ndarray:
        """Whether a box has another one of its class in its place; neighbours in order of place."""
        order = np.lexsort((self.boxes[:, 0], self.labels, self.samples))
        boxes, wrong = self.boxes[order], np.zeros(len(order), bool)
        group = np.stack([self.samples, self.labels], axis=1)[order]
        for step in (1, 2):
            same = (group[step:] == group[:-step]).all(axis=1)
            twins = same & (_iou(boxes[step:], boxes[:-step]) > _SAME)
            wrong[order[step:][twins]] = True
        return wrong


def _iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Overlap of boxes pair by pair, shape `(m,)`."""
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1)
    union = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1) - shared
    return np.divide(shared, union, out=np.zeros(len(a)), where=union > 0)


def _histogram(values: np.ndarray) -> wire.Histogram:
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, _BINS) if len(finite) else (np.zeros(0), np.zeros(0))
    return wire.Histogram(
        counts=counts.astype(int).tolist(),
        edges=edges.tolist(),
        nulls=len(values) - len(finite),
    )


def _counted(counts: np.ndarray) -> wire.Histogram:
    """One bin for each number of boxes."""
    occurring = np.bincount(counts) if len(counts) else np.zeros(0, int)
    return wire.Histogram(counts=occurring.tolist(), values=list(range(len(occurring))))


def _check(
    name: str, why: str, samples: np.ndarray, wrong: np.ndarray, example_ids: np.ndarray
) -> wire.Check:
    rows = np.unique(samples[wrong])
    return wire.Check(name, why, int(wrong.sum()), example_ids[rows][:MOST_NAMED].tolist())
