"""What the documents of a store must hold, checked whenever one is read, and their checksums.

A value of another type is damage or a hand that slipped, and what stands on it would be wrong
without a word. The checksums are optional: documents written before there were any have none.
"""

import json
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from samplewise.storage.layout import why_no_name

CHECKSUM, ROWS_CHECKSUM = "checksum", "rows_checksum"
"""CRC-32 of a document, and of what says which rows a table has."""

CHANGES = "changes"
"""Numbers of the last changes of a document on an object store; no part of what it says."""

STATUSES = ("running", "completed", "cancelled", "failed")

_ID = re.compile(r"[0-9a-f]{32}")
_ROWS_FIELDS = ("id", "rows", "version", "row_count", "is_original", "arrow_schema")


class _FieldRule(NamedTuple):
    must: str
    holds: Callable[[Any], bool]
    is_optional: bool = False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_id(value: Any) -> bool:
    return _is_text(value) and _ID.fullmatch(value) is not None


def _are_rows_in(folder: str) -> Callable[[Any], bool]:
    """Rows lie in one folder of the dataset or the run, and nowhere else."""

    def holds(value: Any) -> bool:
        below = str(value).removeprefix(f"{folder}/").removesuffix(".lance")
        return _is_id(below) and value == f"{folder}/{below}.lance"

    return holds


def _are_tables(value: Any) -> bool:
    return _are_objects("project", "dataset", "name")(value) and all(
        _is_id(each.get("id")) and not any(map(why_no_name, (each["project"], each["dataset"])))
        for each in value
    )


def _are_ancestors(value: Any) -> bool:
    return _are_objects("name")(value) and all(_is_id(each.get("id")) for each in value)


def _are_maps(value: Any) -> bool:
    return _are_objects("column")(value) and all(
        each.get("reducer") is None or _is_path_below(each["reducer"]) for each in value
    )


def _is_path_below(value: Any) -> bool:
    parts = PurePosixPath(value).parts if _is_text(value) and "\\" not in value else ()
    return bool(parts) and not value.startswith("/") and ".." not in parts


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _are_objects(*names: str) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(each, dict) and all(_is_text(each.get(name)) for name in names)
            for each in value
        )

    return holds


def _are_versions(value: Any) -> bool:
    streams = value.get("streams") if isinstance(value, dict) else None
    return isinstance(streams, dict) and all(map(_is_count, streams.values()))


def _optional(must: str, holds: Callable[[Any], bool]) -> _FieldRule:
    return _FieldRule(must, holds, is_optional=True)


_TEXT = _FieldRule("be a string", _is_text)
_TIME = _FieldRule("be a time in ISO 8601", _is_time)
_COUNT = _FieldRule("be a whole number", _is_count)
_IDENTITY = _FieldRule("be an id", _is_id)
_SOME_TEXT = _optional("be a string", _is_text)
_OBJECT = _optional("be an object", lambda value: isinstance(value, dict))
_OBJECTS = _optional("be a list of objects", _are_objects())

_TABLE = {
    "id": _IDENTITY,
    "created": _TIME,
    "rows": _FieldRule("be the place of its rows in its dataset", _are_rows_in("rows")),
    "version": _COUNT,
    "row_count": _COUNT,
    "is_original": _FieldRule("be true or false", lambda value: isinstance(value, bool)),
    "arrow_schema": _TEXT,
    "ancestors": _optional("be a list of names and ids", _are_ancestors),
    "named_after": _SOME_TEXT,
    "description": _SOME_TEXT,
    "source": _OBJECT,
    "fingerprint": _OBJECT,
}
_RUN = {
    "id": _IDENTITY,
    "created": _TIME,
    "status": _FieldRule(f"be one of {', '.join(STATUSES)}", lambda value: value in STATUSES),
    "ended": _optional("be a time in ISO 8601", _is_time),
    "owner": _OBJECT,
    "description": _SOME_TEXT,
    "parameters": _OBJECT,
    "provenance": _OBJECT,
    "input_tables": _FieldRule("be a list of tables", _are_tables),
    "collections": _OBJECTS,
    "last_aggregates": _OBJECTS,
    "reductions": _optional("be a list of maps", _are_maps),
    "replacing": _optional("be versions of streams", _are_versions),
}
_PROJECT = {"aliases": _OBJECT}
_STREAM = {"rows": _FieldRule("be the place of its rows in its run", _are_rows_in("streams"))}


def document_problem(path: str, document: Mapping[str, Any]) -> str | None:
    """Which field of a document breaks its rule; None if none does.

    Args:
        path: Of the document, which says what it is.
        document: What is stored.
    """
    for name, rule in _rules(path).items():
        value = document.get(name)
        if value is None and (rule.is_optional or name not in document):
            if rule.is_optional:
                continue
            return f"`{name}` must {rule.must}, but is missing"
        if not rule.holds(value):
            return f"`{name}` must {rule.must}, but is {_show_value(value)}"
    return None


def names_other_rows(document: Mapping[str, Any]) -> bool:
    """Whether what the document of a table says of its rows is not what was written."""
    sealed = document.get(ROWS_CHECKSUM)
    return sealed is not None and sealed != _crc(_rows_part(document))


def is_changed(document: Mapping[str, Any]) -> bool:
    """Whether a document is not, to the letter, what Samplewise wrote."""
    sealed = document.get(CHECKSUM)
    return sealed is not None and sealed != _crc(_without_checksums(document))


def with_checksums(path: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it is stored."""
    bare = _without_checksums(document)
    if _rules(path) is _PROJECT:
        return bare  # people may edit it
    sealed = {**bare, CHECKSUM: _crc(bare)}
    return {**sealed, ROWS_CHECKSUM: _crc(_rows_part(bare))} if _rules(path) is _TABLE else sealed


def _rules(path: str) -> Mapping[str, _FieldRule]:
    *_, folder, name = ("", "", *path.split("/"))
    if name == "table.json" or folder in ("inputs", "documents"):
        return _TABLE
    if name == "run.json":
        return _RUN
    if folder == "streams":
        return _STREAM
    return _PROJECT if name == "project.json" else {}


def _rows_part(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document.get(name) for name in _ROWS_FIELDS}


def _without_checksums(document: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k not in (CHECKSUM, ROWS_CHECKSUM, CHANGES)}


def _crc(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{zlib.crc32(text.encode(errors='surrogatepass')):08x}"


def _show_value(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."
