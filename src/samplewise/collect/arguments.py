"""Arguments of callbacks, refused when a callback is made and not when its training ends."""

from collections.abc import Iterable

from samplewise._notes import warn
from samplewise.errors import InvalidArgumentError


def check_epochs(epochs: Iterable[int] | None) -> set[int]:
    """0-based epochs.

    Raises:
        InvalidArgumentError: One is no such number.
    """
    for epoch in epochs or ():
        if not isinstance(epoch, int) or isinstance(epoch, bool) or epoch < 0:
            raise InvalidArgumentError(
                f"`metrics_collection_epochs` must have 0-based epochs, but has {epoch!r}."
            )
    return set(epochs or ())


def check_size(size: int | None, name: str) -> int | None:
    """A positive number, or None.

    Raises:
        InvalidArgumentError: It is neither.
    """
    if size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0):
        return size
    raise InvalidArgumentError(f"`{name}` must be a positive integer or None, but is {size!r}.")


def check_dim(dim: int) -> int:
    """A number of dimensions; one that nobody can look at is warned of.

    Raises:
        InvalidArgumentError: It is no positive number.
    """
    if not isinstance(dim, int) or isinstance(dim, bool) or dim < 1:
        raise InvalidArgumentError(f"`embeddings_dim` must be a positive integer, but is {dim!r}.")
    if dim not in (2, 3):
        warn(f"`embeddings_dim` is {dim}; only 2 and 3 can be looked at.")
    return dim


def check_word(value: str, name: str, words: tuple[str, ...]) -> str:
    """One of some words.

    Raises:
        InvalidArgumentError: It is another one.
    """
    if value not in words:
        raise InvalidArgumentError(f"`{name}` must be one of {', '.join(words)}, but is {value!r}.")
    return value
