"""Who may ask: this machine's own browser, with the token that it was handed once.

A page of another origin can send requests to a local server, and DNS names can be made to point at
it. So every request must name this server exactly in its Host, come from no other origin, and carry
the token; what changes anything must be JSON with a header that such a page cannot set.
"""

import hmac
import html
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, quote, unquote, urlencode

from anyio import move_on_after
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samplewise.server import wire
from samplewise.server.answers import answer
from samplewise.server.hand_over import PATH as HAND_OVER
from samplewise.server.tickets import Tickets

CUSTOM_HEADER = "x-samplewise"
_ONWARD = (
    '<!doctype html><meta http-equiv="refresh" content="0;url={0}"><a href="{0}">Samplewise</a>'
)
_LOCKED = "this server does not know this browser: it was started anew, or is another one."
_HOW_TO_OPEN = "run `samplewise ui` in a terminal, then load this page again"
_LOCKED_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Samplewise</title>
<h1>Samplewise is locked</h1>
<p>This server does not know this browser: it was started anew, or is another one.</p>
<p>Run <code>samplewise ui</code> in a terminal, or open the address that it printed; then
<a href="{0}">load this page again</a>. What you had not committed is still in this browser.</p>
"""
_LONGEST_FORM = 8 * 2**10  # bytes
_SLOWEST_FORM_S = 10.0
_SAFE = {"GET", "HEAD"}
_SAME = {"same-origin", "none", ""}


def content_security_policy(ancestors: Collection[str] = ()) -> str:
    """What a page may load: our own files only.

    Args:
        ancestors: Origins that may embed the page, for notebooks.
    """
    embedding = " ".join(sorted(ancestors)) or "'none'"
    own = ("script-src", "style-src", "connect-src", "font-src", "worker-src", "manifest-src")
    return "; ".join(
        [
            "default-src 'none'",
            *(f"{kind} 'self'" for kind in own),
            "img-src 'self' data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
            f"frame-ancestors {embedding}",
        ]
    )


class Guard:
    """Refuses what is not meant for this server, and adds headers to every answer.

    Args:
        app: What answers.
        token: The secret; None where the caller guards in another way (tests of routes).
        hosts: The Host values that are this server, such as `127.0.0.1:8765`.
        cookie: Name of the cookie that holds the token; cookies ignore ports, so the port is in it.
        ancestors: Origins that may embed the page.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str | None,
        hosts: Collection[str],
        cookie: str = "samplewise",
        ancestors: Collection[str] = (),
    ) -> None:
        self._app = app
        self._token = token
        self._tickets = Tickets(token) if token else None
        self._hosts = {host.lower() for host in hosts}
        self._cookie = cookie
        self._headers = {
            "Content-Security-Policy": content_security_policy(ancestors),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        if scope["path"] == HAND_OVER and scope["method"] == "POST" and self._tickets:
            refusal = await self._take_ticket(scope, receive)
        else:
            refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        return send_with_headers

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        checks: tuple[Callable[[Scope, Headers], Response | None], ...] = (
            self._of_host,
            self._of_origin,
            self._of_writing,
            self._of_token,
        )
        return next((found for check in checks if (found := check(scope, headers))), None)

    def _of_host(self, scope: Scope, headers: Headers) -> Response | None:
        named = headers.getlist("host")
        if len(named) == 1 and named[0].lower() in self._hosts:
            return None
        return _refuse(421, "this server has another name.")

    def _of_origin(self, scope: Scope, headers: Headers) -> Response | None:
        origin = headers.get("origin")
        is_own = origin is None or origin == f"http://{headers['host']}"
        site = headers.get("sec-fetch-site", "")
        # A page of another port of this machine may link to ours, and a notebook may embed it.
        is_navigation = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
        may_open = site == "same-site" or self._has_token(scope)
        if is_own and (site in _SAME or (is_navigation and may_open)):
            return None
        return _refuse(403, "requests of other origins are refused.")

    def _of_writing(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["method"] in _SAFE:
            return None
        kind = headers.get("content-type", "").partition(";")[0].strip()
        if kind == "application/json" and CUSTOM_HEADER in headers:
            return None
        return _refuse(415, "requests must be JSON and carry the header X-Samplewise.")

    def _of_token(self, scope: Scope, headers: Headers) -> Response | None:
        if self._token is None:
            return None
        if self._has_token(scope) and scope["method"] == "GET":
            return self._welcome(scope, headers)
        cookies = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except Exception:  # noqa: BLE001  # whatever a stranger sends is no cookie
            cookies = SimpleCookie()
        if self._cookie in cookies and self._is_token(cookies[self._cookie].value):
            return None
        if scope["path"].startswith("/api/"):
            return _refuse(401, _LOCKED, _HOW_TO_OPEN)
        address = _local_address(scope["path"], _query(scope))
        return HTMLResponse(
            _LOCKED_PAGE.format(html.escape(address)), 401, {"Cache-Control": "no-store"}
        )

    def _welcome(self, scope: Scope, headers: Headers) -> Response:
        """Off to the page without the token, which stays in a cookie that no script can read."""
        address = _local_address(scope["path"], _query(scope))
        # A strict cookie is not sent along a redirect that began elsewhere.
        is_elsewhere = headers.get("sec-fetch-site") == "cross-site"
        return self._with_cookie(
            _go_on(address) if is_elsewhere else RedirectResponse(address, 303)
        )

    async def _take_ticket(self, scope: Scope, receive: Receive) -> Response:
        """The answer to the page that `samplewise ui` wrote: the cookie, and off to the page.

        That page is a file and of no origin, so that only the ticket tells whether it is ours.
        """
        assert self._tickets is not None
        if refusal := self._of_host(scope, Headers(scope=scope)):
            return refusal
        form = await _read_form(Request(scope, receive))
        if not self._tickets.redeem(form.get("ticket", [""])[0]):
            return HTMLResponse(_LOCKED_PAGE.format("/"), 401, {"Cache-Control": "no-store"})
        path, _, query = form.get("next", ["/"])[0].partition("?")
        return self._with_cookie(_go_on(_local_address(unquote(path), parse_qs(query))))

    def _with_cookie(self, response: Response) -> Response:
        assert self._token is not None
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        response.headers["Cache-Control"] = "no-store"
        return response

    def _has_token(self, scope: Scope) -> bool:
        given = _query(scope).get("token", [""])[0]
        return self._token is not None and self._is_token(given)

    def _is_token(self, given: str) -> bool:
        assert self._token is not None
        return hmac.compare_digest(given.encode(), self._token.encode())


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _local_address(path: str, query: Mapping[str, Sequence[str]]) -> str:
    """A page of ours, without the token."""
    kept = [(name, value) for name, values in query.items() if name != "token" for value in values]
    local = quote("/" + path.lstrip("/\\"))  # `//host` would lead elsewhere
    return f"{local}?{urlencode(kept)}" if kept else local


def _go_on(address: str) -> Response:
    return HTMLResponse(_ONWARD.format(html.escape(address)))


async def _read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a short form; none of one that is long or slow."""
    body = bytearray()
    with suppress(ClientDisconnect), move_on_after(_SLOWEST_FORM_S):
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST_FORM:
                return {}
        return parse_qs(body.decode("latin-1"))
    return {}


def _refuse(status: int, why: str, hint: str | None = None) -> Response:
    return answer(wire.Problem("Refused", why, hint), status)
