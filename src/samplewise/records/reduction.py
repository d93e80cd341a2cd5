"""Embeddings of a run on one map for all its epochs and splits, stored beside them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from samplewise._progress import share_bar
from samplewise.embeddings import Reduction, ReductionPlan, reduce_in_process
from samplewise.errors import InvalidArgumentError
from samplewise.records.if_exists import candidate_names
from samplewise.records.map_commit import REDUCERS, Places, commit_map
from samplewise.records.maps import reducer_file, score_of
from samplewise.records.stored_run import StoredRun
from samplewise.records.stream import Stream
from samplewise.records.vectors import (
    CollectionKey,
    Vectors,
    read_vectors,
    streams_with,
)
from samplewise.schema import ColumnSchema
from samplewise.storage.column_names import check_column_names

_Groups = dict[CollectionKey, np.ndarray]


def reduce_run(
    run: StoredRun,
    plan: ReductionPlan,
    *,
    column: str,
    name: str | None,
    keep_embeddings: bool,
    progress: bool,
) -> str:
    """Reduce the embeddings of a run; see `Run.reduce_embeddings`."""
    streams = streams_with(run, column)
    _refuse_taken(
        run, [name] if name else [_name(column, m, plan) for m in (plan.method.lower(), "pca")]
    )
    if name and name != _free_name(run, name, streams):
        raise InvalidArgumentError(
            f"`name` must not be that of a map with rows whose embeddings are gone, but `{name}` "
            "is.",
            hint="choose another one, or place the new rows on that map: run.extend_map(...)",
        )
    vectors = [read_vectors(stream, column) for stream in streams]
    groups = _groups(vectors)
    vectors = [each.without_values() for each in vectors]  # they are in the groups now
    with share_bar("reducing embeddings", shown=progress) as done, reducer_file() as file:
        reduction = reduce_in_process(groups, plan, reducer_path=file, progress=done)
        name = name or _free_name(run, _name(column, reduction.used_method, plan), streams)
        matrices = _by_stream(reduction.coordinates, vectors, plan.n_components)
        places = [
            Places(stream, _schema(reduction, each).to_field(name), each.to_column(matrix))
            for stream, each, matrix in zip(streams, vectors, matrices, strict=True)
        ]
        commit_map(run, _record(name, column, reduction), places, file if file.exists() else None)
    if not keep_embeddings:
        for stream in streams:
            stream.drop_column(column)
    return name


def _name(column: str, method: str, plan: ReductionPlan) -> str:
    return f"{column}_{method}" + ("" if plan.n_components == 2 else f"_{plan.n_components}d")


def _free_name(run: StoredRun, name: str, streams: list[Stream]) -> str:
    """The name, or one with a number: rows whose embeddings are gone keep their places."""
    here = {stream.name for stream in streams}
    others = [stream for stream in run.metric_streams if stream.name not in here]
    kept = {each for stream in others for each in stream.arrow_schema.names}
    return next(candidate_names(name, kept))


def _refuse_taken(run: StoredRun, names: Sequence[str]) -> None:
    """A map may take the place of a map, and of nothing else."""
    check_column_names(set(names))
    maps = {record["column"] for record in run.reductions}
    taken = {name for stream in run.metric_streams for name in stream.arrow_schema.names}
    for name in names:
        if name in taken - maps:
            raise InvalidArgumentError(
                f"`name` must not be that of a column of metrics, but `{name}` is.",
                hint="choose another one: name=...",
            )


def _groups(vectors: list[Vectors]) -> _Groups:
    """Embeddings by collection, those of one collection in the order of the streams."""
    parts: dict[CollectionKey, list[np.ndarray]] = {}
    for each in vectors:
        for group, key in enumerate(each.keys):
            parts.setdefault(key, []).append(each.values[each.groups == group])
    return {key: np.concatenate(arrays) for key, arrays in parts.items()}


def _by_stream(coordinates: _Groups, vectors: list[Vectors], size: int) -> Iterator[np.ndarray]:
    """The way back from `_groups`: one matrix a stream, in the order of its rows."""
    taken = dict.fromkeys(coordinates, 0)
    for each in vectors:
        matrix = np.empty((len(each.groups), size), np.float32)
        for group, key in enumerate(each.keys):
            rows = np.flatnonzero(each.groups == group)
            matrix[rows] = coordinates[key][taken[key] : taken[key] + len(rows)]
            taken[key] += len(rows)
        yield matrix


def _schema(reduction: Reduction, vectors: Vectors) -> ColumnSchema:
    is_joint = reduction.strategy == "concatenation"
    fitted = "all epochs" if is_joint else f"epoch {reduction.reference}"
    description = f"{reduction.used_method} of the embeddings, fitted on {fitted}"
    return vectors.schema_of(reduction.n_components, description)


def _record(name: str, column: str, reduction: Reduction) -> dict[str, Any]:
    return {
        "column": name,
        "source": column,
        "method": reduction.method,
        "used_method": reduction.used_method,
        "n_components": reduction.n_components,
        "seed": reduction.seed,
        "strategy": reduction.strategy,
        "reference": reduction.reference,
        "reducer": reduction.reducer_sha256 and f"{REDUCERS}/{reduction.reducer_sha256}",
        "reducer_sha256": reduction.reducer_sha256,
        "notes": list(reduction.notes),
        "trustworthiness": [score_of(k, value) for k, value in reduction.trustworthiness.items()],
    }
