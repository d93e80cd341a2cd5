"""A COCO file as text: its sections, each still undecoded, and what can be wrong before that."""

import codecs
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from samplewise.errors import FormatError
from samplewise.formats._label_file import read_label_file
from samplewise.formats.import_report import Findings

T = TypeVar("T")

# A string, or a number that Python's `json` writes and JSON does not know.
_NOT_A_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)')
_PART = 1 << 24
_BYTE = re.compile(r" ?\(byte (\d+)\)")


class CocoFile:
    """The sections of a COCO file.

    Args:
        path: The file.
        findings: Counts what is repaired.

    Raises:
        FormatError: The file is missing, empty, no JSON, or no JSON object with `images`.
    """

    def __init__(self, path: str | Path, findings: Findings) -> None:
        self.path = str(path)
        data = _read(self.path)
        try:
            self._sections = _sections(data)
        except msgspec.ValidationError as error:
            raise self.error(
                f"must be a JSON object with `images` and `annotations`: {error}.",
                hint="a list alone is a file of results, not of annotations"
                if data.lstrip()[:1] == b"["
                else None,
            ) from None
        except msgspec.DecodeError as error:
            self._sections = self._with_nulls(data, error, findings)
        if "images" not in self._sections:
            raise self.error(
                f"must have `images`, but has {', '.join(self._sections) or 'nothing'}.",
                hint="a COCO file has `images`, `annotations` and `categories`",
            )

    def error(self, reason: str, *, hint: str | None = None) -> FormatError:
        """An error that names the file."""
        return FormatError(f"`{self.path}` {reason}", hint=hint)

    def items(self, name: str) -> list[Raw]:
        """The items of a section that is a list, undecoded; none if there is no such section.

        Raises:
            FormatError: The section is no list.
        """
        try:
            return msgspec.json.decode(self._sections.pop(name, Raw(b"[]")), type=list[Raw])
        except msgspec.ValidationError as error:
            raise self.error(f"must have a list as `{name}`: {error}.") from None

    def value(self, name: str) -> Any:
        """A section as plain values; None if there is none.

        Raises:
            FormatError: The section is no JSON.
        """
        return None if name not in self._sections else self._plain(name)

    def rest(self, largest: int) -> tuple[dict[str, Any], list[str]]:
        """All sections that were not taken, as plain values, and names of those that are larger.

        Args:
            largest: Size of the largest section in bytes.
        """
        sizes = {name: len(bytes(section)) for name, section in self._sections.items()}
        large = [name for name, size in sizes.items() if size > largest]
        return {name: self._plain(name) for name in sizes if name not in large}, large

    def _plain(self, name: str) -> Any:
        try:
            return msgspec.json.decode(self._sections.pop(name))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.error(f"cannot be read in `{name}`: {error}.") from None

    def _with_nulls(
        self, data: bytes | memoryview, error: msgspec.DecodeError, findings: Findings
    ) -> dict[str, Raw]:
        """The sections with null for NaN and Infinity, if these are all that is wrong."""
        repaired, count = _null_for_not_a_number(bytes(data))
        try:
            sections = _sections(repaired)
        except msgspec.DecodeError:
            raise self.error(_explain_syntax(data, error)) from None
        findings.repair("numbers that JSON has not (NaN, Infinity): read as null", count=count)
        return sections


def decode_items(file: CocoFile, items: list[Raw], kind: type[T], name: str) -> list[T]:
    """Items as values of a type.

    Raises:
        FormatError: One does not fit; names its id and the reason.
    """
    values: list[T] = []
    decode = msgspec.json.Decoder(kind).decode
    try:
        values.extend(map(decode, items))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise file.error(f"is wrong in {name} {show_id(items[len(values)])}: {error}.") from None
    return values


def show_id(item: Raw) -> str:
    """The id of an undecoded item as it stands in the file."""
    try:
        fields = msgspec.json.decode(item, type=dict[str, Raw])
    except msgspec.DecodeError:
        return f"`{bytes(item)[:40].decode(errors='replace')}`"
    return bytes(fields["id"]).decode(errors="replace") if "id" in fields else "without `id`"


def other_fields(item: Raw, known: frozenset[str]) -> str | None:
    """The fields that we have no place for, as a JSON text; None if there are none."""
    fields: Mapping[str, Raw] = msgspec.json.decode(item, type=dict[str, Raw])
    rest = {name: value for name, value in fields.items() if name not in known}
    return msgspec.json.encode(rest).decode() if rest else None


def _sections(data: bytes | memoryview) -> dict[str, Raw]:
    return msgspec.json.decode(data, type=dict[str, Raw])


def _read(path: str) -> bytes:
    data = read_label_file(Path(path).expanduser())
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", errors="replace").encode()
    if not data.strip():
        raise FormatError(f"`{path}` must be a COCO file, but is empty.")
    if not data.isascii():
        _check_utf8(path, data)
    return data


def _check_utf8(path: str, data: bytes) -> None:
    """Refuse other encodings; in parts, since a text of the whole file may be four times as large.

    msgspec checks those texts only that it decodes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _PART):
        try:
            decoder.decode(data[start : start + _PART], final=start + _PART >= len(data))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, start + error.start) + 1
            raise FormatError(
                f"`{path}` must be text in UTF-8, but is not, at line {line}.",
                hint="save it as UTF-8",
            ) from None


def _null_for_not_a_number(data: bytes) -> tuple[bytes, int]:
    count = 0

    def replace_not_a_number(match: re.Match[bytes]) -> bytes:
        nonlocal count
        if match[0].startswith(b'"'):
            return match[0]
        count += 1
        return b"null"

    if b"NaN" not in data and b"Infinity" not in data:
        return data, 0
    return _NOT_A_NUMBER.sub(replace_not_a_number, data), count


def _explain_syntax(data: bytes | memoryview, error: msgspec.DecodeError) -> str:
    """What is wrong and where, for a reader with an editor."""
    text = str(error)
    match = _BYTE.search(text)
    reason = _BYTE.sub("", text)
    start = f"must be JSON, but {reason.replace('Input', 'input', 1)}"
    if match is None:
        return f"{start} (after {len(data)} bytes)."
    before = bytes(data[: int(match[1])])
    line = before.count(b"\n") + 1
    column = len(before) - (before.rfind(b"\n") + 1) + 1
    return f"{start}, at line {line}, column {column} (byte {match[1]})."
