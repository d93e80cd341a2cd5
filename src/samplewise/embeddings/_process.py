"""Reducing in a process of its own.

The packages compile themselves for half a minute, change global state and may fail in ways that
end a process: nothing of this belongs into a training. The process is a program of its own
(`_worker.py`), not a copy of the user's, so a script needs no `if __name__ == "__main__"`.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

import samplewise.errors
from samplewise.embeddings._epochs import reduce_epochs, reduce_with_pca
from samplewise.embeddings._plan import GroupKey, Progress, Reduction, ReductionPlan, as_groups
from samplewise.embeddings._stored import save_reducer
from samplewise.embeddings.reducer import ReductionWarning
from samplewise.errors import InvalidArgumentError, SamplewiseError, StoreError

_POLL_S = 0.05
_STDERR_CHARACTERS = 4_000


@dataclass(frozen=True)
class StoredReducer:
    """A reducer in a file.

    Args:
        path: The file.
        sha256: Its hash, as `save_reducer` returned it.
    """

    path: str | os.PathLike[str]
    sha256: str


def reduce_in_process(
    groups: Mapping[GroupKey, ArrayLike],
    plan: ReductionPlan | None = None,
    *,
    fitted: StoredReducer | None = None,
    reducer_path: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    timeout_s: float | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Reduction:
    """Like `reduce_epochs`, in a process of its own.

    This process imports none of the packages, keeps its global state, and outlives whatever
    happens to the other. PCA, which needs NumPy alone, is done right here. The embeddings travel
    through files in the temporary folder (`TMPDIR`).

    Args:
        groups: Embeddings, shape `(n, d)`, by `(epoch, split, ...)`; rows with NaN are missing.
        plan: How to; PaCMAP on the last epoch by default. With `fallback`, PCA is also taken
            where the process crashes or runs out of time.
        fitted: Place on the map of this stored reducer instead of fitting one.
        reducer_path: Where to keep the fitted reducer; `reducer_sha256` of the result is then its
            hash. It is not kept otherwise.
        progress: Called in this thread with `"start"`, `"fit"`, `"place"` or `"judge"` and the
            share of all that is done.
        cancelled: Asked every 50 ms; the process is ended once it says True.
        timeout_s: Seconds that it may take.
        cache_dir: Where compiled code is kept for the next time, see `compile_cache_dir`.

    Raises:
        InvalidArgumentError: An argument breaks its rule, or nothing valid is there to fit on.
        MissingDependencyError: The package of the method is not installed, without `fallback`.
        SamplewiseError: It was cancelled, or the method or its process failed, without
            `fallback`; the cause is chained.
    """
    plan = plan or ReductionPlan()
    matrices = as_groups(groups)
    if plan.method == "pca" and fitted is None:
        return _keep_copy(reduce_epochs(matrices, plan, progress=progress), reducer_path)
    job = _Job(progress or (lambda what, share: None), cancelled, timeout_s)
    try:
        with tempfile.TemporaryDirectory(prefix="samplewise-reduce-") as name:
            _write_request(Path(name), matrices, plan, fitted, reducer_path)
            job.run(Path(name), compile_cache_dir(cache_dir))
            reduction = _read_result(Path(name), list(matrices))
    except (_CancelledError, InvalidArgumentError):
        raise
    except (SamplewiseError, OSError) as error:
        if not plan.fallback or fitted is not None:
            raise _ours(error) from error.__cause__
        reduction = reduce_with_pca(matrices, plan, error, progress=progress)
        return _keep_copy(reduction, reducer_path)
    for note in reduction.notes:
        warnings.warn(note, ReductionWarning, stacklevel=2)
    return reduction


def compile_cache_dir(cache_dir: str | os.PathLike[str] | None = None) -> Path | None:
    """Where code that PaCMAP and UMAP compile is kept between processes (`NUMBA_CACHE_DIR`).

    The first import of PaCMAP compiles for 20 to 30 s, the next ones take 6 s.

    Args:
        cache_dir: Folder to use; by default that of the environment variable `NUMBA_CACHE_DIR`,
            then one in the user's cache folder.

    Returns:
        The folder, made where it was missing; None where it cannot be written, and nothing is
        kept then.
    """
    import platformdirs

    chosen = cache_dir or os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(chosen or Path(platformdirs.user_cache_dir("samplewise"), "numba"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def _ours(error: SamplewiseError | OSError) -> SamplewiseError:
    if isinstance(error, SamplewiseError):
        return error
    return StoreError(
        f"embeddings cannot be handed to the process that reduces: {error}.",
        hint="`TMPDIR` names another temporary folder.",
    )


class _CancelledError(SamplewiseError):
    """The caller did not want it any more."""


@dataclass(frozen=True)
class _Job:
    """A process that reduces, and what its caller wants to know and to say."""

    progress: Progress
    cancelled: Callable[[], bool] | None
    timeout_s: float | None

    def run(self, folder: Path, cache: Path | None) -> None:
        """Start it, follow it to its end, and raise what it raised."""
        self.progress("start", 0.0)
        with (folder / "stderr").open("wb") as stderr, _process(folder, cache, stderr) as process:
            lines = _Lines(process)
            end = time.monotonic() + self.timeout_s if self.timeout_s is not None else None
            while process.poll() is None:
                self._check(end)
                for what, share in lines.take():
                    self.progress(what, share)
                time.sleep(_POLL_S)
            lines.finish()
            for what, share in lines.take():
                self.progress(what, share)
        if process.returncode != 0:
            raise _error_of(folder, process.returncode)

    def _check(self, end: float | None) -> None:
        if self.cancelled is not None and self.cancelled():
            raise _CancelledError("reducing was cancelled.")
        if end is not None and time.monotonic() > end:
            raise SamplewiseError(
                f"reducing took longer than {self.timeout_s:g} s and was ended.",
                hint="raise `timeout_s`, or fit on fewer rows with `max_fit_rows`.",
            )


class _Lines:
    """What the process says, read by a thread so that nobody waits for a line."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._heard: list[tuple[str, float]] = []
        self._thread = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        self._thread.start()

    def _listen(self, stream: Any) -> None:
        for line in stream:
            what, share = json.loads(line)
            self._heard.append((what, share))

    def take(self) -> list[tuple[str, float]]:
        """What was said since the last time."""
        taken = self._heard[:]
        del self._heard[: len(taken)]
        return taken

    def finish(self) -> None:
        """Wait for the last line."""
        self._thread.join(timeout=10)


