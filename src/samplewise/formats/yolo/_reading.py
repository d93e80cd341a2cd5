"""Reading datasets in YOLO's layout."""

import itertools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from samplewise._progress import progress_bar
from samplewise.errors import FormatError, InvalidArgumentError
from samplewise.formats._box_report import report_boxes
from samplewise.formats._columns import flat_to_arrow, joints_to_arrow
from samplewise.formats._image_files import (
    MissingImages,
    check_missing_images,
    handle_missing,
    upright_size,
)
from samplewise.formats.import_report import (
    EMPTY,
    LABELS_LEFT_OUT,
    MISSING,
    UNPLACED,
    UNREADABLE,
    Findings,
)
from samplewise.formats.skeletons import COCO_JOINTS, flip_indices, number_joints, oks_sigmas
from samplewise.formats.yolo._labels import ImageLabels, read_labels
from samplewise.formats.yolo._layout import Layout, label_file, read_layout
from samplewise.schema import (
    BoundingBoxes2DSchema,
    ColumnSchema,
    ImageSchema,
    Int,
    Keypoints2DSchema,
    SegmentationMasksSchema,
)
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.schema.polygons import Polygons

Task = Literal["detect", "segment", "pose"]
Batches = Iterator[Mapping[str, pa.Array]]

_ROWS = 1_024
_ROUNDING = 1e-5  # of the image's size: files have six digits


def read(
    dataset_yaml: str | Path,
    split: str = "train",
    *,
    task: Task = "detect",
    progress: bool = True,
    missing_images: MissingImages = "drop",
) -> tuple[Batches, dict[str, ColumnSchema], dict[str, Any]]:
    """Read one split of a dataset in YOLO's layout.

    Rows are images in the order of their paths, or of the list that names them. Columns: `image`,
    `width`, `height`, `bbs`, and `segmentations` and `keypoints_2d` where there are any or the
    task asks for them. Fractions become pixels of the image as shown, so the header of every image
    is read. A polygon's box is the box around it. Instances are numbered by `annotation_id`.

    Args:
        dataset_yaml: The YAML file with `path`, `train`, `val`, `names`, `kpt_shape`. A split is a
            folder, a text file of image paths, or a list of these.
        split: Which split.
        task: `detect`, `segment` or `pose`.
        progress: Whether to show a progress bar where a person watches.
        missing_images: What to do with images that are missing or cannot be read, so that their
            labels have no size to be fractions of: `drop` them, `keep` their rows without labels,
            or `raise`. They are counted in any case.

    Returns:
        Batches of columns; column kinds; where the rows come from and what was `repaired`.

    Raises:
        FormatError: A file is missing or malformed; names file and line.
        InvalidArgumentError: `task` or `missing_images` is unknown.
    """
    if task not in ("detect", "segment", "pose"):
        raise InvalidArgumentError(
            f'`task` must be "detect", "segment" or "pose", but is {task!r}.'
        )
    missing = check_missing_images(missing_images)
    findings = Findings(Path(dataset_yaml).name)
    layout = read_layout(dataset_yaml, findings)
    if task == "pose" and layout.joint_shape is None:
        raise layout.error("must have `kpt_shape` for task `pose`.")
    paths = layout.images(split, findings)
    reading = _YoloReading(layout, paths, task, missing, findings, shown=progress)
    source = {
        "kind": "yolo",
        "file": str(layout.file),
        "split": split,
        "image_folder": str(layout.root),
        "task": task,
        "document": layout.document,
        "repaired": findings.repaired,
        "kept": findings.kept,
    }
    return reading.batches(), reading.schema, source


