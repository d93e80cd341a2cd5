"""Writing datasets in YOLO's layout."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

from samplewise._notes import note
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats._gathering import Gathered, gather
from samplewise.formats._image_files import is_remote
from samplewise.formats._label_columns import LabelColumns, image_sizes, origin_of
from samplewise.formats._written import written_whole
from samplewise.formats.yolo._layout import label_file
from samplewise.records.stored_table import StoredTable
from samplewise.schema import Keypoints2DSchema

_ROWS = 1_024


def write(
    table: StoredTable,
    path: str | Path,
    *,
    split: str = "train",
    task: Literal["detect", "segment", "pose"] | None = None,
    images: Literal["link", "copy"] = "link",
) -> Path:
    """Write a Table as one split of a dataset in YOLO's layout.

    Beside the YAML file: `images/<split>/` and `labels/<split>/`. A YAML file that is there keeps
    its other splits. Classes are numbered from 0, crowd regions are left out, boxes are cut at the
    edge of the image, several rings of a mask become one that touches itself; what was done is
    said in one line.

    Args:
        table: The table.
        path: The YAML file, or a folder for `data.yaml`.
        split: Name of the split.
        task: What a line is; None takes what the table was read for, else boxes.
        images: Whether images are linked or copied.

    Returns:
        The YAML file.

    Raises:
        InvalidArgumentError: The table has no column that the task needs, its images are not on
            this machine, or two of its rows have one image.
        FormatError: The YAML file that is there has other classes, or an image has no size.
        StoreError: The folder cannot be written.
    """
    path = Path(path).expanduser().absolute()
    file = path if path.suffix.lower() in (".yaml", ".yml") else path / "data.yaml"
    writing = _YoloWriting(table, file.parent, split, task)
    document = writing.document(_existing(file))
    for target, image, lines in writing.files():
        labels = label_file(target)
        with written_whole(labels) as stream:
            stream.writelines(line.encode() + b"\n" for line in lines)
        _place(image, target, images)
    _write_yaml(file, document)
    writing.tell(file)
    return file


class _YoloWriting:
    def __init__(self, table: StoredTable, folder: Path, split: str, task: str | None) -> None:
        self._table = table
        self._folder = folder
        self._split = split
        self._columns = LabelColumns.of(table.schema)
        self._task = task or origin_of(table, ("coco", "yolo")).get("task", "detect")
        needed = {"segment": self._columns.masks, "pose": self._columns.joints}
        if needed.get(self._task, "") is None:
            raise InvalidArgumentError(
                f"the table must have masks or keypoints for task `{self._task}`, "
                f"but has {', '.join(table.columns)}."
            )
        self._classes = self._columns.classes(table.schema)
        self._number_of = {label: number for number, label in enumerate(self._classes)}
        self._urls = _local(table.image_urls(self._columns.image))
        self._odd: Counter[str] = Counter()

    def document(self, existing: dict[str, Any]) -> dict[str, Any]:
        """The YAML file: what was there, with this split."""
        names = dict(enumerate(self._classes.values()))
        there = existing.get("names", names)
        there = dict(enumerate(there)) if isinstance(there, list) else there
        if there != names:
            raise FormatError(
                f"`{self._folder}` holds a dataset with the classes {list(there.values())}, "
                f"but the table has {list(names.values())}.",
                hint="export into another folder",
            )
        document = {**existing, self._split: f"images/{self._split}", "names": names}
        if self._task == "pose":
            schema = self._table.schema[str(self._columns.joints)]
            assert isinstance(schema, Keypoints2DSchema)
            document["kpt_shape"] = [schema.num_joints, 3]
            if schema.flip_indices:
                document["flip_idx"] = list(schema.flip_indices)
            document["kpt_names"] = {key: list(schema.joint_names) for key in names}
        return document

    def files(self) -> Iterator[tuple[Path, str, list[str]]]:
        """Where each image goes, where it is, and its lines."""
        names = _names(self._urls)
        sizes = image_sizes(self._table, self._columns, self._urls)
        columns = self._columns.instances or [self._columns.image]
        start = 0
        for batch in self._table.to_batches(columns, _ROWS):
            lines: list[list[str]] = [[] for _ in range(len(batch))]
            for gathered in gather(batch, self._columns):
                row = start + gathered.row
                if np.isnan(sizes[row]).any():
                    raise FormatError(
                        f"`{self._urls[row]}` has no readable size for its labels to be "
                        "fractions of."
                    )
                if (line := self._line(gathered, sizes[row])) is not None:
                    lines[gathered.row].append(line)
            for place, image_lines in enumerate(lines):
                target = self._folder / "images" / self._split / names[start + place]
                yield target, self._urls[start + place], image_lines
            start += len(batch)

    def tell(self, file: Path) -> None:
        """Say what was done to labels."""
        if list(self._number_of) != list(self._number_of.values()):
            self._odd["classes numbered anew from 0"] = len(self._number_of)
        if self._odd:
            parts = ", ".join(f"{count} {what}" for what, count in self._odd.items())
            note(f"{file.name}: {parts}.")

    def _line(self, gathered: Gathered, size: np.ndarray) -> str | None:
        label = gathered.properties.get("label")
        if gathered.properties.get("iscrowd"):
            return self._left_out("crowd regions left out")
        if label is None:
            return self._left_out("instances without a class left out")
        numbers = self._numbers(gathered, size)
        if numbers is None:
            return None
        return " ".join([str(self._number_of[label]), *map(_short, numbers)])

    def _numbers(self, gathered: Gathered, size: np.ndarray) -> list[float] | None:
        if self._task == "segment":
            if not gathered.polygons:
                return self._left_out("instances without polygons left out")
            ring = _one_ring(gathered.polygons).reshape(-1, 2) / size
            return np.clip(ring, 0, 1).reshape(-1).tolist()
        box = self._box(gathered, size)
        if box is None or self._task == "detect":
            return box
        schema = self._table.schema[str(self._columns.joints)]
        assert isinstance(schema, Keypoints2DSchema)
        points = np.array(gathered.joints or [0.0] * 3 * schema.num_joints).reshape(-1, 3)
        seen = points[:, 2:] > 0
        places = np.where(seen, np.clip(points[:, :2] / size, 0, 1), 0)
        return [*box, *np.hstack([places, points[:, 2:]]).reshape(-1).tolist()]

    def _box(self, gathered: Gathered, size: np.ndarray) -> list[float] | None:
        """Middle, width and height as fractions."""
        box = gathered.xywh()
        if box is None:
            return self._left_out("instances without a box left out")
        low = np.array(box[:2])
        corners = np.concatenate([low, low + box[2:]])
        inside = np.clip(corners, 0, np.tile(size, 2))
        if (inside[2:] <= inside[:2]).any():
            return self._left_out("boxes without an area in their image left out")
        if (np.abs(inside - corners) > 1e-6).any():
            self._odd["boxes cut at the edge of their image"] += 1
        return [*((inside[:2] + inside[2:]) / 2 / size), *((inside[2:] - inside[:2]) / size)]

    def _left_out(self, why: str) -> None:
        self._odd[why] += 1


def _one_ring(rings: list[list[float]]) -> np.ndarray:
    """Rings joined by lines without width, there and back, so that the same pixels are inside."""
    if len(rings) == 1:
        return np.array(rings[0])
    return np.concatenate([np.array([*ring, *ring[:2]]) for ring in rings])


def _short(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _local(urls: list[str | None]) -> list[str]:
    local = [url for url in urls if url is not None and not is_remote(url)]
    if len(local) < len(urls):
        raise InvalidArgumentError(
            "all images of the table must be files of this machine, but "
            f"{len(urls) - len(local)} of {len(urls)} are not.",
            hint='export("labels.json") takes images anywhere',
        )
    return local


def _names(urls: list[str]) -> list[str]:
    """Names below the deepest folder that holds all images."""
    if not urls:
        return []
    folder = os.path.commonpath([os.path.dirname(url) for url in urls])
    names = [os.path.relpath(url, folder) for url in urls]
    labels = Counter(os.path.splitext(name)[0] for name in names)
    twice = next((name for name, count in labels.items() if count > 1), None)
    if twice is not None:
        raise InvalidArgumentError(
            f"each row must have an image of its own name, but several have `{twice}`.",
            hint="YOLO finds labels by the name of the image without its ending",
        )
    return names


def _existing(file: Path) -> dict[str, Any]:
    import yaml

    if not file.exists():
        return {}
    document = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    return {key: value for key, value in (document or {}).items() if key != "path"}


def _write_yaml(file: Path, document: dict[str, Any]) -> None:
    import yaml

    text = yaml.safe_dump({"path": ".", **document}, sort_keys=False, allow_unicode=True)
    with written_whole(file) as stream:
        stream.write(text.encode())


def _place(image: str, target: Path, how: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or (target.exists() and not target.samefile(image)):
        target.unlink()
    if target.exists() or not os.path.exists(image):
        return
    if how == "link":
        with suppress(OSError):  # a file system without links
            target.symlink_to(image)
    if not target.exists():
        shutil.copy2(image, target)
