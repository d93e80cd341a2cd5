"""Poses: how many of their joints are labelled, which are missing, and where."""

import numpy as np
import pyarrow as pa

from samplewise.schema.keypoints import Keypoints2DSchema
from samplewise.server import wire
from samplewise.server.statistics.counting import counted, found
from samplewise.server.statistics.ragged import lengths, numbers, part, ragged

_HIDDEN, _VISIBLE = 1, 2


def poses(column: pa.Array, example_ids: np.ndarray, schema: Keypoints2DSchema) -> wire.Statistics:
    """What can be said of a column of keypoints."""
    flat = ragged(column, example_ids)
    lists = part(flat.geometry, "keypoints")
    joints, each = lists.flatten(), lengths(lists)
    pose = np.repeat(np.arange(len(each)), each)
    x, y, visibility = (numbers(part(joints, name)) for name in ("x", "y", "visibility"))
    is_labelled = visibility > 0
    width, height = flat.sizes[pose].T
    outside = (x < -0.5) | (y < -0.5) | (x > width + 0.5) | (y > height + 0.5)
    labelled = np.bincount(pose[is_labelled], minlength=len(each))
    beyond = np.bincount(pose[is_labelled & outside], minlength=len(each))
    things = flat.things
    return wire.Statistics(
        samples=len(things.counts),
        instances=len(each),
        classes=things.classes(),
        histograms={"instances": counted(things.counts), "labelled": counted(labelled)},
        checks=found(
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
        joints=_joints(np.arange(len(pose)) - _starts(each), visibility, schema),
    )


def _starts(each: np.ndarray) -> np.ndarray:
    """For every joint the place of the first one of its pose."""
    return np.repeat(np.cumsum(each) - each, each)


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
