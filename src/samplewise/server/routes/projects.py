"""Projects, and what is saved of their pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise._version import __version__
from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.records.catalog import project_names
from samplewise.server import wire
from samplewise.server.answers import answer, decode, in_thread
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
        name = await in_thread(_check_known, request)
        runs = await in_thread(run_rows, store, name)
        tables = await in_thread(table_rows, store, name)
        return answer(wire.Project(name=name, runs=runs, tables=tables))

    async def views(request: Request) -> Response:
        return answer(await in_thread(lambda: _views(_check_known(request))))

    async def save_views(request: Request) -> Response:
        saved = await decode(request, wire.Views)
        await in_thread(lambda: _save(_check_known(request), saved))
        return answer(saved)

    def _check_known(request: Request) -> str:
        name = request.path_params["project"]
        if "project" not in store.documents(project_path(name)):
            hint = did_you_mean(name, project_names(store))
            raise NotFoundError(f"there is no project `{name}` below {store.root}.", hint=hint)
        return name

    def _views(name: str) -> wire.Views:
        document = store.read(f"{project_path(name)}/views.json") or {}
        return wire.Views(views=[wire.View(**view) for view in document.get("views", ())])

    def _save(name: str, saved: wire.Views) -> None:
        for view in saved.views:
            # They become links, so they may lead to pages of ours only, and hold no secret.
            if not view.path.startswith("/p/") or "token=" in view.path:
                raise InvalidArgumentError(
                    f"`path` must be the address of a page, but is {view.path[:80]!r}."
                )
        views = [{"name": view.name, "path": view.path} for view in saved.views]
        store.replace(f"{project_path(name)}/views.json", {"views": views})

    return [
        Route("/projects", projects),
        Route("/projects/{project}", project),
        Route("/projects/{project}/views", views),
        Route("/projects/{project}/views", save_views, methods=["PUT"]),
    ]
