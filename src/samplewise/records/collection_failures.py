"""Which collections of a run failed, in a sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

_NO_IMAGES = "no image could be read"


def describe_failures(collections: Iterable[Mapping[str, Any]]) -> str | None:
    """`collected nothing: ...` where every collection failed; None where none did.

    One that was made again counts as the last time.

    Args:
        collections: What a run's document says of them.
    """
    last = {(each.get("table"), each.get("split"), each.get("epoch")): each for each in collections}
    errors = [error for error in map(_error, last.values()) if error is not None]
    if not errors:
        return None
    why = errors[-1].partition("\n")[0]
    if len(errors) == len(last):
        return f"collected nothing: {why}"
    return f"{len(errors)} of {len(last)} collections failed: {why}"


def _error(record: Mapping[str, Any]) -> str | None:
    error = record.get("error")
    is_empty = not record.get("rows") and bool(record.get("failed_rows"))
    return error or (_NO_IMAGES if is_empty else None)
