"""What is going on when a process is killed, and what must hold afterwards.

Each kind of work acknowledges piece after piece; its check is given what was acknowledged, reads
the store as a process that comes later would, and writes once more.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

import samplewise as sw
from samplewise.errors import NotFoundError
from samplewise.records.catalog import run_names, table_names
from samplewise.records.stream import Stream
from samplewise.records.vacuum import vacuum
from samplewise.storage import Store
from samplewise.tables import Run

ROWS = 300
MAP = pa.field("map", pa.int64())


class Kind(NamedTuple):
    """A kind of work, and its check."""

    work: Callable[[str], Iterator[str]]
    check: Callable[[str, list[str]], None]


def number() -> int:
    """One that grows."""
    return int(time.time() * 1e6)


def names(name: str) -> dict[str, str]:
    """Where tables go."""
    return {"table_name": name, "dataset_name": "d", "project_name": "p"}


def new_table(root: str, name: str, value: int, if_exists: Any = "raise") -> sw.Table:
    """A table of one value."""
    data = {"x": np.full(ROWS, value)}
    return sw.Table.from_dict(data, **names(name), root_url=root, if_exists=if_exists)


def values(root: str, prefix: str) -> dict[str, list[int]]:
    """The column `x` of all tables whose names start so."""
    found = {}
    for name in table_names(Store(root), "p", "d"):
        if name.startswith(prefix):
            table = sw.Table.from_names(name, "d", "p", root)
            found[name] = table.get_column_as_pyarrow_array("x").to_pylist()
            assert len(table) == len(found[name])
    return found


def opened_run(root: str, name: str) -> Run | None:
    """The run, if it is there."""
    try:
        return Run.from_names(name, "p", root)
    except NotFoundError:
        return None


def import_tables(root: str) -> Iterator[str]:
    """New tables, each of rows that hold its number, in three batches."""
    while True:
        value = number()
        with sw.TableWriter(**names(f"t{value}"), root_url=root) as writer:
            for _ in range(3):
                writer.add_batch({"x": np.full(ROWS // 3, value), "s": ["y"] * (ROWS // 3)})
        yield f"t{value}"


def check_imported(root: str, acknowledged: list[str]) -> None:
    """Every table is whole."""
    tables = values(root, "t")
    assert set(tables) >= set(acknowledged)
    for name, found in tables.items():
        assert found == [int(name[1:])] * ROWS
    next(import_tables(root))


def overwrite_table(root: str) -> Iterator[str]:
    """One table, again and again, of rows that hold a growing number."""
    while True:
        value = number()
        new_table(root, "same", value, "overwrite")
        yield str(value)


def check_overwritten(root: str, acknowledged: list[str]) -> None:
    """It is whole, and not older than what was acknowledged."""
    found = values(root, "same").get("same", [0] * ROWS)
    assert found == [found[0]] * ROWS
    assert found[0] >= max(map(int, acknowledged), default=0)
    next(overwrite_table(root))


def derive_tables(root: str) -> Iterator[str]:
    """Revisions of one table: ten rows hold the same new number, the last row is gone."""
    base = sw.Table.from_dict({"x": np.arange(ROWS)}, **names("base"), root_url=root)
    while True:
        edited = base.edit({"x": dict.fromkeys(range(10), -number())}, delete=[-1])
        yield edited.name


def check_derived(root: str, acknowledged: list[str]) -> None:
    """Each holds its parent's rows with its own change alone."""
    tables = values(root, "base")
    assert set(tables) >= set(acknowledged)
    for name, found in tables.items():
        own = found[:10] if name != "base" else []
        assert found == [*own, *range(len(own), ROWS - bool(own))]
        assert len(set(own)) <= 1
    next(derive_tables(root))


def append_metrics(root: str) -> Iterator[str]:
    """Collections of a run, each in one commit, and an aggregate of each."""
    run = Run.create("p", "run", if_exists="reuse", root_url=root)
    while True:
        epoch = number()
        run.add_metrics({"m": np.full(ROWS, epoch)}, epoch=epoch, split="val")
        run.log({"epoch": epoch}, epoch=epoch)
        yield str(epoch)