class _YoloReading:
    """Makes batches of the images of a split."""

    def __init__(
        self,
        layout: Layout,
        paths: list[Path],
        task: Task,
        missing: MissingImages,
        findings: Findings,
        *,
        shown: bool,
    ) -> None:
        self._layout = layout
        self._findings = findings
        self._pose_length = (
            0 if layout.joint_shape is None else 4 + int(np.prod(layout.joint_shape))
        )
        self._wrong: list[str] = []
        self._numbers = itertools.count(1)
        self._paths: list[Path] = []
        self._labels: list[ImageLabels] = []
        self._sizes: list[tuple[float, float]] = []
        self._read(paths, missing, shown=shown)
        self.schema = self._make_schema(task)

    def _read(self, paths: list[Path], missing: MissingImages, *, shown: bool) -> None:
        absent: list[str] = []
        unreadable: list[str] = []
        with progress_bar("reading", len(paths), shown=shown) as advance:
            for path in paths:
                labels = self._labels_of(path)
                size = upright_size(str(path))
                if size is None:
                    (unreadable if os.path.isfile(path) else absent).append(str(path))
                if size is not None or missing == "keep":
                    self._paths.append(path)
                    self._labels.append(_NONE if labels is None or size is None else labels)
                    self._sizes.append(size or (np.nan, np.nan))
                if size is None and labels is not None:
                    left_out = LABELS_LEFT_OUT if missing == "drop" else UNPLACED
                    count = len(labels.classes)
                    self._findings.repair(left_out, str(path), count=count)
                advance(1)
        for names, what in ((absent, MISSING), (unreadable, UNREADABLE)):
            file = str(self._layout.file)
            handle_missing(names, len(paths), missing, self._findings, file=file, what=what)
        self._refuse_if_no_line_fits()
        self._report_boxes()

    def _labels_of(self, path: Path) -> ImageLabels | None:
        """The labels of an image, None where there are none to be read."""
        file = label_file(path)
        try:
            labels = read_labels(file, self._layout)
        except FormatError as error:
            self._findings.repair("label files that cannot be read: left out", error.message)
            return None
        if labels is None:
            self._findings.keep("images without a label file", str(path))
            return None
        self._wrong += labels.wrong
        self._findings.repair("lines that are no labels: left out", *labels.wrong)
        if not len(labels.classes) and not labels.wrong:
            self._findings.keep(EMPTY, str(file))
        return labels

    def _refuse_if_no_line_fits(self) -> None:
        """Where not one line is a label, all of them are of another kind.

        Raises:
            FormatError: That is so; names the first line and its reason.
        """
        if self._wrong and not any(len(labels.classes) for labels in self._labels):
            raise FormatError(
                f"{self._wrong[0]} No line of any label file is a label.",
                hint="lines are `class x y width height`, fractions of the image's size",
            )

    def _report_boxes(self) -> None:
        counts = [len(image.classes) for image in self._labels]
        sizes = np.repeat(np.array(self._sizes, np.float64).reshape(-1, 2), counts, axis=0)
        rows = np.repeat(np.arange(len(counts)), counts)
        lines = [line for image in self._labels for line in image.lines()]
        report_boxes(
            self._findings,
            self._in_pixels(lines, sizes)[0],
            sizes,
            rows,
            np.concatenate([np.zeros(0, np.int64), *[image.classes for image in self._labels]]),
            lambda place: str(label_file(self._paths[rows[place]])),
            slack=sizes.max(axis=1, keepdims=True) * _ROUNDING,
        )

    def _make_schema(self, task: Task) -> dict[str, ColumnSchema]:
        classes = self._layout.classes
        numbered_by: dict[str, ColumnSchema] = {"annotation_id": Int(writable=False)}
        lengths = {int(n) for labels in self._labels for n in np.unique(labels.lengths)}
        schema: dict[str, ColumnSchema] = {
            "image": ImageSchema(),
            "width": Int(minimum=1, unit="px"),
            "height": Int(minimum=1, unit="px"),
            "bbs": BoundingBoxes2DSchema(classes, additional=numbered_by),
        }
        if task == "segment" or lengths - {4, self._pose_length}:
            schema["segmentations"] = SegmentationMasksSchema(classes, additional=numbered_by)
        if task == "pose" or self._pose_length in lengths:
            schema["keypoints_2d"] = Keypoints2DSchema(
                classes, additional=numbered_by, **self._skeleton()
            )
        return schema

    def _skeleton(self) -> dict[str, Any]:
        assert self._layout.joint_shape is not None
        count, document = self._layout.joint_shape[0], self._layout.document
        given = document.get("kpt_names")
        names = next(iter(given.values()), None) if isinstance(given, dict) else given
        flips = tuple(document.get("flip_idx") or ())
        if not isinstance(names, list | None) or set(map(type, flips)) - {int}:
            raise self._layout.error("must have lists as `kpt_names` and `flip_idx`.")
        if not names:
            names = COCO_JOINTS if flips == flip_indices(COCO_JOINTS) else number_joints(count)
        if len(names) != count or (flips and sorted(flips) != list(range(count))):
            raise self._layout.error(
                f"must have {count} joints in `kpt_names` and `flip_idx`, as in `kpt_shape`."
            )
        return {
            "joint_names": tuple(map(str, names)),
            "flip_indices": flips or flip_indices(names),
            "oks_sigmas": oks_sigmas(names),
        }

    def batches(self) -> Batches:
        """All rows; says at the end what was found."""
        for start in range(0, len(self._paths), _ROWS):
            yield self._batch(slice(start, start + _ROWS))
        self._findings.tell()

    def _batch(self, rows: slice) -> dict[str, pa.Array]:
        sizes = np.array(self._sizes[rows], np.float64).reshape(-1, 2)
        extents = np.hstack([sizes * 0, sizes])
        labels = self._labels[rows]
        counts = [len(image.classes) for image in labels]
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        properties = {
            "label": np.concatenate([np.zeros(0, np.int64), *[image.classes for image in labels]]),
            "annotation_id": np.array(list(itertools.islice(self._numbers, int(offsets[-1])))),
        }
        scales = np.repeat(sizes, counts, axis=0)
        lines = [line for image in labels for line in image.lines()]
        boxes, polygons, joints = self._in_pixels(lines, scales)
        bbs = self.schema["bbs"]
        assert isinstance(bbs, BoundingBoxes2DSchema)
        columns: dict[str, Any] = {
            "image": pa.array([str(path) for path in self._paths[rows]], pa.string()),
            "width": pa.array(sizes[:, 0], from_pandas=True).cast(pa.int64()),
            "height": pa.array(sizes[:, 1], from_pandas=True).cast(pa.int64()),
            "bbs": boxes_to_arrow(boxes, offsets, properties, extents, bbs),
        }
        for name, shapes in (("segmentations", polygons), ("keypoints_2d", joints)):
            if name in self.schema:
                columns[name] = self._column(name, shapes, boxes, offsets, properties, extents)
        return columns

    def _in_pixels(
        self, lines: list[np.ndarray], scales: np.ndarray
    ) -> tuple[np.ndarray, dict[int, Any], dict[int, Any]]:
        """Boxes of all lines, and polygons and joints by the place of their line."""
        boxes = np.zeros((len(lines), 4))
        polygons: dict[int, np.ndarray] = {}
        joints: dict[int, np.ndarray] = {}
        for place, (line, scale) in enumerate(zip(lines, scales, strict=True)):
            if len(line) not in (4, self._pose_length):
                points = line.reshape(-1, 2) * scale
                polygons[place] = points
                boxes[place] = [*points.min(axis=0), *points.max(axis=0)]
                continue
            middle, size = line[:2] * scale, line[2:4] * scale
            boxes[place] = [*(middle - size / 2), *(middle + size / 2)]
            if len(line) > 4:
                joints[place] = self._joints(line[4:], scale)
        return boxes, polygons, joints

    def _joints(self, numbers: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """`x, y, visibility`, shape `(k, 3)`; joints at the origin are not labelled."""
        assert self._layout.joint_shape is not None
        points = numbers.reshape(self._layout.joint_shape)
        if points.shape[1] == 3:
            seen = np.clip(np.rint(points[:, 2]), 0, 2)
        else:
            seen = np.where((points > 0).any(axis=1), 2, 0)
        return np.column_stack([points[:, :2] * scale, seen])

    def _column(
        self,
        name: str,
        shapes: dict[int, np.ndarray],
        boxes: np.ndarray,
        offsets: np.ndarray,
        properties: dict[str, np.ndarray],
        extents: np.ndarray,
    ) -> pa.StructArray:
        places = np.array(list(shapes), np.int64)
        schema: Any = self.schema[name]
        if name == "keypoints_2d":
            geometry = joints_to_arrow(list(shapes.values()), boxes[places])
        else:
            rings = [[ring.reshape(-1).tolist()] for ring in shapes.values()]
            geometry = _as_masks(Polygons.from_lists(rings), schema)
        some = {key: values[places] for key, values in properties.items()}
        return flat_to_arrow(geometry, np.searchsorted(places, offsets), some, extents, schema)


_NONE = ImageLabels(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def _as_masks(polygons: Polygons, schema: SegmentationMasksSchema) -> pa.StructArray:
    kind: Any = schema.instance_type
    count = len(polygons.offsets) - 1
    lists = polygons.to_arrow(null=np.zeros(count, bool))
    return pa.StructArray.from_arrays(
        [lists, pa.nulls(count, kind.field(1).type)], fields=list(kind)
    )
