"""COCO's run lengths: pixels column by column, runs of background and mask in turn.

A mask is either a list of *counts* (background first) or the same counts as a *text*, which COCO
calls compressed: each count, from the fourth on as the difference to the last but one, in chunks
of 5 bits with a continuation bit. Both hold the same counts, so nothing is lost between them.

Source: `rleToString` and `rleFrString` in `maskApi.c` of the COCO API.
"""

from itertools import pairwise

import numpy as np
import pyarrow as pa

_CHUNK, _SIGN, _MORE, _FIRST = 0x1F, 0x10, 0x20, 48
_LONGEST = 7  # characters of a count: COCO's have 32 bits


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


def measure_run_lengths(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """Sizes of many masks, without a look at each.

    Args:
        texts: `n` texts, null where there is none.

    Returns:
        Pixels of each mask and of its image, int64, shape `(n,)`; -1 where a text is null, is cut
        off or is no such text.
    """
    count = len(texts)
    starts, codes = _codes_of(texts)
    ends = np.flatnonzero(np.diff(starts)), starts[1:][np.diff(starts) > 0] - 1
    is_last = (codes & _MORE) == 0
    broken = texts.is_null().to_numpy(zero_copy_only=False)
    broken[ends[0][~is_last[ends[1]]]] = True
    text_of_code = np.repeat(np.arange(count), np.diff(starts))
    broken[text_of_code[(codes < 0) | (codes >= 2 * _MORE)]] = True
    is_last[ends[1]] = True  # a text that is cut off does not run into the next one
    chunk_ends = np.flatnonzero(is_last)
    chunk_starts = np.concatenate([[0], chunk_ends[:-1] + 1]) if len(chunk_ends) else chunk_ends
    lengths = chunk_ends - chunk_starts + 1
    owner = text_of_code[chunk_ends]
    broken[owner[lengths > _LONGEST]] = True
    counts = _numbers(codes, chunk_starts, np.minimum(lengths, _LONGEST))
    first = np.searchsorted(owner, np.arange(count))
    counts, place = _undo_differences(counts, owner, first)
    broken[owner[counts < 0]] = True
    areas = np.bincount(owner, np.where(place % 2 == 1, counts, 0), minlength=count)
    totals = np.bincount(owner, counts, minlength=count)
    areas[broken] = totals[broken] = -1
    return areas.astype(np.int64), totals.astype(np.int64)


def _codes_of(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """Where the characters of each text begin, shape `(n + 1,)`, and all characters less 48."""
    filled = texts.cast(pa.large_string()).fill_null("")
    _, offsets, data = filled.buffers()
    if offsets is None or data is None or not len(filled):
        return np.zeros(len(filled) + 1, np.int64), np.zeros(0, np.int64)
    starts = np.frombuffer(offsets, np.int64)[filled.offset : filled.offset + len(filled) + 1]
    codes = np.frombuffer(data, np.uint8)[starts[0] : starts[-1]].astype(np.int64) - _FIRST
    return starts - starts[0], codes


def _numbers(codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The signed number of each chunk: five bits a character, the lowest first."""
    if not len(starts):
        return np.zeros(0, np.int64)
    chunk = np.zeros(len(codes), np.int64)
    chunk[starts[1:]] = 1
    place = np.minimum(np.arange(len(codes)) - starts[np.cumsum(chunk)], _LONGEST - 1)
    numbers = np.add.reduceat((codes & _CHUNK) << (5 * place), starts)
    negative = (codes[starts + lengths - 1] & _SIGN) != 0
    numbers[negative] -= (np.int64(1) << (5 * lengths))[negative]
    return numbers


def _undo_differences(
    values: np.ndarray, owner: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Counts of many masks from what their texts hold, and the place of each in its mask."""
    place = np.arange(len(values)) - first[owner]
    counts = np.where(place == 0, values, 0)
    for chain in (place % 2 == 1, (place % 2 == 0) & (place > 1)):
        sums = np.concatenate([[0], np.cumsum(np.where(chain, values, 0))])
        counts += np.where(chain, sums[1:] - sums[first[owner]], 0)
    return counts, place


def encode_mask(mask: np.ndarray) -> str:
    """The text of a mask, bool, shape `(h, w)`."""
    flat = np.asarray(mask, bool).reshape(-1, order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts = np.diff(np.concatenate([[0], changes, [len(flat)]]))
    if len(flat) and flat[0]:
        counts = np.concatenate([[0], counts])
    return counts_as_text(counts)


def run_lengths_of_classes(class_map: np.ndarray) -> dict[int, str]:
    """The text of the mask of every class in a map of class ids, shape `(h, w)`.

    One look at the pixels serves all classes.
    """
    flat = np.asarray(class_map).reshape(-1, order="F")
    if not len(flat):
        return {}
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    starts, ends = np.concatenate([[0], changes]), np.concatenate([changes, [len(flat)]])
    classes, index = np.unique(flat[starts], return_inverse=True)
    order = np.argsort(index, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(index))[:-1])
    counts = [_counts_between(starts[runs], ends[runs], len(flat)) for runs in groups]
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in counts])])
    texts = compress(np.concatenate(counts), offsets)
    return dict(zip(classes.tolist(), texts, strict=True))


def class_map_of(texts: dict[int, str], height: int, width: int) -> np.ndarray:
    """The inverse of `run_lengths_of_classes`: class ids, int64, shape `(h, w)`; 0 in no class.

    Raises:
        ValueError: A text is of a mask of another size.
    """
    flat = np.zeros(height * width, np.int64)
    for label, text in texts.items():
        counts = _expand_and_check(text, height, width)
        ends = np.cumsum(counts)
        for start, end in zip(ends[:-1:2].tolist(), ends[1::2].tolist(), strict=True):
            flat[start:end] = label
    return flat.reshape((height, width), order="F")


def mask_of(text: str, height: int, width: int) -> np.ndarray:
    """The mask of a text, bool, shape `(h, w)`.

    Raises:
        ValueError: The text is of a mask of another size.
    """
    counts = _expand_and_check(text, height, width)
    is_mask = np.arange(len(counts)) % 2 == 1
    return np.repeat(is_mask, counts).reshape((height, width), order="F")


def counts_as_text(counts: "list[int] | np.ndarray") -> str:
    """The text of run lengths that are given as numbers, COCO's uncompressed form."""
    return compress(np.asarray(counts, np.int64), np.array([0, len(counts)]))[0]


def _counts_between(starts: np.ndarray, ends: np.ndarray, total: int) -> np.ndarray:
    bounds = np.concatenate([[0], np.stack([starts, ends], axis=1).ravel(), [total]])
    counts = np.diff(bounds)
    return counts if counts[-1] else counts[:-1]


def _expand_and_check(text: str, height: int, width: int) -> np.ndarray:
    counts = expand(text)
    if counts.sum() != height * width:
        raise ValueError(f"a mask of {height} x {width} pixels has no {counts.sum()} pixels")
    return counts
