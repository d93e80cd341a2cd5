"""Owning a run: its heart beats while this process lives, and it ends when the process does."""

import atexit
import contextlib
import os
import sys
from collections.abc import Callable

from samplewise.records.liveness import Heartbeat
from samplewise.records.run_document import (
    CANCELLED,
    COMPLETED,
    FAILED,
    HEARTBEAT,
    RunDocument,
)


class Ownership:
    """What the process that made a run holds until it closes the run.

    Args:
        document: The run.
        close: Closes the run with a status and an error; called when the program ends before
            anybody else did.
    """

    def __init__(self, document: RunDocument, close: Callable[[str, str | None], None]) -> None:
        self._close = close
        self._process = os.getpid()
        self._heartbeat = Heartbeat(document.store, f"{document.data_path}/{HEARTBEAT}")
        atexit.register(self._end)

    def release(self) -> None:
        """The run is closed."""
        self._heartbeat.stop()
        atexit.unregister(self._end)

    def _end(self) -> None:
        if os.getpid() == self._process:  # not in a forked child that ends before its parent
            status, error = status_at_exit()
            # The store may be gone by now, and so is anybody who could be told.
            with contextlib.suppress(OSError, LookupError):
                self._close(status, error)


def status_at_exit() -> tuple[str, str | None]:
    """How a program ends that never closed its run: status, and the error that ended it."""
    error = getattr(sys, "last_value", None)
    if error is None or _is_interactive():
        return COMPLETED, None
    if isinstance(error, KeyboardInterrupt):
        return CANCELLED, None
    return FAILED, describe_error(error)


def describe_error(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {error}"


def _is_interactive() -> bool:
    """Whether errors are shown to a person who then goes on, as in a notebook."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive) or "ipykernel" in sys.modules
