"""A process of its own. Programs that are not there, hang or die are real files on its path."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from samplewise.embeddings import (
    PCAReducer,
    ReductionPlan,
    ReductionWarning,
    StoredReducer,
    compile_cache_dir,
    load_reducer,
    reduce_epochs,
    reduce_in_process,
    save_reducer,
)
from samplewise.errors import (
    FormatError,
    InvalidArgumentError,
    MissingDependencyError,
    SamplewiseError,
    StoreError,
)


@pytest.fixture
def groups(draw) -> dict:
    drawn = {(0, "val"): draw(40, seed=1), (1, "val"): draw(40, seed=2)}
    drawn[0, "val"][3] = np.nan
    return drawn


@pytest.fixture
def stored(tmp_path: Path, clusters: np.ndarray) -> StoredReducer:
    """A map whose use needs a process, but no slow package."""
    reducer = PCAReducer()
    reducer.fit(clusters)
    return StoredReducer(tmp_path / "pca", save_reducer(reducer, tmp_path / "pca"))


@pytest.fixture
def pacmap_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a program in the place of the package."""

    def install(program: str) -> None:
        for name in ("pacmap", "faiss"):
            (tmp_path / f"{name}.py").write_text(program)
        monkeypatch.syspath_prepend(tmp_path)

    return install


