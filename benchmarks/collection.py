"""How much does a collection cost? Against `predict`, and against the bare forward pass.

    python benchmarks/collection.py [--images 64] [--size 320] [--rounds 3]

YOLO-NAS-S with random weights on drawn scenes, on the CPU or the GPU that torch finds. Each round
does the same work in turn: the bare forward pass on tensors that are in memory already;
SuperGradients' `predict` and then a second pass for embeddings, which it cannot give; our
collection with predictions, embeddings and metrics, stored in a Run.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from super_gradients.training import models  # noqa: E402
from super_gradients.training.processing import processing as sg  # noqa: E402

from samplewise import Table  # noqa: E402
from samplewise.demo.scenes import draw_detection_dataset  # noqa: E402
from samplewise.integration.super_gradients import (  # noqa: E402
    DetectionMetricsCollectionCallback,
)
from samplewise.integration.super_gradients.predictors import predictor_for  # noqa: E402

BATCH = 16


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        table = drawn_table(Path(folder), given.images, given.size)
        model = seeing_model(given.size)
        times = measured(table, model, given.rounds)
    print_table(times, given)


def measured(table: Table, model: Any, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds of each way, in turn; the first round warms up and is left out."""
    stack = torch.from_numpy(
        np.stack([predictor_for(model).load(url).image for url in table.image_urls()])
    ).float()
    callback = DetectionMetricsCollectionCallback(
        "bench",
        batch_size=BATCH,
        collect_embeddings=True,
        pipeline_params={"fuse_model": False},
        root_url=table.root_url,
        dataloader_args={"num_workers": 0},
    )
    ways: dict[str, Callable[[], None]] = {
        "bare forward": lambda: forward(model, stack),
        "predict + embeddings": lambda: predict_and_embed(model, table, stack),
        "ours": lambda: callback.collect_metrics_direct(model, [table]),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            seconds = timed(way)
            if number:
                times[name].append(seconds)
    return times


def forward(model: Any, stack: torch.Tensor) -> None:
    """The network alone."""
    model.eval()
    with torch.no_grad():
        for start in range(0, len(stack), BATCH):
            model(stack[start : start + BATCH].to(next(model.parameters()).device))


def predict_and_embed(model: Any, table: Table, stack: torch.Tensor) -> None:
    """What one does without us."""
    model.predict(table.image_urls(), batch_size=BATCH, fuse_model=False)
    kept = []
    hook = model.backbone.register_forward_hook(
        lambda _module, _inputs, maps: kept.append(maps[-1].mean(dim=(2, 3)))
    )
    try:
        forward(model, stack)
    finally:
        hook.remove()


def timed(way: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - wall, time.process_time() - cpu


def drawn_table(folder: Path, images: int, size: int) -> Table:
    """Drawn scenes as a Table."""
    drawn = draw_detection_dataset(folder / "scenes", train=images, val=1, size=size)
    return Table.from_coco(
        drawn.train.labels,
        drawn.train.images,
        dataset_name="scenes",
        project_name="bench",
        root_url=str(folder / "store"),
    )


def seeing_model(size: int) -> Any:
    """YOLO-NAS-S that knows how to predict."""
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = models.get("yolo_nas_s", num_classes=6).to(device).eval()
    shape = (size, size)
    steps = [
        sg.ReverseImageChannels(),
        sg.DetectionLongestMaxSizeRescale(shape),
        sg.DetectionBottomRightPadding(shape, 114),
        sg.StandardizeImage(),
        sg.ImagePermute(),
    ]
    names = ["apple", "car", "fish", "flower", "house", "mushroom"]
    model.set_dataset_processing_params(
        class_names=names, image_processor=sg.ComposeProcessing(steps), iou=0.65, conf=0.25
    )
    return model


def print_table(times: dict[str, list[tuple[float, float]]], given: argparse.Namespace) -> None:
    """Medians, and ratios round by round."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    sys.stdout.write(
        f"{given.images} images at {given.size} px, {given.rounds} rounds, {device}, "
        f"torch {torch.__version__}, {torch.get_num_threads()} threads\n"
        f"{'':24}{'wall s':>8}{'CPU s':>8}{'CPU, ours over it':>20}\n"
    )
    for name, rounds in times.items():
        pairs = zip(times["ours"], rounds, strict=True)
        ratio = statistics.median(ours[1] / theirs[1] for ours, theirs in pairs)
        wall, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
        sys.stdout.write(f"{name:24}{wall:8.2f}{cpu:8.2f}{ratio:20.2f}\n")


if __name__ == "__main__":
    main()
