"""A running server: its socket, its token, its address."""

import secrets
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from samplewise._extras import require
from samplewise.errors import InvalidArgumentError
from samplewise.storage import Store

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8765
"""Always the same, since browsers keep what a person has not committed by host and port."""
_NEXT_PORTS = 32


@dataclass
class Serving:
    """A server that is bound, and not running yet.

    Args:
        server: Uvicorn's.
        listener: Its socket, bound before anybody is told the address.
        url: Where it is, without the token.
        token: The secret.
        cookie: Name of the cookie that holds it.
    """

    server: Any
    listener: socket.socket
    url: str
    token: str
    cookie: str

    @property
    def port(self) -> int:
        """The port."""
        return int(self.url.rpartition(":")[2])

    def address(self, path: str = "/") -> str:
        """The address to open once: it hands over the token."""
        return address_of(self.url, self.token, path)

    def run(self) -> None:
        """Serve until told to stop."""
        threading.Thread(target=_warm_up, name="samplewise-warm-up", daemon=True).start()
        self.server.run(sockets=[self.listener])

    def stop(self) -> None:
        """Tell it to stop."""
        self.server.should_exit = True


def serving(
    store: Store,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    ancestors: Collection[str] = (),
    token: str | None = None,
) -> Serving:
    """Bind a server for a store.

    Args:
        store: What it shows.
        host: The interface; anything but the loopback lets other machines ask.
        port: 0 takes a free one.
        ancestors: Origins that may embed its pages.
        token: The secret; None makes one.

    Raises:
        MissingDependencyError: Starlette or uvicorn is not installed.
        InvalidArgumentError: The host or the port cannot be bound.
    """
    for module in ("starlette", "uvicorn"):
        require(module, package=module, extra="ui", purpose="the dashboard")
    from samplewise.server.app import make_app
    from samplewise.server.connections import make_server

    listener = _bind(host, port)
    bound_port = listener.getsockname()[1]
    secret = token or secrets.token_urlsafe(32)
    app = make_app(
        store,
        token=secret,
        hosts=_names(host, bound_port),
        cookie=_cookie(bound_port),
        ancestors=ancestors,
    )
    shown = LOOPBACK if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  # compared only
    return Serving(
        make_server(app),
        listener,
        f"http://{_in_url(shown)}:{bound_port}",
        secret,
        cookie=_cookie(bound_port),
    )


def address_of(url: str, token: str, path: str) -> str:
    """The address that hands over the token of a server: to be typed, never to start a program."""
    return f"{url}{path}{'&' if '?' in path else '?'}token={quote(token)}"


def serve_at_usual_port(store: Store, *, host: str = LOOPBACK, first: int = USUAL_PORT) -> Serving:
    """Bind a server at `first` or, where that is taken, at the next port that is free.

    Args:
        store: What it shows.
        host: The interface.
        first: The port to try first.

    Raises:
        MissingDependencyError: Starlette or uvicorn is not installed.
        InvalidArgumentError: The host cannot be bound.
    """
    for port in range(first, min(first + _NEXT_PORTS, 2**16)):
        with suppress(InvalidArgumentError):
            return serving(store, host=host, port=port)
    return serving(store, host=host)


def _warm_up() -> None:
    """Load what the first look at rows needs, while a person looks at the list of runs."""
    import duckdb  # noqa: F401  # for the side effect of being loaded
    import lance  # noqa: F401
    import pyarrow.dataset  # noqa: F401


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small answers at once: 40 ms each otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InvalidArgumentError(
            f"`port` must be free on {host}, but {port} is not: {error.strerror or error}.",
            hint="leave it out to take a free one",
        ) from None
    listener.listen(128)
    return listener


def _names(host: str, port: int) -> list[str]:
    """What a browser may call this server."""
    names = {host, LOOPBACK, "localhost"} - {"0.0.0.0", "::", ""}  # noqa: S104  # compared only
    if host not in {LOOPBACK, "localhost"}:
        names |= {socket.gethostname(), socket.getfqdn(), *_own_addresses()}
    return [f"{_in_url(name)}:{port}" for name in sorted(names)]


def _own_addresses() -> set[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return set()
    return {str(entry[4][0]).partition("%")[0] for entry in found}


def _cookie(port: int) -> str:
    return f"samplewise-{port}"  # cookies ignore ports


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
