"""How long do tables and metrics take on disk beside Parquet files of pyarrow?

    python benchmarks/storage.py [--rows 1000000] [--epochs 20] [--rounds 3]

Metrics: per-sample rows of several epochs, each epoch written when it is done, as a training does:
14 numbers, a label and a list of predicted boxes per row. Ours through `Run.add_metrics`, whose
checks and syncing to the disk are in its time; Parquet as one file an epoch (zstd) and as the same
files with an fsync. Reading is all of it into memory, one column of all epochs, and 100 rows
anywhere. Both take turns in every round.

Tables: writing, opening, reading a row, editing, for one with so many rows.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import samplewise as sw
from samplewise.schema import Float, Int, TableSchema
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.schemas import BoundingBoxes2DSchema
from samplewise.tables import Run

CLASSES = [f"class {i}" for i in range(80)]
BOXES = BoundingBoxes2DSchema(CLASSES, additional={"confidence": Float(), "iou": Float()})


def draw(rows: int, seed: int) -> dict[str, object]:
    """Columns of the metrics of one epoch."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(3, rows)
    total = int(counts.sum())
    corner = rng.uniform(0, 600, (total, 2)).round(2)
    columns: dict[str, object] = {f"metric_{i}": rng.random(rows) for i in range(10)}
    columns |= {f"count_{i}": rng.poisson(4, rows) for i in range(4)}
    columns["label"] = rng.integers(0, 80, rows)
    columns["bbs_predicted"] = boxes_to_arrow(
        np.hstack([corner, corner + rng.uniform(5, 80, (total, 2)).round(2)]),
        np.concatenate([[0], np.cumsum(counts)]),
        {
            "label": rng.integers(0, 80, total),
            "confidence": rng.random(total).astype(np.float32),
            "iou": rng.random(total).astype(np.float32),
        },
        np.tile([0.0, 0.0, 640.0, 640.0], (rows, 1)),
        BOXES,
    )
    return columns


def kinds_of(columns: dict[str, object]) -> TableSchema:
    """Kinds of these columns."""
    kinds = {n: BOXES if n == "bbs_predicted" else Float() for n in columns}
    return TableSchema({n: Int() if n[:5] in ("count", "label") else k for n, k in kinds.items()})


class Ours:
    """A run."""

    name = "Run.add_metrics"

    def __init__(self, folder: str, table: str, epochs: list[dict]) -> None:
        self.run = Run.create("p", "r", if_exists="overwrite", root_url=folder)
        self.table, self.epochs = table, epochs
        self.kinds = kinds_of(epochs[0])

    def write(self) -> None:
        for epoch, columns in enumerate(self.epochs):
            self.run.add_metrics(columns, self.kinds, self.table, epoch=epoch, split="val")
        self.run.close()

    def data(self) -> ds.Dataset:
        return self.run.metric_streams[0].dataset

    def size(self) -> int:
        return sum(f.stat().st_size for f in Path(self.run.data_url).rglob("*") if f.is_file())


class Parquet:
    """A file an epoch."""

    name = "pyarrow Parquet"
    is_synced = False

    def __init__(self, folder: str, table: str, epochs: list[dict]) -> None:
        self.folder = Path(folder, "parquet")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.epochs = epochs

    def write(self) -> None:
        for epoch, columns in enumerate(self.epochs):
            count = len(columns["label"])
            keys = {
                "example_id": np.arange(count),
                "input_table_id": np.zeros(count, np.int64),
                "epoch": np.full(count, epoch),
                "split": pa.array(["val"] * count),
            }
            path = self.folder / f"{epoch:04d}.parquet"
            pq.write_table(pa.table({**keys, **columns}), path, compression="zstd")
            if self.is_synced:
                with open(path, "rb") as file:
                    os.fsync(file.fileno())

    def data(self) -> ds.Dataset:
        return ds.dataset(sorted(map(str, self.folder.iterdir())))

    def size(self) -> int:
        return sum(f.stat().st_size for f in self.folder.iterdir())


