"""Many images in flat arrays: rows `offsets[i]` up to `offsets[i + 1]` belong to image `i`."""

from collections.abc import Sequence, Sized

import numpy as np
from jaxtyping import Bool, Int, Shaped

from samplewise.errors import InvalidArgumentError


def offsets_of(counts: Sequence[int] | Int[np.ndarray, " n"]) -> Int[np.ndarray, " offsets"]:
    """Where each image starts, and where the last one ends, shape `(n + 1,)`."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def owners(offsets: Int[np.ndarray, " offsets"]) -> Int[np.ndarray, " rows"]:
    """The image of every row."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def count_by_owner(
    flags: Bool[np.ndarray, " rows"], offsets: Int[np.ndarray, " offsets"]
) -> Int[np.ndarray, " n"]:
    """How many flags are set in every image."""
    total = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=total[1:])
    return total[offsets[1:]] - total[offsets[:-1]]


def lengths(entries: Sequence[Sized], others: Sequence[Sized], name: str, other: str) -> list[int]:
    """How long the list of every image is.

    Args:
        entries: One list an image.
        others: A list of as many images.
        name: What the caller calls the first; used in the error.
        other: What the caller calls the second.

    Raises:
        InvalidArgumentError: The two are of different numbers of images.
    """
    if len(entries) != len(others):
        raise InvalidArgumentError(
            f"`{name}` must have one entry an image, but it has {len(entries)} and `{other}` has "
            f"{len(others)}.",
            hint="give an empty list for an image without any.",
        )
    return [len(entry) for entry in entries]


def flatten(
    entries: Sequence[object],
    counts: Sequence[int],
    name: str,
    dtype: type[np.generic],
    row_shape: tuple[int, ...] = (),
) -> Shaped[np.ndarray, "rows ..."]:
    """One flat array out of one list an image.

    Args:
        entries: One list an image.
        counts: How many rows each must have.
        name: What the caller calls them; used in the error.
        dtype: Type of the flat array. Floats become integers only if they are whole.
        row_shape: Shape of one row.

    Raises:
        InvalidArgumentError: A list has another shape or holds other values.
    """
    if len(entries) != len(counts):
        raise InvalidArgumentError(
            f"`{name}` must have one entry an image, but it has {len(entries)} for "
            f"{len(counts)} images.",
            hint="give an empty list for an image without any.",
        )
    rows = [np.zeros((0, *row_shape), dtype)]
    for image, (entry, count) in enumerate(zip(entries, counts, strict=True)):
        values = np.asarray(entry)
        if values.size == count == 0:
            continue
        if values.shape != (count, *row_shape):
            raise InvalidArgumentError(
                f"`{name}` must have shape {(count, *row_shape)} in image {image}, but it has "
                f"shape {values.shape}.",
                hint="each object needs its own row.",
            )
        rows.append(values)
    return _cast(np.concatenate(rows), name, dtype)


def flatten_or(
    otherwise: Shaped[np.ndarray, "rows ..."],
    entries: Sequence[object] | None,
    counts: Sequence[int],
    name: str,
) -> Shaped[np.ndarray, "rows ..."]:
    """As `flatten`, with the type and the row shape of what is taken where there are no entries."""
    if entries is None:
        return otherwise
    return flatten(entries, counts, name, otherwise.dtype.type, otherwise.shape[1:])


def _cast(
    values: Shaped[np.ndarray, "rows ..."], name: str, dtype: type[np.generic]
) -> Shaped[np.ndarray, "rows ..."]:
    if not np.issubdtype(values.dtype, np.number) and values.dtype != np.bool_:
        raise InvalidArgumentError(
            f"`{name}` must be numbers, but it has values such as {values[0]!r}.",
            hint="class names must be mapped to ids first.",
        )
    if np.issubdtype(dtype, np.integer) and not np.all(np.mod(values, 1) == 0):
        raise InvalidArgumentError(
            f"`{name}` must be whole numbers, but it has fractions or NaN.",
            hint="class ids are integers.",
        )
    return values.astype(dtype)
