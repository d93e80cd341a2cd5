"""CSV files as columns: values keep what their text says."""

import codecs
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats._label_file import read_label_file

# Numbers of which something is lost: `007` would become 7, and a float has 15 digits for sure.
_LOSSY = r"^\s*[+-]?(0\d|\d{16})"
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv_file(
    path: str | Path, encoding: str | None = None, label_column: str | None = None
) -> pa.Table:
    """A CSV file with a header; columns of what looks like numbers are numbers, others text.

    A column in which a number has leading zeros, or more digits than a float keeps, is text; so
    is one of classes that look like truth values or dates, such as `true`.

    Args:
        path: The file.
        encoding: Its encoding; None: UTF-8, or UTF-16 where a mark at its start says so.
        label_column: The column with classes, if there is one.

    Raises:
        FormatError: The file is missing, too large, in another encoding, or no CSV.
        InvalidArgumentError: There is no such encoding.
    """
    from pyarrow import csv

    text = _decode(path, read_label_file(Path(path).expanduser()), encoding).encode()
    if not text.strip():
        raise FormatError(f"`{path}` must be a CSV file with a header, but is empty.")
    try:
        guessed = csv.read_csv(pa.py_buffer(text))
        names = guessed.schema.names
        check_names(path, names)
        _check_separator(path, names)
        labels = [f.name for f in guessed.schema if f.name == label_column and _is_odd(f.type)]
        lossy = [f.name for f in guessed.schema if _may_lose(f.type) or f.name in labels]
        kinds = csv.ConvertOptions(column_types=dict.fromkeys(lossy, pa.string()))
        plain = csv.read_csv(pa.py_buffer(text), convert_options=kinds) if lossy else guessed
    except pa.ArrowException as error:
        raise FormatError(f"`{path}` must be a CSV file with a header, but {error}.") from None
    columns: dict[str, Any] = {name: guessed.column(name) for name in names}
    for name in lossy:
        matches = pc.call_function("match_substring_regex", [plain.column(name)], _lossy())
        if name in labels or True in matches.unique().to_pylist():
            columns[name] = plain.column(name)
    return pa.table(columns)


def check_names(path: str | Path, names: list[str]) -> None:
    """Refuse a file in which two columns have one name: nobody could say which one is meant.

    Raises:
        FormatError: There are such columns.
    """
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise FormatError(
            f"`{path}` must have a name of its own for each column, but `{twice}` is there "
            f"{names.count(twice)} times."
        )


def _check_separator(path: str | Path, names: list[str]) -> None:
    """Refuse a file whose values stand between other marks than commas.

    Raises:
        FormatError: Its header is one name with such marks in it.
    """
    mark = next((mark for mark in _OTHER_MARKS if mark in names[0]), None)
    if len(names) == 1 and mark is not None:
        raise FormatError(
            f"`{path}` must have commas between its values, but has {_OTHER_MARKS[mark]}.",
            hint="save it with commas, or pass what pandas.read_csv(path, sep=...) reads to "
            "Table.from_pandas",
        )


def _is_odd(kind: pa.DataType) -> bool:
    """Whether values of a kind are no classes as they are read, but their text is one."""
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)  # floats are refused later
    return not (text or number or pa.types.is_null(kind))


def _lossy() -> pc.MatchSubstringOptions:
    return pc.MatchSubstringOptions(_LOSSY)


def _may_lose(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _decode(path: str | Path, data: bytes, encoding: str | None) -> str:
    found = encoding or next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(found)
    except LookupError:
        raise InvalidArgumentError(
            f"`encoding` must be one that Python knows, but is {encoding!r}.",
            hint='such as "latin-1", "cp1252" or "utf-16"',
        ) from None
    except UnicodeError as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise FormatError(
            f"`{path}` must be text in {found.upper()}, but is not, at line {line}.",
            hint='pass encoding="latin-1" (--encoding latin-1), or what it was written in',
        ) from None
