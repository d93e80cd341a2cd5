"""Folders with one folder of images per class."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise._progress import progress_bar
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats._image_files import (
    Places,
    images_below,
    is_image_name,
    is_text,
    place_of,
)
from samplewise.formats.import_report import EMPTY_CLASS, FOLDER_TWICE, NOT_UTF8, Findings
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, ImageSchema

_SPLITS = frozenset(("train", "training", "val", "valid", "validation", "test", "testing"))


def read(
    folder: str | Path, *, classes: Sequence[str] | None = None, progress: bool = True
) -> tuple[Iterator[Mapping[str, pa.Array]], dict[str, ColumnSchema], dict[str, Any]]:
    """Read a folder with one folder of images per class, which may hold further folders.

    Rows are sorted by class and path. Columns: `image`, `label`. Hidden files and folders, and
    files that are no images by their name, are left out; they are counted.

    Args:
        folder: The folder.
        classes: Names of the classes in the order of their ids, such as those of the training
            folder for the validation folder. None takes the names of the folders, sorted.
        progress: Whether to show a progress bar where a person watches.

    Returns:
        Batches of columns; column kinds; where the rows come from and what was `repaired`.

    Raises:
        FormatError: The folder is missing, holds no class folders or no images, or a class folder
            is not among `classes`.
        InvalidArgumentError: `classes` names a class twice.
    """
    root = Path(folder).expanduser().absolute()
    findings = Findings(root.name)
    folders = class_folders(root, findings)
    names = _names(root, folders, classes)
    urls: list[str] = []
    labels: list[int] = []
    entered = _places(root, folders)
    with progress_bar("reading", len(folders), shown=progress) as advance:
        for class_folder in folders:
            images = images_below(class_folder, findings, entered)
            findings.keep(EMPTY_CLASS, *([] if images else [str(class_folder)]))
            _count_others(class_folder, findings)
            urls += map(str, images)
            labels += [names.index(class_folder.name)] * len(images)
            advance(1)
    if not urls:
        raise FormatError(f"`{root}` must hold images in its class folders, but holds none.")
    schema: dict[str, ColumnSchema] = {
        "image": ImageSchema(),
        "label": CategoricalLabelSchema(names),
    }
    source = {
        "kind": "image_folder",
        "image_folder": str(root),
        "repaired": findings.repaired,
        "kept": findings.kept,
    }
    return _batches(urls, labels, findings), schema, source


def _batches(
    urls: list[str], labels: list[int], findings: Findings
) -> Iterator[Mapping[str, pa.Array]]:
    yield {"image": pa.array(urls, pa.string()), "label": pa.array(labels, pa.int64())}
    findings.tell()


def images_of(root: Path, findings: Findings) -> Iterator[tuple[str, list[Path]]]:
    """The images of each class folder, with its name.

    Raises:
        FormatError: The folder is missing, or holds no class folders.
    """
    folders = class_folders(root, findings)
    entered = _places(root, folders)
    for folder in folders:
        yield folder.name, images_below(folder, findings, entered)


def _places(root: Path, folders: list[Path]) -> Places:
    """What no link in a class folder leads into: the images of another class are not of this."""
    return {place_of(folder) for folder in (root, *folders)}


def class_folders(root: Path, findings: Findings) -> list[Path]:
    """The folders of the classes, sorted.

    Raises:
        FormatError: The folder is missing, or holds no class folders.
    """
    if not root.is_dir():
        raise FormatError(f"`{root}` must be a folder with one folder of images per class.")
    entries = sorted(root.iterdir())
    folders = [p for p in entries if p.is_dir() and not p.name.startswith((".", "__MACOSX"))]
    if not folders:
        raise FormatError(
            f"`{root}` must hold one folder of images per class, but holds no folders."
        )
    if {path.name.lower() for path in folders} <= _SPLITS:
        raise FormatError(
            f"`{root}` must hold one folder per class, but holds the splits "
            f"{', '.join(path.name for path in folders)}.",
            hint=f"make one table per split: from_image_folder('{folders[0]}')",
        )
    findings.repair(NOT_UTF8, *[str(p) for p in folders if not is_text(p.name)])
    folders = _each_once(root, [path for path in folders if is_text(path.name)], findings)
    stray = [p.name for p in entries if p.is_file() and is_image_name(p.name)]
    findings.repair("images outside any class folder: left out", *stray)
    return folders


def _each_once(root: Path, folders: list[Path], findings: Findings) -> list[Path]:
    """Without links to the root or to another class folder, which would give images two classes."""
    taken, kept = {place_of(root)}, []
    for folder in sorted(folders, key=lambda path: path.is_symlink()):
        if place_of(folder) in taken:
            findings.repair(FOLDER_TWICE, str(folder))
        else:
            taken.add(place_of(folder))
            kept.append(folder)
    return sorted(kept)


def _names(root: Path, folders: list[Path], classes: Sequence[str] | None) -> list[str]:
    found = [path.name for path in folders]
    if classes is None:
        return found
    names = list(classes)
    if len(set(names)) < len(names):
        raise InvalidArgumentError("`classes` must name each class once, but names one twice.")
    unknown = [name for name in found if name not in names]
    if unknown:
        raise FormatError(
            f"`{root}` must hold the classes {', '.join(names)}, but holds `{unknown[0]}`."
        )
    return names


def _count_others(folder: Path, findings: Findings) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    others = [str(path) for path in files if not is_image_name(path.name)]
    findings.repair("files that are no images by their name: left out", *others)
