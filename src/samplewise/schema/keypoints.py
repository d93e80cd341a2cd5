"""Columns of keypoints: one skeleton for all instances of a column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from samplewise._arguments import shorten
from samplewise.errors import SchemaError
from samplewise.schema.boxes import BOX_TYPE
from samplewise.schema.column import ColumnSchema
from samplewise.schema.foreign import as_floats
from samplewise.schema.instances import (
    EXTENT,
    Instances,
    InstancesSchema,
    extent_of,
    read_extent,
    read_properties,
)
from samplewise.schema.ragged import (
    Ragged,
    RaggedInstances,
    corners_of,
    fields_of,
    instances_from_arrow,
    numbers_of,
    offsets_of,
)
from samplewise.schema.skeleton_arguments import skeleton_fields
from samplewise.schema.value_map import Classes
from samplewise.schema.violations import Violation, check_boxes

_LOOKS = ("point_colors", "line_colors", "line_names")
POINT_TYPE = pa.struct([("x", pa.float64()), ("y", pa.float64()), ("visibility", pa.int8())])


@dataclass(frozen=True)
class Keypoints2DSchema(InstancesSchema):
    """Keypoints of the instances in one image, pixels, all with the same `k` joints.

    Visibility is COCO's: 0 not labelled, 1 labelled and hidden, 2 labelled and visible.

    Args:
        joint_names: Names of the `k` joints.
        skeleton: Lines between joints, as pairs of 0-based joint indices.
        flip_indices: Joint that takes each joint's place in a mirrored image, `k` indices.
        oks_sigmas: Tolerance of each joint in COCO's Object Keypoint Similarity, `k` fractions.
        point_colors: Colour of each joint, `#rrggbb`.
        line_colors: Colour of each line, `#rrggbb`.
        line_names: Name of each line; empty: those of its two joints.
        points: Where a drawing of the skeleton has each joint: flat, `x, y` of each of the `k`.
    """

    kind: ClassVar[str] = "keypoints_2d"
    role: ClassVar[str] = "keypoints"
    _expectation: ClassVar[str] = "poses, each with joints of x, y and visibility"
    _thing: ClassVar[str] = "pose"
    _things: ClassVar[str] = "poses"
    joint_names: Sequence[str] = field(default=(), kw_only=True)
    skeleton: Sequence[Sequence[int]] = field(default=(), kw_only=True)
    flip_indices: Sequence[int] = field(default=(), kw_only=True)
    oks_sigmas: Sequence[float] = field(default=(), kw_only=True)
    point_colors: Sequence[str] = field(default=(), kw_only=True)
    line_colors: Sequence[str] = field(default=(), kw_only=True)
    line_names: Sequence[str] = field(default=(), kw_only=True)
    points: Sequence[float] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "skeleton", _lines(self.skeleton))
        object.__setattr__(self, "points", tuple(np.ravel(self.points).tolist()))
        for name in ("joint_names", "flip_indices", "oks_sigmas", *_LOOKS):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def num_joints(self) -> int:
        """How many joints an instance has; 0 when the schema does not say."""
        return max(len(self.joint_names), len(self.flip_indices), len(self.oks_sigmas))

    @property
    def instance_type(self) -> pa.DataType:
        return pa.struct([("keypoints", pa.list_(POINT_TYPE)), ("bounding_box", BOX_TYPE)])

    def geometry_violations(self, flat: RaggedInstances) -> list[Violation]:
        keypoints = _with_keypoints(flat)
        x, y, visibility = keypoints.points.T
        wrong = ~(np.isfinite(x) & np.isfinite(y) & np.isin(visibility, (0, 1, 2)))
        broken = np.bincount(keypoints.point_instances[wrong], minlength=len(flat)) > 0
        rule = "have joints with finite `x`, `y` and a `visibility` of 0, 1 or 2"
        return [Violation(rule, broken), *check_boxes(keypoints.boxes, may_be_missing=True)]

    def to_sample(self, value: Any) -> Any:
        return None if value is None else Keypoints2D.from_stored(value)


@dataclass
class Keypoints2D(Instances):
    """Keypoints in one image, in sample form.

    Args:
        keypoints: One array per instance: `x, y, visibility`, shape `(k, 3)`.
        bounding_boxes: One box per instance, `xyxy` pixels, or None.
    """

    keypoints: list[np.ndarray] = field(default_factory=list)
    bounding_boxes: list[np.ndarray | None] = field(default_factory=list)

    @classmethod
    def create_empty(cls, image_width: float | None, image_height: float | None) -> Self:
        """No instances in an image of that size in pixels."""
        return cls(extent_of(image_width, image_height))

    def add_instance(
        self,
        keypoints: Any,
        label: int | None = None,
        *,
        bounding_box: Any = None,
        visibilities: Any = None,
        keypoint_visibilities: Any = None,
        keypoint_confidences: None = None,
        per_instance_extras: Mapping[str, Any] | None = None,
        **properties: Any,
    ) -> None:
        """Add one instance.

        Args:
            keypoints: `x, y` or `x, y, visibility` per joint: shape `(k, 2)`, `(k, 3)`, or flat
                with three numbers per joint as in COCO files.
            label: Class id.
            bounding_box: `xyxy` pixels.
            visibilities: `k` of 0, 1 or 2, for keypoints of shape `(k, 2)`; 2 if left out.
            keypoint_visibilities: The contract's name for `visibilities`.
            keypoint_confidences: Cannot be stored, and is refused.
            per_instance_extras: The contract's form of `properties`.
            properties: Further properties, such as `area=120.0`.

        Raises:
            SchemaError: The shapes do not fit.
        """
        if keypoint_confidences is not None:
            raise SchemaError(
                "`keypoint_confidences` must be left out: joints have no confidence.",
                hint="give the whole pose one: add_instance(confidence=...)",
            )
        if visibilities is None:
            visibilities = keypoint_visibilities
        if not isinstance(per_instance_extras or {}, Mapping):
            raise SchemaError(
                "`per_instance_extras` must be a mapping from names to values, but is a "
                f"{type(per_instance_extras).__name__}."
            )
        properties = {**(per_instance_extras or {}), **properties}
        points = as_floats(keypoints, "keypoints")
        points = points.reshape(-1, 3) if points.ndim == 1 and points.size % 3 == 0 else points
        if points.ndim != 2 or points.shape[1] not in (2, 3):
            raise SchemaError(
                f"`keypoints` must have shape (k, 2) or (k, 3), but has {points.shape}."
            )
        if points.shape[1] == 2:
            seen = np.full(len(points), 2.0)
            if visibilities is not None:
                seen = as_floats(visibilities, "visibilities")
            if seen.shape != (len(points),):
                raise SchemaError(
                    f"`visibilities` must have shape ({len(points)},), but has {seen.shape}."
                )
            points = np.column_stack([points, seen])
        box = None if bounding_box is None else as_floats(bounding_box, "bounding_box")
        if box is not None and box.shape != (4,):
            raise SchemaError(f"`bounding_box` must be four numbers, but has shape {box.shape}.")
        self._append_properties(len(self.keypoints), {"label": label, **properties})
        self.keypoints.append(points)
        self.bounding_boxes.append(box)

    @staticmethod
    def schema(
        classes: Classes = (),
        *,
        additional: Mapping[str, ColumnSchema] | None = None,
        **skeleton: Any,
    ) -> Keypoints2DSchema:
        """Schema of a column of such values.

        Args:
            classes: Of the instances.
            additional: Kinds of further properties.
            skeleton: Of `Keypoints2DSchema`, or as the contract says it: `num_keypoints`, `points`,
                `lines` (flat: two joint indices a line), `point_attributes`, `line_attributes`.

        Raises:
            SchemaError: The skeleton does not fit together.
        """
        fields = skeleton_fields({"additional": additional or {}, **skeleton})
        return Keypoints2DSchema(classes, **fields)

    def __len__(self) -> int:
        return len(self.keypoints)

    def to_stored(self) -> dict[str, Any]:
        """As a dict of plain values."""
        pairs = zip(self.keypoints, self.bounding_boxes, strict=True)
        return self._as_stored([_instance_to_stored(points, box) for points, box in pairs])

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_stored`."""
        instances = stored["instances"] or ()
        return cls(
            read_extent(stored),
            read_properties(stored),
            [_points(instance["keypoints"]) for instance in instances],
            [_box(instance.get("bounding_box")) for instance in instances],
        )


