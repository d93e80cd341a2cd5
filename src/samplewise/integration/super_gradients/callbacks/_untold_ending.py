"""Trainings that end before SuperGradients tells its callbacks."""

import functools
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from super_gradients.training import Trainer


@runtime_checkable
class Told(Protocol):
    """A callback that wants to hear of every ending."""

    def on_training_broken(self, error: BaseException) -> None:
        """Called when an exception leaves `Trainer.train`, also where `on_training_end` was."""
        ...


def tell_untold_endings() -> None:
    """Let `Trainer.train` tell its callbacks when an exception leaves it.

    SuperGradients calls `on_training_end` only for what happens inside its loop over the epochs.
    The callbacks' `on_training_start` and the first batch, which some models look at, come before
    it: without this a Run would be `running` for as long as the process lives.
    """
    if not hasattr(Trainer.train, "tells_endings"):
        Trainer.train = _telling(Trainer.train)


def _telling(train: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(train)
    def telling(self: Trainer, *args: Any, **kwargs: Any) -> Any:
        try:
            return train(self, *args, **kwargs)
        except BaseException as error:
            for callback in self.phase_callbacks or ():
                if isinstance(callback, Told):
                    callback.on_training_broken(error)
            raise

    telling.tells_endings = True  # type: ignore[attr-defined]
    return telling
