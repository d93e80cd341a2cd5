"""Pascal VOC: one XML file per image."""

import itertools
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from samplewise._progress import progress_bar
from samplewise.errors import FormatError, did_you_mean
from samplewise.formats._box_report import report_boxes
from samplewise.formats._columns import property_to_arrow
from samplewise.formats._image_files import (
    MissingImages,
    check_missing_images,
    handle_missing,
    is_text,
    upright_size,
)
from samplewise.formats._label_file import read_label_file
from samplewise.formats._xml import read_xml
from samplewise.formats.import_report import (
    EMPTY,
    LABELS_LEFT_OUT,
    NOT_UTF8,
    SIZE_READ,
    SIZE_UNKNOWN,
    TURNED,
    TWICE,
    Findings,
)
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ColumnSchema,
    ImageSchema,
    Int,
    String,
)
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.schema.image_reader import ENDINGS

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

_FLAGS = ("difficult", "truncated", "occluded")
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_LARGEST = 2**31  # pixels of a side
_ROWS = 1_024


@dataclass(frozen=True)
class VocFolders:
    """The folders of a dataset.

    Args:
        root: That which holds the others, as a rule.
        labels: With the XML files.
        images: With the images.
    """

    root: Path
    labels: Path
    images: Path

    @classmethod
    def of(
        cls,
        folder: str | Path,
        annotations_folder: str | Path | None = None,
        image_folder: str | Path | None = None,
    ) -> Self:
        """The usual folders, but for those that are given."""
        root = Path(folder).expanduser().absolute()
        labels = root / "Annotations" if annotations_folder is None else Path(annotations_folder)
        images = root / "JPEGImages" if image_folder is None else Path(image_folder)
        return cls(root, labels.expanduser().absolute(), images.expanduser().absolute())

    def files(self, split: str | None) -> list[Path]:
        """The XML files of a split, in order.

        Raises:
            FormatError: A folder or the list of the split is missing, or there are no XML files.
        """
        return _files(self.root, self.labels, split)


@dataclass(frozen=True)
class _Object:
    name: str
    box: list[float]
    flags: dict[str, int | None]
    others: str | None


@dataclass(frozen=True)
class _VocImage:
    file: Path
    url: str
    size: tuple[float, float]
    objects: list[_Object]


def read(
    folder: str | Path,
    split: str | None = None,
    *,
    classes: Sequence[str] | None = None,
    annotations_folder: str | Path | None = None,
    image_folder: str | Path | None = None,
    progress: bool = True,
    missing_images: MissingImages = "keep",
) -> tuple[Iterator[Mapping[str, pa.Array]], dict[str, ColumnSchema], dict[str, Any]]:
    """Read a dataset in the layout of Pascal VOC.

    Columns: `image`, `width`, `height`, `bbs` with `annotation_id`, `difficult`, `truncated` and
    `occluded` where the files have any, and `attributes` (a JSON text of whatever else an object
    has). Corners are kept as the files have them; the original VOC counts pixels from 1.

    Args:
        folder: The folder with `Annotations`, `JPEGImages` and `ImageSets`.
        split: Name of a list `ImageSets/Main/<split>.txt`; None takes all XML files.
        classes: Names of the classes in the order of their ids; None takes those that there are,
            sorted.
        annotations_folder: Where the XML files are; None takes `Annotations`.
        image_folder: Where the images are; None takes `JPEGImages`.
        progress: Whether to show a progress bar where a person watches.
        missing_images: What to do with images whose file is missing: `keep`, `drop` or `raise`.

    Returns:
        Batches of columns; column kinds; where the rows come from and what was `repaired`.

    Raises:
        FormatError: A file is missing or malformed; names file, object and reason.
    """
    missing = check_missing_images(missing_images)
    folders = VocFolders.of(folder, annotations_folder, image_folder)
    root = folders.root
    findings = Findings(root.name)
    files = _once(folders.files(split), findings)
    images = []
    with progress_bar("reading", len(files), shown=progress) as advance:
        for file in files:
            images.append(_read_file(file, folders.images, findings))
            advance(1)
    images = _there(images, missing, findings, root)
    names = sorted({thing.name for image in images for thing in image.objects})
    names = names if classes is None else _check_classes(root, names, classes)
    reading = _VocReading(images, names, findings)
    reading.report()
    source = {
        "kind": "voc",
        "split": split,
        "image_folder": str(folders.images),
        "repaired": findings.repaired,
        "kept": findings.kept,
    }
    return reading.batches(), reading.schema, source