def check_appended(root: str, acknowledged: list[str]) -> None:
    """Every collection has all its rows, and every aggregate is there."""
    run, wanted = opened_run(root, "run"), set(map(int, acknowledged))
    if run is None:
        assert not wanted
        return
    query = "select epoch, count(*) n, min(m) low, max(m) high from metrics group by epoch"
    rows = run.sql(query).to_pylist() if run.metric_streams else []
    for row in rows:
        assert row == {"epoch": row["epoch"], "n": ROWS, "low": row["epoch"], "high": row["epoch"]}
    history = run.history.to_pylist()
    assert all(row["value"] == row["epoch"] for row in history)
    assert {row["epoch"] for row in rows} >= wanted
    assert {row["epoch"] for row in history} >= wanted
    next(append_metrics(root))


def close_runs(root: str) -> Iterator[str]:
    """Runs of a dozen collections, whose fragments are merged when they are closed."""
    while True:
        run = Run.create("p", f"closed{number()}", root_url=root)
        for epoch in range(12):
            run.add_metrics({"m": np.full(9, epoch)}, epoch=epoch)
        run.close()
        yield run.name


def check_closed(root: str, acknowledged: list[str]) -> None:
    """Every run has as many whole collections as it had, the closed ones all of them."""
    known = [n for n in run_names(Store(root), "p") if n.startswith("closed")]
    assert set(known) >= set(acknowledged)
    for name in known:
        run = Run.from_names(name, "p", root)
        query = "select m from metrics where epoch < 12 order by epoch"
        found = run.sql(query).column("m").to_pylist() if run.metric_streams else []
        whole = [epoch for epoch in range(12) for _ in range(9)]
        assert found == whole[: len(found)]
        if name in acknowledged:
            assert (found, run.status) == (whole, "completed")
        elif run.metric_streams:
            run.add_metrics({"m": [99]}, epoch=99, replace=True)  # again after each kill


