"""Poses: how many of their joints are labelled, which are missing, and where."""

import numpy as np
import pyarrow as pa

from samplewise.schema.keypoints import Keypoints2DSchema, keypoints_from_arrow
from samplewise.server import wire
from samplewise.server.statistics.counting import Labelled, drop_empty, tally

_HIDDEN, _VISIBLE = 1, 2


def poses(column: pa.Array, example_ids: np.ndarray, schema: Keypoints2DSchema) -> wire.Statistics:
    """What can be said of a column of keypoints."""
    flat = keypoints_from_arrow(column)
    pose, (x, y, visibility) = flat.point_instances, flat.points.T
    things = Labelled.of(flat, example_ids)
    each = np.diff(flat.point_offsets)
    is_labelled = visibility > 0
    width, height = flat.sizes[things.samples[pose]].T
    outside = (x < -0.5) | (y < -0.5) | (x > width + 0.5) | (y > height + 0.5)
    labelled = np.bincount(pose[is_labelled], minlength=len(each))
    beyond = np.bincount(pose[is_labelled & outside], minlength=len(each))
    return wire.Statistics(
        samples=len(things.counts),
        instances=len(each),
        classes=things.classes(),
        histograms={
            "instances": tally(things.counts),
            "labelled": tally(labelled),
        },
        checks=drop_empty(
            [
                things.check(
                    "Joints out of the image",
                    "A labelled joint beyond the border of its image.",
                    beyond > 0,
                ),
                things.check("No joint", "A pose none of whose joints is labelled.", labelled == 0),
                things.without_class("A pose"),
                things.empty("poses"),
            ]
        ),
        joints=_joints(np.arange(len(pose)) - flat.point_offsets[pose], visibility, schema),
    )


def _joints(
    places: np.ndarray, visibility: np.ndarray, schema: Keypoints2DSchema
) -> list[wire.JointCount]:
    count = max(schema.num_joints, int(places.max(initial=-1)) + 1)
    names = [*schema.joint_names, *map(str, range(len(schema.joint_names), count))]
    seen, hidden, every = (
        np.bincount(places[which], minlength=count).tolist()
        for which in (visibility == _VISIBLE, visibility == _HIDDEN, visibility >= 0)
    )
    return [
        wire.JointCount(name, seen[i], hidden[i], every[i] - seen[i] - hidden[i])
        for i, name in enumerate(names)
    ]
