"""Pictures of one thing each, in one folder per class."""

from pathlib import Path

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
from samplewise.demo.scenes._scene import draw_portrait


def draw_classification_dataset(
    folder: Path | str,
    *,
    train: int = 240,
    val: int = 60,
    size: int = 64,
    seed: int = 0,
    error_rate: float = 0.06,
    progress: Progress | None = None,
) -> DrawnDataset:
    """Draw pictures of one thing each, the six classes in turn.

    The layout is that of torchvision's `ImageFolder`; class ids count the folders in
    alphabetical order. A planted error is a picture in a wrong folder; `planted_errors.json`
    holds `split`, `file_name`, `kind` (`wrong_class`), `true` and `planted` class name.

    Args:
        folder: New or empty, or drawn before: then it is drawn anew.
        train: Number of training pictures.
        val: Number of held-out pictures.
        size: Side of the square images, pixels; at least 32.
        seed: Of everything random.
        error_rate: Share of the pictures in a wrong folder.
        progress: Called with the numbers of images drawn and to be drawn.

    Returns:
        Where everything lies; `images` and `labels` of a split are its folder of folders.

    Raises:
        InvalidArgumentError: A number is out of its range.
        AlreadyExistsError: `folder` holds something else.
    """
    plan = Plan(train, val, size, seed, error_rate, progress)
    folder = fresh_folder(folder, "classification")
    names, source = sorted(DRAW), plan.error_source()
    errors: list[dict[str, object]] = []
    for split in SPLITS:
        for name in names:
            (folder / split / name).mkdir(parents=True)
        for number, rng in plan.turns(split):
            true = planted = names[number % len(names)]
            if source.random() < error_rate:
                planted = str(source.choice([name for name in names if name != true]))
            portrait = draw_portrait(true, size, rng)
            file_name = save_image(portrait.pixels, folder / split / planted, number, rng)
            if planted != true:
                what = {"kind": "wrong_class", "true": true, "planted": planted}
                errors.append({"split": split, "file_name": f"{planted}/{file_name}", **what})
    write_json(folder / "planted_errors.json", errors)
    train_split, val_split = (DrawnSplit(s, folder / s, folder / s) for s in SPLITS)
    classes, planted_errors = dict(enumerate(names)), folder / "planted_errors.json"
    return DrawnDataset(folder, train_split, val_split, classes, planted_errors)
