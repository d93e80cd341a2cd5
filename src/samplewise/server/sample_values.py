"""The stored values of one sample, as JSON."""

from typing import Any

import numpy as np

from samplewise.errors import NotFoundError
from samplewise.server.source import OpenSource


def values_of(source: OpenSource, example_id: int) -> dict[str, Any]:
    """Stored form of every column by name; embeddings and images inside the row are left out.

    Raises:
        NotFoundError: There is no such sample.
    """
    place = int(np.searchsorted(source.example_ids, example_id))
    if place >= len(source) or source.example_ids[place] != example_id:
        raise NotFoundError(f"there is no sample {example_id} here.")
    row = source.page(np.array([place]), None, total=1).to_pylist()[0]
    return {name: value for name, value in row.items() if not _is_embedded(source, name, value)}


def _is_embedded(source: OpenSource, name: str, value: Any) -> bool:
    """An image inside the row is asked for by its address like any other."""
    is_image = name in source.columns and source.columns[name].role == "image"
    return is_image and isinstance(value, str) and value.startswith("data:")
