"""The layout of a YOLO dataset: its YAML file, its splits, and where the labels of an image lie."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplewise.errors import FormatError, did_you_mean
from samplewise.formats._image_files import images_below, is_image_name
from samplewise.formats.import_report import TWICE, Findings
from samplewise.formats.yolo._darknet import find_beside, is_darknet, lines_of, read_darknet

_TWINS = {"val": ("validation", "valid"), "validation": ("val", "valid"), "valid": ("val",)}
_MOST_JOINTS = 10_000
_MOST_UNNAMED = 100_000
_NO_SPLITS = {"path", "names", "nc", "kpt_shape", "flip_idx", "kpt_names", "download"}


@dataclass(frozen=True)
class Layout:
    """A YOLO dataset as its YAML file describes it.

    Args:
        file: The YAML file.
        document: What it says, as JSON values.
        root: The folder that splits are relative to.
        classes: Names by class id.
        joint_shape: Number of joints and numbers per joint (2 or 3) of a pose dataset.
    """

    file: Path
    document: dict[str, Any]
    root: Path
    classes: dict[int, str]
    joint_shape: tuple[int, int] | None

    def error(self, reason: str, *, hint: str | None = None) -> FormatError:
        """An error that names the file."""
        return FormatError(f"`{self.file}` {reason}", hint=hint)

    def images(self, split: str, findings: Findings) -> list[Path]:
        """The images of a split, in order.

        Raises:
            FormatError: There is no such split, or its folder or list is missing.
        """
        given = next(
            (self.document[n] for n in (split, *_TWINS.get(split, ())) if self.document.get(n)),
            None,
        )
        if given is None:
            there = [name for name, value in self.document.items() if value and _is_split(name)]
            raise self.error(f"must have the split `{split}`.", hint=did_you_mean(split, there))
        entries = given if isinstance(given, list) else [given]
        named = [image for entry in entries for image in self._entry(str(entry), findings)]
        times = Counter(named)
        findings.repair(TWICE, *[str(image) for image, count in times.items() if count > 1])
        found = list(times)
        if not found:
            raise self.error(f"must name images as `{split}`, but there are none in {given!r}.")
        return found

    def _entry(self, entry: str, findings: Findings) -> list[Path]:
        """The images of one folder, or of one list in a text file."""
        tried = [self.root / entry]
        if entry.startswith("../"):  # as one labelling service writes them: one level too high
            tried.append(self.root / entry[3:])
        path = next((p for p in tried if os.path.exists(p)), None)
        if path is None and is_darknet(self.file):
            path = tried[0] = find_beside(self.file, entry) or tried[0]
        if path is None or not os.path.exists(path):
            shown = " nor ".join(f"`{p}`" for p in tried)
            raise self.error(
                f"names `{entry}`, but there is no {shown}.",
                hint="`path` in the file is relative to the file's folder",
            )
        if path != tried[0]:
            findings.repair("splits that are named one folder too high: found", entry)
        if os.path.isdir(path):
            images = images_below(path, findings)
            _count_orphans(path, images, findings)
            return images
        if is_image_name(path.name):
            return [path]
        return [self._resolve_line(line, path) for line in lines_of(path) if line.strip()]

    def _resolve_line(self, line: str, file: Path) -> Path:
        name = line.strip()
        if name.startswith("./"):
            return Path(os.path.normpath(file.parent / name))
        if is_darknet(self.file):
            return find_beside(self.file, name) or self.root / name
        beside = file.parent / name
        inside = self.root / name
        return beside if os.path.exists(beside) and not os.path.exists(inside) else inside


def read_layout(path: str | Path, findings: Findings) -> Layout:
    """The layout that a YAML file describes.

    Raises:
        FormatError: The file is missing or no YAML, or says nothing usable about its classes.
    """
    file = Path(path).expanduser().absolute()
    document = _document(file)
    bare = Layout(file, document, file.parent, {}, None)
    return Layout(file, document, _root(bare, findings), _classes(bare), _joint_shape(bare))


def label_file(image: Path) -> Path:
    """Where the labels of an image lie: the last folder `images` in its path becomes `labels`."""
    text = f"{os.path.splitext(image)[0]}.txt"
    before, found, after = text.rpartition(f"{os.sep}images{os.sep}")
    return Path(f"{before}{os.sep}labels{os.sep}{after}") if found else Path(text)


def _document(file: Path) -> dict[str, Any]:
    if is_darknet(file):
        return read_darknet(file)
    # PyYAML takes a while to load.
    from samplewise.formats.yolo._yaml import read_yaml

    return read_yaml(file)


def _root(layout: Layout, findings: Findings) -> Path:
    """The folder that splits are relative to."""
    folder = layout.file.parent
    given = layout.document.get("path")
    if not given:
        return folder
    path = os.path.expanduser(str(given))
    for candidate in (folder / path, Path.cwd() / path):
        if os.path.isdir(candidate):
            return Path(os.path.normpath(candidate))
    findings.repair("`path` that is not there: the folder of the file is taken", str(given))
    return folder


def _classes(layout: Layout) -> dict[int, str]:
    names, count = layout.document.get("names"), layout.document.get("nc")
    if names is None and isinstance(count, int) and 0 < count <= _MOST_UNNAMED:
        names = [str(number) for number in range(count)]
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, Mapping) or not names:
        raise layout.error("must have `names`: a list, or a mapping from class id to name.")
    if any(not isinstance(name, str) or not name for name in names.values()):
        raise layout.error("must have a text for each class in `names`.")
    try:
        classes = {int(key): name for key, name in names.items()}
    except ValueError:
        raise layout.error(
            f"must have integers as class ids in `names`, but has {', '.join(names)[:200]}."
        ) from None
    if len(classes) < len(names) or not all(0 <= key < 2**31 for key in classes):
        raise layout.error("must have class ids from 0 on in `names`, each once.")
    if isinstance(count, int) and count != len(classes):
        raise layout.error(f"has {len(classes)} `names`, but `nc` is {count}.")
    return classes


def _joint_shape(layout: Layout) -> tuple[int, int] | None:
    shape = layout.document.get("kpt_shape")
    if shape is None:
        return None
    is_shape = isinstance(shape, list) and len(shape) == 2 and set(map(type, shape)) == {int}
    if not is_shape or not 0 < shape[0] <= _MOST_JOINTS or shape[1] not in (2, 3):
        raise layout.error(f"must have [joints, 2 or 3] as `kpt_shape`, but has {shape!r}.")
    return int(shape[0]), int(shape[1])


def _is_split(name: str) -> bool:
    return name not in _NO_SPLITS


def _count_orphans(folder: Path, images: list[Path], findings: Findings) -> None:
    """Count label files whose image is missing."""
    labels = label_file(folder / "x" / "x.jpg").parent.parent
    if labels == folder or not labels.is_dir():
        return
    wanted = {label_file(image) for image in images}
    orphans = [p for p in sorted(labels.rglob("*.txt")) if p not in wanted]
    shown = [str(p) for p in orphans if p.name != "classes.txt"]
    findings.repair("label files whose image is missing: left out", *shown)
