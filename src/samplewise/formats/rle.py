"""COCO's run lengths: pixels column by column, runs of background and mask in turn.

A mask is either a list of *counts* (background first) or the same counts as a *text*, which COCO
calls compressed: each count, from the fourth on as the difference to the last but one, in chunks
of 5 bits with a continuation bit. Both hold the same counts, so nothing is lost between them.

Source: `rleToString`, `rleFrString`, `rleToBbox` in `maskApi.c` of the COCO API.
"""

from itertools import pairwise

import numpy as np

_CHUNK, _SIGN, _MORE, _FIRST = 0x1F, 0x10, 0x20, 48


def compress(counts: np.ndarray, offsets: np.ndarray) -> list[str]:
    """Texts of many masks.

    Args:
        counts: Counts of all masks, one after the other, shape `(r,)`.
        offsets: Mask `i` has the counts `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.

    Returns:
        `n` texts.
    """
    values = np.asarray(counts, np.int64).copy()
    place = np.arange(len(values)) - np.repeat(offsets[:-1], np.diff(offsets))
    late = np.flatnonzero(place > 2)
    values[late] -= np.asarray(counts, np.int64)[late - 2]
    characters, used = _characters(values)
    ends = np.concatenate([[0], np.cumsum(used.sum(axis=1))])[offsets]
    text = characters[used].tobytes().decode("ascii")
    return [text[start:end] for start, end in pairwise(ends.tolist())]


def _characters(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Characters of each number, uint8, shape `(r, m)`, and which of them are used."""
    columns, masks = [], []
    rest, active = values.copy(), np.ones(len(values), bool)
    while active.any():
        low = rest & _CHUNK
        rest >>= 5
        more = np.where(low & _SIGN, rest != -1, rest != 0)
        columns.append((low | np.where(more, _MORE, 0)) + _FIRST)
        masks.append(active)
        active = active & more
    if not columns:
        return np.zeros((0, 0), np.uint8), np.zeros((0, 0), bool)
    return np.stack(columns, axis=1).astype(np.uint8), np.stack(masks, axis=1)


def expand(text: str) -> np.ndarray:
    """Counts of one mask, int64, shape `(r,)`.

    Raises:
        ValueError: The text is cut off, or is no such text.
    """
    codes = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - _FIRST
    if len(codes) == 0:
        return np.zeros(0, np.int64)
    is_last = (codes & _MORE) == 0
    if codes.min() < 0 or codes.max() >= 2 * _MORE or not is_last[-1]:
        raise ValueError("the run lengths are cut off or are no run lengths")
    ends = np.flatnonzero(is_last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    shifts = 5 * (np.arange(len(codes)) - np.repeat(starts, ends - starts + 1))
    counts = np.add.reduceat((codes & _CHUNK) << shifts, starts)
    negative = (codes[ends] & _SIGN) != 0
    counts[negative] -= np.int64(1) << (5 * (ends - starts + 1))[negative]
    counts[1::2] = np.cumsum(counts[1::2])
    counts[2::2] = np.cumsum(counts[2::2])
    return counts


def box_around(counts: np.ndarray, height: int) -> list[float] | None:
    """Smallest box around a mask, `xyxy` pixels; None if the mask is empty.

    Args:
        counts: Counts of the mask.
        height: Of the image in pixels.
    """
    ends = np.cumsum(counts)
    first, last = ends[:-1:2], ends[1::2] - 1
    filled = last >= first
    if height < 1 or not filled.any():
        return None
    first, last = first[filled], last[filled]
    left, right = first // height, last // height
    spans = left != right  # a run over a column's end touches both edges of the image
    top = np.where(spans, 0, first % height)
    bottom = np.where(spans, height - 1, last % height)
    corners = (left.min(), top.min(), right.max() + 1, bottom.max() + 1)
    return [float(corner) for corner in corners]


def area(counts: np.ndarray) -> float:
    """Pixels of a mask."""
    return float(np.sum(counts[1::2]))
