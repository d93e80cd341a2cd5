"""Columns of masks: instance masks as polygons or run lengths, and class maps of whole images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from samplewise._extras import require
from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema, shorten
from samplewise.schema.foreign import as_plain
from samplewise.schema.image_reader import read_class_map
from samplewise.schema.instances import (
    Instances,
    InstancesSchema,
    extent_of,
    read_extent,
    read_properties,
)
from samplewise.schema.polygons import POLYGONS_TYPE, Polygons
from samplewise.schema.ragged import (
    Ragged,
    RaggedInstances,
    fields_of,
    instances_from_arrow,
    numbers_of,
    offsets_of,
)
from samplewise.schema.run_lengths import (
    class_map_of,
    counts_as_text,
    encode_mask,
    mask_of,
    measure_run_lengths,
    run_lengths_of_classes,
)
from samplewise.schema.scalars import CategoricalLabelSchema
from samplewise.schema.value_map import Classes, ValueMap
from samplewise.schema.violations import Violation

_RLE_TYPE = pa.struct([("height", pa.int32()), ("width", pa.int32()), ("counts", pa.string())])


@dataclass(frozen=True)
class SegmentationMasksSchema(InstancesSchema):
    """Instance masks in one image, kept as their file had them: polygons, or COCO's compressed RLE.

    A polygon is a flat list `x, y, x, y, ...` in pixels; an instance may have several.
    """

    kind: ClassVar[str] = "segmentation_masks"
    role: ClassVar[str] = "masks"
    _expectation: ClassVar[str] = "masks, each with polygons or run lengths"
    _thing: ClassVar[str] = "mask"
    _things: ClassVar[str] = "masks"

    @property
    def instance_type(self) -> pa.DataType:
        return pa.struct([("polygons", POLYGONS_TYPE), ("rle", _RLE_TYPE)])

    def geometry_violations(self, flat: RaggedInstances) -> list[Violation]:
        return [*_check_polygons(flat), *_check_run_lengths(flat)]

    def to_sample(self, value: Any) -> Any:
        return None if value is None else SegmentationMasks.from_stored(value)


@dataclass
class SegmentationMasks(Instances):
    """Instance masks in one image, in sample form.

    Args:
        instances: Per instance `{"polygons": ..., "rle": ...}`, one of them None.
    """

    instances: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def create_empty(cls, image_width: float | None, image_height: float | None) -> Self:
        """No masks in an image of that size in pixels."""
        return cls(extent_of(image_width, image_height))

    def add_instance(
        self, mask: Any = None, label: int | None = None, *, polygons: Any = None, **properties: Any
    ) -> None:
        """Add one mask.

        Args:
            mask: Boolean pixels, shape `(h, w)`, or an RLE dict with `size` and `counts`.
            label: Class id.
            polygons: Instead of `mask`: lists `x, y, x, y, ...` in pixels.
            properties: Further properties, such as `confidence=0.9`.

        Raises:
            SchemaError: Neither or both of `mask` and `polygons` are given.
        """
        if (mask is None) == (polygons is None):
            raise SchemaError("`mask` or `polygons` must be given, and not both.")
        self._append_properties(len(self.instances), {"label": label, **properties})
        if polygons is not None:
            lists = [np.asarray(ring, np.float64).reshape(-1).tolist() for ring in polygons]
            self.instances.append({"polygons": lists, "rle": None})
        else:
            self.instances.append({"polygons": None, "rle": _as_rle(mask)})

    @staticmethod
    def schema(
        classes: Classes = (), *, additional: Mapping[str, ColumnSchema] | None = None
    ) -> SegmentationMasksSchema:
        """Schema of a column of such values."""
        return SegmentationMasksSchema(classes, additional=additional or {})

    def mask(self, index: int) -> np.ndarray:
        """Pixels of one mask, bool, shape `(h, w)`.

        Raises:
            MissingDependencyError: It is a polygon, and `pycocotools` is not installed.
        """
        instance = self.instances[index]
        if instance["rle"] is not None:
            return decode_rle(instance["rle"])
        height, width = round(self.image_height or 0), round(self.image_width or 0)
        return _draw_polygons(instance["polygons"], height, width)

    def __len__(self) -> int:
        return len(self.instances)

    def to_stored(self) -> dict[str, Any]:
        """As a dict of plain values."""
        return self._as_stored(list(self.instances))

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_stored`."""
        return cls(read_extent(stored), read_properties(stored), list(stored["instances"] or ()))


