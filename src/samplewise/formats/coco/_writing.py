"""Writing COCO files."""

import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Raw

from samplewise.formats._gathering import Gathered, gather
from samplewise.formats._image_files import folder_url, is_remote, is_there
from samplewise.formats._label_columns import LabelColumns, image_sizes, origin_of
from samplewise.formats._written import local_path, replace_file
from samplewise.formats.coco._identity import category_ids, image_ids
from samplewise.formats.coco._images import WEIGHT
from samplewise.formats.coco._joint_counts import count_joints, joints_of_category
from samplewise.formats.exported import Exported
from samplewise.records.stored_table import StoredTable
from samplewise.schema import (
    Bool,
    CategoricalLabelSchema,
    Float,
    Int,
    Keypoints2DSchema,
    SampleWeightSchema,
    String,
)
from samplewise.schema.ragged import instances_from_arrow

_ROWS = 2_048
_OTHERS = "other_annotations"
_SCALARS = (Bool, CategoricalLabelSchema, Float, Int, String)


def write(table: StoredTable, path: str | Path, *, image_folder: str | Path | None = None) -> Path:
    """Write a Table as a COCO annotations file.

    What `read` took from a COCO file comes back: ids, categories with their gaps and further
    fields, crowd regions, run lengths, captions, `info`, `licenses`. Other columns of single
    values become fields of the images. Deleted boxes take their mask and keypoints with them.

    Args:
        table: The table.
        path: The file; one that exists is replaced.
        image_folder: `file_name` is relative to it; None takes the folder that the table was
            read with, else the folder of the file. Images elsewhere keep their whole path.

    Returns:
        The file.

    Raises:
        InvalidArgumentError: The table has no column of images.
        StoreError: The file cannot be written.
    """
    return write_annotations(table, path, image_folder=image_folder).path


def write_annotations(
    table: StoredTable, path: str | Path, *, image_folder: str | Path | None = None
) -> Exported:
    """Write a Table as a COCO annotations file, and say how many rows went in; see `write`."""
    path = local_path(path)
    writing = _CocoWriting(table, path, _folders(table, path, image_folder))
    with replace_file(path) as file:
        writing.to(file)
    writing.exported.tell()
    return writing.exported


