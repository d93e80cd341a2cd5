"""What belongs to the whole process: streams, warnings, signals."""

import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch.utils.data._utils import signal_handling


@contextmanager
def keep_process_state() -> Iterator[None]:
    """Streams, the exception hook, warnings filters and signal handlers are put back."""
    streams = sys.stdout, sys.stderr, sys.excepthook
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.stdout, sys.stderr, sys.excepthook = streams
        _restore(handlers)


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    if threading.current_thread() is not threading.main_thread():
        return  # Python allows only the main thread to set handlers, so none was set here
    for number, handler in handlers.items():
        if handler is None or signal.getsignal(number) is handler:
            continue  # None: set outside of Python, cannot be put back from here
        signal.signal(number, handler)
        if number == signal.SIGCHLD:
            # torch sets its handler once per process; it must know that it is gone, or the
            # training's own loaders would not notice a dead worker.
            signal_handling._SIGCHLD_handler_set = False  # noqa: SLF001
