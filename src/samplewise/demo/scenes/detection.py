"""Scenes with boxes, as a COCO dataset."""

from pathlib import Path
from typing import Any

from samplewise.demo.scenes._coco import add_annotation, add_image, document
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
from samplewise.demo.scenes._label_errors import LabelErrors
from samplewise.demo.scenes._objects import CATEGORIES
from samplewise.demo.scenes._scene import draw_scene


def draw_detection_dataset(
    folder: Path | str,
    *,
    train: int = 320,
    val: int = 80,
    size: int = 128,
    seed: int = 0,
    error_rate: float = 0.06,
    progress: Progress | None = None,
) -> DrawnDataset:
    """Draw scenes of six things, with a few wrong labels among the right ones.

    The pictures depend on `seed` and `size` alone: with `error_rate=0` the same pictures get
    right labels only. Boxes hold the visible part of a thing, to 0.01 pixel; category ids
    have gaps; some scenes are empty.

    Args:
        folder: New or empty, or drawn before: then it is drawn anew.
        train: Number of training scenes.
        val: Number of held-out scenes.
        size: Side of the square images, pixels; at least 32.
        seed: Of everything random.
        error_rate: Planted errors per box, at most one an image.
        progress: Called with the numbers of images drawn and to be drawn.

    Returns:
        Where everything lies.

    Raises:
        InvalidArgumentError: A number is out of its range.
        AlreadyExistsError: `folder` holds something else.
    """
    plan = Plan(train, val, size, seed, error_rate, progress)
    folder = fresh_folder(folder, "detection")
    errors = LabelErrors(CATEGORIES, error_rate, size, plan.error_source())
    splits = {}
    for split in SPLITS:
        images, labels = folder / split / "images", folder / split / "annotations.json"
        images.mkdir(parents=True)
        coco = _draw_split(plan, split, images)
        errors.plant(split, coco)
        write_json(labels, coco)
        splits[split] = DrawnSplit(split, images, labels)
    write_json(folder / "planted_errors.json", errors.record)
    planted = folder / "planted_errors.json"
    return DrawnDataset(folder, splits["train"], splits["val"], CATEGORIES, planted)


def _draw_split(plan: Plan, split: str, images: Path) -> dict[str, Any]:
    numbers = {name: number for number, name in CATEGORIES.items()}
    categories = [{"id": number, "name": name} for number, name in CATEGORIES.items()]
    coco = document(f"Drawn scenes, {split}", categories)
    for number, rng in plan.turns(split):
        scene = draw_scene(plan.size, rng)
        add_image(coco, number, save_image(scene.pixels, images, number, rng), plan.size)
        for thing in scene.things:
            add_annotation(coco, thing, numbers[thing.name])
    return coco