@dataclass(frozen=True)
class RaggedKeypoints(Ragged):
    """The keypoints of many images, flat.

    Args:
        points: `x, y, visibility` of all joints, float64, NaN where null, shape `(j, 3)`.
        point_offsets: Instance `i` has the joints `point_offsets[i]` to `point_offsets[i + 1]`;
            int64, shape `(t + 1,)`. Stored instances may have different numbers of joints.
        boxes: Boxes of the instances, `xyxy` pixels, NaN where there is none, shape `(t, 4)`.
    """

    points: np.ndarray
    point_offsets: np.ndarray
    boxes: np.ndarray

    @property
    def point_instances(self) -> np.ndarray:
        """The instance of every joint, int64, shape `(j,)`."""
        return np.repeat(np.arange(len(self)), np.diff(self.point_offsets))


def keypoints_from_arrow(column: pa.Array | pa.ChunkedArray) -> RaggedKeypoints:
    """An Arrow column of keypoints as flat arrays. A null value is an image without any."""
    return _with_keypoints(instances_from_arrow(column))


def _with_keypoints(flat: RaggedInstances) -> RaggedKeypoints:
    geometry = fields_of(flat.geometry)
    joints = fields_of(geometry["keypoints"].flatten())
    points = [numbers_of(joints[name]) for name in ("x", "y", "visibility")]
    return RaggedKeypoints(
        flat.offsets,
        flat.properties,
        flat.extents,
        np.stack(points, axis=1),
        offsets_of(geometry["keypoints"]),
        corners_of(geometry["bounding_box"]),
    )


def _instance_to_stored(points: np.ndarray, box: np.ndarray | None) -> dict[str, Any]:
    # What is no visibility is null, which the column refuses.
    joints = [
        {"x": x, "y": y, "visibility": int(v) if v in (0, 1, 2) else None}
        for x, y, v in points.tolist()
    ]
    corners = None if box is None else dict(zip(EXTENT, box.tolist(), strict=True))
    return {"keypoints": joints, "bounding_box": corners}


def _points(stored: Any) -> np.ndarray:
    rows = [(joint["x"], joint["y"], joint["visibility"]) for joint in stored or ()]
    return np.array(rows, np.float64).reshape(-1, 3)


def _box(stored: Any) -> np.ndarray | None:
    return None if stored is None else np.array([stored[side] for side in EXTENT], np.float64)


def _lines(skeleton: Any) -> tuple[tuple[int, ...], ...]:
    try:
        return tuple(tuple(map(int, line)) for line in skeleton)
    except (TypeError, ValueError, OverflowError):
        raise SchemaError(
            f"`skeleton` must be pairs of joints, but is {shorten(skeleton)}."
        ) from None
