"""Imports, edits and logs again and again in child processes that are killed at random moments.

Run by `test_killed_writers.py`: `python _write_until_killed.py FOLDER KILLS`. Lance is imported
once and first used in the forked children, since it does not survive a fork that comes later.
"""

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401  # loaded once, for all children
import lance  # noqa: F401
import pyarrow.dataset  # noqa: F401

from samplewise.storage import Store
from samplewise.tables import Run, Table

NAMES = {"dataset_name": "rows", "project_name": "killed"}
Tell = Callable[[Any], object]


def main(folder: Path, kills: int) -> None:
    """Kill, look, and say what was seen, as one JSON line."""
    in_child(lambda _tell: Run.create("killed", "run", root_url=str(folder)))
    chance = random.Random(0)
    acknowledged: list[Any] = []
    wrong = []
    for number in range(kills):
        told = in_child(
            lambda tell, number=number: write_forever(folder, number, tell),
            kill_after=chance.uniform(0.0, 0.6),
        )
        acknowledged += told
        so_far = list(acknowledged)
        [problems] = in_child(lambda tell, known=so_far: tell(problems_of(folder, known)))
        wrong += problems
    print(json.dumps({"acknowledged": len(acknowledged), "wrong": wrong}))  # noqa: T201


def write_forever(folder: Path, number: int, tell: Tell) -> None:
    """Import a Table, derive two revisions, log a value; tell of each when it is done."""
    run = Run.from_names("run", "killed", str(folder))
    for turn in range(10_000):
        count = 50 + (7 * number + turn) % 100
        values = list(range(count))
        table = Table.from_dict(
            {"x": values, "text": ["a" * 40] * count},
            table_name=f"imported-{number}-{turn}",
            root_url=str(folder),
            description=json.dumps(values),
            **NAMES,
        )
        tell(["table", table.name])
        shorter = table.delete_rows([0, 5], description=json.dumps(values[1:5] + values[6:]))
        tell(["table", shorter.name])
        changed = [-1, *values[1:]]
        tell(["table", table.edit({"x": {0: -1}}, description=json.dumps(changed)).name])
        run.log({"turn": turn}, epoch=number, split="train")
        tell(["log", [number, turn]])


def problems_of(folder: Path, acknowledged: list[Any]) -> list[str]:
    """What is broken or lost."""
    names = Store(str(folder)).children("killed/datasets/rows/tables")
    found = [f"lost {name}" for kind, name in acknowledged if kind == "table" and name not in names]
    for name in names:
        table = Table.from_names(name, "rows", "killed", str(folder))
        stored = table.get_column_as_pyarrow_array("x").to_pylist()
        if stored != json.loads(table.description) or len(table) != len(stored):
            found.append(f"table {name} is not whole")
    history = Run.from_names("run", "killed", str(folder)).history
    logged = set(zip(*(history.column(c).to_pylist() for c in ("epoch", "value")), strict=True))
    found += [
        f"lost log {entry}"
        for kind, entry in acknowledged
        if kind == "log" and (entry[0], float(entry[1])) not in logged
    ]
    return found


def in_child(work: Callable[[Tell], object], kill_after: float | None = None) -> list[Any]:
    """What a forked child told; it is killed some seconds after it told the first thing."""
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
    text = _read_until_killed(child, read, kill_after)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise RuntimeError("a child failed")
    return [json.loads(line) for line in text.decode().split("\n")[:-1]]


def _read_until_killed(child: int, read: int, kill_after: float | None) -> bytes:
    text, deadline = b"", None
    while True:
        ready, _, _ = select.select([read], [], [], 0.005)
        if ready:
            part = os.read(read, 65536)
            if not part:
                os.close(read)
                return text
            text += part
        if kill_after is not None and deadline is None and text:
            deadline = time.monotonic() + kill_after
        if deadline is not None and time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            kill_after = deadline = None


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
