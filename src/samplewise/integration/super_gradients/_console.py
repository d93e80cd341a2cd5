"""What is printed arrives, though SuperGradients stands between.

Its import replaces `sys.stdout` and `sys.stderr` by tees whose `flush` writes a log file and never
reaches the stream behind. Where that stream is a pipe or a file, Python keeps text back until it is
flushed, which then never happens: everything printed is lost, with exit code 0.
"""

import io
import os
from contextlib import suppress
from typing import Any

from super_gradients.common.auto_logging import console_logging


def let_output_through() -> None:
    """Flush the streams behind SuperGradients' tees: when asked to, after each line, before a fork.

    A line arrives although the process is killed after it, and a forked child holds nothing that
    it would print again. The tees stay where they are, and the classes of SuperGradients as they
    are: each tee gets a `flush` of its own. A second call changes nothing.
    """
    tees = [tee for tee in map(_find_tee, ("stdout", "stderr")) if tee is not None]
    for stream, tee in tees:
        if "flush" not in vars(tee):
            _flush_each_line(stream)
            _forward_flush(stream, tee)


def _find_tee(name: str) -> tuple[Any, Any] | None:
    """The stream behind one tee, and the tee; on other ranks than the first there is none.

    Not looked for in `sys`, where a notebook, pytest or the user may have put something else.
    """
    sink = console_logging._console_sink  # noqa: SLF001 -- nothing public holds it
    tee = getattr(sink, name, None)
    stream = vars(tee).get(name) if tee is not None else None
    return None if stream is None else (stream, tee)


def _flush_each_line(stream: Any) -> None:
    if isinstance(stream, io.TextIOWrapper) and not stream.closed:
        stream.reconfigure(line_buffering=True)  # what was printed before goes out as well


def _forward_flush(stream: Any, tee: Any) -> None:
    write_log = tee.flush

    def flush(force: bool = False) -> None:
        try:
            if not getattr(stream, "closed", False):
                stream.flush()
        finally:
            write_log(force)

    def flush_before_fork() -> None:
        with suppress(OSError, ValueError):  # whoever read it may be gone
            stream.flush()

    tee.flush = flush
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=flush_before_fork)
