"""A stored value in a few characters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from samplewise.schema import ColumnSchema, ImageSchema
from samplewise.schema.instances import ADDITIONAL, LABEL, InstancesSchema

_LONGEST = 60
_FIRST = 3


def cell(value: Any, column: ColumnSchema) -> str:
    """What a person wants to see of a value at a glance."""
    if value is None:
        return "-"
    if isinstance(column, ImageSchema):
        return _ending(value) if isinstance(value, str) else "(image)"
    if isinstance(column, InstancesSchema):
        return _shorten(_instances(value, column))
    value_map = column.value_map
    if value_map is not None and isinstance(value, int):
        return str(value_map[value]) if value in value_map else str(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return _shorten(_sequence(value))
    return _shorten(_scalar(value))


def _instances(value: Mapping[str, Any], column: InstancesSchema) -> str:
    """How many there are, and of what."""
    count = len(value["instances"] or ())
    labels = (value.get(ADDITIONAL) or {}).get(LABEL) or []
    value_map = column.properties[LABEL].value_map or {}
    names = Counter(str(value_map.get(label, label)) for label in labels if label is not None)
    listed = ", ".join(f"{n} {name}" for name, n in names.most_common())
    return listed or f"{count} instances"


def _sequence(value: Sequence[Any]) -> str:
    shown = ", ".join(_scalar(item) for item in value[:_FIRST])
    return f"[{shown}]" if len(value) <= _FIRST else f"[{shown}, ... {len(value)} in all]"


def _scalar(value: Any) -> str:
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _ending(url: str) -> str:
    """The end of a URL, which tells files apart better than its beginning."""
    if url.startswith("data:"):
        return "(image)"
    return url if len(url) <= _LONGEST else "..." + url[-_LONGEST + 3 :]
