"""Masks of instances: how large they are, which are empty or out of their image."""

import numpy as np
import pyarrow as pa

from samplewise.schema.column import ColumnSchema
from samplewise.schema.masks import masks_from_arrow
from samplewise.schema.polygons import Polygons
from samplewise.schema.run_lengths import expand
from samplewise.server import wire
from samplewise.server.statistics.counting import Labelled, counted, found, histogram

_TINY = 16.0  # pixels of area


def masks(column: pa.Array, example_ids: np.ndarray, _: ColumnSchema) -> wire.Statistics:
    """What can be said of a column of instance masks."""
    flat = masks_from_arrow(column)
    things = Labelled.of(flat, example_ids)
    sizes = flat.sizes[things.samples]
    polygons, outside = flat.polygons.areas(), _leave_image(flat.polygons, sizes)
    runs, broken = _areas_of_runs(flat.run_lengths)
    areas = polygons + runs
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sqrt(areas / sizes.prod(axis=1))
    return wire.Statistics(
        samples=len(things.counts),
        instances=len(areas),
        classes=things.classes(),
        histograms={"instances": counted(things.counts), "area": histogram(share)},
        checks=found(
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


def _areas_of_runs(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Area of each mask, 0 where it has no run lengths, and whether they cannot be read."""
    areas, broken = np.zeros(len(texts)), np.zeros(len(texts), bool)
    for place in np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False)):
        try:
            areas[place] = expand(texts[place].as_py())[1::2].sum()
        except ValueError:
            broken[place] = True
    return areas, broken