@contextmanager
def _process(folder: Path, cache: Path | None, stderr: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The process; it is gone when the block is left, whatever happened in it."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "samplewise.embeddings._worker", str(folder)],
        stdin=subprocess.PIPE,  # never written to: its end tells the process that we are gone
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=_environment(folder, cache),
        start_new_session=True,  # Ctrl-C is for us to hear; we end the process
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _environment(folder: Path, cache: Path | None) -> dict[str, str]:
    environment = dict(os.environ)
    environment.pop("PYTHONWARNINGS", None)  # `error` would turn their warnings into our failure
    # Whatever can be imported here can be imported there, wherever it lies.
    environment["PYTHONPATH"] = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
    environment["NUMBA_CACHE_DIR"] = str(cache or folder / "numba")
    return environment


def _write_request(
    folder: Path,
    matrices: Mapping[GroupKey, np.ndarray],
    plan: ReductionPlan,
    fitted: StoredReducer | None,
    reducer_path: str | os.PathLike[str] | None,
) -> None:
    for i, matrix in enumerate(matrices.values()):
        np.save(folder / f"{i}.npy", matrix)
    stored = {"path": os.path.abspath(fitted.path), "sha256": fitted.sha256} if fitted else None
    request = {
        "epochs": [None if key[0] is None else int(key[0]) for key in matrices],
        "plan": asdict(plan),
        "fitted": stored,
        "reducer_path": os.path.abspath(reducer_path) if reducer_path else None,
    }
    (folder / "request.json").write_text(json.dumps(request, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise InvalidArgumentError(f"`options` must hold plain numbers and words, but holds {value!r}.")


def _read_result(folder: Path, keys: list[GroupKey]) -> Reduction:
    result = json.loads((folder / "result.json").read_text())
    result["notes"] = tuple(result["notes"])
    result["trustworthiness"] = dict(zip(keys, result["trustworthiness"], strict=True))
    places = {key: np.load(folder / f"{i}.coordinates.npy") for i, key in enumerate(keys)}
    return Reduction(coordinates=places, **result)


def _keep_copy(reduction: Reduction, path: str | os.PathLike[str] | None) -> Reduction:
    if path is None or reduction.reducer is None:
        return reduction
    return replace(reduction, reducer_sha256=save_reducer(reduction.reducer, path))


def _error_of(folder: Path, returncode: int) -> SamplewiseError:
    """What the process raised, as if it had been raised here."""
    told = folder / "error.json"
    if not told.exists():
        said = (folder / "stderr").read_text(errors="replace")[-_STDERR_CHARACTERS:]
        error = SamplewiseError(
            f"the process that reduces ended with {_ending(returncode)} and no result.",
            hint="it may have run out of memory: fit on fewer rows with `max_fit_rows`.",
        )
        error.__cause__ = RuntimeError(said)
        return error
    described = json.loads(told.read_text())
    kind = getattr(samplewise.errors, described["kind"] or "SamplewiseError")
    message = described["message"]
    if described["kind"] is None:
        message = f"reducing failed in its process: {message}"
    error = kind(message, hint=described["hint"])
    error.__cause__ = RuntimeError(f"in the process that reduces:\n{described['traceback']}")
    return error


def _ending(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit code {returncode}"
