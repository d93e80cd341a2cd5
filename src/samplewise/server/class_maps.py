"""Class maps that lie in files, as run lengths that a browser can draw."""

import os
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import NotFoundError, SamplewiseError
from samplewise.schema.image_file import local_path
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.source import OpenSource
from samplewise.storage import Aliases

MOST_PIXELS = 2**25
_MOST_KEPT = 1_000  # drawn maps, some 25 kB each


def with_class_maps(
    values: dict[str, Any], catalog: Catalog, source: OpenSource, asked: wire.Source
) -> dict[str, Any]:
    """The values of a sample, its class maps drawn; one that cannot be read stays an address."""
    names = [name for name, value in values.items() if value is not None and _is_map(source, name)]
    aliases = _aliases(catalog, asked) if names else None
    if aliases is None:
        return values
    return values | {name: _draw(values[name], aliases) for name in names}


def page_with_class_maps(
    page: pa.Table, catalog: Catalog, source: OpenSource, asked: wire.Source
) -> pa.Table:
    """The same for a page of rows. Maps on object stores stay addresses: each is a download."""
    names = [name for name in page.column_names if _is_map(source, name)]
    for name in names:
        column = page.column(name)
        drawn = draw_maps(column.to_pylist(), catalog, asked)
        at = page.schema.get_field_index(name)
        page = page.set_column(at, page.schema.field(at), pa.array(drawn, column.type))
    return page


def draw_maps(
    values: list[dict[str, Any] | None], catalog: Catalog, asked: wire.Source
) -> list[dict[str, Any] | None]:
    """Class maps of many samples; on object stores, or not readable, they stay addresses."""
    aliases = _aliases(catalog, asked)
    if aliases is None:
        return values
    return [
        _draw(value, aliases) if value and _is_near(value["url"], aliases) else value
        for value in values
    ]


def _is_map(source: OpenSource, name: str) -> bool:
    known = source.columns.get(name)
    return known is not None and isinstance(known.schema, SemanticSegmentationSchema)


def _aliases(catalog: Catalog, asked: wire.Source) -> Aliases | None:
    """What URLs of the Table mean; None where there is none."""
    try:
        table = catalog.table_of(asked)
    except NotFoundError:
        return None
    return None if table is None else table.aliases


def _is_near(url: str | None, aliases: Aliases) -> bool:
    try:
        resolved = aliases.resolve(url or "")
    except SamplewiseError:
        return False
    return "://" not in resolved or resolved.startswith("file://")


def _draw(value: dict[str, Any], aliases: Aliases) -> dict[str, Any]:
    if value["classes"] is not None or value["url"] is None:
        return value
    try:
        url = aliases.resolve(value["url"])
        file = local_path(url)
        # Whether anything else has changed is not known without reading it.
        stored = _read(url) if file is None else _read_cached(url, os.stat(file).st_mtime_ns)
    except (SamplewiseError, OSError, ValueError):
        return value
    return {**stored, "url": value["url"]}


@lru_cache(_MOST_KEPT)
def _read_cached(url: str, changed_ns: int) -> dict[str, Any]:
    return _read(url)


def _read(url: str) -> dict[str, Any]:
    pixels = SemanticSegmentation(url).load()
    if pixels.ndim != 2 or pixels.size > MOST_PIXELS:
        raise ValueError("no class map that a browser can draw")
    return SemanticSegmentation(class_map=np.asarray(pixels)).to_stored()
