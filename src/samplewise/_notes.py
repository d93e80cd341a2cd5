"""One-line notes to the person at the keyboard, on stderr, through the logger `samplewise`."""

import logging
import sys

from samplewise._visible import visible

_logger = logging.getLogger("samplewise")


class _Stderr(logging.Handler):
    """Writes to whatever `sys.stderr` is at the time, so that captured output is captured."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"samplewise: {visible(self.format(record))}\n")


def note(message: str, *, level: int = logging.INFO) -> None:
    """Say one line.

    Silence it with `logging.getLogger("samplewise").setLevel("WARNING")`, or take it over by
    adding a handler of your own to that logger.
    """
    if not _logger.handlers:
        _logger.addHandler(_Stderr())
        _logger.propagate = False
        if _logger.level == logging.NOTSET:
            _logger.setLevel(logging.INFO)
    _logger.log(level, message)


def warn(message: str, *, exc_info: bool = False) -> None:
    """Say one line that matters, with the traceback of the current exception if asked for."""
    note(message, level=logging.WARNING)
    if exc_info:
        _logger.warning("what happened:", exc_info=True)  # noqa: LOG014  # called in a handler
