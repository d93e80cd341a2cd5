"""Columns of predicted and of labelled poses as Arrow, from flat arrays."""

from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.integration.super_gradients.callbacks._pose_batch import PredictedPoses
from samplewise.metrics.pose import PoseBatch, PoseMetrics
from samplewise.schema import Keypoints2DSchema

_VISIBLE = 2


def predicted_column(
    batch: PoseBatch,
    metrics: PoseMetrics,
    predicted: PredictedPoses,
    label: int | None,
    extents: np.ndarray,
    schema: Keypoints2DSchema,
) -> pa.StructArray:
    """Predicted poses with what became of them.

    Args:
        batch: The poses.
        metrics: What they are worth.
        predicted: Their boxes.
        label: The Table's class id of all of them; None stores null.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
        schema: Of the column.
    """
    p = len(batch.confidences)
    ends = pa.array(batch.prediction_offsets, pa.int32())
    values: dict[str, pa.Array] = {
        "label": pa.array([label] * p, pa.int64()),
        "confidence": pa.array(batch.confidences),
        "oks": pa.array(metrics.oks),
        "matched_ground_truth": nullable(metrics.matched_ground_truth),
        "error_kind": pa.array(metrics.prediction_kind),
        "joint_confidences": _rows(batch.joint_confidences),
    }
    lists = [
        pa.ListArray.from_arrays(ends, values[name].cast(kind.arrow_type))
        for name, kind in schema.properties.items()
    ]
    stored: Any = schema.arrow_type
    sides = [pa.array(np.ascontiguousarray(extents[:, i]), from_pandas=True) for i in range(4)]
    geometry = _geometry(batch.predicted_joints, predicted, schema)
    additional = pa.StructArray.from_arrays(lists, fields=list(stored.field(5).type))
    return pa.StructArray.from_arrays(
        [*sides, pa.ListArray.from_arrays(ends, geometry), additional], fields=list(stored)
    )


def lists_of(values: np.ndarray, offsets: np.ndarray) -> pa.ListArray:
    """One list an image, of numbers, or of one list an object where `values` has two axes."""
    flat = nullable(values) if values.ndim == 1 else _rows(values)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def nullable(values: np.ndarray) -> pa.Array:
    """Masked values become null."""
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values))
    return pa.array(values)


def _rows(values: np.ndarray) -> pa.ListArray:
    """An array of shape `(p, k)` as `p` lists."""
    p, k = values.shape
    ends = pa.array(np.arange(p + 1) * k, pa.int32())
    return pa.ListArray.from_arrays(ends, nullable(values.ravel()))


def _geometry(
    joints: np.ndarray, predicted: PredictedPoses, schema: Keypoints2DSchema
) -> pa.StructArray:
    kind: Any = schema.instance_type
    p, k = joints.shape[:2]
    points = pa.StructArray.from_arrays(
        [
            pa.array(np.ascontiguousarray(joints[..., 0]).ravel()),
            pa.array(np.ascontiguousarray(joints[..., 1]).ravel()),
            pa.array(np.full(p * k, _VISIBLE, np.int8)),
        ],
        fields=list(kind.field("keypoints").type.value_type),
    )
    boxes = pa.StructArray.from_arrays(
        [pa.array(np.ascontiguousarray(predicted.boxes[:, i])) for i in range(4)],
        fields=list(kind.field("bounding_box").type),
        mask=pa.array(predicted.has_no_box),
    )
    ends = pa.array(np.arange(p + 1) * k, pa.int32())
    return pa.StructArray.from_arrays(
        [pa.ListArray.from_arrays(ends, points), boxes], fields=list(kind)
    )
