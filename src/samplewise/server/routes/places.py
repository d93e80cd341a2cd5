"""Where one sample stands among the selected ones: what comes before it and what after."""

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.selection import select_rows


def routes(catalog: Catalog) -> list[Route]:
    """`/place`."""

    async def place(request: Request) -> Response:
        asked = await decode(request, wire.PlaceRequest)
        return answer(await in_thread(_place, catalog, asked))

    return [Route("/place", place, methods=["POST"])]


def _place(catalog: Catalog, asked: wire.PlaceRequest) -> wire.ListPlace:
    source = catalog.open(asked.source)
    ids = source.example_ids[select_rows(source, asked.filters, asked.sort, hot=catalog.hot)]
    found = np.flatnonzero(ids == asked.example_id)
    if len(found) == 0:
        first = int(ids[0]) if len(ids) else None
        return wire.ListPlace(place=None, count=len(ids), previous=None, next=first)
    at = int(found[0])
    return wire.ListPlace(
        place=at,
        count=len(ids),
        previous=int(ids[at - 1]) if at > 0 else None,
        next=int(ids[at + 1]) if at + 1 < len(ids) else None,
    )
