"""Trainings that fail where SuperGradients does not say so."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FrameType
from typing import Any

from super_gradients.training import Trainer
from super_gradients.training.utils.callbacks import CallbackHandler

OnFailure = Callable[[BaseException], None]


@contextmanager
def watch_training(on_failure: OnFailure) -> Iterator[None]:
    """Hear of every exception that leaves the `Trainer.train` that is running.

    SuperGradients calls `on_training_end` for what happens in its loop over the epochs. Two places
    are outside: what lies between `on_training_start` and the loop (other callbacks, the first
    batch, which some models look at, an evaluation before a training is resumed), and
    `on_training_end` of callbacks that come before ours. Whoever trains in a notebook would have a
    Run that is `running` for as long as the process lives.

    Nothing is replaced in SuperGradients' classes. Where no `Trainer.train` is running, as when
    somebody else drives the callbacks, nothing is watched.

    Args:
        on_failure: Called with the exception, which goes on afterwards.
    """
    frame = _find_training_frame()
    with ExitStack() as stack:
        if frame is not None:
            stack.enter_context(_watch_start(frame, on_failure))
            handler = frame.f_locals["self"].phase_callback_handler
            stack.enter_context(_watch_end(handler, on_failure))
        yield


def _find_training_frame() -> FrameType | None:
    """The `Trainer.train` that has called us."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001  # what `inspect` does, in C
    while frame is not None:
        is_train = frame.f_code.co_name == Trainer.train.__name__
        if is_train and isinstance(frame.f_locals.get("self"), Trainer):
            return frame
        frame = frame.f_back
    return None


@contextmanager
def _watch_start(train: FrameType, on_failure: OnFailure) -> Iterator[None]:
    """Up to the loop: an exception that leaves a frame is seen by a trace function alone.

    As a debugger does, which is called as before while this lasts. It ends by itself when the loop
    begins, so no batch of an epoch is slower for it.
    """
    watch = _StartWatch(train, on_failure)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


class _StartWatch:
    """A trace function for one frame, and for as long as it takes to come to its loop."""

    def __init__(self, train: FrameType, on_failure: OnFailure) -> None:
        self._train, self._on_failure = train, on_failure
        self._process = os.getpid()
        self._before: Any = None
        self._before_in_frame: Any = None
        self._is_on = False
        self._error: BaseException | None = None

    def start(self) -> None:
        """Watch from now on."""
        self._before, self._before_in_frame = sys.gettrace(), self._train.f_trace
        self._train.f_trace = self._in_training
        self._is_on = True
        sys.settrace(self._at_call)

    def stop(self) -> None:
        """Watch no longer; may be called again."""
        if self._is_on:
            self._is_on = False
            self._train.f_trace = self._before_in_frame
            sys.settrace(self._before)

    def _at_call(self, frame: FrameType, event: str, argument: Any) -> Any:
        if os.getpid() != self._process:  # a loader's worker, which was forked meanwhile
            sys.settrace(None)
            return None
        if _starts_loop(frame.f_code) and frame.f_back is self._train:
            self.stop()
        return None if self._before is None else self._before(frame, event, argument)

    def _in_training(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            self._error = argument[1]
        elif event == "return" and self._error is not None:
            self.stop()
            self._on_failure(self._error)
        if self._before_in_frame is not None:
            self._before_in_frame = self._before_in_frame(frame, event, argument)
        return self._in_training


def _starts_loop(code: CodeType) -> bool:
    """Whether `Trainer.train`, which calls this, is inside its `try` now and tells every ending."""
    return (
        code is CallbackHandler.on_train_loader_start.__code__
        or code is CallbackHandler.on_average_best_models_validation_start.__code__
    )


@contextmanager
def _watch_end(handler: CallbackHandler, on_failure: OnFailure) -> Iterator[None]:
    """An `on_training_end` that fails keeps SuperGradients from calling those behind it."""
    end = handler.on_training_end

    def on_training_end(context: Any) -> None:
        try:
            end(context)
        except BaseException as error:
            on_failure(error)
            raise

    handler.on_training_end = on_training_end  # of this object; its class stays as it is
    try:
        yield
    finally:
        vars(handler).pop("on_training_end", None)
