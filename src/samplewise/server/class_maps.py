"""Class maps that lie in files, as run lengths that a browser can draw."""

from typing import Any

import numpy as np

from samplewise.errors import SamplewiseError
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema
from samplewise.server.source import OpenSource
from samplewise.storage import Aliases

MOST_PIXELS = 2**25


def with_class_maps(values: dict[str, Any], source: OpenSource, aliases: Aliases) -> dict[str, Any]:
    """The values of a sample, its class maps drawn; one that cannot be read stays an address."""
    drawn = {
        name: _drawn(value, aliases)
        for name, value in values.items()
        if value is not None
        and name in source.columns
        and isinstance(source.columns[name].schema, SemanticSegmentationSchema)
    }
    return values | drawn


def _drawn(value: dict[str, Any], aliases: Aliases) -> dict[str, Any]:
    if value["classes"] is not None or value["url"] is None:
        return value
    try:
        pixels = SemanticSegmentation(aliases.resolve(value["url"])).load()
    except (SamplewiseError, OSError, ValueError, SyntaxError):
        return value
    if pixels.ndim != 2 or pixels.size > MOST_PIXELS:
        return value
    stored = SemanticSegmentation(class_map=np.asarray(pixels)).to_stored()
    return {**stored, "url": value["url"]}
