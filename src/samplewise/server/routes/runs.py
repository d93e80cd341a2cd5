"""Runs: what is known of them, their curves, and what people write about them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.inventory import run_row


def routes(catalog: Catalog) -> list[Route]:
    """`/runs/{project}/{run}` and what is below it."""

    async def run(request: Request) -> Response:
        return answer(await in_thread(_run, catalog, *_names(request)))

    async def change(request: Request) -> Response:
        patch = await decode(request, wire.RunPatch)
        return answer(await in_thread(_change, catalog, *_names(request), patch))

    async def curves(request: Request) -> Response:
        return answer(await in_thread(_curves, catalog, *_names(request)))

    return [
        Route("/runs/{project}/{run}", run),
        Route("/runs/{project}/{run}", change, methods=["PATCH"]),
        Route("/runs/{project}/{run}/curves", curves),
    ]


def _names(request: Request) -> tuple[str, str]:
    return request.path_params["project"], request.path_params["run"]


def _run(catalog: Catalog, project: str, name: str) -> wire.Run:
    run = catalog.run(project, name)
    sources = catalog.sources_of(run)
    document = run.document.read()
    collections = document["collections"]
    return wire.Run(
        row=run_row(catalog.store, project, name),
        parameters=document["parameters"],
        provenance=document["provenance"],
        collections=[_collection(each) for each in collections],
        sources=sources,
        reductions=[_reduction(each) for each in run.reductions],
        version=f"{run.id}-{sum(source.rows for source in sources)}-{len(collections)}",
    )


def _change(catalog: Catalog, project: str, name: str, patch: wire.RunPatch) -> wire.Run:
    catalog.run(project, name).annotate(
        description=patch.description, notes=patch.notes, tags=patch.tags
    )
    return _run(catalog, project, name)


def _collection(stored: dict[str, Any]) -> wire.Collection:
    return wire.Collection(
        split=stored.get("split"),
        epoch=stored.get("epoch"),
        table=str(stored.get("table", "")),
        rows=stored.get("rows") or 0,
        duration_s=stored.get("duration_s") or 0.0,
        error=stored.get("error"),
    )


def _reduction(stored: dict[str, Any]) -> wire.ReductionSummary:
    return wire.ReductionSummary(
        column=stored.get("column", ""),
        method=stored.get("method", ""),
        trustworthiness=list(stored.get("trustworthiness") or ()),
        note=str(stored.get("note") or ""),
    )


def _curves(catalog: Catalog, project: str, name: str) -> wire.Curves:
    found: dict[tuple[str | None, str], wire.Curve] = {}
    rows = catalog.run(project, name).aggregates.to_pylist()
    for row in sorted(rows, key=lambda row: (row["epoch"] is None, row["epoch"] or 0, row["time"])):
        key = (row["split"], row["name"])
        curve = found.setdefault(key, wire.Curve(*key, epochs=[], values=[], times=[]))
        curve.epochs.append(row["epoch"])
        curve.values.append(row["value"])
        curve.times.append(row["time"].isoformat())
    return wire.Curves(project=project, run=name, curves=list(found.values()))