@dataclass(frozen=True)
class RaggedMasks(Ragged):
    """The instance masks of many images, flat; each has polygons or run lengths.

    Args:
        polygons: Polygons of the `t` masks; none where there are run lengths.
        run_lengths: Texts of the `t` masks, null where there are polygons.
        heights: Of the image that the run lengths are of, Arrow, `t` of them.
        widths: Likewise.
        rle_given: Which masks are run lengths, readable or not, bool, shape `(t,)`.
    """

    polygons: Polygons
    run_lengths: pa.StringArray
    heights: pa.Array
    widths: pa.Array
    rle_given: np.ndarray


def masks_from_arrow(column: pa.Array | pa.ChunkedArray) -> RaggedMasks:
    """An Arrow column of instance masks in flat form. A null value is an image without any."""
    return _with_masks(instances_from_arrow(column))


def _with_masks(flat: RaggedInstances) -> RaggedMasks:
    geometry = fields_of(flat.geometry)
    rle = fields_of(geometry["rle"])
    return RaggedMasks(
        flat.offsets,
        flat.properties,
        flat.extents,
        Polygons.from_arrow(geometry["polygons"]),
        rle["counts"],
        rle["height"],
        rle["width"],
        geometry["rle"].is_valid().to_numpy(zero_copy_only=False),
    )


def _check_polygons(flat: RaggedInstances) -> list[Violation]:
    polygons = _with_masks(flat).polygons
    lengths = np.diff(polygons.ring_offsets)
    odd = (lengths % 2 == 1) | (lengths < 6)
    ring = np.repeat(np.arange(len(lengths)), lengths)
    odd[ring[~np.isfinite(polygons.numbers)]] = True
    broken = np.bincount(polygons.ring_instances[odd], minlength=len(flat)) > 0
    return [Violation("have polygons of finite x, y, x, y, ... and at least 3 points", broken)]


def _check_run_lengths(flat: RaggedInstances) -> list[Violation]:
    masks = _with_masks(flat)
    is_rle = masks.rle_given
    if not is_rle.any():
        return []
    size = np.stack([numbers_of(masks.widths), numbers_of(masks.heights)], axis=1)
    _, total = measure_run_lengths(masks.run_lengths)
    fills = (size >= 0).all(axis=1) & (total == size.prod(axis=1))
    image = flat.sizes[flat.images]
    unlike = (np.isfinite(image) & (np.rint(image) != size)).any(axis=1)
    return [
        Violation("have run lengths that can be read and fill their image", is_rle & ~fills),
        Violation("have run lengths of the size of its image", is_rle & fills & unlike),
    ]


