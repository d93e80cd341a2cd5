"""What nobody expected: said once to whoever started the server, and to the page in our words."""

import logging

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samplewise.server import wire
from samplewise.server.answers import answer
from samplewise.server.removed import find_removed
from samplewise.storage import Store

_log = logging.getLogger(__name__)
_PROBLEM = wire.Problem(
    "ServerError",
    "the server could not answer, and did not expect that.",
    "the terminal where `samplewise ui` runs says what happened",
)


class Faults:
    """Answers an error that nobody expected with 500, and logs it with its traceback.

    Inside of `Guard`, so that its answers have the headers of all others; Starlette's own page for
    such errors lies outside of every middleware.

    Args:
        app: What answers.
        store: Tells what was removed.
    """

    def __init__(self, app: ASGIApp, *, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            if scope["type"] != "http" or has_begun:
                raise  # an answer that was cut off: the server logs it and closes the connection
            if removed := await to_thread.run_sync(find_removed, scope, self._store):
                await answer(removed, 410)(scope, receive, send)
                return
            _log.exception("%s %s could not be answered", scope["method"], scope["path"])
            await answer(_PROBLEM, 500)(scope, receive, send)
