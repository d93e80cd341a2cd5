"""Which rows are mine? The shares of several processes, and how they agree."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from samplewise.errors import CollectionError, InvalidArgumentError

Result = TypeVar("Result")


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

    What one of them meets, all of them hear of, so that none waits for another that has gone on.
    A process that dies breaks its connections, and whoever waits for it is told at once.

    Attributes:
        rank: Which one this is.
        world_size: How many there are.
        group: Over which torch's processes talk; None: its default group.
    """

    rank: int = 0
    world_size: int = 1
    group: Any = field(default=None, compare=False, repr=False)

    @classmethod
    def current(cls) -> "Ranks":
        """Those of torch's default process group; this process alone where there is none.

        Must be called by all of them.
        """
        from torch import distributed

        if not (distributed.is_available() and distributed.is_initialized()):
            return cls()
        # NCCL talks through the memory of graphics cards, and notices a dead process only after
        # minutes.
        own = None if distributed.get_backend() == "gloo" else distributed.new_group(backend="gloo")
        return cls(distributed.get_rank(), distributed.get_world_size(), own)

    def gather(self, value: Any) -> list[Any]:
        """The value of every rank, on every rank; must be called by all of them.

        Raises:
            CollectionError: A rank is gone.
        """
        if self.world_size == 1:
            return [value]
        from torch import distributed

        values: list[Any] = [None] * self.world_size
        try:
            distributed.all_gather_object(values, value, group=self.group)
        except RuntimeError as error:
            raise CollectionError(
                f"another process of the training is gone: {error}",
                hint="what that process said last tells why",
            ) from error
        return values

    def run_on_all(self, work: Callable[[], Result]) -> Result:
        """Work that every rank does, and that fails on all of them if it fails on one.

        Returns:
            What `work` returned on this rank.

        Raises:
            CollectionError: It failed on another rank; where it failed, the error itself.
        """
        if self.world_size == 1:
            return work()
        try:
            result = work()
        except Exception as error:
            self.gather(f"{type(error).__name__}: {error}")
            raise
        for rank, error in enumerate(self.gather(None)):
            if error is not None:
                raise CollectionError(f"rank {rank} failed: {error}")
        return result

    def run_on_first(self, work: Callable[[], Result]) -> Result:
        """What `work` returned on rank 0, the only one that does it, on every rank.

        Raises:
            CollectionError: It failed on rank 0; there, the error itself.
        """
        result = self.run_on_all(lambda: work() if self.rank == 0 else None)
        return self.gather(result)[0]