class _VocReading:
    def __init__(self, images: list[_VocImage], names: list[str], findings: Findings) -> None:
        self._images = images
        self._findings = findings
        self._numbers = itertools.count(1)
        self._label_of = {name: label for label, name in enumerate(names)}
        objects = [thing for image in images for thing in image.objects]
        additional: dict[str, ColumnSchema] = {"annotation_id": Int(writable=False)}
        for flag in _FLAGS:
            if any(thing.flags[flag] is not None for thing in objects):
                additional[flag] = Int(minimum=0, maximum=1)
        if any(thing.others is not None for thing in objects):
            additional["attributes"] = String(hidden=True)
        self._boxes = BoundingBoxes2DSchema(names, additional=additional)
        self.schema: dict[str, ColumnSchema] = {
            "image": ImageSchema(),
            "width": Int(minimum=1, unit="px"),
            "height": Int(minimum=1, unit="px"),
            "bbs": self._boxes,
        }

    def report(self) -> None:
        """Count what is odd about files and boxes."""
        empty = [str(image.file) for image in self._images if not image.objects]
        self._findings.keep(EMPTY, *empty)
        owners = [image for image in self._images for _ in image.objects]
        things = [thing for image in self._images for thing in image.objects]
        counts = [len(image.objects) for image in self._images]
        report_boxes(
            self._findings,
            np.array([thing.box for thing in things], np.float64).reshape(-1, 4),
            np.array([image.size for image in owners], np.float64).reshape(-1, 2),
            np.repeat(np.arange(len(counts)), counts),
            np.array([self._label_of[thing.name] for thing in things], np.int64),
            lambda place: str(owners[place].file),
        )

    def batches(self) -> Iterator[Mapping[str, pa.Array]]:
        """All rows; says at the end what was found."""
        for start in range(0, len(self._images), _ROWS):
            yield self._batch(self._images[start : start + _ROWS])
        self._findings.tell()

    def _batch(self, images: list[_VocImage]) -> dict[str, pa.Array]:
        objects = [thing for image in images for thing in image.objects]
        sizes = np.array([image.size for image in images], np.float64)
        values: dict[str, Any] = {
            "label": [self._label_of[thing.name] for thing in objects],
            "annotation_id": list(itertools.islice(self._numbers, len(objects))),
            "attributes": [thing.others for thing in objects],
            **{flag: [thing.flags[flag] for thing in objects] for flag in _FLAGS},
        }
        kinds = {name: kind.arrow_type for name, kind in self._boxes.properties.items()}
        bbs = boxes_to_arrow(
            np.array([thing.box for thing in objects], np.float64).reshape(-1, 4),
            np.concatenate([[0], np.cumsum([len(image.objects) for image in images])]),
            {name: property_to_arrow(values[name], kind) for name, kind in kinds.items()},
            np.hstack([sizes * 0, sizes]),
            self._boxes,
        )
        return {
            "image": pa.array([image.url for image in images], pa.string()),
            "width": pa.array(np.rint(sizes[:, 0]), from_pandas=True).cast(pa.int64()),
            "height": pa.array(np.rint(sizes[:, 1]), from_pandas=True).cast(pa.int64()),
            "bbs": bbs,
        }


def _files(root: Path, labels: Path, split: str | None) -> list[Path]:
    if not labels.is_dir():
        raise FormatError(
            f"`{labels}` must be a folder of XML files, but there is none.",
            hint="the layout is Annotations/, JPEGImages/, ImageSets/Main/",
        )
    if split is None:
        files = sorted(labels.rglob("*.xml"))
        if not files:
            raise FormatError(f"`{labels}` must hold XML files, but holds none.")
        return files
    lists = root / "ImageSets" / "Main"
    listed = lists / f"{split}.txt"
    if not listed.is_file():
        there = [path.stem for path in lists.glob("*.txt")]
        raise FormatError(f"there is no split `{listed}`.", hint=did_you_mean(split, there))
    try:
        lines = read_label_file(listed).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(f"`{listed}` must be text in UTF-8, but is not: {error}.") from None
    words = [line.split() for line in lines]
    return [labels / f"{line[0]}.xml" for line in words if line]


def _once(files: list[Path], findings: Findings) -> list[Path]:
    """Each file once, and those only whose names a Table can hold."""
    findings.repair(NOT_UTF8, *[str(file) for file in files if not is_text(str(file))])
    named = [file for file in files if is_text(str(file))]
    times = Counter(named)
    findings.repair(TWICE, *[str(file) for file, count in times.items() if count > 1])
    return list(times)


