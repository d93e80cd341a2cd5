"""Writing datasets in YOLO's layout."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats._exported_images import (
    ExportedImage,
    ending_of,
    is_known_to_ultralytics,
    look_at,
    without_turn,
)
from samplewise.formats._folder_lock import lock_folder
from samplewise.formats._gathering import gather
from samplewise.formats._image_files import is_remote, upright_size
from samplewise.formats._label_columns import LabelColumns, image_sizes, origin_of
from samplewise.formats._written import local_path, replace_file
from samplewise.formats.exported import Exported
from samplewise.formats.skeletons import number_joints
from samplewise.formats.yolo._dataset_file import NO_SPLITS, read_dataset_file, splits_of
from samplewise.formats.yolo._file_names import image_names, is_safe_name
from samplewise.formats.yolo._lines import LabelLines
from samplewise.formats.yolo._split_folder import SplitFolder
from samplewise.records.stored_table import StoredTable
from samplewise.schema import Keypoints2DSchema, SampleWeightSchema
from samplewise.schema.ragged import instances_from_arrow

_ROWS = 1_024
_TASKS = ("detect", "segment", "pose")


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
    its other splits; the files of an earlier export of the same split go, files of others stay.
    Whatever happens meanwhile, the YAML file names the earlier split or the new one, whole.

    Classes are numbered from 0, crowd regions are left out, boxes and polygons are cut at the edge
    of the image, joints beyond it are written as not labelled, several rings of a mask become one
    that touches itself, and rows whose image cannot be read are left out; what was done is said
    in one line.

    Args:
        table: The table.
        path: The YAML file, or a folder for `data.yaml`.
        split: Name of the split.
        task: What a line is; None takes what the table was read for, else boxes.
        images: Whether images are linked or copied.

    Returns:
        The YAML file.

    Raises:
        InvalidArgumentError: The table has no classes or no column that the task needs, its images
            are not on this machine, two of its rows have one image, or an argument is wrong.
        FormatError: The YAML file that is there has other classes or another task, or a file
            would be overwritten that no export wrote.
        StoreError: The folder cannot be written, or another export writes into it now.
    """
    return write_split(table, path, split=split, task=task, images=images).path


def write_split(
    table: StoredTable,
    path: str | Path,
    *,
    split: str = "train",
    task: Literal["detect", "segment", "pose"] | None = None,
    images: Literal["link", "copy"] = "link",
) -> Exported:
    """Write a Table as one split, and say how many rows went in; see `write`."""
    if images not in ("link", "copy"):
        raise InvalidArgumentError(f'`images` must be "link" or "copy", but is {images!r}.')
    file = _yaml_file(path)
    _check_split(split)
    with lock_folder(file.parent):
        writing = _YoloWriting(table, file, split, task)
        writing.write(copies=images == "copy")
    return writing.exported


def existing_split(path: str | Path, *, split: str = "train", **_options: Any) -> str | None:
    """What an export to there would replace, in words; None if nothing."""
    file = _yaml_file(path)
    folder = SplitFolder(file.parent, _check_split(split))
    is_there = folder.is_taken() or split in splits_of(read_dataset_file(file))
    return f"split `{split}` of `{file}`" if is_there else None


def _yaml_file(path: str | Path) -> Path:
    whole = local_path(path)
    return whole if whole.suffix.lower() in (".yaml", ".yml") else whole / "data.yaml"


def _check_split(split: str) -> str:
    if not isinstance(split, str) or not is_safe_name(split) or split in NO_SPLITS:
        raise InvalidArgumentError(
            f"`split` must be the name of a folder, such as `train`, but is {split!r}."
        )
    return split


