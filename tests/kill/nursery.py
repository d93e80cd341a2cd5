"""Processes to be killed: forked from one that has loaded Lance but not used it yet.

    python nursery.py ROOT

Reads lines `WORK LINES SECONDS` and answers each with a line of JSON: what the child had
acknowledged when it was killed, so many seconds after it had written so many lines: one when it
begins, and one for each piece of work. Loading Lance costs seconds; forking a process that loaded
it, but started none of its threads, costs nothing.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import lance  # noqa: F401  # loaded once, for all children
import numpy as np
import pyarrow.dataset  # noqa: F401

import samplewise as sw
from samplewise.tables import Run, revision  # noqa: F401

ROWS = 3_000


def names(name: str) -> dict[str, str]:
    """Where tables go."""
    return {"table_name": name, "dataset_name": "d", "project_name": "p"}


def import_tables(root: str) -> Iterator[str]:
    """New tables, each of rows that hold its number."""
    number = int(time.time() * 1e6)
    while True:
        number += 1
        with sw.TableWriter(**names(f"t{number}"), root_url=root) as writer:
            for _ in range(3):
                writer.add_batch({"x": np.full(ROWS // 3, number), "s": ["y"] * (ROWS // 3)})
        yield f"t{number}"


def overwrite_table(root: str) -> Iterator[str]:
    """One table, again and again, of rows that hold a growing number."""
    while True:
        number = int(time.time() * 1e6)
        data = {"x": np.full(ROWS, number)}
        sw.Table.from_dict(data, **names("same"), root_url=root, if_exists="overwrite")
        yield str(number)


def derive_tables(root: str) -> Iterator[str]:
    """Revisions of one table: ten rows hold the same new number, the last row is gone."""
    base = sw.Table.from_dict({"x": np.arange(ROWS)}, **names("base"), root_url=root)
    while True:
        number = -int(time.time() * 1e6)
        edited = base.edit({"x": dict.fromkeys(range(10), number)}, delete=[-1])
        yield edited.name


def append_metrics(root: str) -> Iterator[str]:
    """Collections of a run, each of three fragments in one commit, and an aggregate of each."""
    run = Run.create("p", "run", if_exists="reuse", root_url=root)
    while True:
        epoch = int(time.time() * 1e6)
        columns = {"m": np.full(ROWS, epoch)}
        run.add_metrics(columns, epoch=epoch, split="val")
        run.log({"epoch": epoch}, epoch=epoch)
        yield str(epoch)


def change_run(root: str) -> Iterator[str]:
    """Hyperparameters of a run: two that are always the same."""
    run = Run.create("p", "changed", if_exists="reuse", root_url=root)
    while True:
        number = int(time.time() * 1e6)
        run.set_parameters({"a": number, "b": number})
        yield str(number)


WORK: dict[str, Callable[[str], Iterator[str]]] = {
    work.__name__: work
    for work in (import_tables, overwrite_table, derive_tables, append_metrics, change_run)
}


def be_killed(work: str, root: str, start: int) -> None:
    """Work and acknowledge, until the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # notes are not of interest here
    os.write(start, b"READY\n")
    for done in WORK[work](root):
        os.write(start, f"{done}\n".encode())


def acknowledged(work: str, root: str, lines: int, after_s: float) -> list[str]:
    """Start a child, kill it, and say what it had acknowledged."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end)
        be_killed(work, root, start)
    os.close(start)
    with os.fdopen(end, "rb", buffering=0) as pipe:
        text = b""
        while text.count(b"\n") < lines:
            text += pipe.read(4096)
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        text += pipe.read()
    return text.decode().split("\n")[1:-1]  # without READY, and without what has no end


def main() -> None:
    root = sys.argv[1]
    for line in sys.stdin:
        work, lines, after_s = line.split()
        done = acknowledged(work, root, int(lines), float(after_s))
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