class SyncedParquet(Parquet):
    """A file an epoch, synced."""

    name = "pyarrow Parquet, fsync"
    is_synced = True


def read(one: Ours | Parquet, **options: list[str]) -> pa.Table:
    """All rows, from files that are opened anew."""
    return one.data().to_table(**options)


def take(one: Ours | Parquet, places: list[int]) -> pa.Table:
    """Some rows, from files that are opened anew."""
    return one.data().take(places)


def timed(function: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def metrics(rows: int, epochs: int, rounds: int, folder: str) -> None:
    """Compare writing and reading."""
    drawn = [draw(rows // epochs, seed) for seed in range(epochs)]
    names = {"dataset_name": "d", "project_name": "p", "root_url": folder}
    table = sw.Table.from_dict({"x": np.arange(rows // epochs)}, **names).url
    anywhere = np.sort(np.random.default_rng(0).choice(rows, 100, replace=False)).tolist()
    seconds: dict[tuple[str, str], list[float]] = {}
    sizes = {}
    for _ in range(rounds):
        for kind in (Ours, Parquet, SyncedParquet):
            one = kind(folder, table, drawn)
            steps = {
                "write": one.write,
                "read all": partial(read, one),
                "read a column": partial(read, one, columns=["metric_3"]),
                "read 100 rows": partial(take, one, anywhere),
            }
            for step, function in steps.items():
                seconds.setdefault((kind.name, step), []).append(timed(function))
            both = [seconds[kind.name, step][-1] for step in ("write", "read all")]
            seconds.setdefault((kind.name, "write + read all"), []).append(sum(both))
            sizes[kind.name] = one.size() / 1e6
    print(f"{rows} metric rows in {epochs} epochs, {rounds} rounds; ratio = time / ours in the")
    print("same round, median\n")
    steps = ["write", "read all", "write + read all", "read a column", "read 100 rows"]
    print(f"{'':24}" + "".join(f"{step:>18}" for step in steps) + f"{'MB':>8}")
    for name, size in sizes.items():
        cells = []
        for step in steps:
            ours, theirs = seconds[Ours.name, step], seconds[name, step]
            ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
            cells.append(f"{statistics.median(theirs):9.2f} s {ratio:5.1f}x")
        print(f"{name:24}" + "".join(f"{cell:>18}" for cell in cells) + f"{size:8.0f}")


def tables(rows: int, folder: str) -> None:
    """What a person waits for with a table of so many rows."""
    rng = np.random.default_rng(0)
    names = {"dataset_name": "big", "project_name": "p", "root_url": folder}
    data = {
        "image": [f"/data/images/{i:012d}.jpg" for i in range(rows)],
        "bbs": draw(rows, 0)["bbs_predicted"],
        "weight": np.ones(rows),
    }
    start = time.perf_counter()
    table = sw.Table.from_dict(data, {"bbs": BOXES}, **names)
    written = time.perf_counter() - start
    opened = [timed(lambda: sw.Table.from_url(table.url)) for _ in range(10)]
    first = [timed(lambda: sw.Table.from_url(table.url).row(rows // 2)) for _ in range(5)]
    places = rng.choice(rows, 1_000, replace=False).tolist()
    start = time.perf_counter()
    derived = table.edit({"weight": dict.fromkeys(places, 0.5)}, delete=places[:10])
    edited = time.perf_counter() - start
    again = [timed(lambda: sw.Table.from_url(derived.url).row(rows // 2)) for _ in range(5)]
    print(f"\na table of {rows} rows with boxes")
    for what, value in {
        "write": written,
        "open": statistics.median(opened),
        "open, slowest of 10": max(opened),
        "open and read a row": statistics.median(first),
        "edit 1,000 rows and delete 10": edited,
        "open that revision and read a row": statistics.median(again),
    }.items():
        print(f"{what:36}{1e3 * value:10.1f} ms")
    if max(opened) > 0.1:
        raise SystemExit("opening a table took more than 100 ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        metrics(options.rows, options.epochs, options.rounds, folder)
        tables(options.rows, folder)


if __name__ == "__main__":
    main()
