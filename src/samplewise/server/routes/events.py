"""Server-sent events."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from samplewise.server.catalog import Catalog
from samplewise.server.events import Watch


def routes(catalog: Catalog) -> list[Route]:
    """`/events`."""
    watch = Watch(catalog.store)

    async def stream(request: Request) -> Response:
        return StreamingResponse(
            watch.events(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return [Route("/events", stream)]
