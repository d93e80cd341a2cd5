"""Tables: their revisions, how these differ, edits, and selections as Tables and files."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from samplewise.records.revision import descendants
from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.inventory import table_row, table_rows
from samplewise.server.revisions import StaleBaseError, commit, compare_tables
from samplewise.server.selections import new_table, write
from samplewise.server.statistics import statistics

_FILES: Mapping[str, tuple[str, str]] = {
    "csv": ("samples.csv", "text/csv"),
    "parquet": ("samples.parquet", "application/vnd.apache.parquet"),
    "coco": ("samples.json", "application/json"),
}


def routes(catalog: Catalog) -> list[Route]:
    """`/tables/...`, `/diff`, `/commit`, `/new-table`, `/export`, `/statistics`."""

    async def table(request: Request) -> Response:
        names = request.path_params
        source = wire.TableSource(names["project"], names["dataset"], names["table"])
        return answer(await in_thread(_table, catalog, source))

    async def diff(request: Request) -> Response:
        asked = await decode(request, wire.TableDiffRequest)
        return answer(await in_thread(compare_tables, catalog, asked))

    async def commit_edits(request: Request) -> Response:
        asked = await decode(request, wire.CommitRequest)
        try:
            return answer(await in_thread(commit, catalog, asked))
        except StaleBaseError as stale:
            return answer(stale.conflict, 409)

    async def make_table(request: Request) -> Response:
        asked = await decode(request, wire.NewTableRequest)
        return answer(await in_thread(new_table, catalog, asked))

    async def export(request: Request) -> Response:
        asked = await decode(request, wire.ExportRequest)
        return await in_thread(_export, catalog, asked)

    async def count_statistics(request: Request) -> Response:
        asked = await decode(request, wire.StatisticsRequest)
        return answer(await in_thread(statistics, catalog, asked))

    return [
        Route("/tables/{project}/{dataset}/{table}", table),
        Route("/diff", diff, methods=["POST"]),
        Route("/commit", commit_edits, methods=["POST"]),
        Route("/new-table", make_table, methods=["POST"]),
        Route("/export", export, methods=["POST"]),
        Route("/statistics", count_statistics, methods=["POST"]),
    ]


def _table(catalog: Catalog, source: wire.TableSource) -> wire.Table:
    opened = catalog.table(source)
    rows = table_rows(catalog.store, source.project, source.dataset)
    lineage = {ancestor["id"] for ancestor in opened.document.ancestors}
    later = {document.id for document in descendants(opened)}
    return wire.Table(
        row=table_row(catalog.store, source.project, source.dataset, source.table),
        source=opened.source,
        lineage=[row for row in rows if row.id in lineage],
        descendants=[row for row in rows if row.id in later],
    )


def _export(catalog: Catalog, asked: wire.ExportRequest) -> Response:
    name, kind = _FILES[asked.format]
    folder = tempfile.TemporaryDirectory(prefix="samplewise-export-")
    try:
        path = Path(folder.name, name)
        write(catalog, asked, path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        media_type=kind,
        filename=name,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(folder.cleanup),
    )
