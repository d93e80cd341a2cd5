"""The process that reduces: `python -m samplewise.embeddings._worker FOLDER`.

The folder holds `request.json` and one `.npy` file a group. The process writes progress as lines
of JSON to its standard output, the coordinates and `result.json`, or `error.json`, to the folder.
It ends when its standard input does: nobody would be there to read the result.
"""

import json
import os
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from samplewise.embeddings._epochs import reduce_epochs
from samplewise.embeddings._plan import Reduction, ReductionPlan
from samplewise.embeddings._stored import load_reducer, save_reducer
from samplewise.embeddings.reducer import ReductionWarning
from samplewise.errors import SamplewiseError


def main(folder: Path) -> int:
    """Do what the request in the folder says; 0 if there is a result, 1 if there is an error."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    screen, sys.stdout = sys.stdout, sys.stderr  # packages print; only we may write lines
    warnings.simplefilter("ignore", ReductionWarning)  # the parent says them, from the notes
    try:
        _answer(folder, screen)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent shall hear of it
        _write(folder / "error.json", _describe_error(error))
        return 1
    return 0


def _answer(folder: Path, screen: TextIO) -> None:
    request = json.loads((folder / "request.json").read_text())
    epochs: list[int | None] = request["epochs"]
    groups = {
        (epoch, i): np.load(folder / f"{i}.npy", mmap_mode="r") for i, epoch in enumerate(epochs)
    }

    def progress(what: str, share: float) -> None:
        print(json.dumps([what, share]), file=screen, flush=True)

    stored = request["fitted"]
    fitted = load_reducer(stored["path"], stored["sha256"]) if stored else None
    reduction = reduce_epochs(
        groups, ReductionPlan(**request["plan"]), fitted=fitted, progress=progress
    )
    for i, coordinates in enumerate(reduction.coordinates.values()):
        np.save(folder / f"{i}.coordinates.npy", coordinates)
    sha256 = None
    if request["reducer_path"] and reduction.reducer is not None:
        sha256 = save_reducer(reduction.reducer, request["reducer_path"])
    _write(folder / "result.json", _numbers(reduction) | {"reducer_sha256": sha256})


def _numbers(reduction: Reduction) -> dict[str, Any]:
    return {
        "trustworthiness": list(reduction.trustworthiness.values()),
        "method": reduction.method,
        "used_method": reduction.used_method,
        "n_components": reduction.n_components,
        "seed": reduction.seed,
        "strategy": reduction.strategy,
        "reference": reduction.reference,
        "notes": reduction.notes,
    }


def _describe_error(error: Exception) -> dict[str, str | None]:
    ours = isinstance(error, SamplewiseError)
    return {
        "kind": type(error).__name__ if ours else None,
        "message": error.message if ours else f"{type(error).__name__}: {error}",
        "hint": error.hint if ours else None,
        "traceback": traceback.format_exc(),
    }


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