def _read_file(file: Path, pictures: Path, findings: Findings) -> _VocImage:
    root = read_xml(file)
    _check_is_voc(file, root)
    url = _image_of(file, root, pictures, findings)
    size = _size(root)
    if size is None:
        size = upright_size(url)
        tell = findings.keep if size is None else findings.repair
        tell(SIZE_UNKNOWN if size is None else SIZE_READ, url)
    objects = [
        _object(thing, f"`{file}`, object {place}", findings)
        for place, thing in enumerate(root.iter("object"), start=1)
    ]
    return _VocImage(file, url, size or (np.nan, np.nan), objects)


def _check_is_voc(file: Path, root: "ET.Element") -> None:
    """Refuse other kinds of XML, which would read as images without objects.

    Raises:
        FormatError: The root is no `annotation`, or names in it are not those of VOC.
    """
    if root.tag != "annotation":
        raise FormatError(
            f"`{file}` must be a Pascal VOC file, with `annotation` as its root, "
            f"but its root is `{root.tag}`.",
            hint="export as Pascal VOC, or as COCO or YOLO",
        )
    for element in root.iter():
        tag = str(element.tag)
        if tag == "annotation" and element is not root and len(element):  # `source` has a text
            raise FormatError(
                f"`{file}` must have one `annotation`, its root, but has another one inside.",
                hint="write one XML file for each image",
            )
        if tag.startswith("{") or (tag != "object" and tag.lower() == "object"):
            raise FormatError(
                f"`{file}` must be a Pascal VOC file, with its labels as `object`, but has `{tag}`."
            )


def _image_of(file: Path, root: "ET.Element", pictures: Path, findings: Findings) -> str:
    name = (root.findtext("filename") or "").strip()
    if name and os.path.isfile(pictures / name):
        return str(pictures / name)
    for ending in sorted(ENDINGS | {ending.upper() for ending in ENDINGS}):
        beside = pictures / f"{file.stem}{ending}"
        if os.path.isfile(beside):
            findings.repair("`filename` that is not there: the image named like the XML", str(file))
            return str(beside)
    return str(pictures / (name or f"{file.stem}.jpg"))


def _size(root: "ET.Element") -> tuple[float, float] | None:
    try:
        width, height = (float(root.findtext(f"size/{side}", "0")) for side in ("width", "height"))
    except ValueError:
        return None
    return (width, height) if 0 < width < _LARGEST and 0 < height < _LARGEST else None


def _object(thing: "ET.Element", where: str, findings: Findings) -> _Object:
    name = (thing.findtext("name") or "").strip()
    if not name:
        raise FormatError(f"{where}: must have a `name`.")
    try:
        corners = [float(thing.findtext(f"bndbox/{side}", "")) for side in _SIDES]
    except ValueError:
        corners = [np.nan]
    if not np.isfinite(corners).all():
        raise FormatError(f"{where}: must have four numbers as `bndbox`, {', '.join(_SIDES)}.")
    low, high = np.array(corners[:2]), np.array(corners[2:])
    if (low > high).any():
        findings.repair(TURNED, where)
    flags = {flag: _flag(thing.findtext(flag)) for flag in _FLAGS}
    box = [*np.minimum(low, high).tolist(), *np.maximum(low, high).tolist()]
    return _Object(name, box, flags, _others(thing))


def _flag(text: str | None) -> int | None:
    word = (text or "").strip().lower()
    return None if not word else int(word in ("1", "true", "yes"))


def _others(thing: "ET.Element") -> str | None:
    rest = [child for child in thing if child.tag not in ("name", "bndbox", *_FLAGS)]
    return json.dumps(_plain(rest), ensure_ascii=False) if rest else None


def _plain(children: "list[ET.Element]") -> dict[str, Any]:
    """Elements by tag; a tag that comes again becomes a list."""
    fields: dict[str, Any] = {}
    for child in children:
        value = _plain(list(child)) if len(child) else (child.text or "").strip()
        if child.tag in fields:
            known = fields[child.tag]
            fields[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[child.tag] = value
    return fields


def _there(
    images: list[_VocImage], missing: MissingImages, findings: Findings, root: Path
) -> list[_VocImage]:
    absent = {image.url for image in images if not os.path.isfile(image.url)}
    handle_missing(sorted(absent), len(images), missing, findings, file=str(root))
    if missing != "drop" or not absent:
        return images
    for image in images:
        if image.url in absent:
            findings.repair(LABELS_LEFT_OUT, str(image.file), count=len(image.objects))
    return [image for image in images if image.url not in absent]


def _check_classes(root: Path, found: list[str], classes: Sequence[str]) -> list[str]:
    unknown = [name for name in found if name not in classes]
    if unknown:
        raise FormatError(
            f"`{root}` has the class `{unknown[0]}`, which is not among the given ones.",
            hint=did_you_mean(unknown[0], classes),
        )
    return list(classes)
