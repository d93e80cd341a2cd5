"""Which server shows which store: so that a second `samplewise ui` finds the first."""

import contextlib
import hashlib
import http.client
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from samplewise._version import __version__
from samplewise.storage import Store

_PATIENCE_S = 3.0


@dataclass(frozen=True)
class Running:
    """A server that was started for a store; it may have ended since.

    Args:
        root: Of the store.
        host: The interface.
        port: The port.
        url: Where it is, without the token.
        cookie: Name of the cookie with the token.
        token: The secret.
        process_id: Whose server it is.
        version: Of Samplewise.
    """

    root: str
    host: str
    port: int
    url: str
    cookie: str
    token: str
    process_id: int
    version: str = __version__

    def answers(self) -> bool:
        """Whether it is there, for this store and of this version: it is asked."""
        host = self.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=_PATIENCE_S)
        with contextlib.closing(connection):
            try:
                cookie = f"{self.cookie}={self.token}"
                connection.request("GET", "/api/projects", headers={"Cookie": cookie})
                told = json.loads(connection.getresponse().read())
                return (told["root"], told["version"]) == (self.root, __version__)
            except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
                return False


def read_running(store: Store) -> Running | None:
    """The server that was started last for a store; None if nobody knows of any."""
    try:
        path = _path(store)
        # Somebody else's file would send the browser, and the ticket, to somebody else's server.
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        return Running(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_running(running: Running) -> None:
    """Note a server, for this user alone; where nothing may be written, nobody finds it."""
    with contextlib.suppress(OSError):
        path = _path(Store(running.root))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600, exist_ok=False)
        unfinished.write_text(json.dumps(asdict(running)), encoding="utf-8")
        unfinished.replace(path)


def _path(store: Store) -> Path:
    from platformdirs import user_state_path

    name = hashlib.sha256(store.root.encode()).hexdigest()[:32]
    return user_state_path("samplewise", appauthor=False) / "servers" / f"{name}.json"
