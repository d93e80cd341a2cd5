"""Who lies near whom in a run, and who moved between two epochs."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from samplewise.embeddings import Metric, NeighbourSearch
from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.records.recently_used import RecentlyUsed
from samplewise.records.stored_run import StoredRun
from samplewise.records.vectors import (
    CollectionKey,
    Vectors,
    collection_vectors,
    describe_collection,
    streams_with,
)

_DRAWABLE = 3  # so many numbers or fewer are a place on a map


@dataclass(frozen=True)
class Nearest:
    """What lies near one vector, the nearest first.

    Args:
        example_ids: Which samples, shape `(k,)`.
        object_ids: Which object of each; None where a sample has one vector.
        distances: How far they are, shape `(k,)`.
    """

    example_ids: Int[np.ndarray, " k"]
    object_ids: Int[np.ndarray, " k"] | None
    distances: Float[np.ndarray, " k"]


@dataclass(frozen=True)
class Movement:
    """How far samples moved between two epochs.

    Args:
        example_ids: The samples that have a place in both, ascending, shape `(n,)`.
        distances: How far each moved, shape `(n,)`.
    """

    example_ids: Int[np.ndarray, " n"]
    distances: Float[np.ndarray, " n"]


@dataclass(frozen=True)
class _Searchable:
    vectors: Vectors
    search: NeighbourSearch

    @property
    def size_bytes(self) -> int:
        """How much memory it holds."""
        return self.search.size_bytes


class SearchCache(RecentlyUsed[_Searchable]):
    """The matrices that were searched last, for many questions about few collections.

    Args:
        max_bytes: How much memory they may take; the last one stays whatever its size.
    """

    def __init__(self, max_bytes: int = 500_000_000) -> None:
        super().__init__(max_bytes, lambda held: held.size_bytes)

    def searchable(
        self, run: StoredRun, column: str, key: CollectionKey, metric: Metric | None
    ) -> _Searchable:
        """The vectors of one collection, read once as long as nothing is written to them."""
        streams = streams_with(run, column)
        version = tuple((stream.path, stream.dataset.version) for stream in streams)

        def read() -> _Searchable:
            vectors = collection_vectors(run, column, key)
            search = NeighbourSearch.of(vectors.values, metric or _natural(vectors))
            return _Searchable(vectors, search)

        return self.get((version, column, key, metric), read)


def nearest_samples(
    run: StoredRun,
    column: str,
    example_id: int,
    key: CollectionKey,
    *,
    object_id: int | None = None,
    k: int = 10,
    within: CollectionKey | None = None,
    metric: Metric | None = None,
    cache: SearchCache | None = None,
) -> Nearest:
    """The samples, or objects, nearest to one of them in a collection.

    Args:
        run: Whose.
        column: Of embeddings, of places on a map, or of lists of embeddings of objects.
        example_id: Of which sample.
        key: In which collection: epoch, split and input table, each as stored.
        object_id: Of which of its objects, where the column holds lists.
        k: How many.
        within: Which collection to search; None: the same.
        metric: `cosine` or `euclidean`; None: euclidean for places of up to three numbers, else
            cosine.
        cache: Keeps what was read for the next call.

    Raises:
        NotFoundError: There is no such column, collection, sample or object.
        InvalidArgumentError: An argument breaks its rule.
    """
    cache = cache or SearchCache()
    asked = cache.searchable(run, column, key, metric)
    place = _place_of(asked.vectors, column, example_id, object_id)
    where = asked if within in (None, key) else cache.searchable(run, column, within, metric)
    leave_out = place if where is asked else None
    rows, distances = where.search.nearest(asked.vectors.values[place], k, leave_out=leave_out)
    objects = where.vectors.object_ids
    return Nearest(
        where.vectors.example_ids[rows], None if objects is None else objects[rows], distances
    )


def movement(
    run: StoredRun,
    column: str,
    first: CollectionKey,
    second: CollectionKey,
    *,
    metric: Metric | None = None,
) -> Movement:
    """How far every sample moved between two collections of one table.

    On a map that was fitted once, a distance is a movement; the raw embeddings of two epochs lie
    in two spaces, and their distances hold what the network changed for all samples alike.

    Args:
        run: Whose.
        column: Of places on a map, or of embeddings.
        first: A collection: epoch, split and input table, each as stored.
        second: Another one.
        metric: As in `nearest_samples`.

    Raises:
        NotFoundError: There is no such column or collection.
        InvalidArgumentError: The column holds objects, which have no identity over epochs.
    """
    before, after = (collection_vectors(run, column, key) for key in (first, second))
    if before.object_ids is not None:
        raise InvalidArgumentError(
            f"`column` must hold one vector a sample, but `{column}` holds lists of them."
        )
    ids, i, j = np.intersect1d(before.example_ids, after.example_ids, return_indices=True)
    a, b = before.values[i].astype(np.float64), after.values[j].astype(np.float64)
    if (metric or _natural(before)) == "cosine":
        with np.errstate(invalid="ignore", divide="ignore"):
            a /= np.linalg.norm(a, axis=1, keepdims=True)
            b /= np.linalg.norm(b, axis=1, keepdims=True)
        distances = np.square(a - b).sum(axis=1) / 2
    else:
        distances = np.linalg.norm(a - b, axis=1)
    present = np.isfinite(distances)
    return Movement(ids[present], distances[present])


def _natural(vectors: Vectors) -> Metric:
    return "euclidean" if vectors.values.shape[1] <= _DRAWABLE else "cosine"


def _place_of(vectors: Vectors, column: str, example_id: int, object_id: int | None) -> int:
    wanted = vectors.example_ids == example_id
    if vectors.object_ids is not None:
        if object_id is None:
            raise InvalidArgumentError(
                f"`object_id` must say which object of sample {example_id}, for `{column}` has "
                "one vector for each of them."
            )
        wanted &= vectors.object_ids == object_id
    elif object_id is not None:
        raise InvalidArgumentError(
            f"`object_id` must be left out, for `{column}` has one vector a sample."
        )
    found = np.flatnonzero(wanted)
    if not len(found):
        what = f"sample {example_id}" + ("" if object_id is None else f", object {object_id}")
        raise NotFoundError(f"`{column}` has no {what} in {describe_collection(vectors.keys[0])}.")
    return int(found[0])
