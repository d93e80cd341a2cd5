"""The loop: every row once, one forward pass, predictions and embeddings in chunks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from samplewise.collect.batch_size import BatchSize
from samplewise.collect.feature_map import FeatureMap, watch_layer
from samplewise.collect.loading import Failure, LoadedChunk, check_dataloader_args, load_chunks
from samplewise.collect.predictor import Batch, Predictor
from samplewise.errors import InvalidArgumentError

CHUNK_SIZE = 32

OnRaw = Callable[[Any, Batch], Mapping[str, Sequence[Any]]]
ObjectBoxes = Callable[[list[int], list[Any]], Sequence[np.ndarray]]


@dataclass(frozen=True)
class Chunk:
    """What the model says about some rows, in the order of the rows.

    Rows whose image could not be read are only in `failures`; everything else has one entry for
    each of the `b` others.

    Attributes:
        rows: Where they stand in the list of URLs, shape `(b,)`.
        urls: Where the images lie.
        predictions: The framework's own objects, in pixels of the image on disk.
        embeddings: The pooled feature map, if asked for, shape `(b, d)`.
        object_embeddings: For each name of `object_boxes` one array `(n, d)` per row.
        columns: What `on_raw` returned, one value per row.
        failures: Rows without an image.
        batch_size: Images per forward pass, smaller than asked for where memory ran out.
    """

    rows: Int64[np.ndarray, " b"]
    urls: list[str]
    predictions: list[Any]
    embeddings: Float32[np.ndarray, "b d"] | None
    object_embeddings: dict[str, list[np.ndarray]]
    columns: dict[str, list[Any]]
    failures: list[Failure]
    batch_size: int

    def __len__(self) -> int:
        return len(self.urls)


def infer(
    predictor: Predictor,
    urls: Sequence[str],
    *,
    rows: Sequence[int] | None = None,
    batch_size: int | None = 32,
    chunk_size: int | None = None,
    fitting: int | None = None,
    dataloader_args: Mapping[str, Any] | None = None,
    embeddings: bool = False,
    object_boxes: Mapping[str, ObjectBoxes] | None = None,
    on_raw: OnRaw | None = None,
) -> Iterator[Chunk]:
    """Ask a model about images, each once, in one forward pass per batch.

    At most `batch_size * chunk_size` images are in memory at a time, whatever their number.
    Run it inside `no_trace`, and to its end or with `contextlib.closing`: until then the network
    is in evaluation mode.

    Args:
        predictor: The model.
        urls: Where the images lie.
        rows: Which of them, all by default; ascending. `rows_of_rank` gives a share.
        batch_size: Images per forward pass. Halved, and said once, when memory runs out. None:
            a whole chunk.
        chunk_size: Images per chunk, loaded by one worker. None: `batch_size`, or 32 without one.
        fitting: Images per forward pass that are known to fit where `batch_size` are too many.
        dataloader_args: For torch's DataLoader. `batch_size` is ignored, shuffling is refused.
            By default 8 workers, fewer where there are fewer chunks or where the images that they
            read ahead would exceed the bound.
        embeddings: Pool the predictor's embedding layer, in the same pass.
        object_boxes: By name, what is called with the rows of a batch and their predictions and
            returns one array of boxes `(n, 4)` per row, `xyxy` pixels of the image. The embedding
            layer is pooled inside of each.
        on_raw: Called with the network's own output and its batch before the predictions are
            made of it. Returns columns, one value per image. It may be called again for rows
            whose batch did not fit into memory; only what the successful call returned counts.

    Returns:
        An iterator over chunks, in the order of the rows.

    Raises:
        InvalidArgumentError: A size is not positive, `dataloader_args` shuffle or hold an unknown
            name, or no embedding layer is known. Raised here, before the first chunk.
        CollectionError: Memory runs out for a single image, or a worker dies. Raised by the
            iterator, like whatever the predictor raises.
    """
    batch_size = _positive(batch_size, "batch_size")
    chunk_size = _positive(chunk_size, "chunk_size") or batch_size or CHUNK_SIZE
    batch_size = batch_size or chunk_size
    layer = predictor.embedding_layer if embeddings or object_boxes else None
    infer_batch = _BatchInference(predictor, layer, embeddings, object_boxes or {}, on_raw)
    chunks = partial(
        load_chunks,
        predictor.load,
        urls,
        range(len(urls)) if rows is None else rows,
        chunk_size=chunk_size,
        chunks_in_memory=batch_size,
        args=check_dataloader_args(dataloader_args),
    )
    return _infer_chunks(
        infer_batch, chunks, BatchSize(min(batch_size, chunk_size, fitting or batch_size))
    )


@dataclass
class _BatchResult:
    """What the model says about one batch."""

    batch: Batch
    predictions: list[Any]
    embeddings: np.ndarray | None = None
    object_embeddings: dict[str, list[np.ndarray]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _BatchInference:
    """What is asked about every batch."""

    predictor: Predictor
    layer: str | None
    embeddings: bool
    object_boxes: Mapping[str, ObjectBoxes]
    on_raw: OnRaw | None

    def __call__(self, batch: Batch) -> _BatchResult:
        if self.layer is None:
            return self._finish(self.predictor.forward(batch.inputs), batch)
        network, whole = self.predictor.prepare(batch.inputs), bool(self.object_boxes)
        with watch_layer(network, self.layer, whole=whole) as features:
            raw = self.predictor.forward(batch.inputs)
        return self._add_embeddings(self._finish(raw, batch), features)

    def _finish(self, raw: Any, batch: Batch) -> _BatchResult:
        columns = self.on_raw(raw, batch) if self.on_raw else {}
        for name, values in columns.items():
            _check_length(f"`on_raw` column `{name}`", values, batch)
        predictions = self.predictor.finish(raw, batch)
        return _BatchResult(batch, predictions, columns=columns)

    def _add_embeddings(self, result: _BatchResult, features: FeatureMap) -> _BatchResult:
        if self.embeddings:
            result.embeddings = features.pool()
        for name, boxes_of in self.object_boxes.items():
            boxes = boxes_of(result.batch.rows, result.predictions)
            _check_length(f"`object_boxes` `{name}`", boxes, result.batch)
            pairs = zip(boxes, result.batch.metadata, strict=True)
            to_input = self.predictor.boxes_to_input
            result.object_embeddings[name] = features.pool_in(
                [to_input(each, metadata) for each, metadata in pairs],
                input_size=(result.batch.inputs.shape[-2], result.batch.inputs.shape[-1]),
            )
        return result


def _infer_chunks(
    infer_batch: _BatchInference, chunks: Callable[[], Iterator[LoadedChunk]], size: BatchSize
) -> Iterator[Chunk]:
    with infer_batch.predictor.running():
        for loaded in chunks():
            chunk = _merge_results(_infer_all(infer_batch, loaded, size), loaded.failures, size)
            del loaded  # its images, before the chunk is handed out
            yield chunk
            del chunk


def _infer_all(
    infer_batch: _BatchInference, loaded: LoadedChunk, size: BatchSize
) -> list[_BatchResult]:
    return [
        result for batch in loaded.batches for result in _infer_in_parts(infer_batch, batch, size)
    ]


def _infer_in_parts(
    infer_batch: _BatchInference, batch: Batch, size: BatchSize
) -> Iterator[_BatchResult]:
    start = 0
    while start < len(batch):
        part = batch.part(start, size.value)
        result = size.attempt(partial(infer_batch, part), len(part))
        if result is not None:
            start += len(part)
            yield result


def _merge_results(results: list[_BatchResult], failures: list[Failure], size: BatchSize) -> Chunk:
    rows = np.array([row for result in results for row in result.batch.rows], dtype=np.int64)
    order = np.argsort(rows, kind="stable")  # images of other shapes were asked about later

    def in_order(lists: Iterator[Sequence[Any]]) -> list[Any]:
        values = [value for each in lists for value in each]
        return [values[index] for index in order]

    vectors = [each.embeddings for each in results if each.embeddings is not None]
    return Chunk(
        rows=rows[order],
        urls=in_order(result.batch.urls for result in results),
        predictions=in_order(result.predictions for result in results),
        embeddings=np.concatenate(vectors)[order] if vectors else None,
        object_embeddings={
            name: in_order(each.object_embeddings[name] for each in results)
            for name in (results[0].object_embeddings if results else ())
        },
        columns={
            name: in_order(each.columns[name] for each in results)
            for name in (results[0].columns if results else ())
        },
        failures=failures,
        batch_size=size.value,
    )


def _positive(value: int | None, name: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise InvalidArgumentError(f"`{name}` must be a positive number or None, but it is {value!r}.")


def _check_length(what: str, values: Sequence[Any], batch: Batch) -> None:
    if len(values) != len(batch):
        raise InvalidArgumentError(
            f"{what} must have one entry for each of the {len(batch)} images of its batch, "
            f"but it has {len(values)}."
        )
