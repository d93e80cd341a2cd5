"""Who lies near a sample by embedding."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.errors import InvalidArgumentError
from samplewise.records.nearest import SearchCache, nearest_samples
from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog

MOST = 1_000


def routes(catalog: Catalog) -> list[Route]:
    """`/neighbours`."""
    cache = SearchCache()

    async def neighbours(request: Request) -> Response:
        asked = await decode(request, wire.NeighboursRequest)
        return answer(await in_thread(_neighbours, catalog, asked, cache))

    return [Route("/neighbours", neighbours, methods=["POST"])]


def _neighbours(
    catalog: Catalog, asked: wire.NeighboursRequest, cache: SearchCache
) -> wire.NearestSamples:
    if not 1 <= asked.count <= MOST:
        raise InvalidArgumentError(f"`count` must be from 1 to {MOST}, but is {asked.count}.")
    source = asked.source
    if isinstance(source, wire.TableSource):
        raise InvalidArgumentError("`source` must be a collection of a run: tables hold no such.")
    run = catalog.run(source.project, source.run)
    key = (source.epoch, source.split, source.input_table_id)
    found = nearest_samples(run, asked.column, asked.example_id, key, k=asked.count, cache=cache)
    return wire.NearestSamples(
        example_ids=found.example_ids.tolist(), distances=found.distances.tolist()
    )
