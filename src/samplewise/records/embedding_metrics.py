"""Columns about neighbourhoods of embeddings, beside the other metrics of their samples."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from samplewise._notes import warn
from samplewise.embeddings import Progress, Survey, survey
from samplewise.errors import InvalidArgumentError
from samplewise.records.map_commit import take_back_half_made_maps
from samplewise.records.stored_run import StoredRun
from samplewise.records.vectors import CollectionKey, Vectors, read_vectors, streams_with
from samplewise.schema import ColumnSchema, Float, Int
from samplewise.schema.foreign import join_chunks

OUTLIER_SCORE = "outlier_score"
COLUMNS: dict[str, ColumnSchema] = {
    OUTLIER_SCORE: Float(
        description="mean cosine distance to the nearest samples of its split; null where the "
        "embedding is missing or the sample is alone",
        minimum=0.0,
        maximum=2.0,
    ),
    "near_duplicates": Int(description="other samples of its split that are near copies"),
    "near_duplicates_elsewhere": Int(description="samples of other splits that are near copies"),
    "duplicate_of": Int(
        description="example_id of the first sample of its split that it is a near copy of; null "
        "where there is none before it"
    ),
}

_MANY = 0.2  # share of the samples


def add_embedding_metrics(
    run: StoredRun,
    column: str,
    *,
    k: int,
    threshold: float | None,
    epoch: int | None,
    progress: Progress,
) -> list[str]:
    """Compute and store them; see `Run.add_embedding_metrics`."""
    with run.store.exclusive(run.folder):
        take_back_half_made_maps(run)
    streams = streams_with(run, column)
    vectors = [read_vectors(stream, column) for stream in streams]
    if any(each.object_ids is not None for each in vectors):
        raise InvalidArgumentError(
            f"`column` must hold one vector a sample, but `{column}` holds lists of them."
        )
    wanted = _choose_collections([key for each in vectors for key in each.keys], epoch)
    parts = {key: [_rows_of(each, key) for each in vectors] for key in wanted}
    groups = {key: np.concatenate([values for _, values, _ in part]) for key, part in parts.items()}
    ids = {key: np.concatenate([ids for _, _, ids in part]) for key, part in parts.items()}
    found = survey(groups, k=k, threshold=threshold, progress=progress)
    _warn_of_collapse(found)
    columns = {key: _columns(found[key], ids[key]) for key in wanted}
    for number, stream in enumerate(streams):
        for name, kind in _kinds(found[wanted[0]].threshold, wanted[0][0]).items():
            values = _read_stored(stream.dataset, name, len(vectors[number]), kind.arrow_type)
            for key in wanted:
                start = sum(len(rows) for rows, _, _ in parts[key][:number])
                rows = parts[key][number][0]
                values[rows] = columns[key][name][start : start + len(rows)]
            array = pa.array(values.data, kind.arrow_type, mask=np.ma.getmaskarray(values))
            stream.put_column(kind.to_field(name), array)
    return list(COLUMNS)


def _choose_collections(keys: Sequence[CollectionKey], epoch: int | None) -> list[CollectionKey]:
    """The collections of an epoch, of the last one for None."""
    epochs = {key[0] for key in keys if key[0] is not None}
    epoch = max(epochs, default=None) if epoch is None else epoch
    wanted = sorted({key for key in keys if key[0] == epoch}, key=str)
    if not wanted:
        raise InvalidArgumentError(
            f"`epoch` must have embeddings, but {epoch} has none.",
            hint=f"there is: {sorted(epochs)}.",
        )
    return wanted


def _kinds(threshold: float, epoch: int | None) -> dict[str, ColumnSchema]:
    """The columns, with what was taken for a near copy."""
    when = "" if epoch is None else f" in epoch {epoch}"
    said = f"; near copies{when} are at most {threshold:.2g} apart (cosine)"
    return {
        name: kind if name == OUTLIER_SCORE else replace(kind, description=kind.description + said)
        for name, kind in COLUMNS.items()
    }


def _warn_of_collapse(found: Mapping[CollectionKey, Survey]) -> None:
    """Say it where most near copies cannot be any."""
    copies = sum(np.count_nonzero(each.near_duplicates) for each in found.values())
    total = sum(len(each.is_valid) for each in found.values())
    if copies > _MANY * total:
        warn(
            f"{copies} of {total} samples have near copies: the network hardly tells them apart. "
            "Lower `threshold`, or take the embeddings of another epoch or layer."
        )


def _rows_of(vectors: Vectors, key: CollectionKey) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a collection stands in a stream, its vectors, and the samples that they are of."""
    if key not in vectors.keys:
        return np.empty(0, np.int64), vectors.values[:0], vectors.example_ids[:0]
    rows = np.flatnonzero(vectors.groups == vectors.keys.index(key))
    return rows, vectors.values[rows], vectors.example_ids[rows]


def _columns(found: Survey, example_ids: np.ndarray) -> dict[str, np.ma.MaskedArray]:
    missing, copies = ~found.is_valid, found.duplicate_of
    return {
        OUTLIER_SCORE: np.ma.masked_invalid(found.outlier_scores),
        "near_duplicates": np.ma.array(found.near_duplicates, mask=missing),
        "near_duplicates_elsewhere": np.ma.array(found.near_duplicates_elsewhere, mask=missing),
        "duplicate_of": np.ma.array(example_ids[copies], mask=copies < 0),
    }


def _read_stored(dataset: object, name: str, count: int, kind: pa.DataType) -> np.ma.MaskedArray:
    """What a stream has of a column already; nothing but nulls where it has none."""
    dtype = kind.to_pandas_dtype()
    if name not in dataset.schema.names:  # type: ignore[attr-defined]
        return np.ma.masked_all(count, dtype)
    column = join_chunks(dataset.to_table(columns=[name], scan_in_order=True).column(name))  # type: ignore[attr-defined]
    mask = ~column.is_valid().to_numpy(zero_copy_only=False)
    values = column.fill_null(0).to_numpy(zero_copy_only=False).astype(dtype)
    return np.ma.array(values, mask=mask)
