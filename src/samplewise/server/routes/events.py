"""Server-sent events."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from samplewise.server.catalog import Catalog
from samplewise.server.events import events


def routes(catalog: Catalog) -> list[Route]:
    """`/events`."""

    async def stream(request: Request) -> Response:
        return StreamingResponse(
            events(catalog.store),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return [Route("/events", stream)]
