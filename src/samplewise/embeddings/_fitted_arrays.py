"""Arrays that came from a file, which may be anybody's: each is checked when it is taken."""

from collections.abc import Mapping

import numpy as np


class FittedArrays:
    """Named arrays of numbers, names with dots for what belongs together.

    Args:
        arrays: By name.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._arrays = arrays

    def has(self, name: str) -> bool:
        """Whether there are arrays `name.*`."""
        return any(each.startswith(f"{name}.") for each in self._arrays)

    def fields(self, name: str) -> "FittedArrays":
        """The arrays `name.*`, called by what follows the dot."""
        start = f"{name}."
        return FittedArrays(
            {k.removeprefix(start): v for k, v in self._arrays.items() if k.startswith(start)}
        )

    def take(
        self, name: str, shape: tuple[int | None, ...], *, finite: bool = True, at_least: int = 0
    ) -> np.ndarray:
        """One of them.

        Args:
            name: Its name.
            shape: The shape it must have; None where any length will do.
            finite: Whether NaN and infinity are refused.
            at_least: How many rows it must have.

        Raises:
            ValueError: It is missing, or no such array.
        """
        if name not in self._arrays:
            raise ValueError(f"`{name}` is missing")
        array = self._arrays[name]
        fits = len(array.shape) == len(shape) and all(
            wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
        )
        if array.dtype not in (np.float32, np.float64) or not fits:
            raise ValueError(f"`{name}` must be floats of shape {shape}, not {array.shape}")
        if at_least and len(array) < at_least:
            raise ValueError(f"`{name}` must have at least {at_least} rows, not {len(array)}")
        if finite and not np.isfinite(array).all():
            raise ValueError(f"`{name}` must be finite")
        return array
