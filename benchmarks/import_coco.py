"""How long does a COCO file as large as train2017 take to become a Table, and how much memory?

    python benchmarks/import_coco.py [--polygons] [--images 118287] [--boxes 860001] [--reference]

Draws such a file: ids with gaps, 80 classes, licences and URLs of each image as COCO has them, 1 %
crowds. With `--polygons` also masks, so that it is as large as the real one (about 450 MB). Each
import runs in a process of its own; its time includes the start of Python, and rows and boxes are
counted in the stored Table. The images are not drawn, so their files are found missing, which
costs one look each as it does for those that are there. `--reference` lets pycocotools load the
same file, which keeps it in memory and stores nothing.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table as Printed

CLASSES = np.setdiff1d(np.arange(1, 91), [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]).tolist()
_PART = 20_000


def draw(path: Path, images: int, boxes: int, *, polygons: bool, seed: int = 0) -> None:
    """Write the file."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(320, 641, (images, 2))
    ids = np.sort(rng.choice(10 * images, images, replace=False))
    with path.open("wb") as file:
        file.write(b'{"info":{"year":2017},"licenses":[{"id":3,"name":"by-nc-nd"}],"images":[')
        entries = zip(ids.tolist(), sizes.tolist(), strict=True)
        file.write(b",".join(msgspec.json.encode(_image(*entry)) for entry in entries))
        file.write(b'],"annotations":[')
        for start in range(0, boxes, _PART):
            owners = rng.integers(0, images, min(_PART, boxes - start))
            part = _annotations(rng, ids[owners], sizes[owners], start, polygons=polygons)
            file.write((b"," if start else b"") + b",".join(map(msgspec.json.encode, part)))
        categories = [{"supercategory": "thing", "id": n, "name": f"class {n}"} for n in CLASSES]
        file.write(b'],"categories":' + msgspec.json.encode(categories) + b"}")


def _image(number: int, size: list[int]) -> dict[str, Any]:
    return {
        "license": 3,
        "file_name": f"{number:012d}.jpg",
        "coco_url": f"http://images.example.org/train2017/{number:012d}.jpg",
        "height": size[1],
        "width": size[0],
        "date_captured": "2013-11-14 11:18:45",
        "flickr_url": f"http://farm9.example.org/8186/{number}_4d55b1a0b3_z.jpg",
        "id": number,
    }


def _annotations(
    rng: np.random.Generator, owners: np.ndarray, sizes: np.ndarray, start: int, *, polygons: bool
) -> Iterator[dict[str, Any]]:
    count = len(owners)
    extent = rng.uniform(5, 200, (count, 2)).round(2)
    corner = (rng.random((count, 2)) * (sizes - extent)).round(2)
    boxes = np.hstack([corner, extent]).tolist()
    classes = rng.choice(CLASSES, count).tolist()
    lengths = 2 * (rng.poisson(23, count) + 3)  # 52 numbers a polygon, as in COCO
    ends = np.cumsum(lengths).tolist()
    numbers = (rng.random(ends[-1]) * 600).round(2).tolist()
    for i, (owner, end) in enumerate(zip(owners.tolist(), ends, strict=True)):
        is_crowd = i % 100 == 0
        ring = numbers[end - lengths[i] : end]
        mask = _run_lengths(rng, sizes[i]) if is_crowd else [ring]
        yield {
            **({"segmentation": mask} if polygons else {}),
            "area": boxes[i][2] * boxes[i][3],
            "iscrowd": int(is_crowd),
            "image_id": owner,
            "bbox": boxes[i],
            "category_id": classes[i],
            "id": start + i + 1,
        }


def _run_lengths(rng: np.random.Generator, size: np.ndarray) -> dict[str, Any]:
    width, height = size.tolist()
    counts = rng.integers(1, 400, 200).tolist()
    return {"counts": [*counts, width * height - sum(counts)], "size": [height, width]}


def import_file(path: str) -> dict[str, Any]:
    """What one process has to say: the work itself, in this process."""
    from samplewise import Table

    with tempfile.TemporaryDirectory(dir=Path(path).parent) as root:
        start = time.perf_counter()
        names = {"dataset_name": "train", "project_name": "benchmark", "root_url": root}
        table = Table.from_coco(path, **names)
        seconds = time.perf_counter() - start
        boxes = table.get_column_as_pyarrow_array("bbs").field("instances")
        counted = {"rows": len(table), "boxes": len(boxes.flatten())}
        stored = sum(file.stat().st_size for file in Path(root).rglob("*") if file.is_file())
    return {"what": "Table.from_coco", "call_s": seconds, **counted, "stored_mb": stored / 1e6}


def load_file(path: str) -> dict[str, Any]:
    """The same for pycocotools."""
    from pycocotools.coco import COCO

    start = time.perf_counter()
    coco = COCO(path)
    seconds = time.perf_counter() - start
    counted = {"rows": len(coco.imgs), "boxes": len(coco.anns)}
    return {"what": "pycocotools.COCO", "call_s": seconds, **counted, "stored_mb": 0.0}


def measured(path: Path, call: str) -> dict[str, Any]:
    """Time, processor time and peak memory of a process that makes one call."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--call", call, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = json.loads(done.stdout.splitlines()[-1])
    return {**result, "process_s": time.perf_counter() - start}


def report(results: list[dict[str, Any]]) -> None:
    """Print the results."""
    printed = Printed(title=f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    columns = ("what", "file_mb", "rows", "boxes", "process_s", "call_s", "cpu_s", "peak_mb")
    for name in (*columns, "stored_mb"):
        printed.add_column(name, justify="left" if name == "what" else "right")
    for result in results:
        cells = [result[name] for name in (*columns, "stored_mb")]
        printed.add_row(
            *(f"{cell:,.1f}" if isinstance(cell, float) else str(cell) for cell in cells)
        )
    Console(width=120).print(printed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=118_287)
    parser.add_argument("--boxes", type=int, default=860_001)
    parser.add_argument("--polygons", action="store_true", help="also masks")
    parser.add_argument("--reference", action="store_true", help="also pycocotools")
    parser.add_argument("--call", nargs=2, metavar=("CALL", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.call:
        call, path = options.call
        result = {"import_file": import_file, "load_file": load_file}[call](path)
        used = resource.getrusage(resource.RUSAGE_SELF)
        result |= {"peak_mb": used.ru_maxrss / 1e3, "cpu_s": used.ru_utime + used.ru_stime}
        print(json.dumps(result))
        return
    calls = ["import_file"] + ["load_file"] * options.reference
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "instances.json")
        draw(path, options.images, options.boxes, polygons=options.polygons)
        results = [measured(path, call) for call in calls]
        report([{**result, "file_mb": path.stat().st_size / 1e6} for result in results])


if __name__ == "__main__":
    main()
