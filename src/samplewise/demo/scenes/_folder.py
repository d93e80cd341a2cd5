"""Where a drawn dataset lies, and how its files get there."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from samplewise.errors import AlreadyExistsError, InvalidArgumentError

Progress = Callable[[int, int], None]
SPLITS = ("train", "val")
_MARK = "drawn.json"  # a folder with this file was drawn by us, so it may be drawn again


@dataclass(frozen=True, slots=True)
class DrawnSplit:
    """One split of a drawn dataset.

    Args:
        name: `train` or `val`.
        images: Folder of its images.
        labels: COCO file (detection, pose), folder of class maps (segmentation), or the folder
            of class folders (classification).
    """

    name: str
    images: Path
    labels: Path


@dataclass(frozen=True, slots=True)
class DrawnDataset:
    """A dataset that was drawn by code.

    Args:
        folder: Everything lies in it.
        train: The larger split.
        val: Held-out scenes.
        classes: Name of each class by its id; ids of COCO files have gaps.
        planted_errors: JSON list of the wrong labels, one entry each (see
            `samplewise.demo.scenes.PLANTED_KINDS`).
    """

    folder: Path
    train: DrawnSplit
    val: DrawnSplit
    classes: dict[int, str]
    planted_errors: Path

    @property
    def splits(self) -> tuple[DrawnSplit, DrawnSplit]:
        """Train, then val."""
        return self.train, self.val


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw, checked once at the border.

    Raises:
        InvalidArgumentError: A number is out of its range.
    """

    train: int
    val: int
    size: int
    seed: int
    error_rate: float
    progress: Progress | None

    def __post_init__(self) -> None:
        for name, least in (("train", 0), ("val", 0), ("size", 32), ("seed", 0)):
            value = getattr(self, name)
            if value < least:
                raise InvalidArgumentError(f"`{name}` must be at least {least}, but is {value}.")
        if not 0 <= self.error_rate <= 1:
            raise InvalidArgumentError(
                f"`error_rate` must be a share in [0, 1], but is {self.error_rate}."
            )

    def turns(self, split: str) -> Iterator[tuple[int, np.random.Generator]]:
        """Number (from 1) and random source of each image; an image does not depend on others."""
        count, place = getattr(self, split), SPLITS.index(split)
        before = 0 if split == "train" else self.train
        for number in range(1, count + 1):
            yield number, np.random.default_rng([self.seed, place, number])
            if self.progress is not None:
                self.progress(before + number, self.train + self.val)

    def error_source(self) -> np.random.Generator:
        """Random source of the planted errors, so that they change no picture."""
        return np.random.default_rng([self.seed, len(SPLITS)])


def fresh_folder(folder: Path | str, what: str) -> Path:
    """An empty folder to draw into; one that was drawn before is emptied.

    Raises:
        AlreadyExistsError: The folder holds something that was not drawn by us.
    """
    folder = Path(folder).resolve()
    if (folder / _MARK).is_file():
        for split in SPLITS:
            shutil.rmtree(folder / split, ignore_errors=True)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AlreadyExistsError(
            f"`folder` must be empty or hold a drawn dataset, but {folder} holds something else.",
            hint="name another folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / _MARK, {"drawn": what, "by": "samplewise demo"})
    return folder


def save_image(
    pixels: UInt8[np.ndarray, "h w 3"], folder: Path, number: int, rng: np.random.Generator
) -> str:
    """Store a picture, one in eight as PNG, the others as JPEG of varied quality.

    Returns:
        Its file name.
    """
    image = Image.fromarray(pixels)
    if number % 8 == 0:
        name = f"{number:06}.png"
        image.save(folder / name, compress_level=1)
    else:
        name = f"{number:06}.jpg"
        image.save(folder / name, quality=int(rng.integers(70, 96)))
    return name


def write_json(path: Path, value: object) -> None:
    """Write a JSON file, one line, UTF-8."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
