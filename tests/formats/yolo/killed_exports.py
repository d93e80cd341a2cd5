"""Kills an export at every one of its file operations, and looks what is there.

Run by a test in a process of its own, which forks; prints how many moments it tried.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from samplewise.formats._written import replace_file
from samplewise.formats.yolo._split_folder import SplitFolder

CHANGES = {"os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "open"}
OLD = {"b": "0 2", "c/d": "0 3"}
NEW = {"b": "1 2", "c/e": "1 3"}
THIRD = {"a": "2 1"}


def export(root: Path, labels: dict[str, str], image: Path) -> None:
    """Write a split as the exporter does."""

    def name_folder(folder: str, only_again: bool) -> None:
        if not only_again or (root / "data.yaml").exists():
            with replace_file(root / "data.yaml") as file:
                file.write(folder.encode())

    SplitFolder(root, "train").write(
        [f"{name}.jpg" for name in labels],
        [(str(image), [line]) for line in labels.values()],
        lambda source, target: target.symlink_to(source),
        name_folder,
    )


def read(root: Path) -> dict[str, str] | None:
    """The split that `data.yaml` names; None if there is none."""
    if not (root / "data.yaml").exists():
        return None
    images = root / (root / "data.yaml").read_text()
    labels = Path(str(images).replace("/images/", "/labels/"))
    names = [path.relative_to(images).with_suffix("") for path in images.rglob("*.jpg")]
    return {str(name): (labels / f"{name}.txt").read_text().strip() for name in names}


def die_at(moment: int) -> None:
    """Kill this process at its n-th change of the disk."""
    left = [moment]

    def look(event: str, arguments: tuple) -> None:
        if event in CHANGES and not (event == "open" and arguments[1] == "r"):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def try_all(folder: Path, before: dict[str, str] | None, step: int) -> int:
    """Kill an export at every moment; returns how many there were."""
    image = folder / "image.jpg"
    for moment in range(0, 1000, step):
        root = folder / f"{moment}"
        root.mkdir()
        if before is not None:
            export(root, before, image)
        (root / "mine.txt").write_text("mine")
        child = os.fork()
        if child == 0:
            die_at(moment)
            export(root, NEW, image)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert read(root) in (before, NEW), (moment, read(root))
        export(root, THIRD, image)
        assert read(root) == THIRD
        left = sorted(str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir())
        assert left == [
            ".samplewise-export.json",
            "data.yaml",
            "images/train/a.jpg",
            "labels/train/a.txt",
            "mine.txt",
        ], (moment, left)
        shutil.rmtree(root)
        if status == 0:
            return moment
    raise AssertionError("it never ended")


if __name__ == "__main__":
    place = Path(sys.argv[1])
    os.fsync = lambda _handle: None  # what a kill leaves does not depend on it
    (place / "image.jpg").write_bytes(b"image")
    sys.stdout.write(f"{try_all(place, OLD, 1)} {try_all(place, None, 3)}")
