"""Masks as run lengths: COCO's storage form, in NumPy alone.

A mask is a boolean image, shape `(h, w)`. Its run lengths count pixels down the columns, first
those that are not set, then those that are, in turn. Stored they are a dictionary of `size`
(`[h, w]`) and `counts`: the lengths as a list, or packed into characters.

Source:
    COCO API, `rleToString` and `rleFrString` in `maskApi.c`: of every length from the fourth on,
    the one two places before is taken away; what is left is written in groups of five bits, the
    lowest first, each as the character 48 above it, 32 more where another group follows.
"""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from jaxtyping import Bool, Float, Int

from samplewise.errors import InvalidArgumentError


class RunLengths(TypedDict):
    """One stored mask; `counts` is packed (bytes, or text in JSON) or a list of lengths."""

    size: Sequence[int]
    counts: bytes | str | Sequence[int]


def encode(masks: Bool[np.ndarray, "m h w"]) -> list[RunLengths]:
    """Masks of one image as packed run lengths.

    Args:
        masks: Shape `(m, h, w)`; `m` may be 0.

    Returns:
        One dictionary a mask, byte for byte that of pycocotools.
    """
    height, width = masks.shape[1:]
    return [RunLengths(size=[height, width], counts=_pack(_runs(mask.T.ravel()))) for mask in masks]


def decode(run_lengths: Sequence[RunLengths]) -> Bool[np.ndarray, "m h w"]:
    """Masks of one image from their run lengths; the inverse of `encode`.

    Args:
        run_lengths: All of one size.

    Returns:
        Shape `(m, h, w)`; `(0, 0, 0)` for none, since nothing says how large the image is.

    Raises:
        InvalidArgumentError: The masks are of different sizes, or the lengths do not add up to
            their size.
    """
    height, width = size_of(run_lengths)
    masks = np.zeros((len(run_lengths), width, height), bool)
    for mask, stored in zip(masks, run_lengths, strict=True):
        counts = _counts(stored)
        mask.ravel()[:] = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    return masks.transpose(0, 2, 1)


def mask_areas(run_lengths: Sequence[RunLengths]) -> Int[np.ndarray, " m"]:
    """Area of every mask in pixels, shape `(m,)`."""
    return np.array([_counts(stored)[1::2].sum() for stored in run_lengths], np.int64)


def mask_boxes(run_lengths: Sequence[RunLengths]) -> Float[np.ndarray, "m 4"]:
    """Smallest box around every mask, `xyxy` pixels, shape `(m, 4)`; all 0 where it is empty."""
    boxes = np.zeros((len(run_lengths), 4))
    for box, stored in zip(boxes, run_lengths, strict=True):
        height, ends = stored["size"][0], np.cumsum(_counts(stored))
        first, last = ends[:-1:2], ends[1::2] - 1  # of the runs that are set
        first, last = first[last >= first], last[last >= first]
        if len(first):
            columns = first[0] // height, last[-1] // height
            is_tall = np.any(first // height != last // height)  # goes on in the next column
            rows = (0, height - 1) if is_tall else (min(first % height), max(last % height))
            box[:] = columns[0], rows[0], columns[1] + 1, rows[1] + 1
    return boxes


def packed(stored: RunLengths) -> RunLengths:
    """The same mask with packed counts, the form that pycocotools takes."""
    return RunLengths(size=list(stored["size"]), counts=_pack(_counts(stored)))


def size_of(run_lengths: Sequence[RunLengths]) -> tuple[int, int]:
    """Height and width that all masks share; `(0, 0)` for none.

    Raises:
        InvalidArgumentError: The masks are of different sizes.
    """
    sizes = sorted({(int(one["size"][0]), int(one["size"][1])) for one in run_lengths})
    if len(sizes) > 1:
        raise InvalidArgumentError(
            f"`run_lengths` must be masks of one size, but they have {sizes}.",
            hint="masks are compared within one image.",
        )
    return sizes[0] if sizes else (0, 0)


def _runs(pixels: Bool[np.ndarray, " hw"]) -> Int[np.ndarray, " r"]:
    changes = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    starts_set = [0] if pixels[:1].any() else []
    return np.diff(np.concatenate([[0], starts_set, changes, [len(pixels)]]).astype(np.int64))


def _counts(stored: RunLengths) -> Int[np.ndarray, " r"]:
    """The lengths of a stored mask, checked against its size."""
    given = stored["counts"]
    if isinstance(given, str):
        given = given.encode()
    counts = _unpack(given) if isinstance(given, bytes) else np.asarray(given, np.int64)
    height, width = stored["size"]
    if counts.min(initial=0) < 0 or counts.sum() != height * width:
        raise InvalidArgumentError(
            f"`counts` must add up to {height} x {width} pixels, but they give {counts.sum()}.",
            hint="the mask is damaged or of an image of another size.",
        )
    return counts


def _pack(counts: Int[np.ndarray, " r"]) -> bytes:
    left = counts.copy()
    left[3:] -= counts[1:-2]
    if not len(counts):
        return b""
    groups, more = [], [np.ones(len(left), bool)]
    while more[-1].any():
        group = left & 31
        left = left >> 5
        groups.append(group)
        # The highest bit of the last group is the sign of all that would follow.
        more.append(left != -(group >> 4))
    characters = np.stack(groups) + 48 + 32 * np.stack(more[1:])
    return characters.T[np.stack(more[:-1]).T].astype(np.uint8).tobytes()


def _unpack(counts: bytes) -> Int[np.ndarray, " r"]:
    values = np.frombuffer(counts, np.uint8).astype(np.int64) - 48
    ends = np.flatnonzero(values & 32 == 0)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)[: len(ends)]
    if not len(ends):
        return np.zeros(0, np.int64)
    values = values[: ends[-1] + 1]
    place = np.arange(len(values)) - np.repeat(starts, ends - starts + 1)
    left = np.add.reduceat((values & 31) << (5 * place), starts)
    left -= np.where(values[ends] & 16, 1 << (5 * (place[ends] + 1)), 0)
    left[1::2] = np.cumsum(left[1::2])
    left[2::2] = np.cumsum(left[2::2])
    return left
