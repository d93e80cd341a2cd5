"""What is odd about boxes, counted in the same words for every format."""

from collections.abc import Callable, Sequence

import numpy as np

from samplewise.formats.import_report import FLAT, OUTSIDE, SAME, Findings

_ODD = np.array(  # drawn once by chance
    (
        0xA5A3_96D1_7C4B_2E0F,
        0xD1B5_4A32_D192_ED03,
        0x9E37_79B9_7F4A_7C15,
        0xC2B2_AE3D_27D4_EB4F,
        0xE703_7ED1_A0B4_28DB,
        0x8EBC_6AF0_9C88_C6E3,
    ),
    np.uint64,
)


def report_boxes(
    findings: Findings,
    boxes: np.ndarray,
    sizes: np.ndarray,
    rows: np.ndarray,
    labels: np.ndarray,
    name: Callable[[int], str],
    *,
    slack: float | np.ndarray = 1e-6,
) -> None:
    """Count boxes that reach outside, have no area, or are there twice; all are kept.

    Args:
        findings: Counts them.
        boxes: `xyxy` pixels, shape `(t, 4)`.
        sizes: Width and height of the image of each, NaN where unknown, shape `(t, 2)`.
        rows: Place of the image of each, shape `(t,)`.
        labels: Class of each, shape `(t,)`.
        name: What a box is called in examples, by its place.
        slack: How far a box may reach outside by rounding, pixels; one number or `(t, 1)`.
    """
    outside = (boxes[:, :2] < -slack).any(axis=1) | (boxes[:, 2:] > sizes + slack).any(axis=1)
    flat = (boxes[:, 2:] <= boxes[:, :2]).any(axis=1)
    for reason, which in (
        (OUTSIDE, outside),
        (FLAT, flat),
        (SAME, _repeats(boxes, rows, labels)),
    ):
        places: Sequence[int] = np.flatnonzero(which).tolist()
        findings.keep(reason, *[name(place) for place in places[:5]], count=len(places))


def _repeats(boxes: np.ndarray, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which boxes came before in the same image with the same class."""
    keys = np.column_stack([rows, labels, np.ascontiguousarray(boxes).view(np.int64)])
    # Sorted by one number each, since sorting by six columns takes longer than reading the file;
    # those that share the number by chance are told apart by their columns.
    mixed = (keys.astype(np.uint64) * _ODD).sum(axis=1, dtype=np.uint64)
    order = np.argsort(mixed, kind="stable")
    again = np.zeros(len(boxes), bool)
    again[order[1:][(keys[order[1:]] == keys[order[:-1]]).all(axis=1)]] = True
    return again
