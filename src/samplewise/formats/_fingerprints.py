"""What a Table is made of, format by format: contents of label files, names of images, options.

Pictures are told by their place and name alone: reading them all would cost as much as importing.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from samplewise.formats._image_files import folder_url
from samplewise.formats._label_file import check_label_file, unreadable
from samplewise.formats.image_folder import images_of
from samplewise.formats.import_report import Findings
from samplewise.formats.voc import VocFolders
from samplewise.formats.yolo import label_file, read_layout
from samplewise.records.fingerprint import Fingerprint, Folder, SourcePart, digest_of
from samplewise.schema import ColumnSchema

_CHUNK = 1 << 20


def fingerprint_of_file(kind: str, path: str | Path, **options: Any) -> Fingerprint:
    """Of a format that is one file.

    Raises:
        FormatError: It is missing, or no regular file.
    """
    file = Path(path).expanduser().absolute()
    part = SourcePart(str(file), digest_of(_contents(file)))
    return Fingerprint(kind, {f"{kind} file": part}, options=_plain(options))


def of_coco(
    path: str | Path, image_folder: str | Path | None = None, **options: Any
) -> Fingerprint:
    """Of a COCO file: the file, and where its images lie."""
    file = Path(path).expanduser().absolute()
    part = SourcePart(str(file), digest_of(_contents(file)))
    folder = folder_url(file.parent if image_folder is None else image_folder)
    folders = {"images": Folder.beside(folder, file)}
    return Fingerprint("coco", {"annotations file": part}, folders, _plain(options))


def of_yolo(path: str | Path, split: str = "train", **options: Any) -> Fingerprint:
    """Of a split of a YOLO dataset: its classes and joints, its images by name, its labels."""
    findings = Findings("")
    layout = read_layout(path, findings)
    images = layout.images(split, findings)
    said = {name: layout.document.get(name) for name in ("kpt_shape", "kpt_names", "flip_idx")}
    facts = json.dumps([sorted(layout.classes.items()), said]).encode()
    root = str(layout.root)
    labels = (_bytes_of(label_file(image)) for image in images)
    parts = {
        "dataset file": SourcePart(str(layout.file), digest_of([facts])),
        "list of images": SourcePart(root, _digest_of_names(map(str, images), root)),
        "label files": SourcePart(root, digest_of(labels)),
    }
    return Fingerprint("yolo", parts, options={"split": split, **_plain(options)})


def of_voc(
    path: str | Path,
    split: str | None = None,
    *,
    annotations_folder: str | Path | None = None,
    image_folder: str | Path | None = None,
    **options: Any,
) -> Fingerprint:
    """Of a Pascal VOC dataset: its XML files, and where its images lie."""
    folders = VocFolders.of(path, annotations_folder, image_folder)
    files = folders.files(split)
    labels = str(folders.labels)
    names = [os.path.relpath(file, labels) for file in files]
    pieces = (
        piece
        for name, file in zip(names, files, strict=True)
        for piece in (os.fsencode(name), _bytes_of(file))
    )
    return Fingerprint(
        "voc",
        {"XML files": SourcePart(labels, digest_of(pieces))},
        {"images": Folder.beside(folders.images, folders.labels / "x.xml")},
        {"split": split, **_plain(options)},
    )


def of_image_folder(
    path: str | Path, *, classes: Sequence[str] | None = None, progress: bool = True
) -> Fingerprint:
    """Of a folder of classes: the names of its images."""
    del progress
    root = Path(path).expanduser().absolute()
    images = (image for _, found in images_of(root, Findings("")) for image in found)
    part = SourcePart(str(root), _digest_of_names(map(str, images), str(root)))
    options = _plain({"classes": classes})
    return Fingerprint("image_folder", {"list of images": part}, options=options)


def of_rows(
    kind: str,
    path: str | Path,
    *,
    image_folder: str | Path | None = None,
    schema: Mapping[str, ColumnSchema] | None = None,
    **options: Any,
) -> Fingerprint:
    """Of a file of rows: the file, and where its images lie."""
    found = fingerprint_of_file(kind, path, **options)
    file = found.parts[f"{kind} file"].path
    folder = folder_url(Path(file).parent if image_folder is None else image_folder)
    kinds = {name: column.to_json() for name, column in (schema or {}).items()}
    return Fingerprint(
        kind,
        found.parts,
        {"images": Folder.beside(folder, file)},
        {**found.options, "schema": kinds},
    )


def _contents(file: Path) -> Iterable[bytes]:
    """A file in pieces of one size, so that files of any size can be compared."""
    check_label_file(file)
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except OSError as error:
        raise unreadable(file, error) from None


def _bytes_of(file: Path) -> bytes:
    """The contents of a small file; what cannot be read is reported when it is imported."""
    try:
        return b"".join(_contents(file))
    except ValueError:
        return b"\0"


def _digest_of_names(paths: Iterable[str], root: str) -> str:
    prefix = root.rstrip("/") + "/"
    return digest_of(os.fsencode(path.removeprefix(prefix)) for path in paths)


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options that change what is read, as JSON values."""
    return {
        name: list(value) if isinstance(value, list | tuple) else value
        for name, value in options.items()
        if name != "progress"
    }
