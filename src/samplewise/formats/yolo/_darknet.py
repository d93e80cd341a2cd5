"""Darknet's way to describe a dataset: `obj.data`, a list of names, and lists of images."""

import os
from pathlib import Path
from typing import Any

from samplewise.errors import FormatError
from samplewise.formats._label_file import read_label_file

_SPLITS = {"valid": "val"}


def is_darknet(file: Path) -> bool:
    """Whether a file describes a dataset as Darknet has it, by its ending."""
    return file.suffix.lower() == ".data"


def read_darknet(file: Path) -> dict[str, Any]:
    """The same facts as a YAML file has: `names`, `nc`, and the lists of `train`, `val`, `test`.

    Raises:
        FormatError: The file, or the list of names, is missing or no text, or a line is no
            `key = value`.
    """
    document: dict[str, Any] = {}
    for place, line in enumerate(lines_of(file), start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise FormatError(f"`{file}` must have `key = value` in each line, but not in {place}.")
        document[_SPLITS.get(key, key)] = value
    if not document.get("names"):
        raise FormatError(f"`{file}` must say where its `names` are.")
    listed = find_beside(file, document["names"])
    if listed is None:
        raise FormatError(f"`{file}` names `{document['names']}`, but there is no such file.")
    document["names"] = [line.strip() for line in lines_of(listed) if line.strip()]
    count = document.pop("classes", None)
    if count is not None and count.isdecimal():
        document["nc"] = int(count)
    return document


def find_beside(file: Path, name: str) -> Path | None:
    """A file or folder that `obj.data` or a list of it names.

    Paths start where Darknet was run, which is the folder above `data/` as a rule; label tools
    write `data/` and put the files beside `obj.data`.
    """
    folder = file.parent
    inside = name.removeprefix("data/")
    candidates = (folder / name, folder.parent / name, folder / inside)
    return next((path for path in candidates if os.path.exists(path)), None)


def lines_of(file: Path) -> list[str]:
    """The lines of a text file.

    Raises:
        FormatError: It is missing, no regular file, too large, or no UTF-8.
    """
    try:
        return read_label_file(file).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(f"`{file}` must be text in UTF-8, but is not: {error}.") from None
