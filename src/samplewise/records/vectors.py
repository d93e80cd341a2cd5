"""Vectors of a run, embeddings or places on a map, with the samples that they are of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float32, Int

from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_run import StoredRun
from samplewise.schema import ColumnSchema, EmbeddingSchema, ListSchema
from samplewise.schema.foreign import join_chunks

if TYPE_CHECKING:
    from samplewise.records.stream import Stream

CollectionKey = tuple[int | None, str | None, int | None]
"""Epoch, split and input table of a collection."""

_KEYS = (EPOCH, SPLIT, INPUT_TABLE_ID)


@dataclass(frozen=True)
class Vectors:
    """Vectors of some rows of metrics, in the order of the rows.

    Args:
        keys: The collections that they are from, each once.
        groups: Which of them each vector is from, shape `(n,)`.
        example_ids: Which sample each vector is of, shape `(n,)`.
        object_ids: Which object of that sample; None where a row has one vector.
        values: A row of NaN where there is none, shape `(n, d)`.
        lengths: How many vectors each row of metrics has, null where it has no list; None where a
            row has one vector.
    """

    keys: list[CollectionKey]
    groups: Int[np.ndarray, " n"]
    example_ids: Int[np.ndarray, " n"]
    object_ids: Int[np.ndarray, " n"] | None
    values: Float32[np.ndarray, "n d"]
    lengths: pa.Int32Array | None = None

    def __len__(self) -> int:
        return len(self.values)

    def without_values(self) -> "Vectors":
        """Where they are from, without the vectors themselves."""
        return replace(self, values=np.empty((len(self), 0), np.float32))

    def schema_of(self, size: int, description: str) -> ColumnSchema:
        """What such a column is declared as, for vectors of another size."""
        if self.lengths is None:
            return EmbeddingSchema(size, description=description)
        return ListSchema(item=EmbeddingSchema(size), description=description, writable=False)

    def to_column(self, matrix: Float32[np.ndarray, "n c"]) -> pa.Array:
        """Other vectors of the same rows or objects, as a column of the rows."""
        if self.lengths is None:
            return vector_array(matrix)
        ends = np.cumsum([0, *self.lengths.fill_null(0).to_numpy(zero_copy_only=False)])
        missing = self.lengths.is_null()
        return pa.ListArray.from_arrays(
            pa.array(ends, pa.int32()), vector_array(matrix), mask=missing
        )


def streams_with(run: StoredRun, column: str) -> list["Stream"]:
    """The streams of metrics that have a column of vectors.

    Raises:
        NotFoundError: None has it.
        InvalidArgumentError: It holds something else.
    """
    schemas = [(stream, stream.arrow_schema) for stream in run.metric_streams]
    found = [(stream, schema) for stream, schema in schemas if column in schema.names]
    if not found:
        known = {name for _, schema in schemas for name in schema.names if _size(schema, name)}
        raise NotFoundError(
            f"run `{run.name}` has no column `{column}` of vectors.",
            hint=did_you_mean(column, known) if known else "collect them: collect_embeddings=True",
        )
    for _, schema in found:
        if not _size(schema, column):
            raise InvalidArgumentError(
                f"`column` must hold vectors, but `{column}` holds {schema.field(column).type}."
            )
    return [stream for stream, _ in found]


def read_vectors(stream: "Stream", column: str, key: CollectionKey | None = None) -> Vectors:
    """The vectors of a stream, or of one collection in it.

    Args:
        stream: One that has the column.
        column: Of vectors, or of lists of them.
        key: Which collection; None takes all.
    """
    rows = stream.dataset.to_table(
        columns=[*_KEYS, EXAMPLE_ID, column],
        filter=None if key is None else _condition(key),
        scan_in_order=True,
    )
    keys, groups = _group(rows)
    example_ids = rows.column(EXAMPLE_ID).to_numpy()
    values = join_chunks(rows.column(column))
    if not pa.types.is_fixed_size_list(values.type):
        parents = values.value_parent_indices().to_numpy()
        starts = np.searchsorted(parents, parents)
        objects = np.arange(len(parents)) - starts
        matrix, lengths = matrix_of(values.flatten()), values.value_lengths()
        return Vectors(
            keys, groups[parents], example_ids[parents], objects, matrix, lengths.cast(pa.int32())
        )
    return Vectors(keys, groups, example_ids, None, matrix_of(values))


def collection_vectors(run: StoredRun, column: str, key: CollectionKey) -> Vectors:
    """The vectors of one collection, by `example_id`.

    Raises:
        NotFoundError: There is no such column, or the collection has no rows with it.
        InvalidArgumentError: Its rows have vectors of different lengths.
    """
    parts = [read_vectors(stream, column, key) for stream in streams_with(run, column)]
    parts = [part for part in parts if len(part)]
    if not parts:
        raise NotFoundError(
            f"run `{run.name}` has no `{column}` of {describe_collection(key)}.",
            hint="there is: " + "; ".join(map(describe_collection, keys_with(run, column))),
        )
    if len({part.values.shape[1] for part in parts}) > 1:
        raise InvalidArgumentError(
            f"`{column}` of {describe_collection(key)} must have one length, but has "
            f"{sorted({part.values.shape[1] for part in parts})}."
        )
    ids = np.concatenate([part.example_ids for part in parts])
    objects = [part.object_ids for part in parts if part.object_ids is not None]
    order = np.argsort(ids, kind="stable")
    return Vectors(
        [key],
        np.zeros(len(ids), np.int64),
        ids[order],
        np.concatenate(objects)[order] if objects else None,
        np.concatenate([part.values for part in parts])[order],
    )


def keys_with(run: StoredRun, column: str) -> list[CollectionKey]:
    """The collections that have rows with a column, by epoch, split and input table."""
    found: set[CollectionKey] = set()
    for stream in streams_with(run, column):
        present = f"`{column}` is not null"
        rows = stream.dataset.to_table(columns=list(_KEYS), filter=present)
        found.update(_group(rows)[0])
    return sorted(found, key=lambda key: [(part is not None, part) for part in key])


def choose_collection(
    run: StoredRun, column: str, epoch: int | None, split: str | None, table: int | None
) -> CollectionKey:
    """The only collection that fits; the last epoch for None, any split or table for None.

    Raises:
        NotFoundError: None fits, or there is no such column.
        InvalidArgumentError: Several do.
    """
    keys = keys_with(run, column)
    fitting = [
        key
        for key in keys
        if epoch in (None, key[0]) and split in (None, key[1]) and table in (None, key[2])
    ]
    epochs = [key[0] for key in fitting if key[0] is not None]
    if epoch is None and epochs:
        fitting = [key for key in fitting if key[0] == max(epochs)]
    if not fitting:
        raise NotFoundError(
            f"run `{run.name}` has no `{column}` of {describe_collection((epoch, split, table))}.",
            hint="there is: " + "; ".join(map(describe_collection, keys)),
        )
    if len(fitting) > 1:
        raise InvalidArgumentError(
            "`split` and `table` must name one collection, but there are "
            + "; ".join(map(describe_collection, fitting))
            + "."
        )
    return fitting[0]


def describe_collection(key: CollectionKey) -> str:
    """A collection in words."""
    names = zip(("epoch", "split", "input table"), key, strict=True)
    return ", ".join(f"{name} {value}" for name, value in names if value is not None) or "no epoch"


def matrix_of(vectors: pa.FixedSizeListArray) -> Float32[np.ndarray, "n d"]:
    """Vectors as a matrix; a null is a row of NaN."""
    size = vectors.type.list_size
    matrix = np.full((len(vectors), size), np.nan, np.float32)
    present = vectors.is_valid().to_numpy(zero_copy_only=False)
    flat = vectors.drop_null().flatten().to_numpy(zero_copy_only=False)
    matrix[present] = flat.reshape(-1, size)
    return matrix


def vector_array(matrix: Float32[np.ndarray, "n d"]) -> pa.FixedSizeListArray:
    """The way back: a row with NaN becomes a null."""
    missing = np.isnan(matrix).any(axis=1)
    flat = pa.array(np.ascontiguousarray(matrix, np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1], mask=pa.array(missing))


def vector_lists(matrices: Sequence[Float32[np.ndarray, "n d"]]) -> pa.ListArray:
    """One list of vectors a row, from at least one matrix; a row with NaN becomes a null."""
    ends = np.cumsum([0, *map(len, matrices)])
    return pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), vector_array(np.concatenate(matrices))
    )


def _size(schema: pa.Schema, name: str) -> int:
    """How long the vectors of a column are; 0 where it holds none."""
    kind = schema.field(name).type
    if pa.types.is_list(kind):
        kind = kind.value_type
    is_vector = pa.types.is_fixed_size_list(kind) and pa.types.is_floating(kind.value_type)
    return kind.list_size if is_vector else 0


def _group(rows: pa.Table) -> tuple[list[CollectionKey], np.ndarray]:
    """The collections that rows are from, and which of them each row is from."""
    columns = [join_chunks(rows.column(n)).dictionary_encode(null_encoding="encode") for n in _KEYS]
    codes = np.stack([column.indices.to_numpy() for column in columns])
    distinct, groups = np.unique(codes, axis=1, return_inverse=True)
    words = [column.dictionary.to_pylist() for column in columns]
    keys: list[Any] = [
        tuple(each[code] for each, code in zip(words, key, strict=True)) for key in distinct.T
    ]
    return keys, groups.reshape(-1)


def _condition(key: Sequence[Any]) -> str:
    return " and ".join(
        f"{name} is null" if value is None else f"{name} = {_literal(value)}"
        for name, value in zip(_KEYS, key, strict=True)
    )


def _literal(value: Any) -> str:
    return str(int(value)) if not isinstance(value, str) else "'" + value.replace("'", "''") + "'"
