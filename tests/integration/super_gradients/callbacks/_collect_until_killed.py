"""Collects on a Table again and again in child processes that are killed at random moments.

Run by `test_killed_collections.py`: `python _collect_until_killed.py FOLDER KILLS`. Loading torch
and SuperGradients takes half a minute, so it is done once; every child is forked from here. This
process itself never uses the store, since Lance does not survive a fork.
"""

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

import torch
from super_gradients.training import models
from super_gradients.training.processing import processing as sg

from samplewise.errors import AlreadyExistsError
from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback
from samplewise.tables import Run, Table, init, set_active_run

CLASSES = ["ant", "bee", "cat"]
SIZE = (32, 32)


def main(folder: Path, kills: int) -> None:
    """Kill, look, and say what was seen, as one JSON line."""
    torch.set_num_threads(1)
    model = seeing_model()
    in_child(lambda tell: prepare(folder))
    chance = random.Random(0)
    acknowledged, wrong = 0, []
    for _ in range(kills):
        acknowledged += collect_and_kill(folder, model, acknowledged, chance)
        [seen] = in_child(lambda tell: tell(look(folder)))
        if seen["broken"] or seen["collections"] < acknowledged:
            wrong.append({**seen, "acknowledged": acknowledged})
        acknowledged = max(acknowledged, seen["collections"])
    ways = in_child(lambda tell: go_on(folder, model, acknowledged, tell))
    print(json.dumps({"acknowledged": acknowledged, "wrong": wrong, "ways": ways}))  # noqa: T201


def collect_and_kill(
    folder: Path, model: torch.nn.Module, first: int, chance: random.Random
) -> int:
    """How many collections a child acknowledged before it was killed."""
    lines = in_child(
        lambda tell: collect_forever(folder, model, first, tell),
        kill_after=chance.uniform(0.3, 2.5),
    )
    return sum(line == "done" for line in lines)


def collect_forever(folder: Path, model: torch.nn.Module, epoch: int, tell) -> None:
    """Collect, tell, and go on."""
    collect = collector(folder, model)
    while True:
        collect(epoch)
        tell("done")
        epoch += 1


def collector(folder: Path, model: torch.nn.Module):
    """Collects an epoch into the run."""
    set_active_run(Run.from_names("run", "killed", str(folder)))
    table = Table.from_names("initial", "images", "killed", str(folder))

    def collect(epoch: int, **options: bool) -> None:
        callback = DetectionMetricsCollectionCallback(
            batch_size=2,
            pipeline_params={"conf": 0.01, "fp16": False},
            dataloader_args={"num_workers": 0},
            **options,
        )
        callback.collect_metrics_direct(model, [table], {"epoch": epoch})

    return collect


def go_on(folder: Path, model: torch.nn.Module, killed: int, tell) -> None:
    """Collect what was killed; then the last whole one again, replaced; then into a new run."""
    collect = collector(folder, model)
    collect(killed)  # nothing of it is there
    for epoch in (killed - 1, killed):
        try:
            collect(epoch)
        except AlreadyExistsError:
            tell("refused")
    collect(killed - 1, replace=True)
    collect(killed + 1)
    tell(look(folder))
    init("killed", "new", root_url=str(folder))
    collect_into = DetectionMetricsCollectionCallback(dataloader_args={"num_workers": 0})
    table = Table.from_names("initial", "images", "killed", str(folder))
    collect_into.collect_metrics_direct(model, [table], {"epoch": killed})
    tell(collect_into.run.metrics().num_rows)


def look(folder: Path) -> dict[str, object]:
    """Whole collections, and those that are not."""
    run = Run.from_names("run", "killed", str(folder))
    rows = run.sql("select epoch, count(*) n, count(distinct example_id) d from metrics group by 1")
    counts = rows.to_pylist()
    broken = [row for row in counts if row["n"] % 5 or row["d"] != 5]
    return {"collections": sum(row["n"] // 5 for row in counts), "broken": broken}


def prepare(folder: Path) -> None:
    """A Table of five images, and a run."""
    from PIL import Image

    from samplewise import data_types, schemas

    urls, boxes = [], []
    for number in range(5):
        path = folder / f"{number}.png"
        Image.effect_noise(SIZE, 64).convert("RGB").save(path)
        value = data_types.BoundingBoxes2D.create_empty(*SIZE)
        value.add_instance([4, 4, 20, 20], label=number % 3)
        urls.append(str(path))
        boxes.append(value)
    Table.from_dict(
        {"image": urls, "bbs": boxes},
        {"bbs": schemas.BoundingBoxes2DSchema(CLASSES)},
        dataset_name="images",
        project_name="killed",
        root_url=str(folder),
    )
    Run.create("killed", "run", root_url=str(folder))


def seeing_model() -> torch.nn.Module:
    """A small network with random weights that knows how to predict."""
    torch.manual_seed(0)
    model = models.get("yolox_n", num_classes=len(CLASSES)).eval()
    steps = [sg.DetectionLongestMaxSizeRescale(SIZE), sg.StandardizeImage(), sg.ImagePermute()]
    model.set_dataset_processing_params(
        class_names=CLASSES, image_processor=sg.ComposeProcessing(steps), iou=0.6, conf=0.01
    )
    return model


def in_child(work, kill_after: float | None = None) -> list:
    """What a forked child told; it is killed after some seconds if asked for."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            with os.fdopen(write, "w", buffering=1) as pipe:
                work(lambda value: pipe.write(json.dumps(value) + "\n"))
            os._exit(0)
        except BaseException:  # noqa: BLE001  # a forked child must not go on as its parent
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    os.close(write)
    return _told(child, read, kill_after)


def _told(child: int, read: int, kill_after: float | None) -> list:
    text, deadline = b"", None
    while True:
        ready, _, _ = select.select([read], [], [], 0.02)
        if ready:
            part = os.read(read, 65536)
            if not part:
                break
            text += part
        # The clock starts when the child has done something: loading Lance takes seconds.
        if kill_after is not None and deadline is None and text:
            deadline = time.monotonic() + kill_after
        if deadline is not None and time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            deadline = None
            kill_after = None
    os.close(read)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise RuntimeError("a child failed")
    lines = text.decode().split("\n")[:-1]  # a line that was cut off acknowledged nothing
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
