"""Which rows are mine? The shares of several processes."""

from dataclasses import dataclass
from typing import Any

from samplewise.errors import InvalidArgumentError


def rows_of_rank(n: int, rank: int = 0, world_size: int = 1) -> range:
    """The rows that one of several processes works on.

    Shares are contiguous, so a rank's rows lie together in storage, in the order of the ranks.
    They differ by one row at most; together they are every row exactly once.

    Args:
        n: How many rows there are.
        rank: Which process this is, `0 <= rank < world_size`.
        world_size: How many processes share the work.

    Raises:
        InvalidArgumentError: `rank` does not lie in `[0, world_size)`.

    Examples:
        >>> [list(rows_of_rank(5, rank, 2)) for rank in range(2)]
        [[0, 1], [2, 3, 4]]
    """
    if not 0 <= rank < world_size:
        raise InvalidArgumentError(
            f"`rank` must lie in [0, {world_size}), the number of processes, but it is {rank}."
        )
    return range(n * rank // world_size, n * (rank + 1) // world_size)


@dataclass(frozen=True)
class Ranks:
    """The processes that share a collection.

    Attributes:
        rank: Which one this is.
        world_size: How many there are.
    """

    rank: int = 0
    world_size: int = 1

    @classmethod
    def current(cls) -> "Ranks":
        """Those of torch's default process group; this process alone where there is none."""
        from torch import distributed

        if not (distributed.is_available() and distributed.is_initialized()):
            return cls()
        return cls(distributed.get_rank(), distributed.get_world_size())

    def gather(self, value: Any) -> list[Any]:
        """The value of every rank, on every rank; must be called by all of them."""
        if self.world_size == 1:
            return [value]
        from torch import distributed

        values: list[Any] = [None] * self.world_size
        distributed.all_gather_object(values, value)
        return values

    def from_first(self, value: Any) -> Any:
        """The value of rank 0, on every rank; must be called by all of them."""
        return self.gather(value)[0]
