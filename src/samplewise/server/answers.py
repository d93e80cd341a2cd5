"""Requests in, answers out: messages as JSON, rows as Arrow, errors in our own words."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
from anyio import CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from samplewise.errors import (
    AliasError,
    AlreadyExistsError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    SamplewiseError,
    StoreError,
)
from samplewise.server import wire
from samplewise.server.filters.question import check_size
from samplewise.server.removed import MESSAGE, find_removed

ARROW = "application/vnd.apache.arrow.stream"
LARGEST_REQUEST = 16 * 2**20  # bytes
SLOWEST_REQUEST_S = 30.0
SLOWEST_ANSWER_S = 120.0

T = TypeVar("T")

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (AliasError, 404),
    (AlreadyExistsError, 409),
    (ConflictError, 409),
    (InvalidArgumentError, 400),
    (StoreError, 503),
)
_encoder = msgspec.json.Encoder(enc_hook=str)


class RequestError(Exception):
    """A request that cannot be answered, with its status.

    Args:
        status: Of HTTP.
        problem: What is wrong.
    """

    def __init__(self, status: int, problem: wire.Problem) -> None:
        super().__init__(problem.detail)
        self.status = status
        self.problem = problem


async def decode(request: Request, message: type[T]) -> T:
    """The message in the body of a request.

    Raises:
        RequestError: It is too large, or no such message.
        InvalidArgumentError: Its filters are too many.
    """
    body = bytearray()
    with _within(SLOWEST_REQUEST_S, 408, "the request came too slowly."):
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_REQUEST:
                raise RequestError(413, wire.Problem("TooLarge", "the request is too large."))
    try:
        decoded = msgspec.json.decode(bytes(body), type=message)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RequestError(400, wire.Problem("InvalidRequest", f"{error}.")) from None
    request.scope[MESSAGE] = decoded
    check_size(getattr(decoded, "filters", ()))
    return decoded


def answer(message: Any, status: int = 200) -> Response:
    """A message as JSON; numbers that JSON cannot hold become null."""
    return Response(
        _encoder.encode(message),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def arrow(table: pa.Table) -> Response:
    """Rows as an Arrow stream, not compressed: this is for the same machine."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return Response(sink.getvalue(), media_type=ARROW, headers={"Cache-Control": "no-store"})


async def in_thread(
    work: Callable[..., T], *arguments: Any, limiter: CapacityLimiter | None = None
) -> T:
    """What `work` returns; it may read from disks and keep a processor busy.

    Args:
        work: What to do.
        arguments: Its arguments.
        limiter: How many of its kind may be at work at a time.

    Raises:
        RequestError: It takes longer than `SLOWEST_ANSWER_S`. It goes on, and nobody waits for it.
    """
    call = partial(work, *arguments)
    with _within(SLOWEST_ANSWER_S, 503, "the answer takes too long; ask for less at a time."):
        return await to_thread.run_sync(call, abandon_on_cancel=True, limiter=limiter)


@contextmanager
def _within(seconds: float, status: int, otherwise: str) -> Iterator[None]:
    try:
        with fail_after(seconds):
            yield
    except TimeoutError:
        raise RequestError(status, wire.Problem("TooSlow", otherwise)) from None


async def say_error(request: Request, error: Exception) -> Response:
    """The answer to a request that failed on purpose."""
    if isinstance(error, HTTPException):
        return answer(wire.Problem("HTTPError", f"{error.detail}."), error.status_code)
    if isinstance(error, RequestError):
        return answer(error.problem, error.status)
    assert isinstance(error, SamplewiseError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        store = request.app.state.store
        if removed := await to_thread.run_sync(find_removed, request.scope, store):
            return answer(removed, 410)
    return answer(wire.Problem(type(error).__name__, error.message, error.hint), status)
