"""Ids of images and categories, as the COCO file had them that a Table came from."""

from collections.abc import Mapping
from typing import Any

from samplewise.records.stored_table import StoredTable


def image_ids(table: StoredTable) -> list[Any]:
    """Ids of the images; numbers from 1 on where the table has none of its own for each."""
    if "image_id" in table.columns:
        ids = table.column("image_id").to_pylist()
        if None not in ids and len(set(ids)) == len(ids):
            return ids
    return list(range(1, len(table) + 1))


def category_ids(origin: Mapping[str, Any]) -> dict[int, Any]:
    """The file's own category ids by label.

    Args:
        origin: The `source` of the table that was read from it; may be empty.
    """
    pairs = zip(origin.get("labels", ()), origin.get("categories", ()), strict=True)
    return {label: entry["id"] for label, entry in pairs}
