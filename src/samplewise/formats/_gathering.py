"""Boxes, masks and keypoints of a Table, gathered into one annotation each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.formats import rle
from samplewise.formats._box_forms import around, to_xywh
from samplewise.formats._label_columns import LabelColumns
from samplewise.schema.polygons import Polygons
from samplewise.schema.ragged import RaggedInstances, corners_of, instances_from_arrow
from samplewise.schema.run_lengths import expand


@dataclass
class Gathered:
    """One annotation.

    Args:
        row: Place of its image in the batch.
        properties: Label, annotation id and further properties.
        box: `x, y, width, height`, if it has a box.
        polygons: Rings of its mask.
        rle: Or its run lengths: height, width, counts.
        joints: `x, y, visibility, x, ...`.
    """

    row: int
    properties: dict[str, Any] = field(default_factory=dict)
    box: list[float] | None = None
    polygons: list[list[float]] | None = None
    rle: dict[str, Any] | None = None
    joints: list[float] | None = None

    def add(self, properties: dict[str, Any], shape: dict[str, Any]) -> None:
        """Take over what is not known yet."""
        self.properties = properties | self.properties
        for name, value in shape.items():
            if getattr(self, name) is None:
                setattr(self, name, value)

    def fields(self, *, as_lists: bool = False) -> dict[str, Any]:
        """Box, area, crowd, mask and keypoints as COCO has them.

        Args:
            as_lists: Whether run lengths are written as lists of counts and not as texts.
        """
        box = self.xywh()
        area, crowd = (self.properties.pop(name, None) for name in ("area", "iscrowd"))
        known = {
            "bbox": box,
            "area": self._area(box) if area is None else area,
            "iscrowd": 0 if crowd is None else int(crowd),
            "segmentation": self._segmentation(as_lists=as_lists),
            "keypoints": self.joints,
            "num_keypoints": self._count_labelled(),
        }
        return {name: value for name, value in known.items() if value is not None}

    def xywh(self) -> list[float] | None:
        """Its box, else the box around its mask, else around its labelled keypoints."""
        if self.box is not None:
            return self.box
        if self.rle is not None:
            corners = rle.box_around(expand(self.rle["counts"]), self.rle["height"])
        elif self.polygons:
            points = [number for ring in self.polygons for number in ring[: len(ring) // 2 * 2]]
            corners = around(np.array(points).reshape(-1, 2))
        else:
            points = np.array(self.joints or []).reshape(-1, 3)
            corners = around(points[points[:, 2] > 0, :2])
        return None if corners is None else to_xywh(np.array([corners]))[0].tolist()

    def _area(self, box: list[float] | None) -> float | None:
        if self.rle is not None:
            return rle.area(expand(self.rle["counts"]))
        if self.polygons:
            return float(Polygons.from_lists([self.polygons]).areas()[0])
        return None if box is None else box[2] * box[3]

    def _segmentation(self, *, as_lists: bool) -> Any:
        if self.rle is None:
            return self.polygons
        counts = self.rle["counts"]
        runs = expand(counts).tolist() if as_lists else counts
        return {"size": [self.rle["height"], self.rle["width"]], "counts": runs}

    def _count_labelled(self) -> int | None:
        given = self.properties.pop("num_keypoints", None)
        if given is not None or self.joints is None:
            return given
        return sum(seen > 0 for seen in self.joints[2::3])


def gather(
    batch: pa.RecordBatch, columns: LabelColumns, *, shortest_sizes: bool = True
) -> Iterator[Gathered]:
    """The annotations of some rows; those of one row in their order.

    Masks and keypoints belong to the box with their `annotation_id`, or with their place where a
    Table has no such ids. Those that name a box that is not there any more are left out; those
    that name none stand for themselves.

    Args:
        batch: The rows.
        columns: Which of its columns hold labels.
        shortest_sizes: Whether widths and heights are short decimals, see `to_xywh`.
    """
    boxes = partial(_boxes, shortest=shortest_sizes)
    readers = {columns.boxes: boxes, columns.masks: _masks, columns.joints: _joints}
    flat = {name: instances_from_arrow(batch.column(name)) for name in columns.instances}
    by_id = all("annotation_id" in instances.properties for instances in flat.values())
    found: dict[Any, Gathered] = {}
    alone: list[Gathered] = []
    for name, instances in flat.items():
        is_first = name == columns.boxes or columns.boxes is None
        geometry = readers[name](instances.geometry)
        for (key, part), shape in zip(
            _name_instances(instances, by_id=by_id), geometry, strict=True
        ):
            whole = part if key is None else found.get(key)
            if whole is None and is_first:
                whole = found[key] = part
            if whole is not None:
                whole.add(part.properties, shape)
            if key is None:
                alone.append(part)
    yield from found.values()
    yield from alone


def _name_instances(instances: RaggedInstances, *, by_id: bool) -> Iterator[tuple[Any, Gathered]]:
    """Each instance with what names it: its image and id, or its image and place."""
    names = list(instances.properties)
    columns = [instances.values(name) for name in names]
    values: list[tuple[Any, ...]] = (
        list(zip(*columns, strict=True)) if columns else [()] * len(instances)
    )
    starts = instances.offsets.tolist()
    for place, row in enumerate(instances.images.tolist()):
        part = Gathered(row, dict(zip(names, values[place], strict=True)))
        name = part.properties.get("annotation_id") if by_id else place - starts[row]
        yield (None if name is None else (row, name)), part


def _boxes(geometry: Any, *, shortest: bool) -> Iterator[dict[str, Any]]:
    corners = corners_of(geometry)
    there = np.asarray(np.isfinite(corners).all(axis=1)).tolist()
    for box, is_there in zip(to_xywh(corners, shortest=shortest).tolist(), there, strict=True):
        yield {"box": box if is_there else None}


def _masks(geometry: Any) -> Iterator[dict[str, Any]]:
    for mask in geometry.to_pylist():
        yield mask if mask is not None else {}


def _joints(geometry: Any) -> Iterator[dict[str, Any]]:
    for instance in geometry.to_pylist():
        points = instance["keypoints"] or []
        flat = [number for p in points for number in (p["x"], p["y"], p["visibility"])]
        box = instance["bounding_box"]
        drawn = {} if box is None else {"box": _xywh(box)}
        yield {"joints": flat or None, **drawn}


def _xywh(box: dict[str, float]) -> list[float]:
    return to_xywh(np.array([list(box.values())]))[0].tolist()
