"""Masks of instances: how large they are, which are empty or out of their image."""

import numpy as np
import pyarrow as pa

from samplewise.schema.column import ColumnSchema
from samplewise.schema.masks import masks_from_arrow
from samplewise.schema.polygons import Polygons
from samplewise.schema.run_lengths import measure_run_lengths
from samplewise.server import wire
from samplewise.server.statistics.counting import (
    Labelled,
    drop_empty,
    histogram,
    tally,
)

_TINY = 16.0  # pixels of area


def masks(column: pa.Array, example_ids: np.ndarray, _: ColumnSchema) -> wire.Statistics:
    """What can be said of a column of instance masks."""
    flat = masks_from_arrow(column)
    things = Labelled.of(flat, example_ids)
    sizes = flat.sizes[things.samples]
    polygons, outside = flat.polygons.areas(), _leave_image(flat.polygons, sizes)
    runs = measure_run_lengths(flat.run_lengths)[0]
    broken = flat.rle_given & (runs < 0)
    areas = polygons + np.maximum(runs, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sqrt(areas / sizes.prod(axis=1))
    return wire.Statistics(
        samples=len(things.counts),
        instances=len(areas),
        classes=things.classes(),
        histograms={"instances": tally(things.counts), "area": histogram(share)},
        checks=drop_empty(
            [
                things.check("Empty", "A mask without a pixel.", (areas == 0) & ~broken),
                things.check(
                    "Tiny",
                    f"Less than {_TINY:.0f} pixels in all.",
                    (areas > 0) & (areas < _TINY),
                ),
                things.check(
                    "Out of the image", "A corner beyond the border of its image.", outside
                ),
                things.check("Not readable", "Run lengths that are cut off.", broken),
                things.without_class("A mask"),
                things.empty("masks"),
            ]
        ),
    )


def _leave_image(polygons: Polygons, sizes: np.ndarray) -> np.ndarray:
    """Whether a corner of each mask lies beyond the border of its image, bool, shape `(t,)`."""
    ring, points = polygons.points()
    mask = polygons.ring_instances[ring]
    beyond = np.any((points < -0.5) | (points > sizes[mask] + 0.5), axis=1)
    return np.bincount(mask[beyond], minlength=len(sizes)) > 0
