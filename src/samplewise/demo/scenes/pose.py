"""Scenes with stick figures and their joints, as a COCO keypoint dataset."""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from samplewise.demo.scenes._backdrop import backdrop
from samplewise.demo.scenes._canvas import OVERSAMPLING, Canvas
from samplewise.demo.scenes._coco import add_annotation, add_image, document
from samplewise.demo.scenes._figure import FLIP_INDICES, JOINTS, SKELETON, figure
from samplewise.demo.scenes._folder import (
    SPLITS,
    DrawnDataset,
    DrawnSplit,
    Plan,
    Progress,
    fresh_folder,
    save_image,
    write_json,
)
from samplewise.demo.scenes._objects import DRAW
from samplewise.demo.scenes._scene import Box, Scene, finish, put, share_covered
from samplewise.demo.scenes._shape import Part, extent, place

_CATEGORY = 5  # not 1: a reader that takes an id for an index is found out
_ERRORS = ("swapped_sides", "shifted_joint", "missing_figure")


def draw_pose_dataset(
    folder: Path | str,
    *,
    train: int = 160,
    val: int = 40,
    size: int = 128,
    seed: int = 0,
    error_rate: float = 0.06,
    progress: Progress | None = None,
) -> DrawnDataset:
    """Draw scenes with up to three stick figures of thirteen joints each.

    A joint's flag is COCO's: 2 visible, 1 hidden behind something, 0 outside of the picture
    (then `x` and `y` are 0 too). `planted_errors.json` holds `split`, `file_name`, `image_id`,
    `annotation_id`, `kind` (`swapped_sides`, `shifted_joint`, `missing_figure`), and the `true`
    and `planted` keypoints (null for a missing figure).

    Args:
        folder: New or empty, or drawn before: then it is drawn anew.
        train: Number of training scenes.
        val: Number of held-out scenes.
        size: Side of the square images, pixels; at least 32.
        seed: Of everything random.
        error_rate: Share of the figures whose joints are wrong.
        progress: Called with the numbers of images drawn and to be drawn.

    Returns:
        Where everything lies.

    Raises:
        InvalidArgumentError: A number is out of its range.
        AlreadyExistsError: `folder` holds something else.
    """
    plan = Plan(train, val, size, seed, error_rate, progress)
    folder = fresh_folder(folder, "pose")
    errors: list[dict[str, Any]] = []
    source = plan.error_source()
    splits = {}
    for split in SPLITS:
        images, labels = folder / split / "images", folder / split / "annotations.json"
        images.mkdir(parents=True)
        coco = _draw_split(plan, split, images)
        errors += [{"split": split, **error} for error in _plant(coco, plan, source)]
        write_json(labels, coco)
        splits[split] = DrawnSplit(split, images, labels)
    write_json(folder / "planted_errors.json", errors)
    planted = folder / "planted_errors.json"
    return DrawnDataset(folder, splits["train"], splits["val"], {_CATEGORY: "figure"}, planted)


def _draw_split(plan: Plan, split: str, images: Path) -> dict[str, Any]:
    lines = [[start + 1, stop + 1] for start, stop in SKELETON]  # COCO counts joints from 1
    category = {"id": _CATEGORY, "name": "figure", "keypoints": list(JOINTS), "skeleton": lines}
    coco = document(f"Drawn stick figures, {split}", [category])
    for number, rng in plan.turns(split):
        scene, keypoints = _draw_figures(plan.size, rng)
        add_image(coco, number, save_image(scene.pixels, images, number, rng), plan.size)
        for thing in scene.things:
            points = keypoints[thing.owner - 1]
            known = sum(flag > 0 for flag in points[2::3])
            add_annotation(coco, thing, _CATEGORY, keypoints=points, num_keypoints=known)
    return coco


def _draw_figures(size: int, rng: np.random.Generator) -> tuple[Scene, list[list[float]]]:
    """A scene, and the COCO keypoints of each of its figures."""
    canvas = Canvas(backdrop(size, rng))
    for name in rng.choice(list(DRAW), rng.integers(0, 3)):
        spot = rng.uniform(0.1, 0.9, 2) * size
        reach = rng.uniform(0.15, 0.3) * size
        put(canvas, place(DRAW[str(name)](rng), centre=(spot[0], spot[1]), size=reach), owner=0)
    taken: list[Box] = []
    joints: list[Float[np.ndarray, "k 2"]] = []
    for _ in range(rng.integers(1, 4)):
        points, parts = _place_figure(size, rng)
        box = extent(parts)
        if all(share_covered(other, box) <= 0.35 for other in taken):
            taken.append(box)
            joints.append(points)
            put(canvas, parts, owner=len(joints))
    scene = finish(canvas, ["figure"] * len(joints), rng)
    keypoints = [_coco_keypoints(points, owner, canvas) for owner, points in enumerate(joints, 1)]
    return scene, keypoints


def _place_figure(
    size: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "k 2"], list[Part]]:
    joints, parts = figure(rng)
    reach = size * rng.uniform(0.45, 0.95)
    x = rng.uniform(0.15, 0.85) * size
    y = rng.uniform(min(0.42 * reach, size / 2), max(size - 0.42 * reach, size / 2))
    # The joints travel as the outline of one more part, so they cannot lose their figure.
    skeleton, *placed = place(
        [Part(joints, (0, 0, 0)), *parts],
        centre=(x, y),
        size=reach,
        turn=rng.uniform(-0.3, 0.3),
    )
    return skeleton.outline, placed


def _coco_keypoints(joints: Float[np.ndarray, "k 2"], owner: int, canvas: Canvas) -> list[float]:
    mask, values = canvas.mask_of(owner), []
    for x, y in joints.tolist():
        if not (0 <= x < canvas.size and 0 <= y < canvas.size):
            values += [0, 0, 0]
            continue
        seen = mask[int(y * OVERSAMPLING), int(x * OVERSAMPLING)]
        values += [round(x, 2), round(y, 2), 2 if seen else 1]
    return values


def _plant(coco: dict[str, Any], plan: Plan, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Spoil some annotations in place; returns what was done."""
    annotations, errors = coco["annotations"], []
    names = {image["id"]: image["file_name"] for image in coco["images"]}
    count = round(plan.error_rate * len(annotations))
    for number in sorted(rng.permutation(len(annotations))[:count].tolist(), reverse=True):
        chosen, kind = annotations[number], str(rng.choice(_ERRORS))
        true = chosen["keypoints"]
        planted = _spoil(kind, true, plan.size, rng)
        if planted is None:
            annotations.pop(number)
        else:
            chosen["keypoints"] = planted
        where = {"file_name": names[chosen["image_id"]], "image_id": chosen["image_id"]}
        what = {"annotation_id": chosen["id"], "kind": kind, "true": true, "planted": planted}
        errors.append({**where, **what})
    return errors


def _spoil(
    kind: str, keypoints: list[float], size: int, rng: np.random.Generator
) -> list[float] | None:
    if kind == "missing_figure":
        return None
    joints = np.array(keypoints).reshape(-1, 3)
    if kind == "swapped_sides":
        return joints[list(FLIP_INDICES)].ravel().tolist()
    chosen = rng.choice(np.flatnonzero(joints[:, 2] > 0))
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.3) * size
    step = reach * np.array([np.cos(angle), np.sin(angle)])
    joints[chosen, :2] = (joints[chosen, :2] + step).clip(0, size - 1).round(2)
    return joints.ravel().tolist()
