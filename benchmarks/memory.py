"""How much memory does a collection take, on a small and on a large Table?

    python benchmarks/memory.py [--images 1000 20000] [--workers 0]

Each size runs in a process of its own: YOLOX-N on drawn images of 64 pixels, with predictions,
metrics and embeddings, stored in a Run. A small collection warms the process up; then the kernel's
peak is set back, and what the collection adds to it is read. Linux only.
"""

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

SIZE = 64
WARM = 128
CLASSES = ["cat", "dog"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, nargs="+", default=[1000, 20000])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--child", metavar="STORE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measured(given.child, given.images[0], given.workers)))
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in (WARM, *given.images):  # not in the child: drawing would leave room behind
            drawn_table(Path(folder), count)
        seen = [in_process(folder, count, given.workers) for count in given.images]
    print_table(given.images, seen)


def in_process(folder: str, count: int, workers: int) -> dict[str, float]:
    """What a fresh process measures."""
    store = str(Path(folder, "store"))
    arguments = ["--child", store, "--images", str(count), "--workers", str(workers)]
    done = subprocess.run(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def measured(store: str, count: int, workers: int) -> dict[str, float]:
    """Megabytes before, and the peak of a collection."""
    from samplewise import Table, init
    from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback

    logging.disable(logging.WARNING)
    model = seeing_model()
    warm, table = (
        Table.from_names("initial", f"images-{n}", "bench", store) for n in (WARM, count)
    )
    run = init("bench", root_url=store)
    callback = DetectionMetricsCollectionCallback(
        batch_size=16,
        inference_chunk_size=16,
        collect_embeddings=True,
        pipeline_params={"conf": 0.01},
        dataloader_args={"num_workers": workers},
    )
    callback.collect_metrics_direct(model, [warm])
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak back
    before = memory_mb("VmRSS")
    callback.collect_metrics_direct(model, [table])
    peak = memory_mb("VmHWM")
    rows = run.metrics(["example_id"], table=table).num_rows
    return {"before": before, "peak": peak, "rows": rows}


def memory_mb(name: str) -> float:
    """A line of the kernel's about this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def drawn_table(folder: Path, count: int) -> None:
    """Coloured noise with two boxes an image, as a Table."""
    from samplewise import Table, data_types, schemas

    noise = np.random.default_rng(0)
    name = f"images-{count}"
    (folder / name).mkdir()
    images, boxes = [], []
    for number in range(count):
        small = noise.integers(0, 256, (8, 8, 3), np.uint8)
        images.append(str(folder / name / f"{number}.jpg"))
        Image.fromarray(small).resize((SIZE, SIZE)).save(images[-1])
        boxes.append(data_types.BoundingBoxes2D.create_empty(SIZE, SIZE))
        for label in range(2):
            boxes[-1].add_instance([4, 4, 20 + label, 30], label=label)
    Table.from_dict(
        {"image": images, "bbs": boxes},
        {"image": schemas.ImageSchema(), "bbs": schemas.BoundingBoxes2DSchema(CLASSES)},
        dataset_name=name,
        project_name="bench",
        root_url=str(folder / "store"),
    )


def seeing_model() -> Any:
    """YOLOX-N that knows how to predict."""
    import torch
    from super_gradients.training import models
    from super_gradients.training.processing import processing as sg

    torch.manual_seed(0)
    model = models.get("yolox_n", num_classes=len(CLASSES)).eval()
    steps = [
        sg.DetectionLongestMaxSizeRescale((SIZE, SIZE)),
        sg.DetectionBottomRightPadding((SIZE, SIZE), 114),
        sg.ImagePermute(),
    ]
    model.set_dataset_processing_params(
        class_names=CLASSES, image_processor=sg.ComposeProcessing(steps), iou=0.65, conf=0.01
    )
    return model


def print_table(counts: list[int], seen: list[dict[str, float]]) -> None:
    """Each size, and its peak over that of the first."""
    print(f"{'images':>8}{'rows':>8}{'before, MB':>12}{'peak, MB':>10}{'added':>8}{'ratio':>8}")
    for count, each in zip(counts, seen, strict=True):
        added, ratio = each["peak"] - each["before"], each["peak"] / seen[0]["peak"]
        print(
            f"{count:8}{each['rows']:8}{each['before']:12.0f}{each['peak']:10.0f}"
            f"{added:8.0f}{ratio:8.2f}"
        )


if __name__ == "__main__":
    main()
