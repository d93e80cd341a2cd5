"""`kill -9` at random moments: every reader sees whole versions only, nothing acknowledged is lost.

The store is the same for all kills, so that each finds what the others left behind.
"""

import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import samplewise as sw
from samplewise.errors import NotFoundError
from samplewise.records.catalog import run_names, table_names
from samplewise.records.vacuum import vacuum
from samplewise.storage import Store
from samplewise.tables import Run

KILLS = 10  # of each kind of work; fifty in all
ROWS = 3_000  # as in nursery.py
LINES = itertools.cycle([1, 2, 3])

Kill = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("kill") / "root")


@pytest.fixture(scope="module")
def nursery(root: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py")), root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate()
    assert process.returncode == 0


def kill(nursery: subprocess.Popen, work: str, meanwhile: Callable[[], object]) -> list[str]:
    """Have a process killed, look at what it does until then, and return what it acknowledged."""
    # Before its first piece of work is done, or some time later; in turn, so that some is done.
    nursery.stdin.write(f"{work} {next(LINES)} {random.uniform(0, 0.3)}\n")
    nursery.stdin.flush()
    time.sleep(random.uniform(0, 0.3))
    meanwhile()
    return json.loads(nursery.stdout.readline())


def opened(root: str, prefix: str) -> dict[str, list[int]]:
    """The column `x` of all tables whose names start so."""
    found = {}
    for name in table_names(Store(root), "p", "d"):
        if name.startswith(prefix):
            table = sw.Table.from_names(name, "d", "p", root)
            found[name] = table.get_column_as_pyarrow_array("x").to_pylist()
            assert len(table) == len(found[name])
    return found


def imported(root: str) -> set[str]:
    """Names of imported tables; each must be whole."""
    tables = opened(root, "t")
    for name, values in tables.items():
        assert values == [int(name[1:])] * ROWS
    return set(tables)


def overwritten(root: str) -> int:
    """What the overwritten table holds; it must be whole."""
    values = opened(root, "same").get("same", [0] * ROWS)
    assert len(values) == ROWS
    assert len(set(values)) == 1
    return values[0]


def derived(root: str) -> set[str]:
    """Names of revisions; each must hold its parent's rows with its own change alone."""
    tables = opened(root, "base")
    for name, values in tables.items():
        own = values[:10] if name != "base" else []
        assert values == [*own, *range(len(own), ROWS - bool(own))]
        assert len(set(own)) <= 1
    return set(tables)


def collected(root: str) -> dict[str, set[int]]:
    """Epochs of the metrics and of the aggregates; each must have all its rows."""
    try:
        run = Run.from_names("run", "p", root)
    except NotFoundError:
        return {"metrics": set(), "aggregates": set()}
    metrics = (
        run.sql(
            "select epoch, count(*) as n, min(m) as low, max(m) as high from metrics group by epoch"
        )
        if run.metric_streams
        else None
    )
    for row in [] if metrics is None else metrics.to_pylist():
        assert row == {"epoch": row["epoch"], "n": ROWS, "low": row["epoch"], "high": row["epoch"]}
    history = run.history.to_pylist()
    assert all(row["value"] == row["epoch"] for row in history)
    epochs = [] if metrics is None else metrics.column("epoch").to_pylist()
    return {"metrics": set(epochs), "aggregates": {row["epoch"] for row in history}}


def changed(root: str) -> int:
    """The hyperparameters of the changed run; both must be of one change."""
    if "changed" not in run_names(Store(root), "p"):
        return 0
    parameters = Run.from_names("changed", "p", root).parameters
    assert parameters.get("a") == parameters.get("b")
    return parameters.get("a", 0)


def test_imports(nursery, root):
    seen: set[str] = set()
    for _ in range(KILLS):
        seen |= set(kill(nursery, "import_tables", lambda: imported(root)))
        assert imported(root) >= seen
    assert len(seen) >= KILLS / 2


def test_overwriting_imports(nursery, root):
    for _ in range(KILLS):
        done = kill(nursery, "overwrite_table", lambda: overwritten(root))
        assert overwritten(root) >= max(map(int, done), default=0)


def test_revisions(nursery, root):
    seen: set[str] = set()
    for _ in range(KILLS):
        seen |= set(kill(nursery, "derive_tables", lambda: derived(root)))
        assert derived(root) >= seen
    assert len(seen) >= KILLS / 2


def test_collections_and_aggregates(nursery, root):
    seen: set[int] = set()
    for _ in range(KILLS):
        seen |= set(map(int, kill(nursery, "append_metrics", lambda: collected(root))))
        found = collected(root)
        assert found["metrics"] >= seen
        assert found["aggregates"] >= seen
    assert Run.from_names("run", "p", root).status == "failed"
    assert len(seen) >= KILLS / 2


def test_changes_of_a_run(nursery, root):
    for _ in range(KILLS):
        done = kill(nursery, "change_run", lambda: changed(root))
        assert changed(root) >= max(map(int, done), default=0)


def test_what_the_killed_left_behind_can_be_swept_away(root):
    before = (imported(root), overwritten(root), derived(root), collected(root), changed(root))
    assert len(vacuum(Store(root), older_than_h=0).paths) > 0
    after = (imported(root), overwritten(root), derived(root), collected(root), changed(root))
    assert after == before
    assert vacuum(Store(root), older_than_h=0).paths == []
