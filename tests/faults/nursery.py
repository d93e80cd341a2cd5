"""Processes that meet with faults: forked from one that has loaded Lance but not used it yet.

Reads lines of JSON, a command of `COMMANDS` and its arguments each, and answers with a line.
Loading Lance costs seconds; forking a process that loaded it, but started none of its threads,
costs nothing. Where the shim is loaded (`LD_PRELOAD`, see `shim.c`), disks can fail.
"""

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lance  # noqa: F401  # loaded once, for all children
import pyarrow.dataset  # noqa: F401
import replay
import work

from samplewise.errors import SamplewiseError
from samplewise.records import revision  # noqa: F401

PIECES = 6  # of work on a disk that fails


def in_child(run: Callable[[int], object], *, after: Callable[[int], object] | None = None) -> str:
    """What a child writes until it ends, or until `after(its id)` is done, which may kill it."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # notes are not of interest here
        try:
            run(start)
        except BaseException:  # noqa: BLE001  # told to the one who asked
            os.write(start, f"ERROR {traceback.format_exc()}".encode())
        os._exit(0)
    os.close(start)
    with os.fdopen(end, "rb", buffering=0) as pipe:
        text = b"" if after is None else _first_lines(pipe, after.lines)  # type: ignore[attr-defined]
        if after is not None:
            after(child)
        while more := pipe.read(65536):
            text += more
    os.waitpid(child, 0)
    return text.decode()


def _first_lines(pipe: Any, count: int) -> bytes:
    text = b""
    while text.count(b"\n") < count and (more := pipe.read(4096)):
        text += more
    return text


class Kill:
    """Waits for some lines and some time, lets somebody look at the disk, and kills."""

    def __init__(self, lines: int, after_s: float, copy: list[str] | None) -> None:
        self.lines, self._after_s, self._copy = lines, after_s, copy

    def __call__(self, child: int) -> None:
        time.sleep(self._after_s)
        os.kill(child, signal.SIGSTOP)
        if self._copy is not None:
            shutil.copyfile(*self._copy)
        os.kill(child, signal.SIGKILL)


def acknowledge(kind: str, root: str, start: int) -> None:
    """Work and acknowledge, until the end."""
    os.write(start, b"READY\n")
    for done in work.KINDS[kind].work(root):
        os.write(start, f"{done}\n".encode())


def kill(kind: str, root: str, lines: int, after_s: float, copy: list[str] | None = None) -> Any:
    """Kill a child; what it had acknowledged. `copy`: a file to be copied then, and where to."""
    text = in_child(lambda out: acknowledge(kind, root, out), after=Kill(lines, after_s, copy))
    assert "ERROR" not in text, text
    return text.split("\n")[1:-1]  # without READY, and without what has no end


def check(kind: str, root: str, acknowledged: list[str]) -> str:
    """What a process that comes later finds wrong; empty if nothing is."""
    return in_child(lambda _: work.KINDS[kind].check(root, acknowledged))


def replay_losses(kind: str, folder: str, pieces: int, losses: int, seed: int) -> Any:
    """Let the power fail at random moments of some work; what was wrong after each."""
    place = Path(folder)
    root, log, copies = place / "root", place / "log", place / "copies"
    copies.mkdir(parents=True)
    root.mkdir()

    def logged(_: int) -> None:
        os.environ.update(SHIM_ROOT=str(root), SHIM_LOG=str(log), SHIM_KEEP=str(copies))
        for done in itertools.islice(work.KINDS[kind].work(str(root)), pieces):
            with log.open("a") as file:
                file.write(f"A\t{done}\n")

    problems = [in_child(logged)]
    lines, chance = replay.moments(log), random.Random(seed)
    for loss in range(losses):
        disk = replay.disk_after(lines, chance.randrange(1, len(lines) + 1))
        target = place / f"lost{loss}"
        disk.rebuild(target, copies, names=("synced", "seen", "mixed")[loss % 3])
        problems.append(check(kind, str(target), disk.acknowledged))
        shutil.rmtree(target)
    return {"moments": len(lines), "problems": [each for each in problems if each]}


def fail(kind: str, root: str, which: str, error: int) -> Any:
    """Work on a disk of which a call fails, and each after it; what was acknowledged, and raised.

    The store is there already, and half of the work.
    """

    def failing(start: int) -> None:
        work.KINDS[kind].check(root, [])
        os.environ.update(SHIM_ROOT=root, SHIM_FAIL=f"{which} {error}")
        acknowledged, raised = [], None
        try:
            acknowledged += itertools.islice(work.KINDS[kind].work(root), PIECES)
        except SamplewiseError as problem:
            raised = f"{type(problem).__name__}: {problem.message}"
        os.write(start, json.dumps({"acknowledged": acknowledged, "raised": raised}).encode())

    text = in_child(failing)
    return {"raised": text} if text.startswith("ERROR") else json.loads(text)


def mounted_loss(kind: str, folder: str, after_s: float) -> str:
    """Stop a child that works on a disk of its own, and read what of it was synced."""
    place = Path(folder)
    image, lost, here = place / "image", place / "lost", place / "mounted"
    here.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(2**26)
    _do("mkfs.ext4", "-q", "-F", str(image))
    _do("mount", "-o", "loop,commit=300", str(image), str(here))
    try:
        acknowledged = kill(kind, str(here / "root"), 2, after_s, [str(image), str(lost)])
    finally:
        _do("umount", "-l", str(here))
    subprocess.run(["e2fsck", "-fp", str(lost)], stdout=subprocess.DEVNULL, check=False)
    _do("mount", "-o", "loop", str(lost), str(here))
    try:
        return check(kind, str(here / "root"), acknowledged)
    finally:
        _do("umount", "-l", str(here))
        shutil.rmtree(place)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


COMMANDS: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (kill, check, replay_losses, fail, mounted_loss)
}


def main() -> None:
    for line in sys.stdin:
        command, arguments = json.loads(line)
        sys.stdout.write(json.dumps(COMMANDS[command](**arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