class _YoloWriting:
    def __init__(self, table: StoredTable, file: Path, split: str, task: str | None) -> None:
        self._table = table
        self._file = file
        self._split = split
        self._columns = LabelColumns.of(table.schema)
        self._task = task or origin_of(table, ("coco", "yolo")).get("task", "detect")
        self._check_task()
        self.exported = Exported(file)
        classes = self._columns.classes(table.schema)
        self._names = {n: name or f"class {n}" for n, name in enumerate(classes.values())}
        number_of = {label: number for number, label in enumerate(classes)}
        joints = self._num_joints() if self._task == "pose" else 0
        self._lines = LabelLines(self._task, number_of, joints, self.exported.changed)
        self._before = read_dataset_file(file)
        self._check_before()

    def _check_task(self) -> None:
        if self._task not in _TASKS:
            raise InvalidArgumentError(
                f"`task` must be one of {', '.join(_TASKS)}, but is {self._task!r}."
            )
        needed = {"segment": self._columns.masks, "pose": self._columns.joints}
        if needed.get(self._task, "") is None:
            raise InvalidArgumentError(
                f"the table must have masks or keypoints for task `{self._task}`, "
                f"but has {', '.join(self._table.columns)}."
            )
        if not self._columns.classes(self._table.schema):
            raise InvalidArgumentError(
                "the table must have labels with classes for YOLO, but has "
                f"{', '.join(self._table.columns)}.",
                hint='export("rows.csv") takes any table',
            )

    def _count_renumbered(self) -> None:
        number_of = self._lines.number_of
        if list(number_of) != list(number_of.values()):
            self.exported.changed["classes numbered anew from 0"] = len(number_of)
        empty = sum(not name for name in self._columns.classes(self._table.schema).values())
        self.exported.changed["classes without a name named by their number"] = empty

    def _check_before(self) -> None:
        """The YAML file that is there must go together with this split.

        Raises:
            FormatError: It does not.
        """
        before, folder = self._before, self._file.parent
        there = before.get("names", self._names)
        if there != self._names:
            shown = list(there.values()) if isinstance(there, dict) else there
            raise FormatError(
                f"`{folder}` holds a dataset with the classes {shown}, "
                f"but the table has {list(self._names.values())}.",
                hint="export into another folder",
            )
        others = [name for name in splits_of(before) if name != self._split]
        if others and before.get("kpt_shape") != self._skeleton().get("kpt_shape"):
            raise FormatError(
                f"`{folder}` holds the split `{others[0]}` with `kpt_shape` "
                f"{before.get('kpt_shape')}, but this one would have "
                f"{self._skeleton().get('kpt_shape')}.",
                hint="export into another folder, or with another task",
            )
        named = str(before.get(self._split) or "")
        if named and not _is_of_export(named, self._split):
            raise FormatError(
                f"`{self._file}` has the split `{self._split}` in {named}, "
                "where no export wrote it.",
                hint="export into another folder, or as another split",
            )

    def write(self, *, copies: bool) -> None:
        """Write the split, and say what is not as it was in the table."""
        urls = self._local_urls()
        looks = [None if url is None else look_at(url, whole=copies) for url in urls]
        found = {row: image for row, image in enumerate(looks) if image is not None}
        rows = list(found)
        paths = [str(urls[row]) for row in rows]
        names = image_names(paths, [ending_of(str(urls[r]), image) for r, image in found.items()])
        self._count_images(urls, list(found.values()), names, paths)
        folder = SplitFolder(self._file.parent, self._split)
        turned = {
            str(url): (url, image)
            for row, image in found.items()
            if image.is_to_be_unturned and (url := urls[row]) is not None
        }
        place = _place(copies, turned)
        folder.write(names, self._files(urls, set(rows)), place, self._name_folder)
        self._count_renumbered()
        changed = self.exported.changed
        changed["images that no export wrote stay beside them"] = folder.count_others()
        self.exported.tell()

    def _count_images(
        self,
        urls: list[str | None],
        images: list[ExportedImage],
        names: list[str],
        paths: list[str],
    ) -> None:
        exported = self.exported
        exported.rows = len(names)
        if len(names) < len(urls):
            exported.left_out["their image cannot be read"] = len(urls) - len(names)
        pairs = zip(names, paths, strict=True)
        exported.changed["images under another name"] = sum(
            os.path.basename(name) != os.path.basename(path) for name, path in pairs
        )
        unturned = sum(image.is_to_be_unturned for image in images)
        exported.changed["images written without their turn by EXIF, as the table has them"] = (
            unturned
        )
        unknown = sum(not is_known_to_ultralytics(image) for image in images)
        exported.changed["images of a format that ultralytics does not read"] = unknown
        weights = next(
            (n for n, k in self._table.schema.items() if isinstance(k, SampleWeightSchema)), None
        )
        if weights is not None:
            values = self._table.column(weights).to_pylist()
            odd = sum(value not in (None, 1) for value in values)
            exported.changed["rows with a weight other than 1, which YOLO has no place for"] = odd

    def _name_folder(self, folder: str, only_again: bool) -> None:
        """Make the YAML file name a folder as the split."""
        if only_again and self._split not in splits_of(self._before):
            return
        import yaml

        text = yaml.safe_dump(self._document(folder), sort_keys=False, allow_unicode=True)
        with replace_file(self._file) as stream:
            stream.write(text.encode())

    def _document(self, folder: str) -> dict[str, Any]:
        """The YAML file: what was there, with this split.

        Without `path`: ultralytics takes the folder of the file, wherever it runs, and the
        dataset may move. It wants both `train` and `val`, of which one may be empty.
        """
        splits = {"train": None, **splits_of(self._before), self._split: folder}
        if "validation" not in splits:
            splits.setdefault("val", None)
        ours = {"names": self._names, **self._skeleton()}
        replaced = ("nc", "flip_idx", "kpt_shape", "kpt_names", *ours, *splits)
        kept = {key: value for key, value in self._before.items() if key not in replaced}
        return {**splits, **ours, **kept}

    def _skeleton(self) -> dict[str, Any]:
        if self._task != "pose":
            return {}
        schema, count = self._joint_schema(), self._lines.num_joints
        more = number_joints(count)[schema.num_joints :]
        skeleton: dict[str, Any] = {"kpt_shape": [count, 3]}
        if schema.flip_indices:
            flips = [*schema.flip_indices, *range(len(schema.flip_indices), count)]
            skeleton["flip_idx"] = flips
        if schema.joint_names:
            names = [*schema.joint_names, *more]
            skeleton["kpt_names"] = {number: list(names) for number in self._names}
        return skeleton

    def _joint_schema(self) -> Keypoints2DSchema:
        schema = self._table.schema[str(self._columns.joints)]
        assert isinstance(schema, Keypoints2DSchema)
        return schema

    def _num_joints(self) -> int:
        """Joints of each line: the most that an instance has, since all lines are as long."""
        count = self._joint_schema().num_joints
        for batch in self._table.to_batches([str(self._columns.joints)], _ROWS):
            points: Any = instances_from_arrow(batch.column(0)).geometry.field("keypoints")
            count = max([count, *np.diff(points.offsets).tolist()])
        if count == 0:
            raise InvalidArgumentError(
                "the table must have joints for task `pose`, but its keypoints have none."
            )
        return count

    def _files(self, urls: list[str | None], rows: set[int]) -> Iterator[tuple[str, list[str]]]:
        """Image and lines of the rows that are written."""
        sizes = image_sizes(self._table, self._columns, urls)
        columns = self._columns.instances or [self._columns.image]
        start = 0
        for batch in self._table.to_batches(columns, _ROWS):
            inside = [row - start for row in range(start, start + len(batch)) if row in rows]
            lines = self._lines_of(batch, start, sizes, urls, set(inside))
            yield from ((str(urls[start + place]), lines[place]) for place in inside)
            start += len(batch)

    def _lines_of(
        self,
        batch: pa.RecordBatch,
        start: int,
        sizes: np.ndarray,
        urls: list[str | None],
        inside: set[int],
    ) -> list[list[str]]:
        lines: list[list[str]] = [[] for _ in range(len(batch))]
        for gathered in gather(batch, self._columns):
            if gathered.row not in inside:
                continue
            size, url = sizes[start + gathered.row], urls[start + gathered.row]
            if not (size > 0).all():
                size = np.array((url and upright_size(url)) or (np.nan, np.nan))
            if np.isnan(size).any():
                raise FormatError(
                    f"`{url}` has no readable size for its labels to be fractions of."
                )
            if (line := self._lines.line(gathered, size)) is not None:
                lines[gathered.row].append(line)
        return lines

    def _local_urls(self) -> list[str | None]:
        urls = self._table.image_urls(self._columns.image)
        remote = sum(url is not None and is_remote(url) for url in urls)
        if remote:
            raise InvalidArgumentError(
                "all images of the table must be files of this machine, but "
                f"{remote} of {len(urls)} are not.",
                hint='export("labels.json") takes images anywhere',
            )
        return urls


def _is_of_export(folder: str, split: str) -> bool:
    """Whether the folder of a split is where exports write it, or were writing it when killed."""
    name = folder.rstrip("/").removeprefix("./").removeprefix("images/")
    return name == split or name.startswith(f".{split}.writing-")


def _place(
    copies: bool, turned: dict[str, tuple[str, ExportedImage]]
) -> Callable[[str, Path], None]:
    """Puts an image where it belongs; those that EXIF would turn are written anew."""

    def place(image: str, target: Path) -> None:
        if image in turned:
            url, found = turned[image]
            target.write_bytes(without_turn(url, found.format))
        else:
            (_copy if copies else _link)(image, target)

    return place


def _copy(image: str, target: Path) -> None:
    shutil.copyfile(image, target)


def _link(image: str, target: Path) -> None:
    with suppress(OSError):  # a file system without links
        target.symlink_to(os.path.abspath(image))
    if not target.is_symlink():
        _copy(image, target)
