"""How fast does the dashboard's server answer at a million samples?

    python benchmarks/dashboard.py [--rows 1000000] [--rounds 15] [--store FOLDER]

A run with metrics of a million samples (14 numbers, a label, predicted boxes, a map) on a table
with labelled boxes; images are 200 drawn ones that the rows share. The server is a process of its
own, asked over HTTP on the loopback, as a page does. Wall times are those of the client; CPU ms are
those of the server's process alone. Every answer's rows are counted.

The reference for an aggregate query is embedding-atlas with its DuckDB server: 31 ms at 1M rows.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa

import samplewise as sw
from samplewise.schema import CategoricalLabelSchema, EmbeddingSchema, Float, Int
from samplewise.schema.boxes import boxes_to_arrow
from samplewise.schemas import BoundingBoxes2DSchema, ImageSchema

CLASSES = [f"class {i}" for i in range(80)]
SOURCE = {
    "kind": "metrics",
    "project": "large",
    "run": "run",
    "stream": "metrics",
    "epoch": 0,
    "split": "val",
    "input_table_id": 0,
}
IMAGES = 200


def draw_images(folder: Path) -> list[str]:
    """Noisy pictures of 640 x 480."""
    from PIL import Image

    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    urls = []
    for number in range(IMAGES):
        small = rng.integers(0, 255, (12, 16, 3), np.uint8)
        image = Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC)
        urls.append(str(folder / f"{number}.jpg"))
        image.save(urls[-1], quality=85)
    return urls


def boxes(rows: int, rng: np.random.Generator, schema: BoundingBoxes2DSchema) -> pa.Array:
    """Three boxes a row on average."""
    counts = rng.poisson(3, rows)
    total = int(counts.sum())
    corner = rng.uniform(0, 500, (total, 2))
    numbers = {name: rng.random(total) for name in schema.properties if name != "label"}
    return boxes_to_arrow(
        np.hstack([corner, corner + rng.uniform(5, 80, (total, 2))]),
        np.concatenate([[0], np.cumsum(counts)]),
        {"label": rng.integers(0, 80, total), **numbers},
        np.tile([0.0, 0.0, 640.0, 480.0], (rows, 1)),
        schema,
    )


def draw_store(folder: Path, rows: int) -> None:
    """The table and the run."""
    rng = np.random.default_rng(1)
    urls = np.array(draw_images(folder / "images"))
    labelled = BoundingBoxes2DSchema(CLASSES)
    table = sw.Table.from_dict(
        {
            "image": pa.array(urls[np.arange(rows) % IMAGES]),
            "bbs": boxes(rows, rng, labelled),
            "weight": np.ones(rows),
        },
        {"image": ImageSchema(), "bbs": labelled, "weight": Float()},
        table_name="all",
        dataset_name="drawn",
        project_name="large",
        root_url=str(folder / "store"),
    )
    predicted = BoundingBoxes2DSchema(CLASSES, additional={"confidence": Float(), "iou": Float()})
    columns: dict[str, Any] = {f"metric_{i}": rng.random(rows) for i in range(10)}
    columns |= {f"count_{i}": rng.poisson(4, rows) for i in range(4)}
    columns["label"] = rng.integers(0, 80, rows)
    columns["map"] = rng.normal(size=(rows, 2)).astype(np.float32)
    columns["bbs_predicted"] = boxes(rows, rng, predicted)
    schema = {
        **{f"metric_{i}": Float() for i in range(10)},
        **{f"count_{i}": Int() for i in range(4)},
        "label": CategoricalLabelSchema(CLASSES),
        "map": EmbeddingSchema(2),
        "bbs_predicted": predicted,
    }
    with sw.Run.create("large", "run", root_url=str(folder / "store")) as run:
        run.add_metrics(columns, schema, table.url, epoch=0, split="val")


class Server:
    """A server in a process of its own, and one connection to it."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "samplewise.cli", "ui", "--json", "--no-browser"]
        environment = {**os.environ, "SAMPLEWISE_ROOT": str(root), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        lines = ""
        while not lines.rstrip().endswith("}"):
            lines += self._process.stdout.readline()
        address = json.loads(lines)["address"]
        host, _, rest = address.removeprefix("http://").partition("/")
        self._connection = http.client.HTTPConnection(host)
        self._connection.request("GET", f"/{rest}")
        response = self._connection.getresponse()
        response.read()
        self._headers = {
            "Cookie": response.headers["Set-Cookie"].partition(";")[0],
            "Content-Type": "application/json",
            "X-Samplewise": "1",
        }
        self.process = psutil.Process(self._process.pid)

    def post(self, path: str, message: Any) -> bytes:
        """The answer to a message."""
        self._connection.request("POST", path, json.dumps(message), self._headers)
        return self._read()

    def get(self, path: str) -> bytes:
        """The answer to a GET."""
        self._connection.request("GET", path, headers=self._headers)
        return self._read()

    def _read(self) -> bytes:
        response = self._connection.getresponse()
        body = response.read()
        assert response.status == 200, body[:500]
        return body

    @property
    def cpu_s(self) -> float:
        """CPU seconds so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


class Page:
    """Asks what a page asks.

    Args:
        server: The server.
        rounds: How often.
    """

    def __init__(self, server: Server, rounds: int) -> None:
        self._server = server
        self._rounds = rounds

    def ask(self, path: str, **message: Any) -> Any:
        """JSON about the collection."""
        return json.loads(self._server.post(path, {"source": SOURCE, **message}))

    def rows(self, path: str, **message: Any) -> int:
        """Rows of the collection: how many came."""
        body = self._server.post(path, {"source": SOURCE, **message})
        return len(pa.ipc.open_stream(body).read_all())

    def count(self, *filters: dict[str, Any]) -> int:
        """How many samples filters select."""
        return self.ask("/api/count", filters=filters)["count"]

    def histogram(self, filters: list[dict[str, Any]]) -> int:
        """A histogram: how many samples it counts."""
        return sum(self.ask("/api/histogram", column="metric_9", filters=filters)["counts"])

    def page(self, number: int, **message: Any) -> int:
        """A page of the grid."""
        names = ["image", "bbs", "bbs_predicted", "metric_0", "label"]
        return self.rows("/api/rows", offset=number * 7_919, columns=names, **message)

    def picture(self, number: int) -> int:
        """A small picture."""
        return len(self._server.get(f"/api/images/run/large/run/0/{number}?size=256")) > 0

    def measure(self, name: str, ask: Callable[[int], int], rounds: int | None = None) -> None:
        """Ask so often, and print what it took."""
        rounds = rounds or self._rounds
        walls, begun, rows = [], self._server.cpu_s, set()
        for number in range(rounds):
            start = time.perf_counter()
            rows.add(ask(number))
            walls.append((time.perf_counter() - start) * 1000)
        cpu = (self._server.cpu_s - begun) * 1000 / rounds
        p50, p95 = statistics.median(walls), float(np.percentile(walls, 95))
        memory = self._server.process.memory_info().rss / 2**20
        shown = f"{min(rows):,}" if len(rows) == 1 else f"{min(rows):,} to {max(rows):,}"
        print(
            f"| {name} | {p50:.1f} | {p95:.1f} | {cpu:.1f} | {shown} | {memory:.0f} |", flush=True
        )


def brush(number: int, columns: int = 1) -> list[dict[str, Any]]:
    """Filters of a brush that moves."""
    low = 0.1 + number * 0.001
    return [
        {"kind": "range", "column": f"metric_{i}", "low": low, "high": low + 0.5}
        for i in range(columns)
    ]


def lasso(number: int) -> dict[str, Any]:
    """A lasso that moves."""
    points = [[-1 - number / 100, -1], [1, -1], [1, 1], [0, 2], [-1, 1]]
    return {"kind": "polygon", "x": "map.0", "y": "map.1", "points": points}


def of_class(number: int) -> dict[str, Any]:
    """Samples with a confident prediction of a class."""
    chosen = {"column": "bbs_predicted", "property": "label", "values": [number % 80]}
    return {"kind": "instances", **chosen, "confidence": 0.5}


def look_at_charts(page: Page) -> None:
    """What the charts ask."""
    plotted = ["map.0", "map.1", "metric_0", "metric_1", "label", "count_0"]
    labels = {"column": "bbs_predicted", "property": "label", "confidence": 0.5}
    page.measure("source, first", lambda _: page.ask("/api/source")["rows"], 1)
    page.measure("source, again", lambda _: page.ask("/api/source")["rows"])
    page.measure("6 columns, first", lambda _: page.rows("/api/columns", columns=plotted), 1)
    page.measure("6 columns, again", lambda _: page.rows("/api/columns", columns=plotted))
    page.measure("count, brush", lambda n: page.count(*brush(n)))
    page.measure("histogram, another brush", lambda n: page.histogram(brush(n + 100)))
    page.measure("histogram, 3 brushes", lambda n: page.histogram(brush(n, 3)))
    page.measure("count, lasso", lambda n: page.count(lasso(n)))
    page.measure("count, class of predictions, first", lambda n: page.count(of_class(n)), 1)
    page.measure("count, class of predictions", lambda n: page.count(of_class(n + 1)))
    page.measure(
        "samples by class of predictions, brush",
        lambda n: len(page.ask("/api/histogram", **labels, filters=brush(n + 200))["counts"]),
    )


def look_at_grid(page: Page) -> None:
    """What the grid and the table ask."""
    sort = [{"column": "metric_3", "descending": True}]
    page.measure("page of 100 with boxes", page.page)
    page.measure("page of 100, sorted, first", lambda n: page.page(n, sort=sort), 1)
    page.measure("page of 100, sorted", lambda n: page.page(n + 1, sort=sort))
    page.measure(
        "page of 100, sorted, brush moves",
        lambda n: page.page(0, sort=sort, filters=brush(n + 300)),
    )
    page.measure("small picture, first", page.picture)
    page.measure("small picture, again", page.picture)


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    folder = options.store or Path(tempfile.mkdtemp(prefix="samplewise-dashboard-"))
    if not (folder / "store").exists():
        draw_store(folder, options.rows)
    server = Server(folder / "store")
    page = Page(server, options.rounds)
    print("| asked | p50 ms | p95 ms | CPU ms | rows | server MB |")
    print("|---|---|---|---|---|---|", flush=True)
    try:
        look_at_charts(page)
        look_at_grid(page)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
