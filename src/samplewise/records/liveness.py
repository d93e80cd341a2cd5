"""Is the process that owns a run still alive?"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from samplewise.storage.store import Store

BEAT_S = 20.0
"""How often a living run touches its heartbeat, in seconds."""

_SILENT_S = 15 * BEAT_S


@dataclass(frozen=True)
class Owner:
    """A process.

    Args:
        pid: Its number.
        host: Name of its machine.
        started: When it started, seconds since the epoch: tells a process from a later one that
            was given the same number.
    """

    pid: int
    host: str
    started: float

    @classmethod
    def this_process(cls) -> "Owner":
        """The process that asks."""
        import psutil

        return cls(os.getpid(), socket.gethostname(), psutil.Process().create_time())

    def to_json(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


def is_alive(owner: Mapping[str, object], heartbeat: float | None) -> bool:
    """Whether the process lives, or on another machine: whether its heart beat in five minutes.

    Args:
        owner: `Owner.to_json()`.
        heartbeat: When it beat last, seconds since the epoch; None if never.
    """
    import psutil

    if owner.get("host") == socket.gethostname():
        try:
            process = psutil.Process(int(str(owner["pid"])))
            same = abs(process.create_time() - float(str(owner["started"]))) < 2.0
            return same and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, KeyError, ValueError):
            return False
        except psutil.AccessDenied:
            return True
    return heartbeat is not None and time.time() - heartbeat < _SILENT_S


class Heartbeat:
    """Touches a file every twenty seconds, on a daemon thread, until stopped.

    It ends by itself when the file is gone: then so is the run.

    Args:
        store: Where the run lies.
        path: The file.
    """

    def __init__(self, store: Store, path: str) -> None:
        self._stopped = threading.Event()
        store.touch(path)
        thread = threading.Thread(
            target=_beat,
            args=(store, path, self._stopped),
            name="samplewise-heartbeat",
            daemon=True,
        )
        thread.start()

    def stop(self) -> None:
        """Stop."""
        self._stopped.set()


def _beat(store: Store, path: str, stopped: threading.Event) -> None:
    while not stopped.wait(BEAT_S):
        # A full disk or a lost network must not end a training.
        with contextlib.suppress(OSError):
            if store.touch_time(path) is None:
                return
            store.touch(path)
