"""Scenes with class maps."""

from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageFilter

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
from samplewise.demo.scenes._scene import Scene, draw_scene

IGNORED = 255
_PALETTE = (
    *((40, 40, 40), (230, 159, 0), (200, 50, 60), (86, 180, 233)),
    *((204, 121, 167), (0, 158, 115), (240, 228, 66)),
)


def draw_segmentation_dataset(
    folder: Path | str,
    *,
    train: int = 160,
    val: int = 40,
    size: int = 128,
    seed: int = 0,
    error_rate: float = 0.06,
    progress: Progress | None = None,
) -> DrawnDataset:
    """Draw scenes with a class map for each: 0 background, 1 to 6 things, 255 ignored.

    A class map is a palette PNG of the image's name; the outermost pixel ring of a thing is
    ignored. In a planted error one thing has a wrong class or none; `planted_errors.json` holds
    `split`, `file_name`, `kind` (`wrong_class`, `missing_mask`), `true` and `planted` class id.

    Args:
        folder: New or empty, or drawn before: then it is drawn anew.
        train: Number of training scenes.
        val: Number of held-out scenes.
        size: Side of the square images, pixels; at least 32.
        seed: Of everything random.
        error_rate: Share of the class maps with one thing labelled wrong.
        progress: Called with the numbers of images drawn and to be drawn.

    Returns:
        Where everything lies; `labels` of a split is the folder of its class maps.

    Raises:
        InvalidArgumentError: A number is out of its range.
        AlreadyExistsError: `folder` holds something else.
    """
    plan = Plan(train, val, size, seed, error_rate, progress)
    folder = fresh_folder(folder, "segmentation")
    classes = dict(enumerate(("background", *DRAW)))
    errors: list[dict[str, object]] = []
    source = plan.error_source()
    splits = {}
    for split in SPLITS:
        images, masks = folder / split / "images", folder / split / "masks"
        images.mkdir(parents=True)
        masks.mkdir()
        for number, rng in plan.turns(split):
            scene = draw_scene(size, rng)
            name = save_image(scene.pixels, images, number, rng)
            labels = _labels_of(scene)
            if labels and source.random() < error_rate:
                errors.append({"split": split, "file_name": name, **_plant(labels, source)})
            _save_map(_class_map(scene, labels), masks / f"{number:06}.png")
        splits[split] = DrawnSplit(split, images, masks)
    write_json(folder / "planted_errors.json", errors)
    write_json(folder / "classes.json", classes)
    planted = folder / "planted_errors.json"
    return DrawnDataset(folder, splits["train"], splits["val"], classes, planted)


def _labels_of(scene: Scene) -> dict[int, int]:
    """Class id of each owner."""
    numbers = {name: number for number, name in enumerate(DRAW, start=1)}
    return {thing.owner: numbers[thing.name] for thing in scene.things}


def _plant(labels: dict[int, int], rng: np.random.Generator) -> dict[str, object]:
    """Change the label of one owner in place."""
    owner = int(rng.choice(list(labels)))
    true, kind = labels[owner], str(rng.choice(["wrong_class", "missing_mask"]))
    others = [number for number in range(1, len(DRAW) + 1) if number != true]
    labels[owner] = int(rng.choice(others)) if kind == "wrong_class" else 0
    return {"kind": kind, "true": true, "planted": labels[owner]}


def _class_map(scene: Scene, labels: dict[int, int]) -> UInt8[np.ndarray, "h w"]:
    table = np.zeros(256, dtype=np.uint8)
    for owner, number in labels.items():
        table[owner] = number
    classes = table[scene.owners]
    # Pixels at a border belong half to either side; no annotator and no metric can tell.
    image = Image.fromarray(classes)
    inner = classes == np.asarray(image.filter(ImageFilter.MinFilter(3)))
    inner &= classes == np.asarray(image.filter(ImageFilter.MaxFilter(3)))
    return np.where((classes == 0) | inner, classes, IGNORED).astype(np.uint8)


def _save_map(classes: UInt8[np.ndarray, "h w"], path: Path) -> None:
    image = Image.fromarray(classes)
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[: len(_PALETTE)] = _PALETTE
    colours[IGNORED] = (255, 255, 255)
    image.putpalette(colours.tobytes())
    image.save(path)
