"""How many images fit on the device?"""

import gc
from collections.abc import Callable
from typing import TypeVar

import torch

from samplewise._notes import warn
from samplewise.errors import CollectionError

Result = TypeVar("Result")


class BatchSize:
    """Images per forward pass: halved when memory runs out, never grown again.

    Args:
        start: The size to begin with.

    Attributes:
        value: The size now.
    """

    def __init__(self, start: int) -> None:
        self.start = start
        self.value = start

    def attempt(self, work: Callable[[], Result], size: int) -> Result | None:
        """The result of `work` on `size` images, or None when they were too many.

        Raises:
            CollectionError: Memory ran out for a single image.
        """
        try:
            return work()
        except (RuntimeError, MemoryError) as error:
            if not _is_out_of_memory(error):
                raise
            if size <= 1:
                raise CollectionError(
                    f"memory ran out for a single image: {_first_line(error)}",
                    hint="collect on a device with more memory, or with smaller images",
                ) from error
        # Outside of `except`: its traceback would keep the tensors of the failed attempt alive.
        self._halve(size)
        return None

    def _halve(self, size: int) -> None:
        if self.value == self.start:
            warn(f"{size} images at once are too many for the memory; trying smaller batches.")
        self.value = max(1, size // 2)
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _is_out_of_memory(error: BaseException) -> bool:
    # On the CPU torch raises a bare RuntimeError.
    texts = ("can't allocate memory", "not enough memory")
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(
        text in str(error) for text in texts
    )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
