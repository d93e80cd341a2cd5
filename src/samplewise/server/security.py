"""Who may ask: this machine's own browser, with the token that it was handed once.

A page of another origin can send requests to a local server, and DNS names can be made to point at
it. So every request must name this server exactly in its Host, come from no other origin, and carry
the token; what changes anything must be JSON with a header that such a page cannot set.
"""

import hmac
import html
from collections.abc import Callable, Collection
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samplewise.server import wire
from samplewise.server.answers import answer

CUSTOM_HEADER = "x-samplewise"
_ONWARD = (
    '<!doctype html><meta http-equiv="refresh" content="0;url={0}"><a href="{0}">Samplewise</a>'
)
_LOCKED = "open the address with the token that `samplewise ui` printed."
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
            return _refuse(401, _LOCKED)
        return PlainTextResponse(f"Samplewise: {_LOCKED}", 401)

    def _welcome(self, scope: Scope, headers: Headers) -> Response:
        """Off to the page without the token, which stays in a cookie that no script can read."""
        kept = [(k, v) for k, vs in _query(scope).items() if k != "token" for v in vs]
        local = quote("/" + scope["path"].lstrip("/\\"))  # `//host` would lead elsewhere
        address = f"{local}?{urlencode(kept)}" if kept else local
        response: Response = RedirectResponse(address, 303)
        if headers.get("sec-fetch-site") == "cross-site":
            # A strict cookie is not send_with_headers along a redirect that began elsewhere.
            response = HTMLResponse(_ONWARD.format(html.escape(address)))
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


def _refuse(status: int, why: str) -> Response:
    return answer(wire.Problem("Refused", why), status)
