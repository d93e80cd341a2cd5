"""Numbers as arguments."""

import numpy as np

from samplewise.errors import InvalidArgumentError


def whole_number(name: str, value: int, *, low: int, below: int | None = None) -> int:
    """An argument that must be a whole number of a range, as an `int`.

    Raises:
        InvalidArgumentError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise InvalidArgumentError(f"`{name}` must be a whole number, but is {value!r}.")
    if value < low or (below is not None and value >= below):
        limit = f"from {low}" + (f" below {below}" if below is not None else "")
        raise InvalidArgumentError(f"`{name}` must be a whole number {limit}, but is {value}.")
    return int(value)


def number_from(name: str, value: float, *, low: float, high: float = np.inf) -> float:
    """An argument that must be a finite number of a range, both ends included, as a `float`.

    Raises:
        InvalidArgumentError: It is not.
    """
    number = isinstance(value, int | float | np.integer | np.floating)
    if isinstance(value, bool) or not number or not low <= value <= high or np.isinf(value):
        limit = f"at least {low:g}" if high == np.inf else f"from {low:g} to {high:g}"
        raise InvalidArgumentError(f"`{name}` must be a number, {limit}, but is {value!r}.")
    return float(value)
