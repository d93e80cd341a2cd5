"""One of several processes that make the same tables and runs at the same moments.

    python contenders.py ROOT NUMBER COUNT

Prints one line of JSON per attempt: what, mode, and the name it got, or the error.
"""

import json
import sys
import time
from pathlib import Path

import samplewise as sw
from samplewise.errors import SamplewiseError
from samplewise.tables import Run

MODES = ["reuse", "overwrite", "rename", "raise"]


def wait_for_all(folder: Path, step: str, number: int, count: int) -> None:
    """Go on when all processes are here."""
    (folder / f"{step}-{number}").touch()
    while len(list(folder.glob(f"{step}-*"))) < count:
        time.sleep(0.001)


def make_table(root: str, number: int, mode: str) -> str:
    """Make a table of 200 rows that all hold the number of the process."""
    data = {"x": [number] * 200}
    names = {"dataset_name": mode, "project_name": "p", "root_url": root}
    table = sw.Table.from_dict(data, if_exists=mode, **names)
    assert len(table) == 200
    assert table.get_column_as_pyarrow_array("x").unique().to_pylist() == [
        number if mode != "reuse" else table[0]["x"]
    ]
    return table.name


def make_run(root: str, number: int, mode: str) -> str:
    """Make a run that logs the number of the process."""
    run = Run.create(mode, "r", None, {f"n{number}": number}, mode, root)
    run.log({"n": number})
    run.close()
    return run.name


def main() -> None:
    root, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    barriers = Path(f"{root}-barriers")
    barriers.mkdir(exist_ok=True)
    make_run(root, 0, "rename")  # loads all that takes long to load
    for make in (make_table, make_run):
        for mode in MODES:
            wait_for_all(barriers, f"{make.__name__}-{mode}", number, count)
            try:
                result = make(root, number, mode)
            except SamplewiseError as error:
                result = type(error).__name__
            sys.stdout.write(json.dumps([make.__name__, mode, result]) + "\n")


if __name__ == "__main__":
    main()