def replace_maps(root: str) -> Iterator[str]:
    """A column of a run's metrics, made anew again and again."""
    run = opened_run(root, "mapped") or Run.create("p", "mapped", root_url=root)
    for epoch in range(_row_count(run) // ROWS, 2):  # it may have been killed between the two
        run.add_metrics({"m": np.full(ROWS, epoch)}, epoch=epoch)
    while True:
        value = number()
        run.metric_streams[0].put_column(MAP, pa.array(np.full(2 * ROWS, value)))
        yield str(value)


def check_replaced(root: str, acknowledged: list[str]) -> None:
    """The column is there and not older than what was acknowledged, beside all the others."""
    run = opened_run(root, "mapped")
    if run is None or not run.metric_streams:
        assert not acknowledged
        return
    found = run.metric_streams[0].dataset.to_table()
    assert found.num_rows in (0, ROWS, 2 * ROWS)
    maps = set(found.column("map").to_pylist()) if "map" in found.column_names else {0}
    assert len(maps) == 1
    assert maps.pop() >= max(map(int, acknowledged), default=0)
    if acknowledged:
        assert found.column("m").to_pylist() == [0] * ROWS + [1] * ROWS
        next(replace_maps(root))


def remake_maps(root: str) -> Iterator[str]:
    """A map of embeddings in two streams, made anew of another epoch again and again."""
    run = opened_run(root, "remade") or Run.create("p", "remade", root_url=root)
    for epoch in range(len(_epochs_with_vectors(run)), 2):
        own = {"m": [1.0] * 40} if epoch else {}  # other columns, so a stream of its own
        vectors = np.random.default_rng(epoch).normal(size=(40, 6)).astype(np.float32)
        kinds = {"embedding": sw.schemas.EmbeddingSchema(6)}
        run.add_metrics({"embedding": vectors, **own}, kinds, epoch=epoch, split="val")
    seed = run.reductions[0]["seed"] if run.reductions else 0
    while True:
        seed += 1
        run.reduce_embeddings("pca", seed=seed, reference=seed % 2, progress=False)
        yield str(seed)


def check_remade(root: str, acknowledged: list[str]) -> None:
    """All coordinates are of one map, which is not older, and are what its own reducer says."""
    run = opened_run(root, "remade")
    made = [] if run is None else run.reductions
    assert bool(made) >= bool(acknowledged)
    if run is not None and made:
        (record,) = made
        assert record["seed"] >= max(map(int, acknowledged), default=0)
        assert record["reference"] == record["seed"] % 2
        rows = run.metrics(["embedding", "embedding_pca"])
        vectors, places = (np.stack(rows.column(n).to_numpy()) for n in rows.column_names[-2:])
        assert len(places) == 80
        np.testing.assert_allclose(run.place_embeddings(vectors), places, atol=1e-5)
    elif run is not None:
        kinds = [stream.arrow_schema.names for stream in run.metric_streams]
        assert all("embedding_pca" not in names for names in kinds)
    next(remake_maps(root))


def _epochs_with_vectors(run: Run) -> list[int]:
    query = "select distinct epoch from metrics order by epoch"
    return run.sql(query).column("epoch").to_pylist() if run.metric_streams else []


def drop_columns(root: str) -> Iterator[str]:
    """A column that comes and goes."""
    run = opened_run(root, "dropped") or Run.create("p", "dropped", root_url=root)
    stream = _with_rows(run)
    while True:
        stream.put_column(MAP, pa.array(np.arange(ROWS)))
        yield "put"
        stream.drop_column("map")
        yield "dropped"


def check_dropped(root: str, acknowledged: list[str]) -> None:
    """The rows are there, with the column or without it."""
    run = opened_run(root, "dropped")
    if run is None or not run.metric_streams:
        assert not acknowledged
        return
    found = run.metric_streams[0].dataset.to_table()
    assert found.column("m").to_pylist() == [1] * found.num_rows
    if "map" in found.column_names:
        assert found.column("map").to_pylist() == list(range(ROWS))
    if acknowledged:
        assert found.num_rows == ROWS
        _with_rows(run).put_column(MAP, pa.array(np.arange(ROWS)))


def _row_count(run: Run) -> int:
    return sum(stream.dataset.count_rows() for stream in run.metric_streams)


def _with_rows(run: Run) -> Stream:
    if not _row_count(run):  # a stream that was killed before its first rows has none
        run.add_metrics({"m": np.full(ROWS, 1)}, epoch=0)
    return run.metric_streams[0]


def change_run(root: str) -> Iterator[str]:
    """Hyperparameters of a run: two that are always the same."""
    run = Run.create("p", "changed", if_exists="reuse", root_url=root)
    while True:
        value = number()
        run.set_parameters({"a": value, "b": value})
        yield str(value)


def check_changed(root: str, acknowledged: list[str]) -> None:
    """Both are of one change."""
    run = opened_run(root, "changed")
    parameters = {} if run is None else run.parameters
    assert parameters.get("a") == parameters.get("b")
    assert parameters.get("a", 0) >= max(map(int, acknowledged), default=0)
    next(change_run(root))


def sweep(root: str) -> Iterator[str]:
    """Tables that come and go, and a vacuum after each."""
    kept = new_table(root, f"kept{number()}", 1)
    revision = kept.edit({"x": {0: 2}}, table_name=f"{kept.name}-edited")
    yield kept.name
    yield revision.name
    while True:
        gone = new_table(root, f"gone{number()}", 3)
        gone.delete()
        yield f"not {gone.name}"
        vacuum(Store(root), older_than_h=0)
        yield f"not {gone.name}"


def check_swept(root: str, acknowledged: list[str]) -> None:
    """What was deleted is gone, and all else is whole."""
    there = {**values(root, "kept"), **values(root, "gone")}
    for each in acknowledged:
        name = each.removeprefix("not ")
        assert (name in there) == (name == each)
    for name, found in there.items():
        first = 2 if name.endswith("-edited") else 1 if name.startswith("kept") else 3
        rest = 3 if name.startswith("gone") else 1
        assert found == [first] + [rest] * (ROWS - 1)
    vacuum(Store(root), older_than_h=0)
    next(sweep(root))


KINDS = {
    "import_tables": Kind(import_tables, check_imported),
    "overwrite_table": Kind(overwrite_table, check_overwritten),
    "derive_tables": Kind(derive_tables, check_derived),
    "append_metrics": Kind(append_metrics, check_appended),
    "close_runs": Kind(close_runs, check_closed),
    "replace_maps": Kind(replace_maps, check_replaced),
    "remake_maps": Kind(remake_maps, check_remade),
    "drop_columns": Kind(drop_columns, check_dropped),
    "change_run": Kind(change_run, check_changed),
    "sweep": Kind(sweep, check_swept),
}
"""Every kind of writing call that is tried, by its name."""
