"""Maps of embeddings that a run has: what it noted of them, and places of more embeddings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from samplewise.embeddings import (
    ReductionPlan,
    StoredReducer,
    reduce_in_process,
    trustworthiness,
    valid_rows,
)
from samplewise.errors import NotFoundError, did_you_mean
from samplewise.records.map_commit import Places, commit_map
from samplewise.records.stored_run import StoredRun
from samplewise.records.stream import Stream
from samplewise.records.vectors import (
    CollectionKey,
    Vectors,
    read_vectors,
    streams_with,
)

EMBEDDING = "embedding"


def extend_map(run: StoredRun, name: str | None) -> int:
    """Place what was collected since a map was made; see `Run.extend_map`."""
    record = map_record(run, name)
    column, size = record.get("source", EMBEDDING), record["n_components"]
    count, judged, extended = 0, list(record["trustworthiness"]), []
    for stream in streams_with(run, column):
        vectors = read_vectors(stream, column)
        places = _read_places(stream, record["column"], vectors, size)
        lacking = np.isnan(places).any(axis=1) & valid_rows(vectors.values)
        if not lacking.any():
            continue
        places[lacking] = place_on_map(run, vectors.values[lacking], record["column"])
        kind = vectors.schema_of(size, f"{record['used_method']} of the embeddings")
        field = kind.to_field(record["column"])
        extended.append(Places(stream, field, vectors.to_column(places)))
        judged += _judge(vectors, places, lacking, record["seed"])
        count += int(lacking.sum())
    if count:
        commit_map(run, {**record, "trustworthiness": judged}, extended)
    return count


def place_on_map(run: StoredRun, embeddings: np.ndarray, column: str | None) -> np.ndarray:
    """Coordinates of other embeddings on a map of the run; see `Run.place_embeddings`."""
    record = map_record(run, column)
    plan = ReductionPlan(record["used_method"], record["n_components"], record["seed"])
    with reducer_file() as file:
        file.write_bytes(run.read_file(record["reducer"]))
        fitted = StoredReducer(file, record["reducer_sha256"])
        placed = reduce_in_process({(None,): embeddings}, plan, fitted=fitted)
    return placed.coordinates[None,]


def map_record(run: StoredRun, column: str | None) -> dict[str, Any]:
    """What a run noted about a map; about the last one for None.

    Raises:
        NotFoundError: There is no such map.
    """
    records = [r for r in run.reductions if column in (None, r["column"])]
    if records:
        return records[-1]
    known = [r["column"] for r in run.reductions]
    raise NotFoundError(
        f"run `{run.name}` has no map{'' if column is None else f' `{column}`'}.",
        hint=did_you_mean(column or "", known) if known else "make one: run.reduce_embeddings()",
    )


@contextmanager
def reducer_file() -> Iterator[Path]:
    """A local file for a moment; where the run lies may be far away."""
    with TemporaryDirectory(prefix="samplewise-reducer-") as folder:
        yield Path(folder, "reducer")


def score_of(key: CollectionKey, value: float | None) -> dict[str, Any]:
    """How faithful a map is to one collection, as a run notes it."""
    epoch, split, table = key
    return {"epoch": epoch, "split": split, "input_table_id": table, "value": value}


def _read_places(stream: Stream, name: str, vectors: Vectors, size: int) -> np.ndarray:
    """Places of vectors; NaN where there are none yet."""
    places = np.full((len(vectors), size), np.nan, np.float32)
    if name not in stream.arrow_schema.names:
        return places
    known = read_vectors(stream, name)
    if vectors.lengths is None or known.lengths is None:
        return known.values
    # Rows that came later have no list of places.
    wanted, found = (each.fill_null(0).to_numpy() for each in (vectors.lengths, known.lengths))
    same = wanted == found
    places[np.repeat(same, wanted)] = known.values[np.repeat(same, found)]
    return places


def _judge(
    vectors: Vectors, places: np.ndarray, lacking: np.ndarray, seed: int
) -> list[dict[str, Any]]:
    found = []
    for group in np.unique(vectors.groups[lacking]):
        rows = vectors.groups == group
        value = trustworthiness(vectors.values[rows], places[rows], seed=seed)
        found.append(score_of(vectors.keys[group], value))
    return found
