"""Polygons of many instances, flat."""

from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np
import pyarrow as pa

from samplewise.schema.ragged import numbers_of, offsets_of

POLYGONS_TYPE = pa.list_(pa.list_(pa.float64()))


@dataclass(frozen=True)
class Polygons:
    """Polygons of `n` instances, each of any number of rings.

    Args:
        numbers: `x, y, x, y, ...` of all rings in pixels, shape `(m,)`.
        ring_offsets: Ring `j` has the numbers `ring_offsets[j]` to `ring_offsets[j + 1]`.
        offsets: Instance `i` has the rings `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.
    """

    numbers: np.ndarray
    ring_offsets: np.ndarray
    offsets: np.ndarray

    @classmethod
    def from_lists(cls, instances: list[list[list[float]]]) -> Self:
        """From nested lists."""
        rings = list(chain.from_iterable(instances))
        return cls(
            np.fromiter(chain.from_iterable(rings), np.float64),
            offsets_of_lengths([len(ring) for ring in rings]),
            offsets_of_lengths([len(polygons) for polygons in instances]),
        )

    @classmethod
    def from_arrow(cls, column: pa.ListArray) -> Self:
        """From lists of lists; null is an instance without rings."""
        rings = column.flatten()
        return cls(numbers_of(rings.flatten()), offsets_of(rings), offsets_of(column))

    def to_arrow(self, *, null: np.ndarray) -> pa.ListArray:
        """As lists of lists; null where `null` (bool, shape `(n,)`) is true."""
        rings = pa.ListArray.from_arrays(
            pa.array(self.ring_offsets, pa.int32()), pa.array(self.numbers)
        )
        return pa.ListArray.from_arrays(
            pa.array(self.offsets, pa.int32()), rings, type=POLYGONS_TYPE, mask=pa.array(null)
        )

    def areas(self) -> np.ndarray:
        """Area of each instance in square pixels: the sum over its rings, shape `(n,)`.

        Holes and overlaps are not taken away.

        Source:
            The shoelace formula, ring by ring.
        """
        owner, points = self.points()
        first = np.searchsorted(owner, np.arange(len(self.ring_offsets) - 1))
        x, y = points.T
        following = np.arange(len(owner)) + 1
        last = np.flatnonzero(np.diff(owner, append=-1) != 0)
        following[last] = first[owner[last]]
        # Relative to the first point of the ring, where products lose the fewest digits.
        x, y = x - x[first[owner]], y - y[first[owner]]
        twice = np.bincount(
            owner, x * y[following] - x[following] * y, minlength=len(self.ring_offsets) - 1
        )
        count = len(self.offsets) - 1
        return np.bincount(self.ring_instances, np.abs(twice) / 2, minlength=count)

    @property
    def ring_instances(self) -> np.ndarray:
        """The instance of every ring."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """The ring of every point, shape `(p,)`, and all points, shape `(p, 2)`.

        A number at the end of a ring that has no partner is no point.
        """
        owner = np.repeat(np.arange(len(self.ring_offsets) - 1), np.diff(self.ring_offsets) // 2)
        rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
        start = self.ring_offsets[owner] + 2 * rank
        return owner, np.stack([self.numbers[start], self.numbers[start + 1]], axis=1)


def offsets_of_lengths(lengths: Any) -> np.ndarray:
    """Where each of some lists begins in flat form, and where the last ends, shape `(n + 1,)`."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
