"""Reading COCO files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from msgspec import Raw

from samplewise._progress import progress_bar
from samplewise.errors import InvalidArgumentError
from samplewise.formats._columns import flat_to_arrow, joints_to_arrow, property_to_arrow
from samplewise.formats._image_files import MissingImages, check_missing_images, folder_url
from samplewise.formats._pause import without_collection
from samplewise.formats.coco._annotations import Annotations, AnnotationScan
from samplewise.formats.coco._categories import Categories, read_categories
from samplewise.formats.coco._entry import KNOWN
from samplewise.formats.coco._file import CocoFile, other_fields
from samplewise.formats.coco._images import Images, read_images
from samplewise.formats.coco._joints import read_joints, skeleton_of
from samplewise.formats.coco._masks import read_masks
from samplewise.formats.import_report import Findings
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ColumnSchema,
    Float,
    ImageSchema,
    Int,
    Keypoints2DSchema,
    ListSchema,
    SampleWeightSchema,
    SegmentationMasksSchema,
    String,
)
from samplewise.schema.boxes import boxes_to_arrow

Task = Literal["detect", "segment", "pose"]
Batches = Iterator[Mapping[str, pa.Array]]

_CHUNK = 8_192
_ROWS = 2_048
_LARGEST_REST = 4_000_000


def read(
    annotations_file: str | Path,
    image_folder: str | Path | None = None,
    *,
    task: Task = "detect",
    progress: bool = True,
    missing_images: MissingImages = "keep",
) -> tuple[Batches, dict[str, ColumnSchema], dict[str, Any]]:
    """Read a COCO annotations file, in memory of about twice the file's size.

    Rows are images in the file's order. Columns: `image`, `image_id`, `width`, `height`, `bbs`;
    `segmentations` and `keypoints_2d` where the file has any or the task asks for them;
    `image_info` and `other_annotations` where the file has what fits nowhere else: other fields
    of images as a JSON text, and annotations without a box (captions, labels of whole images).
    Instances have `label`, `annotation_id`, `iscrowd`, `area`; boxes also `score` and
    `attributes` (other fields, a JSON text) where the file has any. Masks and keypoints name
    their box by `annotation_id`. Boxes that reach outside their image are kept as they are.

    Args:
        annotations_file: The JSON file.
        image_folder: Where its images lie; None takes the folder of the annotations file.
        task: `detect`, `segment` or `pose`.
        progress: Whether to show a progress bar where a person watches.
        missing_images: What to do with images whose file is missing: `keep` their rows, `drop`
            them, or `raise`. They are counted in any case.

    Returns:
        Batches of columns; column kinds; where the rows come from, with `info`, `licenses`,
        `categories`, `other` (further sections) and what was `repaired` or odd and `kept`, which
        is complete when the last batch is read.

    Raises:
        FormatError: The file is no COCO file; names file, id and reason.
        InvalidArgumentError: `task` or `missing_images` is unknown.
    """
    if task not in ("detect", "segment", "pose"):
        raise InvalidArgumentError(
            f'`task` must be "detect", "segment" or "pose", but is {task!r}.'
        )
    missing = check_missing_images(missing_images)
    path = Path(annotations_file).expanduser().absolute()
    findings = Findings(path.name)
    folder = folder_url(path.parent if image_folder is None else image_folder)
    file = CocoFile(path, findings)
    categories = read_categories(file, findings)
    images = read_images(file, folder, missing, findings)
    annotations = _scan(file, images, categories, findings, shown=progress)
    source = {
        "kind": "coco",
        "file": str(path),
        "image_folder": folder,
        "task": task,
        "info": file.value("info"),
        "licenses": file.value("licenses"),
        "categories": categories.entries,
        "labels": categories.labels,
        "rle_lists": annotations.have_lists,
        "shortest_sizes": annotations.shortest_sizes,
        "other": _rest(file, findings),
        "repaired": findings.repaired,
        "kept": findings.kept,
    }
    reading = _CocoReading(file, images, categories, annotations, task, findings)
    return reading.batches(shown=progress), reading.schema, source


def _scan(
    file: CocoFile, images: Images, categories: Categories, findings: Findings, *, shown: bool
) -> Annotations:
    items = file.items("annotations")
    scan = AnnotationScan(file, images, categories, findings)
    bar = progress_bar("reading", len(items), shown=shown)
    with without_collection(), bar as advance:
        for start in range(0, len(items), _CHUNK):
            part = items[start : start + _CHUNK]
            scan.add(part)
            advance(len(part))
    return scan.result()


def _rest(file: CocoFile, findings: Findings) -> dict[str, Any]:
    """Further sections, unless they are so large that opening the Table would be slow."""
    rest, large = file.rest(_LARGEST_REST)
    findings.repair("sections of more than 4 MB that are not COCO's: left out", *large)
    return rest


class _CocoReading:
    """Makes batches from what was scanned."""

    def __init__(
        self,
        file: CocoFile,
        images: Images,
        categories: Categories,
        annotations: Annotations,
        task: Task,
        findings: Findings,
    ) -> None:
        self._file = file
        self._images = images
        self._extents = images.extents
        self._annotations = annotations
        self._findings = findings
        self._joints_of = categories.joints_of
        rows = annotations.facts["row"]
        self._order = np.argsort(rows, kind="stable")
        self._offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(images)))])
        self._others: dict[int, list[str]] = {}
        for row, item in annotations.others:
            self._others.setdefault(row, []).append(bytes(item).decode())
        self.schema = self._make_schema(categories, task)

    def _make_schema(self, categories: Categories, task: Task) -> dict[str, ColumnSchema]:
        facts, classes = self._annotations.facts, categories.classes
        always: dict[str, ColumnSchema] = {
            "annotation_id": _id_schema(self._annotations.ids),
            "iscrowd": Int(minimum=0, maximum=1, description="1 for a region of many objects."),
            "area": Float(minimum=0, unit="px²"),
        }
        sometimes = {
            "score": (self._score_schema(), np.isfinite(facts["score"]).any()),
            "attributes": (String(hidden=True), self._annotations.have_other_fields),
        }
        beside_boxes = {name: kind for name, (kind, there) in sometimes.items() if there}
        schema: dict[str, ColumnSchema] = {
            "image": ImageSchema(),
            "image_id": _id_schema(self._images.ids),
            "width": Int(minimum=1, unit="px"),
            "height": Int(minimum=1, unit="px"),
            "bbs": BoundingBoxes2DSchema(classes, additional=always | beside_boxes),
        }
        if task == "segment" or facts["mask"].any():
            schema["segmentations"] = SegmentationMasksSchema(classes, additional=always)
        if task == "pose" or facts["joints"].any():
            labelled = {"num_keypoints": Int(minimum=0, description="Labelled joints.")}
            schema["keypoints_2d"] = Keypoints2DSchema(
                classes,
                additional=always | labelled,
                **skeleton_of(categories, self._most_joints(), self._findings),
            )
        if np.isfinite(self._images.weights).any():
            schema["weight"] = SampleWeightSchema()
        if self._images.has_other_fields():
            schema["image_info"] = String(hidden=True, description="Other fields, as JSON.")
        if self._others:
            schema["other_annotations"] = ListSchema(String(), hidden=True)
        return schema

    def _score_schema(self) -> Float:
        """Confidences; logits and percents, which files have too, are numbers without bounds."""
        facts = self._annotations.facts
        beyond = (facts["score"] < 0) | (facts["score"] > 1)
        ids = self._annotations.ids[beyond]
        self._findings.keep("scores outside of 0 to 1", *map(str, ids[:5]), count=len(ids))
        return Float() if beyond.any() else Float(minimum=0, maximum=1)

    def _most_joints(self) -> int:
        """Joints of the first instance that has any."""
        place = np.flatnonzero(self._annotations.facts["joints"])[:1]
        some = self._annotations_at(place, np.array([0, len(place)]))
        return max(map(len, self._read_joints(some, Findings(""))), default=0)

    def batches(self, *, shown: bool) -> Batches:
        """All rows; says at the end what was found."""
        total = len(self._images)
        with progress_bar("writing", total, shown=shown) as advance:
            for start in range(0, total, _ROWS):
                stop = min(start + _ROWS, total)
                with without_collection():
                    batch = self._batch(start, stop)
                yield batch
                advance(stop - start)
        self._findings.tell()

    def _batch(self, start: int, stop: int) -> dict[str, pa.Array]:
        images, extents = self._images, self._extents[start:stop]
        part = self._part(start, stop)
        columns: dict[str, Any] = {
            "image": pa.array(images.urls[start:stop], pa.string()),
            "image_id": pa.array(images.ids[start:stop], self.schema["image_id"].arrow_type),
            "width": _round_sizes(images.sizes[start:stop, 0]),
            "height": _round_sizes(images.sizes[start:stop, 1]),
        }
        if "segmentations" in self.schema:
            columns["segmentations"] = self._masks(part, extents)
        part.areas = np.where(np.isnan(part.areas), _box_areas(part.facts["box"]), part.areas)
        if "keypoints_2d" in self.schema:
            columns["keypoints_2d"] = self._joints(part, extents)
        columns["bbs"] = self._boxes(part, extents)
        if "weight" in self.schema:
            columns["weight"] = pa.array(np.nan_to_num(images.weights[start:stop], nan=1.0))
        if "image_info" in self.schema:
            columns["image_info"] = pa.array(images.other_fields(start, stop), pa.string())
        if "other_annotations" in self.schema:
            texts = [self._others.get(row, []) for row in range(start, stop)]
            columns["other_annotations"] = pa.array(texts, pa.list_(pa.string()))
        return {name: columns[name] for name in self.schema}

    def _part(self, start: int, stop: int) -> "_Part":
        first, last = self._offsets[start], self._offsets[stop]
        return self._annotations_at(
            self._order[first:last], self._offsets[start : stop + 1] - first
        )

    def _annotations_at(self, places: np.ndarray, offsets: np.ndarray) -> "_Part":
        whole = self._annotations
        facts = whole.facts[places]
        return _Part(whole, places, whole.ids[places], facts, offsets, facts["area"].copy())

    def _boxes(self, part: "_Part", extents: np.ndarray) -> pa.StructArray:
        schema = self.schema["bbs"]
        assert isinstance(schema, BoundingBoxes2DSchema)
        kinds = {name: kind.arrow_type for name, kind in schema.properties.items()}
        values = {**part.properties(), "score": part.facts["score"]}
        if "attributes" in kinds:
            items = part.values(self._annotations.items)
            values["attributes"] = [other_fields(item, KNOWN) for item in items]
        return boxes_to_arrow(
            part.facts["box"],
            part.offsets,
            {name: property_to_arrow(values[name], kind) for name, kind in kinds.items()},
            extents,
            schema,
        )

    def _masks(self, part: "_Part", extents: np.ndarray) -> pa.StructArray:
        """Masks of a part; fills in areas that the file has not."""
        schema = self.schema["segmentations"]
        assert isinstance(schema, SegmentationMasksSchema)
        places = np.flatnonzero(part.facts["mask"])
        having = part.where(places)
        masks = read_masks(
            having.values(self._annotations.masks),
            self._images.sizes[having.facts["row"]],
            lambda reason, i: self._findings.repair(reason, str(having.ids[i])),
        )
        unknown = np.isnan(part.areas[places])
        if unknown.any():
            part.areas[places[unknown]] = masks.areas()[unknown]
        some = part.where(places[masks.present])
        return flat_to_arrow(masks.to_arrow(), some.offsets, some.properties(), extents, schema)

    def _joints(self, part: "_Part", extents: np.ndarray) -> pa.StructArray:
        schema = self.schema["keypoints_2d"]
        assert isinstance(schema, Keypoints2DSchema)
        some = part.where(np.flatnonzero(part.facts["joints"]))
        joints = self._read_joints(some, self._findings)
        counted = np.array([np.count_nonzero(points[:, 2]) for points in joints], np.float64)
        labelled = some.facts["labelled"]
        unknown = [str(number) for number in some.ids[np.isnan(labelled)].tolist()]
        self._findings.repair("keypoints without `num_keypoints`: counted", *unknown)
        values = {
            **some.properties(),
            "num_keypoints": np.where(labelled >= 0, labelled, counted),
        }
        geometry = joints_to_arrow(joints, some.facts["box"])
        return flat_to_arrow(geometry, some.offsets, values, extents, schema)

    def _read_joints(self, some: "_Part", findings: Findings) -> list[np.ndarray]:
        joints, items = (some.values(v) for v in (some.whole.joints, some.whole.items))
        labels = some.facts["label"]
        return read_joints(self._file, joints, items, labels, self._joints_of, findings)


@dataclass
class _Part:
    """Annotations of some images, those of an image together."""

    whole: Annotations
    places: np.ndarray
    ids: np.ndarray
    facts: np.ndarray
    offsets: np.ndarray
    areas: np.ndarray

    def properties(self) -> dict[str, Any]:
        """The properties that every kind of instance has."""
        return {
            "label": self.facts["label"],
            "annotation_id": self.ids,
            "iscrowd": self.facts["crowd"].astype(np.int64),
            "area": self.areas,
        }

    def values(self, values: list[Raw]) -> list[Raw]:
        """Their values, of those of all annotations."""
        return [values[place] for place in self.places.tolist()]

    def where(self, places: np.ndarray) -> "_Part":
        """Some of them, ascending."""
        offsets = np.searchsorted(places, self.offsets)
        return _Part(
            self.whole,
            self.places[places],
            self.ids[places],
            self.facts[places],
            offsets,
            self.areas[places],
        )


def _box_areas(boxes: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.where(np.isfinite(areas), areas, np.nan)  # too large for a number: null


def _round_sizes(sizes: np.ndarray) -> pa.Array:
    return pa.array(np.rint(sizes), from_pandas=True).cast(pa.int64())


def _id_schema(ids: Any) -> ColumnSchema:
    is_text = len(ids) > 0 and isinstance(ids[0], str)
    return String(writable=False) if is_text else Int(writable=False)
