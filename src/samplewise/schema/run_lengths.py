"""Masks as COCO's compressed run lengths: pixels column by column, background first, as text.

Source: `rleToString` and `rleFrString` in `maskApi.c` of the COCO API.
"""

import numpy as np

_FIRST, _BITS, _MORE, _SIGN = 48, 5, 0x20, 0x10


def run_lengths_of(mask: np.ndarray) -> str:
    """The text of a mask, bool, shape `(h, w)`."""
    flat = np.asarray(mask, bool).reshape(-1, order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts = np.diff(np.concatenate([[0], changes, [len(flat)]]))
    if len(flat) and flat[0]:
        counts = np.concatenate([[0], counts])
    return _as_text(counts.tolist())


def mask_of(text: str, height: int, width: int) -> np.ndarray:
    """The mask of a text, bool, shape `(h, w)`.

    Raises:
        ValueError: The text is of a mask of another size.
    """
    counts = _as_counts(text)
    if sum(counts) != height * width:
        raise ValueError(f"a mask of {height} x {width} pixels has no {sum(counts)} pixels")
    is_mask = np.arange(len(counts)) % 2 == 1
    return np.repeat(is_mask, counts).reshape((height, width), order="F")


def counts_as_text(counts: list[int]) -> str:
    """The text of run lengths that are given as numbers, COCO's uncompressed form."""
    return _as_text([int(count) for count in counts])


def _as_text(counts: list[int]) -> str:
    characters = []
    for place, count in enumerate(counts):
        rest = count - counts[place - 2] if place > 2 else count
        while True:
            low = rest & (_MORE - 1)
            rest >>= _BITS
            is_last = rest == -1 if low & _SIGN else rest == 0
            characters.append(chr((low if is_last else low | _MORE) + _FIRST))
            if is_last:
                break
    return "".join(characters)


def _as_counts(text: str) -> list[int]:
    counts: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - _FIRST
        value |= (code & (_MORE - 1)) << shift
        shift += _BITS
        if not code & _MORE:
            if code & _SIGN:
                value -= 1 << shift
            counts.append(value + counts[-2] if len(counts) > 2 else value)
            value = shift = 0
    return counts
