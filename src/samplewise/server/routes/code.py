"""A selection as Python."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.python_code import python_of


def routes(catalog: Catalog) -> list[Route]:
    """`/python`."""

    async def code(request: Request) -> Response:
        asked = await decode(request, wire.SelectionRequest)
        return answer(wire.Code(await in_thread(python_of, catalog, asked)))

    return [Route("/python", code, methods=["POST"])]
