"""One sample: everything that is stored of it, in all collections of its run."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.errors import NotFoundError, SamplewiseError
from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.class_maps import with_class_maps
from samplewise.server.other_runs import other_runs
from samplewise.server.routes.images import image_url
from samplewise.server.sample_values import values_of
from samplewise.server.source import OpenSource
from samplewise.server.thumbnails import image_size


def routes(catalog: Catalog) -> list[Route]:
    """`/sample`, `/other-runs`."""

    async def sample(request: Request) -> Response:
        asked = await decode(request, wire.SampleRequest)
        return answer(await in_thread(_sample, catalog, asked))

    async def elsewhere(request: Request) -> Response:
        asked = await decode(request, wire.OtherRunsRequest)
        return answer(await in_thread(other_runs, catalog, asked))

    return [
        Route("/sample", sample, methods=["POST"]),
        Route("/other-runs", elsewhere, methods=["POST"]),
    ]


def _sample(catalog: Catalog, asked: wire.SampleRequest) -> wire.Sample:
    source = catalog.open(asked.source)
    values = with_class_maps(values_of(source, asked.example_id), catalog, source, asked.source)
    width, height, problem = _extent(catalog, asked.source, source, asked.example_id)
    return wire.Sample(
        example_id=asked.example_id,
        width=width,
        height=height,
        problem=problem,
        values=values,
        collections=_collections(catalog, asked),
    )


def _collections(catalog: Catalog, asked: wire.SampleRequest) -> list[wire.SampleCollection]:
    if isinstance(asked.source, wire.TableSource):
        return []
    wanted = (asked.source.stream, asked.source.split, asked.source.input_table_id)
    run = catalog.run(asked.source.project, asked.source.run)
    found = []
    for row in catalog.sources_of(run):
        each = row.source
        if (each.stream, each.split, each.input_table_id) != wanted:
            continue
        try:
            values = values_of(catalog.open(each), asked.example_id)
        except NotFoundError:  # this collection has no such sample
            continue
        found.append(wire.SampleCollection(source=each, values=values))
    return found


def _extent(
    catalog: Catalog, asked: wire.Source, source: OpenSource, example_id: int
) -> tuple[int | None, int | None, str | None]:
    column = source.image_column
    if column is None:
        return None, None, "the table has no column of images."
    try:
        table = catalog.table_of(asked)
        if table is None:
            return None, None, "these metrics belong to no table."
        return *image_size(image_url(table, column, example_id)), None
    except SamplewiseError as error:
        return None, None, error.message
