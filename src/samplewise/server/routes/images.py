"""Images, by the number of their row: no path ever comes from a browser."""

import hashlib
import os
from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.errors import ColumnNotFoundError, InvalidArgumentError, NotFoundError
from samplewise.records.stored_table import StoredTable
from samplewise.server import wire
from samplewise.server.answers import in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.thumbnails import SIZES, Thumbnails, mtime, original

_PINNED = "private, max-age=86400, immutable"


def routes(catalog: Catalog, thumbnails: Thumbnails) -> list[Route]:
    """`/images/table/...` and `/images/run/...`."""
    decoders = CapacityLimiter(max(2, os.cpu_count() or 1))  # images are large when decoded

    async def of_table(request: Request) -> Response:
        names = request.path_params
        source = wire.TableSource(names["project"], names["dataset"], names["table"])
        return await send_picture(request, lambda: catalog.table(source))

    async def of_run(request: Request) -> Response:
        names = request.path_params
        which = names["project"], names["run"], names["input_table_id"]
        return await send_picture(request, lambda: catalog.input_table(*which))

    async def send_picture(request: Request, table: Callable[[], StoredTable]) -> Response:
        work = partial(_picture, request, table, thumbnails)
        return await in_thread(work, limiter=decoders)

    table = "table/{project}/{dataset}/{table}/{example_id:int}"
    run = "run/{project}/{run}/{input_table_id:int}/{example_id:int}"
    return [
        Route(f"/images/{version}{path}", endpoint)
        for path, endpoint in ((table, of_table), (run, of_run))
        for version in ("", "{version}/")
    ]


def _picture(request: Request, find: Callable[[], StoredTable], thumbnails: Thumbnails) -> Response:
    table = find()
    column = request.query_params.get("column", "image")
    example_id = request.path_params["example_id"]
    size = _size(request.query_params.get("size"))
    url = image_url(table, column, example_id)
    named = f"{table.id}/{column}/{example_id}/{size}/{mtime(url)}"
    # Whoever names the id of the Table has another address when it is another Table.
    is_pinned = request.path_params.get("version") == table.id
    headers = {
        "ETag": f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"',
        "Cache-Control": _PINNED if is_pinned else "private, no-cache",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if size is None:
        content, kind = original(url)
    else:
        content, kind = thumbnails.get(url, size, table.id), "image/webp"
    return Response(content, media_type=kind, headers=headers)


def image_url(table: StoredTable, column: str, example_id: int) -> str:
    """Where the image of a row lies, as its table names it.

    Raises:
        ColumnNotFoundError: The table has no such column of images.
        NotFoundError: It has no such row, or the row has no image.
        AliasError: The path starts with an unknown alias.
    """
    if column not in table.schema:  # beside metrics of that name it is called so
        column = column.removeprefix("input_")
    if column not in table.schema or table.schema[column].role != "image":
        raise ColumnNotFoundError(f"table `{table.name}` has no column `{column}` of images.")
    if not 0 <= example_id < len(table):
        raise NotFoundError(f"table `{table.name}` has no row {example_id}.")
    stored = table.reader.take([example_id], [column]).column(column)[0].as_py()
    if stored is None:
        raise NotFoundError(f"row {example_id} of table `{table.name}` has no image.")
    return table.schema[column].map_urls(stored, table.aliases.resolve)


def _size(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= SIZES[-1]:
        raise InvalidArgumentError(f"`size` must be from 1 to {SIZES[-1]}, but is {text[:20]!r}.")
    return int(text)
