"""Keypoints of a COCO file."""

from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from samplewise.formats.coco._categories import Categories
from samplewise.formats.coco._file import CocoFile, show_id
from samplewise.formats.import_report import Findings
from samplewise.formats.skeletons import flip_indices, number_joints, oks_sigmas


def read_joints(
    file: CocoFile,
    joints: list[Raw],
    items: list[Raw],
    labels: np.ndarray,
    joints_of: dict[int, list[str]],
    findings: Findings,
) -> list[np.ndarray]:
    """Keypoints of annotations: `x, y, visibility`, shape `(k, 3)` each.

    Args:
        file: Their file, for errors.
        joints: Their values of `keypoints`, undecoded.
        items: The annotations, undecoded.
        labels: Their classes.
        joints_of: Joint names by class.
        findings: Counts what is repaired.

    Raises:
        FormatError: There are not three numbers for each joint of the category.
    """
    found = []
    for value, item, label in zip(joints, items, labels.tolist(), strict=True):
        try:
            numbers = msgspec.json.decode(value, type=list[float | None])
        except msgspec.ValidationError as error:
            raise file.error(
                f"is wrong in `keypoints` of annotation {show_id(item)}: {error}."
            ) from None
        wanted = 3 * len(joints_of.get(label, ())) or len(numbers) // 3 * 3
        if len(numbers) != wanted:
            raise file.error(
                f"must have {wanted} numbers as `keypoints` of annotation {show_id(item)}, three "
                f"for each joint of its category, but has {len(numbers)}."
            )
        found.append(np.array(numbers, np.float64).reshape(-1, 3))
    return _mend_all(found, items, findings)


def skeleton_of(categories: Categories, most_joints: int, findings: Findings) -> dict[str, Any]:
    """Joint names, lines, flip indices and tolerances of a column of keypoints.

    A column has one skeleton: that of the first category that has joints.

    Args:
        categories: The file's categories.
        most_joints: How many joints the instances of the file have, where no category says so.
        findings: Counts what is repaired.
    """
    entries = [entry for entry in categories.entries if entry.get("keypoints")]
    if not entries:
        return {"joint_names": number_joints(most_joints)}
    first, *others = entries
    names = tuple(map(str, first["keypoints"]))
    unlike = [str(entry["name"]) for entry in others if entry["keypoints"] != first["keypoints"]]
    findings.keep(f"categories whose joints are not those of `{first['name']}`", *unlike)
    return {
        "joint_names": names,
        "skeleton": _lines(first, len(names), findings),
        "flip_indices": flip_indices(names),
        "oks_sigmas": oks_sigmas(names),
    }


def _lines(entry: dict[str, Any], count: int, findings: Findings) -> tuple[tuple[int, int], ...]:
    """Lines between joints, 0-based; files count from 1."""
    pairs = [tuple(line) for line in entry.get("skeleton") or () if len(line) == 2]
    first = 0 if any(0 in pair for pair in pairs) else 1
    if first == 0:
        findings.repair("skeletons that count joints from 0: read so", str(entry["name"]))
    lines = [(int(a) - first, int(b) - first) for a, b in pairs]
    inside = tuple((a, b) for a, b in lines if 0 <= a < count and 0 <= b < count)
    findings.repair(
        "lines of a skeleton to joints that it has not: left out", count=len(lines) - len(inside)
    )
    return inside


def _mend_all(joints: list[np.ndarray], items: list[Raw], findings: Findings) -> list[np.ndarray]:
    flat = np.concatenate([np.zeros((0, 3)), *joints])
    if np.isfinite(flat).all() and np.isin(flat[:, 2], (0, 1, 2)).all():
        return joints
    return [_mend_one(points, item, findings) for points, item in zip(joints, items, strict=True)]


def _mend_one(points: np.ndarray, item: Raw, findings: Findings) -> np.ndarray:
    unknown = ~np.isfinite(points).all(axis=1)
    if unknown.any():
        findings.repair("keypoints without a position: not labelled", show_id(item))
        points[unknown] = 0
    usual = np.isin(points[:, 2], (0, 1, 2))
    if not usual.all():
        findings.repair("visibilities other than 0, 1, 2: 2 where positive, else 0", show_id(item))
        points[:, 2] = np.where(usual, points[:, 2], np.where(points[:, 2] > 0, 2, 0))
    return points
