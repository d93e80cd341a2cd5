"""The dashboard's server as one function of its arguments."""

from collections.abc import Collection
from pathlib import Path

from platformdirs import user_cache_path
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount

from samplewise.errors import SamplewiseError
from samplewise.server.answers import RequestError, say_error
from samplewise.server.catalog import Catalog
from samplewise.server.faults import Faults
from samplewise.server.hot import MOST_BYTES, HotColumns
from samplewise.server.pages import routes as pages
from samplewise.server.paths import API
from samplewise.server.routes import (
    code,
    comparisons,
    events,
    images,
    neighbours,
    places,
    projects,
    runs,
    samples,
    sources,
    tables,
)
from samplewise.server.security import Guard
from samplewise.server.thumbnails import Thumbnails
from samplewise.storage import Store

STATIC = Path(__file__).with_name("static")


def make_app(
    store: Store,
    *,
    static_path: Path = STATIC,
    token: str | None = None,
    hosts: Collection[str] = ("127.0.0.1", "localhost", "testserver"),
    cookie: str = "samplewise",
    ancestors: Collection[str] = (),
    cache_path: Path | None = None,
    most_bytes: int = MOST_BYTES,
) -> Starlette:
    """An ASGI app that shows a store.

    Args:
        store: What it shows.
        static_path: The built dashboard.
        token: The secret that every request must carry; None asks for none.
        hosts: The Host values that are this server.
        cookie: Name of the cookie with the token.
        ancestors: Origins that may embed its pages.
        cache_path: Takes thumbnails; None takes the user's cache folder.
        most_bytes: How much memory columns may take.
    """
    catalog = Catalog(store, HotColumns(most_bytes))
    thumbnails = Thumbnails(cache_path or user_cache_path("samplewise") / "thumbnails")
    api = [
        *projects.routes(catalog),
        *runs.routes(catalog),
        *sources.routes(catalog),
        *samples.routes(catalog),
        *comparisons.routes(catalog),
        *code.routes(catalog),
        *neighbours.routes(catalog),
        *places.routes(catalog),
        *images.routes(catalog, thumbnails),
        *tables.routes(catalog),
        *events.routes(catalog),
    ]
    guard = Middleware(Guard, token=token, hosts=hosts, cookie=cookie, ancestors=ancestors)
    app = Starlette(
        routes=[Mount(API, routes=api), *pages(static_path)],
        middleware=[guard, Middleware(Faults, store=store)],
        exception_handlers={
            SamplewiseError: say_error,
            RequestError: say_error,
            HTTPException: say_error,
        },
    )
    app.state.store = store
    return app
