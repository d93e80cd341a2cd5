"""Names of exported images: inside their folder, on any system, each label file its own."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from samplewise.errors import InvalidArgumentError

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_LONGEST = 240  # bytes; file systems allow 255, and an ending is added


def is_safe_name(name: str) -> bool:
    """Whether something can be the name of a file or folder on any system, and is not hidden."""
    return name == _safe(name)


def image_names(paths: Sequence[str], endings: Sequence[str]) -> list[str]:
    """Names of images below the folder of a split, with `/`.

    As below the deepest folder that holds them all, but for characters that are not allowed
    everywhere, and where two images would share a label file.

    Args:
        paths: Their files, absolute.
        endings: The endings that their names get.

    Raises:
        InvalidArgumentError: Two rows have one image.
    """
    whole = [os.path.normpath(path) for path in paths]
    path, count = next(iter(Counter(whole).most_common(1)), ("", 0))
    if count > 1:
        raise InvalidArgumentError(
            f"each row must have an image of its own name, but {count} have `{path}`.",
            hint="YOLO finds labels by the name of the image without its ending",
        )
    taken: set[str] = set()
    return [
        _free(name, taken) + ending for name, ending in zip(_relative(whole), endings, strict=True)
    ]


def _relative(paths: list[str]) -> list[str]:
    """Names without their ending."""
    try:
        folder = os.path.commonpath([os.path.dirname(path) for path in paths]) if paths else ""
        names = [os.path.relpath(path, folder) for path in paths]
    except ValueError:  # on several drives of Windows
        names = [os.path.basename(path) for path in paths]
    return [os.path.splitext(name)[0] for name in names]


def _free(name: str, taken: set[str]) -> str:
    *folders, stem = name.split(os.sep)
    parts = [_safe_folder(folder) for folder in folders]
    number, base = 1, "/".join([*parts, _safe(stem)])
    name = base
    while _key(name) in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(_key(name))
    return name


def _key(name: str) -> str:
    """Equal for names that are one on a system that does not see case or composition."""
    return unicodedata.normalize("NFC", name).casefold()


def _safe_folder(name: str) -> str:
    # Labels lie where the last `images` of a path is `labels`, and a label file is no folder.
    is_special = name.lower() == "images" or name.lower().endswith(".txt")
    return _safe(name) + "_" * is_special


def _safe(name: str) -> str:
    name = _FORBIDDEN.sub("_", name)
    while len(name.encode("utf-8", "replace")) > _LONGEST:
        name = name[:-1]
    if name != name.rstrip(". ") or not name:
        name = name.rstrip(". ") + "_"
    stem, dot, rest = name.partition(".")
    if _DEVICES.fullmatch(stem.rstrip()):
        name = f"{stem}_{dot}{rest}"
    return f"_{name}" if name.startswith(".") or name == "__MACOSX" else name
