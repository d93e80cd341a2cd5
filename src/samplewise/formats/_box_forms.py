"""Boxes in the forms that label files have them in."""

from collections.abc import Iterator

import numpy as np


def to_xywh(boxes: np.ndarray) -> np.ndarray:
    """`xyxy` boxes as `x, y, width, height`, shape `(n, 4)`.

    The width is one whose sum with x is x_max again. Of those the shortest decimal is taken, since
    label files hold decimals, else the plain difference, which is exact for float32 numbers.
    """
    low, high = boxes[:, :2], boxes[:, 2:]
    sizes = high - low
    exact = sizes.copy()
    found = np.zeros(sizes.shape, bool)
    for candidate in _candidates(sizes):
        fits = ~found & (low + candidate == high)
        exact[fits] = candidate[fits]
        found |= fits
        if found.all():
            break
    return np.hstack([low, exact])


def around(points: np.ndarray) -> list[float] | None:
    """Smallest box around points of shape `(n, 2)`, `xyxy`; None around none."""
    if not len(points):
        return None
    return [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]


def _candidates(sizes: np.ndarray) -> Iterator[np.ndarray]:
    yield from (np.round(sizes, decimals) for decimals in range(10))
    yield sizes
    yield from (np.round(sizes, decimals) for decimals in range(10, 13))
    yield np.nextafter(sizes, np.inf)
    yield np.nextafter(sizes, -np.inf)
