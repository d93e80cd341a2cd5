"""Uvicorn, for clients that do not mean well: bounded connections, headers in time, short logs."""

import logging
import time
from asyncio import CancelledError, TimerHandle, Transport
from functools import cache
from typing import Any

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

SLOWEST_HEADERS_S = 10.0
MOST_CONNECTIONS = 512
MOST_PER_PEER = 128
"""Connections of one other machine; users of this one cannot be told apart."""
BACKLOG = 128
REPEATED_S = 60.0
_LOOPBACK = ("127.", "::1")


class BoundedProtocol(H11Protocol):
    """Ends connections that do not say what they want in time, the oldest first when many come.

    Whoever connects and says nothing holds one of few places. When all are taken, the one that has
    been silent longest makes room, so that stalled connections lock nobody out; only where every
    place is taken by a request that is being answered is the newcomer sent away.
    """

    silent_since = 0.0
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take a place."""
        super().connection_made(transport)
        self.silent_since = time.monotonic()
        self._expect_headers()
        if self._is_one_too_many():
            silent = [each for each in self._others() if not each.is_answering]
            oldest = min(silent, key=lambda each: each.silent_since, default=self)
            oldest.transport.abort()
            # Its place is free when the loop tells it so, and the next newcomer counts before.
            self.connections.discard(oldest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave it."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass on what came; a request that has begun must have all its headers in time."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.is_answering:
            self._stop_waiting()
        elif self._deadline is None:
            self._expect_headers()

    def shutdown(self) -> None:
        """End, at once where the answer has no end."""
        if self.is_answering and self.scope["path"].endswith("/events"):
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.close()
        super().shutdown()

    @property
    def is_answering(self) -> bool:
        """Whether all headers of a request are here, and its answer is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def _is_one_too_many(self) -> bool:
        if len(self.connections) > _most_connections():
            return True
        peer = self.client[0] if self.client else ""
        if not peer or peer.startswith(_LOOPBACK):
            return False
        same = [each for each in self._others() if each.client and each.client[0] == peer]
        if len(same) < MOST_PER_PEER:
            return False
        self.transport.abort()
        return False

    def _others(self) -> "list[BoundedProtocol]":
        every = [each for each in self.connections if isinstance(each, BoundedProtocol)]
        return [each for each in every if each is not self]

    def _expect_headers(self) -> None:
        self._deadline = self.loop.call_later(SLOWEST_HEADERS_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.is_answering:
            self.transport.abort()


class ShortLog(logging.Filter):
    """Says one thing once a minute, and nothing of answers that were given up at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written."""
        is_given_up = record.exc_info and isinstance(record.exc_info[1], CancelledError)
        if is_given_up or str(record.msg).startswith("Cancel %s running task"):
            return False
        if record.levelno < logging.WARNING:
            return True
        # An error that is not the same has another place.
        key = f"{record.msg}{_place(record)}"
        now = time.monotonic()
        if now - self._said.get(key, -REPEATED_S) < REPEATED_S:
            return False
        self._said[key] = now
        return True


def make_server(app: Any) -> Server:
    """A server of an app, with our bounds."""
    config = Config(
        app,
        http=BoundedProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=2**16,
    )
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, ShortLog) for each in logger.filters):
            logger.addFilter(ShortLog())
    return Server(config)


def _place(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[2] is None:
        return ""
    last = record.exc_info[2]
    while last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"


@cache
def _most_connections() -> int:
    """As many as leave room for the files of a store, where the system allows few open files."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_CONNECTIONS
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if allowed < 0 else min(MOST_CONNECTIONS, max(16, allowed // 2))
