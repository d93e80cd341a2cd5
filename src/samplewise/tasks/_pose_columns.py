"""The column of predicted poses as Arrow, from flat arrays."""

from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.metrics.pose import PoseBatch, PoseMetrics
from samplewise.schema import Keypoints2DSchema
from samplewise.tasks._arrow import nullable, rows_of

_VISIBLE = 2


def make_prediction_column(
    batch: PoseBatch,
    metrics: PoseMetrics,
    *,
    boxes: np.ndarray,
    class_id: int | None,
    extents: np.ndarray,
    schema: Keypoints2DSchema,
) -> pa.StructArray:
    """Predicted poses with what became of them.

    Args:
        batch: The poses.
        metrics: What they are worth.
        boxes: Boxes of the predicted poses, `xyxy` pixels, NaN where there is none, shape `(p, 4)`.
        class_id: The table's class id of all of them; None stores null.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
        schema: Of the column.
    """
    p = len(batch.confidences)
    ends = pa.array(batch.prediction_offsets, pa.int32())
    values: dict[str, pa.Array] = {
        "label": pa.array([class_id] * p, pa.int64()),
        "confidence": pa.array(batch.confidences),
        "oks": pa.array(metrics.oks),
        "matched_ground_truth": nullable(metrics.matched_ground_truth),
        "error_kind": pa.array(metrics.prediction_kind),
        "joint_confidences": rows_of(batch.joint_confidences),
    }
    lists = [
        pa.ListArray.from_arrays(ends, values[name].cast(kind.arrow_type))
        for name, kind in schema.properties.items()
    ]
    stored: Any = schema.arrow_type
    sides = [pa.array(np.ascontiguousarray(extents[:, i]), from_pandas=True) for i in range(4)]
    geometry = _geometry(batch.predicted_joints, boxes, schema)
    additional = pa.StructArray.from_arrays(lists, fields=list(stored.field(5).type))
    return pa.StructArray.from_arrays(
        [*sides, pa.ListArray.from_arrays(ends, geometry), additional], fields=list(stored)
    )


def _geometry(joints: np.ndarray, boxes: np.ndarray, schema: Keypoints2DSchema) -> pa.StructArray:
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
    stored_boxes = pa.StructArray.from_arrays(
        [pa.array(np.ascontiguousarray(boxes[:, i])) for i in range(4)],
        fields=list(kind.field("bounding_box").type),
        mask=pa.array(~np.isfinite(boxes).all(axis=1)),
    )
    ends = pa.array(np.arange(p + 1) * k, pa.int32())
    return pa.StructArray.from_arrays(
        [pa.ListArray.from_arrays(ends, points), stored_boxes], fields=list(kind)
    )
