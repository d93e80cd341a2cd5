"""Instances of many samples, flat: what poses and masks have in common in storage."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from samplewise.schema.foreign import joined
from samplewise.schema.instances import ADDITIONAL, EXTENT, LABEL
from samplewise.server.statistics.counting import UNLABELLED, Labelled


@dataclass(frozen=True)
class Ragged:
    """The instances of `n` samples.

    Args:
        things: Their samples and classes.
        geometry: Stored form of each, `t` of them.
        sizes: Width and height of the image of each, NaN where unknown, shape `(t, 2)`.
    """

    things: Labelled
    geometry: pa.StructArray
    sizes: np.ndarray


def ragged(column: pa.Array, example_ids: np.ndarray) -> Ragged:
    """The instances in a column. A null value counts as a sample without any."""
    array = joined(column) if isinstance(column, pa.ChunkedArray) else column
    instances = part(array, "instances")
    counts = instances.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    samples = np.repeat(np.arange(len(counts)), counts)
    sides = [part(array, side).to_numpy(zero_copy_only=False).astype(float) for side in EXTENT]
    sizes = np.stack([sides[2] - sides[0], sides[3] - sides[1]], axis=1)[samples]
    labels = np.full(len(samples), UNLABELLED)
    additional = part(array, ADDITIONAL)
    if additional.type.get_field_index(LABEL) >= 0:
        given = part(additional, LABEL).flatten()
        if len(given) == len(samples):
            filled = given.cast(pa.int64()).fill_null(UNLABELLED)
            labels = filled.to_numpy(zero_copy_only=False)
    things = Labelled(samples, labels, counts, example_ids)
    return Ragged(things, instances.flatten(), sizes)


def part(array: pa.StructArray, name: str) -> pa.Array:
    """One field of structs, null where they are."""
    return array.flatten()[array.type.get_field_index(name)]


def numbers(array: pa.Array) -> np.ndarray:
    """As float64, NaN where null."""
    return array.cast(pa.float64()).to_numpy(zero_copy_only=False)


def lengths(lists: pa.ListArray) -> np.ndarray:
    """Values of each list; 0 where null."""
    return lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
