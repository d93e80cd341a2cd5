"""Embeddings of a run on one map for all its epochs and splits, stored beside them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from samplewise.embeddings import (
    Progress,
    Reduction,
    ReductionPlan,
    StoredReducer,
    reduce_in_process,
)
from samplewise.errors import NotFoundError
from samplewise.schema import EmbeddingSchema
from samplewise.tables.metric_rows import EPOCH, INPUT_TABLE_ID, SPLIT
from samplewise.tables.stream import Stream

if TYPE_CHECKING:
    from samplewise.tables._run_contents import RunContents

EMBEDDING = "embedding"

_Groups = dict[tuple[Any, ...], np.ndarray]


def reduce_run(
    run: "RunContents", plan: ReductionPlan, *, column: str, keep_embeddings: bool, progress: bool
) -> str:
    """Reduce the embeddings of a run; see `Run.reduce_embeddings`."""
    streams = [s for s in run.metric_streams if column in s.arrow_schema.names]
    if not streams:
        raise NotFoundError(
            f"run `{run.name}` has no column `{column}` to reduce.",
            hint="collect embeddings: collect_embeddings=True",
        )
    groups, keys = _groups(streams, column)
    with _bar(shown=progress) as done, _reducer_file(run) as file:
        reduction = reduce_in_process(groups, plan, reducer_path=file, progress=done)
        stored = _stored_reducer(run, file, reduction)
    name = f"{column}_{reduction.used_method}"
    taken = dict.fromkeys(reduction.coordinates, 0)
    for stream in streams:
        stream.put_column(*_column(name, reduction, keys[stream.name], taken, plan))
        if not keep_embeddings:
            stream.drop_column(column)
    record = {**_record(name, reduction, plan), "reducer": stored}
    run.add_reduction(record)
    return name


def place_on_map(run: "RunContents", embeddings: np.ndarray, column: str | None) -> np.ndarray:
    """Coordinates of other embeddings on a map of the run; see `Run.place_embeddings`."""
    records = [r for r in run.reductions if column in (None, r["column"])]
    if not records:
        raise NotFoundError(
            f"run `{run.name}` has no map{'' if column is None else f' `{column}`'}.",
            hint="make one: run.reduce_embeddings()",
        )
    record = records[-1]
    plan = ReductionPlan(record["used_method"], record["n_components"], record["seed"])
    with _reducer_file(run) as file:
        file.write_bytes(run.read_file(record["reducer"]))
        fitted = StoredReducer(file, record["reducer_sha256"])
        placed = reduce_in_process({(None,): embeddings}, plan, fitted=fitted)
    return placed.coordinates[None,]


@contextmanager
def _reducer_file(run: "RunContents") -> Iterator[Path]:
    """A local file for a moment; where the run lies may be far away."""
    del run
    with TemporaryDirectory(prefix="samplewise-reducer-") as folder:
        yield Path(folder, "reducer")


def _stored_reducer(run: "RunContents", file: Path, reduction: Reduction) -> str | None:
    """Name of the reducer's file in the run; None where none was kept."""
    if not file.exists():
        return None
    name = f"reducers/{reduction.reducer_sha256}"
    run.write_file(name, file.read_bytes())
    return name


@contextmanager
def _bar(*, shown: bool) -> Iterator[Progress]:
    if not shown or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("reducing embeddings", total=1.0)
        yield lambda what, share: bars.update(task, completed=share)


def _groups(streams: list[Stream], column: str) -> tuple[_Groups, dict[str, list[Any]]]:
    """Embeddings by `(epoch, split, input table)`, and for each stream the group of each row."""
    parts: dict[tuple[Any, ...], list[np.ndarray]] = {}
    places: dict[str, list[Any]] = {}
    for stream in streams:
        rows = stream.dataset.to_table(
            columns=[EPOCH, SPLIT, INPUT_TABLE_ID, column], scan_in_order=True
        )
        keys = list(
            zip(*(rows.column(n).to_pylist() for n in (EPOCH, SPLIT, INPUT_TABLE_ID)), strict=True)
        )
        matrix = _matrix(rows.column(column))
        by_key: dict[tuple[Any, ...], list[int]] = {}
        for place, key in enumerate(keys):
            by_key.setdefault(key, []).append(place)
        for key, indices in by_key.items():
            parts.setdefault(key, []).append(matrix[indices])
        places[stream.name] = keys
    return {key: np.concatenate(arrays) for key, arrays in parts.items()}, places


def _matrix(column: pa.ChunkedArray) -> np.ndarray:
    """Float32, shape `(n, d)`; a null is a row of NaN."""
    size = column.type.list_size
    matrix = np.full((len(column), size), np.nan, np.float32)
    present = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    flat = pa.concat_arrays(
        [chunk.drop_null().flatten() for chunk in column.chunks] or [pa.array([], pa.float32())]
    )
    matrix[present] = flat.to_numpy(zero_copy_only=False).reshape(-1, size)
    return matrix


def _column(
    name: str,
    reduction: Reduction,
    keys: list[Any],
    taken: dict[tuple[Any, ...], int],
    plan: ReductionPlan,
) -> tuple[pa.Field, pa.Array]:
    rows = np.empty((len(keys), plan.n_components), np.float32)
    for place, key in enumerate(keys):
        rows[place] = reduction.coordinates[key][taken[key]]
        taken[key] += 1
    kind = EmbeddingSchema(
        plan.n_components,
        description=f"{reduction.used_method} of the embeddings, fitted on "
        + ("all epochs" if plan.strategy == "concatenation" else f"epoch {reduction.reference}"),
    )
    missing = np.isnan(rows).any(axis=1)
    flat = pa.array(rows.reshape(-1))
    array = pa.FixedSizeListArray.from_arrays(flat, plan.n_components, mask=pa.array(missing))
    return kind.to_field(name), array


def _record(name: str, reduction: Reduction, plan: ReductionPlan) -> dict[str, Any]:
    return {
        "column": name,
        "method": reduction.method,
        "used_method": reduction.used_method,
        "n_components": plan.n_components,
        "seed": plan.seed,
        "strategy": plan.strategy,
        "reference": reduction.reference,
        "reducer_sha256": reduction.reducer_sha256,
        "notes": list(reduction.notes),
        "trustworthiness": [
            {"epoch": epoch, "split": split, "input_table_id": table, "value": value}
            for (epoch, split, table), value in reduction.trustworthiness.items()
        ],
    }
