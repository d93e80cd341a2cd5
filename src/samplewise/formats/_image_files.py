"""Image files: where they are, whether they are there, how large they are."""

import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from samplewise._notes import warn
from samplewise.errors import FormatError, ImageError, InvalidArgumentError
from samplewise.formats.import_report import FOLDER_TWICE, MISSING, NOT_UTF8, Findings
from samplewise.schema.image_reader import ENDINGS, read_size

MissingImages = Literal["keep", "drop", "raise"]
"""What to do with an image whose file is missing."""


def check_missing_images(value: str) -> MissingImages:
    """`missing_images` as it was given.

    Raises:
        InvalidArgumentError: It is another word.
    """
    if value not in ("keep", "drop", "raise"):
        raise InvalidArgumentError(
            f'`missing_images` must be "keep", "drop" or "raise", but is {value!r}.'
        )
    return value


def is_remote(url: str) -> bool:
    """Whether a URL names something that is no file of this machine."""
    return "://" in url or url.startswith(("data:", "<"))


def is_there(url: str) -> bool:
    """Whether there is a file; what is remote is taken to be there, since asking is slow."""
    return is_remote(url) or os.path.isfile(url)


def join_url(folder: str, name: str) -> str:
    """URL of a file in a folder; a name that is absolute or a URL stands for itself."""
    if "://" in name or name.startswith("data:") or os.path.isabs(name):
        return name  # `<b>.jpg` is a name, too: aliases are no matter of label files
    return f"{folder.rstrip('/')}/{name}"  # as os.path.join, in a fifth of the time


def folder_url(folder: str | Path) -> str:
    """A folder as an absolute path, or as the URL that it is."""
    text = str(folder)
    return text.rstrip("/") if is_remote(text) else os.path.abspath(os.path.expanduser(text))


def upright_size(url: str) -> tuple[int, int] | None:
    """Width and height as shown, after EXIF rotation; None if the file has no readable header."""
    if is_remote(url):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF
            return read_size(url)
    except ImageError:
        return None


Places = set[tuple[int, int]]
"""Folders by device and number, whatever links lead to them."""


def place_of(folder: str | Path) -> tuple[int, int]:
    """Which folder it is, whatever links lead to it."""
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def images_below(folder: Path, findings: Findings, entered: Places | None = None) -> list[Path]:
    """All image files in a folder and the folders in it, sorted; hidden ones are left out.

    Links are followed, and a folder that is reached twice, as in a loop of links, is entered once.

    Args:
        folder: The folder.
        findings: Counts what is left out.
        entered: Folders not to be entered from here; those that are entered are added.
    """
    found = []
    entered = set() if entered is None else entered
    entered.discard(place_of(folder))
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        place = place_of(parent)
        if place in entered:
            findings.repair(FOLDER_TWICE, parent)
            folders[:] = []
            continue
        entered.add(place)
        found += [Path(parent, name) for name in files if is_image_name(name)]
    return _with_readable_names(sorted(found), findings)


def _with_readable_names(paths: list[Path], findings: Findings) -> list[Path]:
    """Those whose names are text; a Table holds paths as text, so others cannot be named."""
    strange = [path for path in paths if not is_text(str(path))]
    findings.repair(NOT_UTF8, *map(str, strange))
    return [path for path in paths if is_text(str(path))] if strange else paths


def is_text(path: str) -> bool:
    """Whether a path is UTF-8; Python keeps other bytes of file names as half characters."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_image_name(name: str) -> bool:
    """Whether a file is an image by its name."""
    return os.path.splitext(name)[1].lower() in ENDINGS and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def handle_missing(
    names: Iterable[str],
    total: int,
    policy: MissingImages,
    findings: Findings,
    *,
    file: str,
    what: str = MISSING,
) -> None:
    """Count images whose file is missing, or refuse them.

    Raises:
        FormatError: `policy` is `raise` and there are any.
    """
    missing = list(names)
    if not missing:
        return
    if policy == "raise":
        raise FormatError(
            f"`{file}` has {len(missing)} {what}, of {total}; the first is `{missing[0]}`.",
            hint='check the image folder, or pass missing_images="keep" or "drop"',
        )
    if policy == "drop":
        findings.repair(f"{what}: left out", *missing)
    else:
        findings.keep(what, *missing)
        if len(missing) == total:
            warn(f"`{file}`: not one of its {total} images was found; is the image folder right?")
