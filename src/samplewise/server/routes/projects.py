"""Projects, and what is saved of their pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise import __version__
from samplewise.server import wire
from samplewise.server.answers import answer, decoded, in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.inventory import project_rows, run_rows, table_rows
from samplewise.storage.layout import project_path


def routes(catalog: Catalog) -> list[Route]:
    """`/projects` and what is below it."""
    store = catalog.store

    async def projects(request: Request) -> Response:
        rows = await in_thread(project_rows, store)
        return answer(wire.Projects(root=store.root, version=__version__, projects=rows))

    async def project(request: Request) -> Response:
        name = request.path_params["project"]
        runs = await in_thread(run_rows, store, name)
        tables = await in_thread(table_rows, store, name)
        return answer(wire.Project(name=name, runs=runs, tables=tables))

    async def views(request: Request) -> Response:
        return answer(await in_thread(_views, request.path_params["project"]))

    async def save_views(request: Request) -> Response:
        saved = await decoded(request, wire.Views)
        await in_thread(_save, request.path_params["project"], saved)
        return answer(saved)

    def _views(name: str) -> wire.Views:
        document = store.read(f"{project_path(name)}/views.json") or {}
        return wire.Views(views=[wire.View(**view) for view in document.get("views", ())])

    def _save(name: str, saved: wire.Views) -> None:
        views = [{"name": view.name, "path": view.path} for view in saved.views]
        store.replace(f"{project_path(name)}/views.json", {"views": views})

    return [
        Route("/projects", projects),
        Route("/projects/{project}", project),
        Route("/projects/{project}/views", views),
        Route("/projects/{project}/views", save_views, methods=["PUT"]),
    ]
