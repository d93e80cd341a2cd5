"""Masks of polygons, and overlaps of masks; both need `pycocotools`."""

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from jaxtyping import Bool, Float

from samplewise._extras import require
from samplewise.metrics.run_lengths import (
    RunLengths,
    decode,
    encode,
    mask_areas,
    mask_boxes,
    packed,
    size_of,
)

__all__ = [
    "RunLengths",
    "decode",
    "encode",
    "from_polygons",
    "mask_areas",
    "mask_boxes",
    "pairwise_mask_iou",
]


def from_polygons(polygons: Sequence[Sequence[float]], *, height: int, width: int) -> RunLengths:
    """The area inside of any of some polygons.

    Args:
        polygons: Each `[x0, y0, x1, y1, ...]` in pixels, with at least 3 points; shorter ones,
            which label tools leave behind, hold no area and are skipped.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Returns:
        One mask.

    Raises:
        MissingDependencyError: `pycocotools` is not installed.

    Source:
        `rleFrPoly` of the COCO API: pixels are set as pycocotools sets them.
    """
    whole = [[float(v) for v in polygon] for polygon in polygons if len(polygon) >= 6]
    if not whole:
        return encode(np.zeros((1, height, width), bool))[0]
    tools = _tools("masks of polygons")
    return tools.merge(tools.frPyObjects(whole, height, width))


def pairwise_mask_iou(
    predictions: Sequence[RunLengths],
    ground_truths: Sequence[RunLengths],
    is_crowd: Bool[np.ndarray, " t"] | None = None,
) -> Float[np.ndarray, "p t"]:
    """Overlap of every predicted mask with every ground-truth mask of an image.

    Args:
        predictions: `p` masks, may be none.
        ground_truths: `t` masks, may be none.
        is_crowd: Which ground truths are crowd regions, shape `(t,)`; see `pairwise_iou`.

    Returns:
        Overlaps in [0, 1], shape `(p, t)`; 0, never NaN, for two empty masks.

    Raises:
        InvalidArgumentError: The masks are of different sizes.
        MissingDependencyError: `pycocotools` is not installed.

    Source:
        COCO API, `rleIou` in `maskApi.c`.
    """
    p, t = len(predictions), len(ground_truths)
    size_of([*predictions, *ground_truths])
    if not p or not t:
        return np.zeros((p, t))
    crowd = np.zeros(t, np.uint8) if is_crowd is None else is_crowd.astype(np.uint8)
    overlap = _tools("overlaps of masks").iou(
        [packed(mask) for mask in predictions], [packed(mask) for mask in ground_truths], crowd
    )
    return np.nan_to_num(np.asarray(overlap, np.float64), nan=0.0)


def _tools(purpose: str) -> ModuleType:
    return require(
        "pycocotools.mask", package="pycocotools", extra="super-gradients", purpose=purpose
    )
