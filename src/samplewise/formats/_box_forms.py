"""Boxes in the forms that label files have them in."""

from collections.abc import Iterator

import numpy as np


def to_xywh(boxes: np.ndarray, *, shortest: bool = True) -> np.ndarray:
    """`xyxy` boxes as `x, y, width, height`, shape `(n, 4)`.

    A width is one whose sum with x is x_max again; there are several, a few last digits apart.

    Args:
        boxes: Boxes, shape `(n, 4)`.
        shortest: Whether the shortest decimal of them is taken, as label tools write widths, or
            the plain difference, as programs do that had corners.
    """
    low, high = boxes[:, :2], boxes[:, 2:]
    sizes = high - low
    exact = sizes.copy()
    found = np.zeros(sizes.shape, bool)
    for candidate in _candidates(sizes, shortest=shortest):
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


def _candidates(sizes: np.ndarray, *, shortest: bool) -> Iterator[np.ndarray]:
    if shortest:
        yield from (np.round(sizes, decimals) for decimals in range(10))
    yield sizes  # exact for numbers of single precision, whose decimals are long
    yield from (np.round(sizes, decimals) for decimals in range(13))
    yield np.nextafter(sizes, np.inf)
    yield np.nextafter(sizes, -np.inf)
