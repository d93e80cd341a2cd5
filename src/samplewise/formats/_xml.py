"""XML files in any encoding that Python knows, within bounds."""

import codecs
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from samplewise.errors import FormatError
from samplewise.formats._label_file import read_label_file

_LIMIT = 64 << 20  # bytes of one file
_DEEPEST = 64  # elements in each other
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
_BY_EXPAT = frozenset(("utf-8", "utf-16", "iso8859-1", "ascii"))
# Label tools declare the first and write characters that only the second has.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}


def read_xml(path: Path) -> ET.Element:
    """The root of an XML file.

    Raises:
        FormatError: The file is missing, too large, too deep, no XML, or in an encoding that is
            unknown or that it does not keep to; names the file and the encoding.
    """
    data = read_label_file(path, _LIMIT)
    declared = _DECLARED.match(data)
    try:
        if declared is None or _codec(path, declared[1].decode()) in _BY_EXPAT:
            root = ET.fromstring(data)  # noqa: S314  # expat bounds what entities become
        else:
            root = ET.fromstring(_decode(path, data, declared))  # noqa: S314
    except FormatError:
        raise
    except ET.ParseError as error:
        raise FormatError(f"`{path}` must be XML, but {error}.") from None
    except (ValueError, LookupError) as error:
        raise FormatError(
            f"`{path}` must be XML in an encoding that can be read: {error}."
        ) from None
    _check_depth(path, root)
    return root


def _codec(path: Path, name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise FormatError(
            f"`{path}` must be in an encoding that is known, but says it is in `{name}`.",
            hint="save it as UTF-8",
        ) from None


def _decode(path: Path, data: bytes, declared: re.Match[bytes]) -> str:
    """The text behind the declaration, which would tell expat an encoding that it cannot read."""
    name = _codec(path, declared[1].decode())
    try:
        return data[declared.end() :].decode(_SUPERSETS.get(name, name))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, declared.end() + error.start) + 1
        raise FormatError(
            f"`{path}` must be in `{declared[1].decode()}`, as it says, but is not, "
            f"at line {line}.",
            hint="save it as UTF-8, and say so in its first line",
        ) from None


def _check_depth(path: Path, root: ET.Element) -> None:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise FormatError(f"`{path}` must nest at most {_DEEPEST} elements, but nests more.")
