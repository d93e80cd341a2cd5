"""Sources: what they have, whole columns for plots, pages of rows, and what filters select."""

import numpy as np
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.errors import InvalidArgumentError
from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.server import wire
from samplewise.server.answers import answer, arrow, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.class_maps import page_with_class_maps
from samplewise.server.filters.joining import conditions_on
from samplewise.server.histograms import histogram, instance_histogram
from samplewise.server.selection import select_rows

LONGEST_PAGE = 1_000  # rows
MOST_BINS = 1_000


def routes(catalog: Catalog) -> list[Route]:
    """`/source`, `/columns`, `/rows`, `/count`, `/ids`, `/histogram`."""

    async def source(request: Request) -> Response:
        asked = await decode(request, wire.SourceRequest)
        return answer(await in_thread(lambda: catalog.open(asked.source).info))

    async def columns(request: Request) -> Response:
        asked = await decode(request, wire.ColumnsRequest)
        return arrow(
            await in_thread(lambda: catalog.open(asked.source).read_for_plots(asked.columns))
        )

    async def rows(request: Request) -> Response:
        return arrow(await in_thread(_page, catalog, await decode(request, wire.RowsRequest)))

    async def count(request: Request) -> Response:
        asked = await decode(request, wire.SelectionRequest)
        return answer(wire.Count(len(await in_thread(_select, catalog, asked))))

    async def ids(request: Request) -> Response:
        asked = await decode(request, wire.SelectionRequest)
        return arrow(await in_thread(_ids, catalog, asked))

    async def bins(request: Request) -> Response:
        asked = await decode(request, wire.HistogramRequest)
        return answer(await in_thread(_histogram, catalog, asked))

    return [
        Route("/source", source, methods=["POST"]),
        Route("/columns", columns, methods=["POST"]),
        Route("/rows", rows, methods=["POST"]),
        Route("/count", count, methods=["POST"]),
        Route("/ids", ids, methods=["POST"]),
        Route("/histogram", bins, methods=["POST"]),
    ]


def _select(catalog: Catalog, asked: wire.SelectionRequest) -> np.ndarray:
    return select_rows(catalog.open(asked.source), asked.filters, hot=catalog.hot)


def _ids(catalog: Catalog, asked: wire.SelectionRequest) -> pa.Table:
    ids = catalog.open(asked.source).example_ids[_select(catalog, asked)]
    return pa.table({EXAMPLE_ID: pa.array(ids.astype(np.int32))})


def _page(catalog: Catalog, asked: wire.RowsRequest) -> pa.Table:
    if asked.offset < 0 or not 0 <= asked.limit <= LONGEST_PAGE:
        raise InvalidArgumentError(
            f"`limit` must be from 0 to {LONGEST_PAGE} and `offset` not negative, "
            f"but they are {asked.limit} and {asked.offset}."
        )
    source = catalog.open(asked.source)
    found = ordered = select_rows(source, asked.filters, hot=catalog.hot)
    stop = asked.offset + asked.limit
    if asked.sort:
        # The first pages need not wait until everything is in order.
        most = LONGEST_PAGE if stop <= LONGEST_PAGE else None
        ordered = select_rows(source, asked.filters, asked.sort, hot=catalog.hot, most=most)
    page = source.page(ordered[asked.offset : stop], asked.columns, total=len(found))
    return page_with_class_maps(page, catalog, source, asked.source)


def _histogram(catalog: Catalog, asked: wire.HistogramRequest) -> wire.Histogram:
    if not 1 <= asked.bins <= MOST_BINS:
        raise InvalidArgumentError(f"`bins` must be from 1 to {MOST_BINS}, but is {asked.bins}.")
    source = catalog.open(asked.source)
    found = select_rows(source, asked.filters, hot=catalog.hot)
    if asked.property is not None:
        conditions = conditions_on(asked.filters, asked.column)
        return instance_histogram(
            source, asked.column, asked.property, asked.confidence, found, conditions
        )
    return histogram(source, asked.column, found, asked.bins)
