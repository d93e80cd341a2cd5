"""After which epochs to collect."""

from collections.abc import Iterable


class Schedule:
    """Which epochs are to be collected, and which have been.

    An epoch becomes due when its training ends, and is taken when its validation ends; where it
    has no validation, when the next epoch starts or the training ends.

    Args:
        epochs: 0-based.
        at_the_end: Whether the last epoch is collected, listed or not.

    Attributes:
        last: The epoch that was trained last; None if none was.
    """

    def __init__(self, epochs: Iterable[int], *, at_the_end: bool) -> None:
        self.epochs = sorted(epochs)
        self.at_the_end = at_the_end
        self._due: int | None = None
        self.last: int | None = None
        self._taken: set[int | None] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be collected, ever."""
        return not (self.epochs or self.at_the_end)

    def start_over(self) -> None:
        """Another training starts."""
        self._due = self.last = None
        self._taken.clear()

    def note_trained(self, epoch: int | None) -> None:
        """The training loop of an epoch has ended."""
        self.last = epoch
        if epoch in self.epochs:
            self._due = epoch

    def take_due(self) -> list[int]:
        """The epoch to collect now, if any; it is due no longer."""
        due = [] if self._due is None else [self._due]
        self._due = None
        self._taken.update(due)
        return due

    def take_last(self) -> list[int | None]:
        """The epoch to collect now that all of them are over, if any."""
        epochs: list[int | None] = [*self.take_due()]
        if self.at_the_end and self.last not in self._taken:
            self._taken.add(self.last)
            epochs.append(self.last)
        return epochs
