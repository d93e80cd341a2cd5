"""How many joints the poses of each class have, and the joints that a category names for them.

Readers expect three numbers for each joint that a category names, from all of its poses.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.formats.skeletons import number_joints
from samplewise.schema import Keypoints2DSchema
from samplewise.schema.ragged import instances_from_arrow


def count_joints(batches: Iterable[pa.RecordBatch]) -> dict[Any, set[int]]:
    """The numbers of joints of the poses of each class; poses without any do not count.

    Args:
        batches: Rows with a column of keypoints, and nothing else.
    """
    found: dict[Any, set[int]] = defaultdict(set)
    for batch in batches:
        flat = instances_from_arrow(batch.column(0))
        points: Any = flat.geometry.field("keypoints")
        counts = np.diff(points.offsets).tolist()
        for label, count in zip(flat.values("label"), counts, strict=True):
            if count:
                found[label].add(count)
    return found


def joints_of_category(
    entry: dict[str, Any], counts: set[int], schema: Keypoints2DSchema, *, has_own: bool
) -> dict[str, Any]:
    """The joints and lines of a category; empty where it says nothing about them.

    Args:
        entry: The category as the file had it that the table came from.
        counts: How many joints its poses have.
        schema: The column of keypoints.
        has_own: Whether that file named joints, of this category or another.
    """
    if has_own and not entry.get("keypoints"):
        return {}
    names = list(entry.get("keypoints") or schema.joint_names)
    lines = entry.get("skeleton") if has_own else [[a + 1, b + 1] for a, b in schema.skeleton]
    if not has_own and len(counts) == 1:  # a class with fewer joints than the others
        names = names[: max(counts)]
    names += number_joints(max(counts, default=0))[len(names) :]
    if not has_own:
        lines = [line for line in lines or () if max(line) <= len(names)]
    return {"keypoints": names} | ({} if lines is None else {"skeleton": lines})