def children() -> list[psutil.Process]:
    """Reductions that run; other tests of this process may have left loaders behind."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any("samplewise.embeddings" in word for word in process.cmdline()):
                found.append(process)
    return found


def test_pacmap_goes_there_and_back(groups: dict, tmp_path: Path):
    heard: list[tuple[str, float]] = []
    there = reduce_in_process(
        groups,
        ReductionPlan(seed=np.int64(4)),
        reducer_path=tmp_path / "kept",
        progress=lambda what, share: heard.append((what, share)),
    )
    here = reduce_epochs(groups, ReductionPlan(seed=4))
    for key in groups:
        assert np.array_equal(there.coordinates[key], here.coordinates[key], equal_nan=True)
    assert there.trustworthiness == here.trustworthiness
    assert (there.used_method, there.reference, there.reducer) == ("pacmap", 1, None)
    assert list(dict.fromkeys(what for what, _ in heard)) == ["start", "fit", "place", "judge"]
    kept = load_reducer(tmp_path / "kept", there.reducer_sha256)
    assert np.array_equal(kept.embedding_, here.reducer.embedding_)


def test_a_script_needs_no_guard_and_stays_free_of_the_packages(
    stored: StoredReducer, tmp_path: Path
):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, numpy as np\n"
        "from samplewise.embeddings import StoredReducer, reduce_in_process\n"
        f"stored = StoredReducer({os.fspath(stored.path)!r}, {stored.sha256!r})\n"
        "done = reduce_in_process({(0, 'val'): np.eye(5, 12)}, fitted=stored)\n"
        "heavy = {'pacmap', 'umap', 'sklearn', 'numba', 'faiss', 'scipy'} & set(sys.modules)\n"
        "print(done.coordinates[0, 'val'].shape, heavy)\n"
    )
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert (ran.stdout, ran.stderr) == ("(5, 2) set()\n", "")


def test_new_rows_are_placed_on_a_stored_map(groups: dict, stored: StoredReducer):
    reduction = reduce_in_process(groups, fitted=stored)
    expected = load_reducer(stored.path, stored.sha256).transform(groups[0, "val"])
    assert np.array_equal(reduction.coordinates[0, "val"], expected, equal_nan=True)


def test_an_error_comes_back_as_it_was_raised(groups: dict, stored: StoredReducer):
    other = StoredReducer(stored.path, "0" * 64)
    with pytest.raises(FormatError, match="must have the SHA-256 000") as raised:
        reduce_in_process(groups, ReductionPlan(fallback=True), fitted=other)
    assert raised.value.hint is not None
    assert "Traceback" in str(raised.value.__cause__)


def test_an_argument_that_breaks_its_rule_is_named(stored: StoredReducer):
    with pytest.raises(InvalidArgumentError, match="at least one row"):
        reduce_in_process({}, fitted=stored)
    with pytest.raises(InvalidArgumentError, match="the 12 columns of the fitted rows"):
        reduce_in_process({(0, "val"): np.eye(3)}, fitted=stored)


def test_pca_is_done_right_here(groups: dict, tmp_path: Path):
    reduction = reduce_in_process(groups, ReductionPlan("pca"), reducer_path=tmp_path / "kept")
    assert np.array_equal(
        load_reducer(tmp_path / "kept", reduction.reducer_sha256).embedding_,
        reduction.coordinates[1, "val"],
    )


def test_a_missing_package_is_named_or_pca_stands_in(groups: dict, pacmap_that, tmp_path: Path):
    pacmap_that("raise ModuleNotFoundError('gone', name=__name__)")
    with pytest.raises(MissingDependencyError) as raised:
        reduce_in_process(groups)
    assert str(raised.value) == (
        "reducing with PaCMAP needs `pacmap`.\nHint: pip install 'samplewise[pacmap]'"
    )
    with pytest.warns(ReductionWarning, match="PCA is used in place of pacmap, because") as said:
        reduction = reduce_in_process(
            groups, ReductionPlan(fallback=True), reducer_path=tmp_path / "kept"
        )
    assert [str(warning.message) for warning in said] == list(reduction.notes)
    assert load_reducer(tmp_path / "kept", reduction.reducer_sha256).method == "pca"


def test_an_error_of_a_package_is_ours_with_its_cause(groups: dict, pacmap_that):
    pacmap_that("raise ImportError('needs another numpy')")
    with pytest.raises(SamplewiseError, match="ImportError: needs another numpy") as raised:
        reduce_in_process(groups)
    assert "_pacmap.py" in str(raised.value.__cause__)


def test_a_process_that_dies_takes_nobody_along(groups: dict, pacmap_that, tmp_path: Path):
    pacmap_that(
        "import os, signal, sys; sys.stderr.write('last words'); sys.stderr.flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(SamplewiseError, match="ended with signal 9 and no result") as raised:
        reduce_in_process(groups)
    assert "last words" in str(raised.value.__cause__)
    with pytest.warns(ReductionWarning, match="because the process that reduces ended"):
        reduction = reduce_in_process(
            groups, ReductionPlan(fallback=True), reducer_path=tmp_path / "kept"
        )
    assert reduction.used_method == "pca"
    assert load_reducer(tmp_path / "kept", reduction.reducer_sha256).method == "pca"


@pytest.mark.parametrize(
    ("how", "said"),
    [({"timeout_s": 0.5}, "longer than 0.5 s"), ({"cancelled": lambda: True}, "was cancelled")],
)
def test_it_ends_when_it_shall(groups: dict, pacmap_that, how: dict, said: str):
    pacmap_that("import time; time.sleep(60)")
    before = time.monotonic()
    with pytest.raises(SamplewiseError, match=said):
        reduce_in_process(groups, **how)
    assert time.monotonic() - before < 20
    assert children() == []


def test_a_cancelled_reduction_has_no_stand_in(groups: dict):
    with pytest.raises(SamplewiseError, match="was cancelled"):
        reduce_in_process(groups, ReductionPlan(fallback=True), cancelled=lambda: True)


def test_an_interrupt_ends_the_process_too(groups: dict, stored: StoredReducer):
    def interrupt(what: str, share: float) -> None:
        if what == "place":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reduce_in_process(groups, fitted=stored, progress=interrupt)
    assert children() == []


def test_it_ends_when_its_parent_is_gone(tmp_path: Path):
    (tmp_path / "faiss.py").write_text("import time; time.sleep(60)")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import numpy as np, os, psutil\n"
        "from samplewise.embeddings import reduce_in_process\n"
        "def die(what, share):\n"
        "    if what == 'fit':\n"
        "        print(psutil.Process().children()[0].pid, flush=True)\n"
        "        os._exit(0)\n"
        "reduce_in_process({(0, 'a'): np.random.default_rng(0).normal(size=(90, 9))}, progress=die)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    end = time.monotonic() + 10
    while psutil.pid_exists(int(ran.stdout)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(ran.stdout))


def test_a_full_disk_is_told_or_pca_stands_in(groups: dict, monkeypatch, tmp_path: Path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(StoreError, match=r"cannot be handed.*\n.*TMPDIR"):
        reduce_in_process(groups)
    with pytest.warns(ReductionWarning, match="PCA is used"):
        assert reduce_in_process(groups, ReductionPlan(fallback=True)).used_method == "pca"


def test_compiled_code_is_kept_where_it_can_be_written(tmp_path: Path, monkeypatch):
    assert compile_cache_dir(tmp_path / "here") == tmp_path / "here"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    assert compile_cache_dir() == tmp_path / "numba"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert compile_cache_dir().is_relative_to(tmp_path)
    (tmp_path / "file").write_text("")
    assert compile_cache_dir(tmp_path / "file") is None
