"""Is the process that owns a run still alive?"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

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
        boot: Which start of which machine it is; empty where the system does not tell.
        namespace: Where its number counts: containers have numbers of their own.
    """

    pid: int
    host: str
    started: float
    boot: str = ""
    namespace: str = ""

    @classmethod
    def this_process(cls) -> "Owner":
        """The process that asks."""
        import psutil

        started = psutil.Process().create_time()
        return cls(os.getpid(), socket.gethostname(), started, _boot(), _namespace())

    def to_json(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


def is_alive(owner: Mapping[str, object], heartbeat: float | None) -> bool:
    """Whether the process lives, or, where we cannot see it, its heart beat in five minutes.

    We see the processes of our own boot of our own machine, in our own namespace: a container that
    has the same host name may well have others.

    Args:
        owner: `Owner.to_json()`.
        heartbeat: When it beat last, seconds since the epoch; None if never.
    """
    import psutil

    if _is_seen(owner):
        try:
            process = psutil.Process(int(str(owner["pid"])))
            same = abs(process.create_time() - float(str(owner["started"]))) < 2.0
            return same and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, KeyError, ValueError):
            return False
        except psutil.AccessDenied:
            return True
    return heartbeat is not None and time.time() - heartbeat < _SILENT_S


def _is_seen(owner: Mapping[str, object]) -> bool:
    if owner.get("boot") and _boot():
        return (owner["boot"], owner.get("namespace")) == (_boot(), _namespace())
    return owner.get("host") == socket.gethostname()


def _boot() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def _namespace() -> str:
    with contextlib.suppress(OSError):
        return os.readlink("/proc/self/ns/pid")
    return ""


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
