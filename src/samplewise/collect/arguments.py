"""Arguments of callbacks, refused when a callback is made and not when its training ends."""

import operator
from collections.abc import Iterable

from samplewise._arguments import check_value, is_integer, shorten
from samplewise._notes import warn
from samplewise.errors import InvalidArgumentError


def check_epochs(epochs: Iterable[int] | None) -> set[int]:
    """0-based epochs.

    Raises:
        InvalidArgumentError: One is no such number.
    """
    check_value("metrics_collection_epochs", epochs, Iterable[int] | None)
    numbers = [] if epochs is None else list(epochs)
    for epoch in numbers:
        if not is_integer(epoch) or not 0 <= operator.index(epoch) < 2**31:
            raise InvalidArgumentError(
                f"`metrics_collection_epochs` must have 0-based epochs, but has {shorten(epoch)}."
            )
    return set(map(operator.index, numbers))


def check_size(size: int | None, name: str) -> int | None:
    """A positive number, or None.

    Raises:
        InvalidArgumentError: It is neither.
    """
    if size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0):
        return size
    raise InvalidArgumentError(
        f"`{name}` must be a positive integer or None, but is {shorten(size)}."
    )


def check_dim(dim: int) -> int:
    """A number of dimensions; one that nobody can look at is warned of.

    Raises:
        InvalidArgumentError: It is no positive number.
    """
    if not isinstance(dim, int) or isinstance(dim, bool) or dim < 1:
        raise InvalidArgumentError(
            f"`embeddings_dim` must be a positive integer, but is {shorten(dim)}."
        )
    if dim not in (2, 3):
        warn(f"`embeddings_dim` is {dim}; only 2 and 3 can be looked at.")
    return dim


def check_word(value: str, name: str, words: tuple[str, ...]) -> str:
    """One of some words.

    Raises:
        InvalidArgumentError: It is another one.
    """
    if not isinstance(value, str) or value not in words:
        raise InvalidArgumentError(
            f"`{name}` must be one of {', '.join(words)}, but is {shorten(value)}."
        )
    return value
