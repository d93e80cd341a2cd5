"""Masks of instances: how large they are, which are empty or out of their image."""

import numpy as np
import pyarrow as pa

from samplewise.schema.column import ColumnSchema
from samplewise.schema.run_lengths import expand
from samplewise.server import wire
from samplewise.server.statistics.counting import counted, found, histogram
from samplewise.server.statistics.ragged import lengths, numbers, part, ragged

_TINY = 16.0  # pixels of area


def masks(column: pa.Array, example_ids: np.ndarray, _: ColumnSchema) -> wire.Statistics:
    """What can be said of a column of instance masks."""
    flat = ragged(column, example_ids)
    things = flat.things
    polygons, outside = _of_polygons(part(flat.geometry, "polygons"), flat.sizes)
    runs, broken = _of_runs(part(part(flat.geometry, "rle"), "counts"))
    areas = polygons + runs
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sqrt(areas / flat.sizes.prod(axis=1))
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


def _of_polygons(polygons: pa.ListArray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Area of each mask, holes and overlaps not taken away, and whether it leaves its image.

    Source: the shoelace formula, ring by ring.
    """
    rings = polygons.flatten()
    mask_of_ring = np.repeat(np.arange(len(polygons)), lengths(polygons))
    size = lengths(rings)
    values, ring_of_value = numbers(rings.flatten()), np.repeat(np.arange(len(size)), size)
    place = np.arange(len(values)) - np.repeat(np.cumsum(size) - size, size)
    whole = place < size[ring_of_value] // 2 * 2  # an odd number at the end is no point
    x, y = values[whole & (place % 2 == 0)], values[whole & (place % 2 == 1)]
    points = size // 2
    ring = np.repeat(np.arange(len(points)), points)
    first = np.repeat(np.cumsum(points) - points, points)
    here = np.arange(len(x))
    after = np.where(here - first + 1 < points[ring], here + 1, first)
    twice = np.bincount(ring, x * y[after] - x[after] * y, minlength=len(points))
    areas = np.bincount(mask_of_ring, np.abs(twice) / 2, minlength=len(polygons))
    mask = mask_of_ring[ring]
    width, height = sizes[mask].T
    beyond = (x < -0.5) | (y < -0.5) | (x > width + 0.5) | (y > height + 0.5)
    return areas, np.bincount(mask[beyond], minlength=len(polygons)) > 0


def _of_runs(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Area of each mask, 0 where it has no run lengths, and whether they cannot be read."""
    areas, broken = np.zeros(len(texts)), np.zeros(len(texts), bool)
    for place in np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False)):
        try:
            areas[place] = expand(texts[place].as_py())[1::2].sum()
        except ValueError:
            broken[place] = True
    return areas, broken