class _CocoWriting:
    def __init__(self, table: StoredTable, path: Path, folders: list[str]) -> None:
        self._table = table
        self.exported = Exported(path)
        self._columns = LabelColumns.of(table.schema)
        self._origin = origin_of(table, ("coco",))
        self._folders = folders
        self._urls = table.image_urls(self._columns.image)
        self._ids = image_ids(table)
        self._category_of = category_ids(self._origin)
        self._joint_counts: dict[Any, set[int]] = {}
        if self._columns.joints is not None:
            batches = (batch for _, batch in self._batches([self._columns.joints]))
            self._joint_counts = count_joints(batches)
        self._entries = dict(self._entries_by_name())
        self._count_images()

    def _count_images(self) -> None:
        nameless = sum(url is None for url in self._urls)
        self.exported.rows = len(self._urls) - nameless
        if nameless:
            self.exported.left_out["they have no image"] = nameless
        gone = sum(url is not None and not is_there(url) for url in self._urls)
        self.exported.changed["images whose file is missing named all the same"] = gone

    def to(self, file: BinaryIO) -> None:
        """Write everything, images and annotations a batch at a time."""
        origin = self._origin
        file.write(b"{")
        given = {name: origin[name] for name in ("info", "licenses") if origin.get(name)}
        file.writelines(
            _encode(name) + b":" + _encode(value) + b",\n"
            for name, value in {**given, **origin.get("other", {})}.items()
        )
        _write_list(file, "images", self._images(), end=b",\n")
        _write_list(file, "annotations", self._annotations(), end=b",\n")
        _write_list(file, "categories", map(_encode, self._categories()), end=b"}\n")

    def _batches(self, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        start = 0
        for batch in self._table.to_batches(columns, _ROWS):
            yield start, batch
            start += len(batch)

    def _images(self) -> Iterator[bytes]:
        names = [name for name in self._table.columns if self._is_field(name)]
        sizes = image_sizes(self._table, self._columns, self._urls)
        for start, batch in self._batches(names or [self._columns.image]):
            values = {name: batch.column(name).to_pylist() for name in names}
            for i in range(len(batch)):
                if self._urls[start + i] is None:
                    continue
                fields = {name: column[i] for name, column in values.items()}
                yield self._image(start + i, fields, sizes[start + i])

    def _is_field(self, name: str) -> bool:
        is_own = name in ("image_id", "width", "height")
        return isinstance(self._table.schema[name], _SCALARS) and not is_own

    def _image(self, row: int, fields: dict[str, Any], size: np.ndarray) -> bytes:
        info = fields.pop("image_info", None)
        url = self._urls[row]
        width, height = (None if np.isnan(side) else round(side) for side in size.tolist())
        entry = {
            "id": self._ids[row],
            "file_name": None if url is None else _file_name(url, self._folders),
            "width": width,
            "height": height,
            **dict(self._field(name, value) for name, value in fields.items()),
        }
        given = {name: value for name, value in entry.items() if value is not None}
        return _encode({**given, **_decode_fields(info)})

    def _field(self, name: str, value: Any) -> tuple[str, Any]:
        """A column of single values as a field; a weight of one says nothing."""
        if isinstance(self._table.schema[name], SampleWeightSchema):
            return WEIGHT, None if value == 1 else value
        return name, value

    def _annotations(self) -> Iterator[bytes]:
        others = [name for name in (_OTHERS,) if name in self._table.columns]
        columns = [*self._columns.instances, *others]
        shortest = self._origin.get("shortest_sizes", True)
        fresh = itertools.count(self._highest_id() + 1)
        for start, batch in self._batches(columns) if columns else ():
            for gathered in gather(batch, self._columns, shortest_sizes=shortest):
                if self._urls[start + gathered.row] is None:
                    continue
                self._fill_joints(gathered)
                yield self._annotation(self._ids[start + gathered.row], gathered, fresh)
            for name in others:
                urls = self._urls[start : start + len(batch)]
                for url, texts in zip(urls, batch.column(name).to_pylist(), strict=True):
                    if url is not None:
                        yield from (text.encode() for text in texts or ())

    def _fill_joints(self, gathered: Gathered) -> None:
        """As many joints as the category of a pose names, those that it lacks not labelled."""
        if gathered.joints is None:
            return
        names = self._entries.get(gathered.properties.get("label"), {}).get("keypoints") or ()
        missing = len(names) - len(gathered.joints) // 3
        if missing > 0:
            gathered.joints = [*gathered.joints, *[0.0, 0.0, 0] * missing]
            what = "instances whose missing joints are written as not labelled"
            self.exported.changed[what] += 1

    def _annotation(self, image_id: Any, gathered: Gathered, fresh: Iterator[int]) -> bytes:
        known = gathered.properties
        number, label = known.pop("annotation_id", None), known.pop("label", None)
        others = _decode_fields(known.pop("attributes", None))
        entry = {
            "id": next(fresh) if number is None else number,
            "image_id": image_id,
            "category_id": self._category_of.get(label, label),
            **gathered.fields(as_lists=self._origin.get("rle_lists", False)),
            **known,
        }
        given = {name: value for name, value in entry.items() if value is not None}
        return _encode({**given, **others})

    def _highest_id(self) -> int:
        """Highest annotation id that is written, 0 if there is none or they are texts."""
        highest = 0
        boxes = self._columns.boxes  # where there are boxes, others with an id belong to one
        for column in self._columns.instances if boxes is None else [boxes]:
            for _, batch in self._batches([column]):
                ids = instances_from_arrow(batch.column(0)).values("annotation_id")
                highest = max([highest, *(n for n in ids if isinstance(n, int))])
        return highest

    def _categories(self) -> list[dict[str, Any]]:
        """The file's own categories in its order, then new ones; all with the Table's names."""
        return list(self._entries.values())

    def _entries_by_name(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        classes = self._columns.classes(self._table.schema)
        pairs = zip(self._origin.get("labels", ()), self._origin.get("categories", ()), strict=True)
        known = {label: entry for label, entry in pairs if label in classes}
        entries = known | {n: {"id": n} for n in classes if n not in known}
        has_own = any(entry.get("keypoints") for entry in entries.values())
        for label, entry in entries.items():
            named = {**entry, "name": classes[label]}
            if self._columns.joints is not None:
                schema = self._table.schema[self._columns.joints]
                assert isinstance(schema, Keypoints2DSchema)
                counts = self._joint_counts.get(label, set())
                named |= joints_of_category(entry, counts, schema, has_own=has_own)
            yield label, named


def _write_list(file: BinaryIO, name: str, entries: Iterable[bytes], *, end: bytes) -> None:
    file.write(_encode(name) + b":[\n")
    file.writelines(b",\n" + entry if place else entry for place, entry in enumerate(entries))
    file.write(b"]" + end)


def _encode(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _decode_fields(text: str | None) -> dict[str, Raw]:
    """Fields of a JSON text, each as it stands there."""
    return {} if text is None else msgspec.json.decode(text, type=dict[str, Raw])


def _folders(table: StoredTable, path: Path, given: str | Path | None) -> list[str]:
    """Folders that file names may be relative to, the first that fits."""
    if given is not None:
        return [folder_url(given)]
    origin = origin_of(table, ("coco", "yolo", "voc"))
    return [*filter(None, [origin.get("image_folder")]), str(path.parent)]


def _file_name(url: str, folders: list[str]) -> str:
    if not is_remote(url):  # dots in the middle would lead out of the folder
        url = os.path.normpath(url)
    for folder in folders:
        if url.startswith(folder + "/"):
            return url[len(folder) + 1 :]
    return url if is_remote(url) else Path(url).as_posix()
