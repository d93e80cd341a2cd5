"""The loop: every row once, one forward pass, predictions and embeddings in chunks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from samplewise.collect.batch_size import BatchSize
from samplewise.collect.feature_map import FeatureMap, watching
from samplewise.collect.loading import Failure, Loaded, check_dataloader_args, load_chunks
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
    ask = _Question(predictor, layer, embeddings, object_boxes or {}, on_raw)
    chunks = partial(
        load_chunks,
        predictor.load,
        urls,
        range(len(urls)) if rows is None else rows,
        chunk_size=chunk_size,
        chunks_in_memory=batch_size,
        args=check_dataloader_args(dataloader_args),
    )
    return _answers(ask, chunks, BatchSize(min(batch_size, chunk_size, fitting or batch_size)))


@dataclass
class _Answer:
    """What the model says about one batch."""

    batch: Batch
    predictions: list[Any]
    embeddings: np.ndarray | None = None
    object_embeddings: dict[str, list[np.ndarray]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Question:
    """What is asked about every batch."""

    predictor: Predictor
    layer: str | None
    embeddings: bool
    object_boxes: Mapping[str, ObjectBoxes]
    on_raw: OnRaw | None

    def __call__(self, batch: Batch) -> _Answer:
        if self.layer is None:
            return self._finished(self.predictor.forward(batch.inputs), batch)
        network, whole = self.predictor.prepare(batch.inputs), bool(self.object_boxes)
        with watching(network, self.layer, whole=whole) as features:
            raw = self.predictor.forward(batch.inputs)
        return self._with_embeddings(self._finished(raw, batch), features)

    def _finished(self, raw: Any, batch: Batch) -> _Answer:
        columns = self.on_raw(raw, batch) if self.on_raw else {}
        for name, values in columns.items():
            _check_length(f"`on_raw` column `{name}`", values, batch)
        predictions = self.predictor.finish(raw, batch)
        return _Answer(batch, predictions, columns=columns)

    def _with_embeddings(self, answer: _Answer, features: FeatureMap) -> _Answer:
        if self.embeddings:
            answer.embeddings = features.pooled()
        for name, boxes_of in self.object_boxes.items():
            boxes = boxes_of(answer.batch.rows, answer.predictions)
            _check_length(f"`object_boxes` `{name}`", boxes, answer.batch)
            pairs = zip(boxes, answer.batch.metadata, strict=True)
            to_input = self.predictor.boxes_to_input
            answer.object_embeddings[name] = features.pooled_in(
                [to_input(each, metadata) for each, metadata in pairs],
                input_size=(answer.batch.inputs.shape[-2], answer.batch.inputs.shape[-1]),
            )
        return answer


def _answers(
    ask: _Question, chunks: Callable[[], Iterator[Loaded]], size: BatchSize
) -> Iterator[Chunk]:
    with ask.predictor.running():
        for loaded in chunks():
            chunk = _chunk(_ask_all(ask, loaded, size), loaded.failures, size)
            del loaded  # its images, before the chunk is handed out
            yield chunk
            del chunk


def _ask_all(ask: _Question, loaded: Loaded, size: BatchSize) -> list[_Answer]:
    return [answer for batch in loaded.batches for answer in _ask_in_parts(ask, batch, size)]


def _ask_in_parts(ask: _Question, batch: Batch, size: BatchSize) -> Iterator[_Answer]:
    start = 0
    while start < len(batch):
        part = batch.part(start, size.value)
        answer = size.attempt(partial(ask, part), len(part))
        if answer is not None:
            start += len(part)
            yield answer


def _chunk(answers: list[_Answer], failures: list[Failure], size: BatchSize) -> Chunk:
    rows = np.array([row for answer in answers for row in answer.batch.rows], dtype=np.int64)
    order = np.argsort(rows, kind="stable")  # images of other shapes were asked about later

    def in_order(lists: Iterator[Sequence[Any]]) -> list[Any]:
        values = [value for each in lists for value in each]
        return [values[index] for index in order]

    vectors = [each.embeddings for each in answers if each.embeddings is not None]
    return Chunk(
        rows=rows[order],
        urls=in_order(answer.batch.urls for answer in answers),
        predictions=in_order(answer.predictions for answer in answers),
        embeddings=np.concatenate(vectors)[order] if vectors else None,
        object_embeddings={
            name: in_order(each.object_embeddings[name] for each in answers)
            for name in (answers[0].object_embeddings if answers else ())
        },
        columns={
            name: in_order(each.columns[name] for each in answers)
            for name in (answers[0].columns if answers else ())
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
