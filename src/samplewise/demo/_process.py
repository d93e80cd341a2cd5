"""The process that trains: threads that wait politely, and SuperGradients kept quiet."""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any


def use_passive_threads() -> None:
    """Make threads of OpenMP sleep while they wait for each other; before torch is imported.

    By default they spin. Where other programs want the cores too, the spinning thread takes the
    time of the one it waits for: a training step measured beside six other processes took 33 s
    of time and 14 s of work so, and 7 s and 2.6 s asleep; alone it makes no difference. A value
    that is set stays.
    """
    if "torch" not in sys.modules:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@contextmanager
def quiet_super_gradients(folder: Path) -> Iterator[None]:
    """Only errors of SuperGradients are heard inside, and it leaves no hook behind.

    Args:
        folder: Takes the files that it writes while it is imported.
    """
    logger, hook = logging.getLogger("super_gradients"), sys.excepthook
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="super_gradients")
            _import_silently(folder)
            yield
    finally:
        logger.setLevel(level)
        sys.excepthook = hook


def _import_silently(folder: Path) -> None:
    """The import writes to `~/sg_logs`, prints, and takes the streams and handlers over."""
    if "super_gradients" in sys.modules:
        return
    os.environ.setdefault("SUPER_GRADIENTS_LOG_DIR", str(folder))
    os.environ.setdefault("CRASH_HANDLER", "FALSE")
    root = logging.getLogger()
    handlers, streams = root.handlers[:], (sys.stdout, sys.stderr)
    root.handlers.clear()  # it would close them
    sys.stdout, sys.stderr = StringIO(), StringIO()
    try:
        import super_gradients  # noqa: F401  # for its side effects
    finally:
        sys.stdout, sys.stderr = streams
        for its_own in root.handlers:
            its_own.close()  # one of them has a file open
        root.handlers[:] = handlers


def no_logs(folder: Path) -> Any:
    """A SuperGradients logger that writes nothing: the Run holds what its files would."""
    from super_gradients.common.sg_loggers.abstract_sg_logger import AbstractSGLogger

    def ignore(*_: Any, **__: Any) -> None:
        """Ignored."""

    methods: dict[str, Any] = dict.fromkeys(AbstractSGLogger.__abstractmethods__, ignore)
    methods["local_dir"] = lambda _: str(folder)
    return type("NoLogs", (AbstractSGLogger,), methods)()
