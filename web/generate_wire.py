"""Writes `web/src/wire.ts` from `samplewise.server.wire`: `make web-types`."""

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec

from samplewise.server import wire

TARGET = Path(__file__).parent / "src" / "wire.ts"
_HEAD = "// Generated from samplewise/server/wire by `make web-types`; not to be edited.\n"
_TAKEN = ("Request", "Patch", "Filter", "Sort", "Source", "Edit")
_SCALARS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def typescript() -> str:
    """The TypeScript of every message."""
    messages = [
        value
        for value in vars(wire).values()
        if isinstance(value, type) and issubclass(value, wire.Wire) and value is not wire.Wire
    ]
    _, definitions = msgspec.json.schema_components(messages, ref_template="#/{name}")
    parts = [_interface(name, schema) for name, schema in sorted(definitions.items())]
    for name in ("Source", "Filter"):
        members = " | ".join(sorted(one.__name__ for one in getattr(wire, name).__args__))
        parts.append(f"export type {name} = {members};\n")
    roles = " | ".join(f'"{role}"' for role in wire.Role.__args__)
    return "\n".join([_HEAD, *parts, f"export type Role = {roles};\n"])


def _interface(name: str, schema: dict[str, Any]) -> str:
    # What the server sends is whole; what it takes may leave out fields that have a default.
    is_sent = not name.endswith(_TAKEN)
    required = set(schema["properties"] if is_sent else schema.get("required", ()))
    lines = [
        f"  {field}{'' if field in required else '?'}: {_type(inner)};"
        for field, inner in schema["properties"].items()
    ]
    return _comment(schema.get("description")) + "\n".join(
        [f"export interface {name} {{", *lines, "}", ""]
    )


def _comment(text: str | None) -> str:
    if not text:
        return ""
    lines = inspect.cleandoc(text).splitlines()
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */", ""])


def _type(schema: dict[str, Any]) -> str:  # noqa: PLR0911  # one line for each kind of schema
    if "$ref" in schema:
        return schema["$ref"].removeprefix("#/")
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_SCALARS[one] for one in kind)
    if kind == "array":
        if "prefixItems" in schema:
            return "[" + ", ".join(_type(one) for one in schema["prefixItems"]) + "]"
        inner = _type(schema.get("items", {}))
        return f"({inner})[]" if " " in inner and not inner.startswith("[") else f"{inner}[]"
    if kind == "object":
        return f"Record<string, {_type(schema.get('additionalProperties', {}))}>"
    return _SCALARS.get(str(kind), "unknown")


if __name__ == "__main__":
    TARGET.write_text(typescript())
