"""The whole of Samplewise in five minutes: drawn scenes, Tables, a training, the worst images."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from samplewise.demo._process import quiet_super_gradients, use_passive_threads
from samplewise.demo.scenes import DrawnDataset, draw_detection_dataset
from samplewise.demo.worst_images import WorstImage, worst_images
from samplewise.tables import Run, Table

PROJECT, DATASET = "demo", "scenes"
IMAGE_SIZE = 128


@dataclass(frozen=True)
class Demonstration:
    """What the demo left.

    Args:
        run: Its Run.
        tables: The Tables of train and val.
        worst: The worst training images, the worst first.
        pictures: Folder of their pictures.
        planted: How many training images have a wrong label.
        found: How many of the worst images are among them.
        planted_errors: File that lists all wrong labels.
    """

    run: Run
    tables: tuple[Table, Table]
    worst: list[WorstImage]
    pictures: Path
    planted: int
    found: int
    planted_errors: Path


def demonstrate(
    folder: Path | str,
    *,
    epochs: int = 10,
    train: int = 320,
    val: int = 80,
    most: int = 12,
    root_url: str | None = None,
    say: Callable[[str], None] = print,
) -> Demonstration:
    """Draw scenes with some wrong labels, train YOLO-NAS-S on them, and look at the worst images.

    Args:
        folder: Takes images, weights and pictures; new, empty, or of an earlier demo.
        epochs: Of training.
        train: Scenes to train on.
        val: Held-out scenes.
        most: How many of the worst images to draw.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
        say: Told what is being done.
    """
    use_passive_threads()
    folder = Path(folder).absolute()
    say(f"drawing {train + val} scenes with some wrong labels into {folder}")
    drawn = draw_detection_dataset(folder / "scenes", train=train, val=val, size=IMAGE_SIZE)
    tables = _make_tables(drawn, folder, root_url)
    say(f"tables: {tables[0].url}")
    say("importing SuperGradients, which takes half a minute")
    with quiet_super_gradients(folder / "training" / "logs"):
        run = _train(tables, folder, epochs, root_url)
    worst = worst_images(run, folder / "worst", most=most)
    wrong = _images_with_wrong_labels(drawn)
    found = sum(Path(each.image).name in wrong for each in worst)
    return Demonstration(
        run, tables, worst, folder / "worst", len(wrong), found, drawn.planted_errors
    )


def _make_tables(drawn: DrawnDataset, folder: Path, root_url: str | None) -> tuple[Table, Table]:
    train, val = (
        Table.from_coco(
            split.labels,
            split.images,
            table_name=split.name,
            dataset_name=DATASET,
            project_name=PROJECT,
            root_url=root_url,
            if_exists="overwrite",  # the scenes were drawn anew
            description=f"drawn scenes, {split.name}",
            aliases={"DEMO": str(folder)},
        )
        for split in drawn.splits
    )
    return train, val


def _train(tables: Sequence[Table], folder: Path, epochs: int, root_url: str | None) -> Run:
    from samplewise.demo._recipe import detection_transforms
    from samplewise.demo.training import train
    from samplewise.integration.super_gradients import (
        DetectionDataset,
        DetectionMetricsCollectionCallback,
    )

    train_set, val_set = (
        DetectionDataset(
            table,
            transforms=detection_transforms(IMAGE_SIZE, augment=table is tables[0]),
            ignore_empty_annotations=False,
            verbose=False,
        )
        for table in tables
    )
    callback = DetectionMetricsCollectionCallback(
        project_name=PROJECT,
        run_description="YOLO-NAS-S from scratch on drawn scenes",
        metrics_collection_epochs=[epochs // 2] if epochs > 2 else None,
        pipeline_params={"conf": 0.3},  # where F1 on the held-out scenes is near its best
        collect_embeddings=True,
        dataloader_args={"num_workers": 0},
        root_url=root_url,
        on_error="raise",  # a demo without metrics shows nothing
    )
    train((train_set, val_set), folder=folder / "training", epochs=epochs, callbacks=[callback])
    assert callback.run is not None
    return callback.run


def _images_with_wrong_labels(drawn: DrawnDataset) -> set[str]:
    planted = json.loads(drawn.planted_errors.read_text())
    return {error["file_name"] for error in planted if error["split"] == "train"}
