"""Integers of a request."""

from collections.abc import Sequence

import numpy as np

from samplewise.errors import InvalidArgumentError


def as_integers(values: Sequence[int], name: str) -> np.ndarray:
    """Integers of 64 bits, shape `(n,)`.

    Raises:
        InvalidArgumentError: One is too large; `name` is what they are called.
    """
    try:
        return np.array(values, np.int64)
    except OverflowError:
        raise InvalidArgumentError(f"`{name}` must be integers of 64 bits.") from None
