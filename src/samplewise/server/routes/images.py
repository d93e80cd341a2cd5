"""Images, by the number of their row: no path ever comes from a browser."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samplewise.errors import ColumnNotFoundError, InvalidArgumentError, NotFoundError
from samplewise.server import wire
from samplewise.server.answers import in_thread
from samplewise.server.catalog import Catalog
from samplewise.server.thumbnails import SIZES, Thumbnails, encoded
from samplewise.tables import Table

_WEBP = "image/webp"


def routes(catalog: Catalog, thumbnails: Thumbnails) -> list[Route]:
    """`/images/table/...` and `/images/run/...`."""

    async def of_table(request: Request) -> Response:
        names = request.path_params
        source = wire.TableSource(names["project"], names["dataset"], names["table"])
        return await in_thread(lambda: _picture(request, catalog.table(source), thumbnails))

    async def of_run(request: Request) -> Response:
        names = request.path_params
        which = names["project"], names["run"], names["input_table_id"]
        return await in_thread(lambda: _picture(request, catalog.input_table(*which), thumbnails))

    return [
        Route("/images/table/{project}/{dataset}/{table}/{example_id:int}", of_table),
        Route("/images/run/{project}/{run}/{input_table_id:int}/{example_id:int}", of_run),
    ]


def _picture(request: Request, table: Table, thumbnails: Thumbnails) -> Response:
    column = request.query_params.get("column", "image")
    example_id = request.path_params["example_id"]
    url = image_url(table, column, example_id)
    size = _size(request.query_params.get("size"))
    tag = hashlib.sha256(f"{table.id}/{column}/{example_id}/{size}".encode()).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=86400"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    content = encoded(url) if size is None else thumbnails.get(url, size, table.id)
    return Response(content, media_type=_WEBP, headers=headers)


def image_url(table: Table, column: str, example_id: int) -> str:
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
    stored = table.stored.reader.take([example_id], [column]).column(column)[0].as_py()
    if stored is None:
        raise NotFoundError(f"row {example_id} of table `{table.name}` has no image.")
    return table.schema[column].map_urls(stored, table.stored.aliases.resolve)


def _size(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= SIZES[-1]:
        raise InvalidArgumentError(f"`size` must be from 1 to {SIZES[-1]}, but is {text[:20]!r}.")
    return int(text)
