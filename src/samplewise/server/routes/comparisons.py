"""The same samples in several collections, and which class is taken for which."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.server import wire
from samplewise.server.answers import answer, arrow, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.confusion_matrix import confusion
from samplewise.server.pairs import compare, history
from samplewise.server.selection import select_rows


def routes(catalog: Catalog) -> list[Route]:
    """`/compare`, `/history`, `/confusion`."""

    async def comparison(request: Request) -> Response:
        asked = await decode(request, wire.CompareRequest)
        return arrow(await in_thread(compare, catalog, asked))

    async def epochs(request: Request) -> Response:
        asked = await decode(request, wire.SampleHistoryRequest)
        return arrow(await in_thread(history, catalog, asked))

    async def confusions(request: Request) -> Response:
        asked = await decode(request, wire.ConfusionRequest)
        return answer(await in_thread(_confusion, catalog, asked))

    return [
        Route("/compare", comparison, methods=["POST"]),
        Route("/history", epochs, methods=["POST"]),
        Route("/confusion", confusions, methods=["POST"]),
    ]


def _confusion(catalog: Catalog, asked: wire.ConfusionRequest) -> wire.Confusion:
    source = catalog.open(asked.source)
    rows = select_rows(source, asked.filters, hot=catalog.hot)
    return confusion(source, rows, asked.confidence)
