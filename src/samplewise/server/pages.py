"""The files of the dashboard; every address that is no file is one of its pages."""

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_NOT_BUILT = (
    "<!doctype html><title>Samplewise</title><p>The dashboard is not built in this installation. "
    "In a checkout, <code>make web</code> builds it; a released wheel has it inside."
)
_FOREVER = "public, max-age=31536000, immutable"  # the names of these files hold their hashes


def routes(static_path: Path) -> list[Route]:
    """Files below `static_path`, and its `index.html` for all other addresses."""
    known = {
        path.relative_to(static_path).as_posix(): path
        for path in sorted(static_path.rglob("*"))
        if path.is_file()
    }

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        if path in known:
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            cache = _FOREVER if path.startswith("assets/") else "no-cache"
            return _answer(known[path], kind, cache)
        if path == "api" or path.startswith(("assets/", "api/")):
            return Response(status_code=404)
        if "index.html" not in known:
            return HTMLResponse(_NOT_BUILT, 503)
        return _answer(known["index.html"], "text/html", "no-cache")

    return [Route("/{path:path}", page)]


def _answer(path: Path, kind: str, cache: str) -> Response:
    # Read here and not in a thread: all threads may be waiting for a store that hangs.
    return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": cache})