@dataclass(frozen=True)
class SemanticSegmentationSchema(ColumnSchema):
    """The class of every pixel of an image: the URL of a class map, or one RLE per class.

    Args:
        classes: Names of the classes by pixel value.
        ignore_label: Pixel value that counts for nothing.
    """

    kind: ClassVar[str] = "semantic_segmentation"
    role: ClassVar[str] = "segmentation"
    _expectation: ClassVar[str] = "the URL of a class map, or an integer array of shape (h, w)"
    classes: Classes = field(default_factory=dict)
    ignore_label: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "classes", CategoricalLabelSchema(self.classes).classes)

    @property
    def value_map(self) -> ValueMap:
        return self.classes  # type: ignore[return-value]  # made a ValueMap in __post_init__

    @property
    def arrow_type(self) -> pa.DataType:
        classes = pa.struct([("label", pa.int64()), ("counts", pa.string())])
        return pa.struct(
            [
                ("url", pa.string()),
                ("height", pa.int32()),
                ("width", pa.int32()),
                ("classes", pa.list_(classes)),
            ]
        )

    @property
    def holds_urls(self) -> bool:
        return True

    def map_urls(self, value: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
        url = value["url"]
        return {**value, "url": None if url is None else change(url)}

    def to_stored(self, value: Any) -> dict[str, Any]:
        value = as_plain(value)
        if isinstance(value, SemanticSegmentation):
            return value.to_stored()
        if isinstance(value, Mapping):
            return {"url": None, "height": None, "width": None, "classes": None, **value}
        if isinstance(value, np.ndarray):
            return SemanticSegmentation(class_map=value).to_stored()
        if isinstance(value, str | Path):
            return SemanticSegmentation(url=str(value)).to_stored()
        raise SchemaError(f"must be {self.expectation}, but is a {type(value).__name__}.")

    def to_arrow(self, values: Any, *, name: str, first_row: int = 0) -> pa.Array:
        array = super().to_arrow(values, name=name, first_row=first_row)
        parts = fields_of(array)
        size = numbers_of(parts["height"]), numbers_of(parts["width"])
        owner = np.repeat(np.arange(len(array)), np.diff(offsets_of(parts["classes"])))
        texts = fields_of(parts["classes"].flatten())["counts"]
        _, total = measure_run_lengths(texts)
        for place in np.flatnonzero(total != (size[0] * size[1])[owner])[:1].tolist():
            row = int(owner[place])
            raise SchemaError(
                f"column `{name}`, row {first_row + row}: the run lengths of each class must fill "
                f"the map of {size[0][row]:g} x {size[1][row]:g} pixels, "
                f"but are {shorten(texts[place].as_py())}."
            )
        return array

    def to_sample(self, value: Any) -> Any:
        return None if value is None else SemanticSegmentation.from_stored(value)


@dataclass
class SemanticSegmentation:
    """The class of every pixel, in sample form.

    Args:
        url: Where a class map lies: an image whose pixel values are class ids.
        class_map: Or its pixels, integers, shape `(h, w)`.
    """

    url: str | None = None
    class_map: np.ndarray | None = None

    def load(self) -> np.ndarray:
        """The class map, int64, shape `(h, w)`.

        Raises:
            SchemaError: There is neither.
            ImageError: It cannot be read.
        """
        if self.class_map is not None:
            return np.asarray(self.class_map, np.int64)
        if self.url is None:
            raise SchemaError("`url` or `class_map` must be given.")
        return read_class_map(self.url)

    def to_stored(self) -> dict[str, Any]:
        """As a dict of plain values."""
        if self.class_map is None:
            return {"url": self.url, "height": None, "width": None, "classes": None}
        pixels = np.asarray(self.class_map)
        if pixels.ndim != 2 or pixels.dtype.kind not in "iub":
            raise SchemaError(
                "`class_map` must be integers of shape (h, w), "
                f"but is {pixels.dtype} of shape {pixels.shape}."
            )
        height, width = pixels.shape
        texts = run_lengths_of_classes(pixels)
        classes = [{"label": int(label), "counts": text} for label, text in texts.items()]
        return {"url": self.url, "height": height, "width": width, "classes": classes}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_stored`."""
        if stored["classes"] is None:
            return cls(stored["url"])
        texts = {part["label"]: part["counts"] for part in stored["classes"]}
        return cls(stored["url"], class_map_of(texts, stored["height"], stored["width"]))


def decode_rle(rle: Mapping[str, Any]) -> np.ndarray:
    """Pixels of a stored RLE (`height`, `width`, `counts`), bool, shape `(h, w)`."""
    return mask_of(rle["counts"], rle["height"], rle["width"])


def _draw_polygons(polygons: list[list[float]], height: int, width: int) -> np.ndarray:
    coco_mask = require(
        "pycocotools.mask",
        package="pycocotools",
        extra="super-gradients",
        purpose="drawing polygons as pixels",
    )
    merged = coco_mask.merge(coco_mask.frPyObjects(polygons, height, width))
    return mask_of(merged["counts"].decode(), height, width)


def _as_rle(mask: Any) -> dict[str, Any]:
    mask = as_plain(mask)
    if isinstance(mask, Mapping):
        height, width = map(int, mask["size"])
        counts = mask["counts"]
        if not isinstance(counts, str | bytes):  # COCO's uncompressed form
            counts = counts_as_text(counts)
        text = counts.decode() if isinstance(counts, bytes) else counts
        return {"height": height, "width": width, "counts": text}
    pixels = np.asarray(mask) != 0
    if pixels.ndim != 2:
        raise SchemaError(f"`mask` must have shape (h, w), but has {pixels.shape}.")
    height, width = pixels.shape
    return {"height": height, "width": width, "counts": encode_mask(pixels)}
