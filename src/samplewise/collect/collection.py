"""One collection: a model, one table, one commit."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np

from samplewise._notes import warn
from samplewise.collect.inference import CHUNK_SIZE, Chunk, ObjectBoxes, OnRaw, infer
from samplewise.collect.metrics_writer import MetricsWriter
from samplewise.collect.predictor import Predictor
from samplewise.collect.ranks import Ranks, rows_of_rank
from samplewise.collect.returned_columns import check_returned_columns
from samplewise.records.metric_rows import EPOCH, INPUT_TABLE_ID, SPLIT
from samplewise.records.repeats import commit_once, find_collected, repeat_error
from samplewise.records.stream import Stream
from samplewise.records.vectors import vector_lists
from samplewise.schema import ColumnSchema, EmbeddingSchema, ListSchema
from samplewise.schema.violations import Tally
from samplewise.tables.run import Run
from samplewise.tables.table import Table

EMBEDDING = "embedding"
PREDICTION_EMBEDDINGS = "prediction_embeddings"
GROUND_TRUTH_EMBEDDINGS = "ground_truth_embeddings"

ComputeMetrics = Callable[[list[str], Any, Table], Mapping[str, Sequence[Any]]]


class ImageUrl(str):  # noqa: SLOT000  # has an attribute
    """The URL of an image that knows its row: two rows may hold the same image.

    Attributes:
        example_id: 0-based index of the row in its table.
    """

    example_id: int

    def __new__(cls, url: str, example_id: int) -> Self:
        """A string with a number."""
        self = super().__new__(cls, url)
        self.example_id = example_id
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return ImageUrl, (str(self), self.example_id)


@dataclass(frozen=True, kw_only=True)
class CollectionPlan:
    """What to collect on a table.

    Args:
        compute_metrics: Gets image URLs, the predictions of a chunk, and the table; returns one
            value per image by column name.
        schemas: Column kinds by name; empty: inferred.
        infer_others: Whether columns beside these are inferred, too.
        image_column: Column with the images.
        batch_size: Images per forward pass; None: `chunk_size`.
        chunk_size: Images per chunk; None: `batch_size`.
        fitting: Images per forward pass that are known to fit into memory where more are not.
        dataloader_args: For torch's DataLoader.
        embeddings: Whether to store the pooled feature map in the column `embedding`.
        object_boxes: Which boxes to pool it in, by the name of the column that takes one vector a
            box: `prediction_embeddings`, `ground_truth_embeddings`.
        on_raw: Gets the network's own output of a batch; returns more columns.
        constants: Values of further columns, the same in all rows.
        tally: Counts predictions that `compute_metrics` leaves out, for the report.
    """

    compute_metrics: ComputeMetrics
    schemas: Mapping[str, ColumnSchema] = field(default_factory=dict)
    infer_others: bool = False
    image_column: str = "image"
    batch_size: int | None = 32
    chunk_size: int | None = None
    fitting: int | None = None
    dataloader_args: Mapping[str, Any] | None = None
    embeddings: bool = False
    object_boxes: Mapping[str, ObjectBoxes] = field(default_factory=dict)
    on_raw: OnRaw | None = None
    constants: Mapping[str, Any] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    @property
    def largest_batch(self) -> int:
        """Images per forward pass, where memory does not run out."""
        asked = (self.batch_size, self.chunk_size, self.fitting)
        return min((size for size in asked if size is not None), default=CHUNK_SIZE)


@dataclass(frozen=True)
class CollectionRecord:
    """What one collection did.

    Args:
        split: Which split.
        epoch: 0-based epoch; None outside a training.
        table: URL of the input table.
        table_rows: How many rows it has; a loader may read some of them only.
        rows: Rows with metrics.
        failed_rows: Rows whose image could not be read.
        duration_s: How long it took.
        batch_size: Images per forward pass that it settled on.
        left_out: How many predictions no image can have, by what is wrong with them.
        kept: How many odd ones are stored as they are, likewise.
        replaced_rows: Rows that were there already and are gone.
        streams: Paths of the streams that its rows are in.
        classes_left_out: How many labels no metric counts by class, since the network does not
            have it; pixels in segmentation.
        error: Why nothing was stored, if so.
    """

    split: str | None
    epoch: int | None
    table: str
    table_rows: int | None = None
    rows: int = 0
    failed_rows: int = 0
    duration_s: float = 0.0
    batch_size: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    replaced_rows: int = 0
    streams: tuple[str, ...] = ()
    classes_left_out: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None


def collect(
    run: Run,
    table: Table,
    predictor: Predictor,
    plan: CollectionPlan,
    *,
    split: str | None,
    epoch: int | None,
    rows: np.ndarray | None = None,
    replace: bool = False,
    beside: Collection[str] = (),
    ranks: Ranks | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
) -> CollectionRecord:
    """Ask a model about rows of a table and store what comes of it, in one commit.

    With several ranks each asks about its share and writes its own rows; rank 0 commits them all,
    or none if a rank failed.

    Args:
        run: Where the rows go.
        table: Where the images come from.
        predictor: The model.
        plan: What to collect.
        split: `train`, `val`, ...; keeps two splits apart that use one table.
        epoch: 0-based epoch.
        rows: Which rows, ascending, each once; None: all of them.
        replace: Whether rows of this table, split, epoch and constants that are there already
            are replaced, in the same commit.
        beside: Paths of streams where such rows may be: those of other callbacks of a training.
        ranks: The processes that share the work; None: this one alone.
        on_progress: Called with the number of rows that were done since the last call.

    Returns:
        What was done, the same on all ranks.

    Raises:
        CollectionError: A column is wrong, or another rank failed. Nothing is stored.
        AlreadyExistsError: There are such rows. Nothing is stored.
    """
    ranks = ranks or Ranks()
    start = time.perf_counter()
    table_id = ranks.run_on_first(lambda: run.add_input_table(table))
    keys = {INPUT_TABLE_ID: table_id, EPOCH: epoch, SPLIT: split}
    writer = MetricsWriter(run, plan.schemas, plan.constants, keys, infer_others=plan.infer_others)
    if not replace:  # before the work; whether it is so still is asked at the end
        ranks.run_on_first(lambda: _refuse_repeat(run, writer.identity, beside))
    share = ranks.run_on_all(
        lambda: _collect_share(table, rows, predictor, plan, writer, ranks, on_progress)
    )
    shares = ranks.gather(share)
    replaced = ranks.run_on_first(
        lambda: commit_once(
            run.stored, _drop_empty_shares(shares), writer.identity, replace=replace, beside=beside
        )
    )
    tally = Tally.total(share.tally for share in shares)
    if tally:
        ranks.run_on_first(lambda: warn(f"predictions of {split or table.name}: {tally}."))
    return CollectionRecord(
        split,
        epoch,
        table.url,
        table_rows=len(table),
        rows=sum(share.rows for share in shares),
        failed_rows=sum(share.failed_rows for share in shares),
        duration_s=round(time.perf_counter() - start, 3),
        batch_size=min((s.batch_size for s in shares if s.batch_size is not None), default=None),
        left_out=dict(tally.left_out),
        kept=dict(tally.kept),
        replaced_rows=replaced,
        streams=tuple(stream.path for stream, _ in _drop_empty_shares(shares)),
    )


class _Share(NamedTuple):
    """What one rank did.

    Attributes:
        rows: Rows with metrics.
        failed_rows: Rows without.
        batch_size: Images per forward pass that it settled on.
        stream: Where they belong; None if there was not a single row.
        fragments: What was written, and nobody sees yet.
        tally: What was wrong with predictions.
    """

    rows: int
    failed_rows: int
    batch_size: int | None
    stream: Stream | None
    fragments: list[str]
    tally: Tally


def _refuse_repeat(run: Run, identity: Mapping[str, Any], beside: Collection[str]) -> None:
    earlier = find_collected(run.stored, identity, beside)
    if earlier:
        raise repeat_error(run.stored, identity, earlier)


def _drop_empty_shares(shares: Sequence[_Share]) -> list[tuple[Stream, list[str]]]:
    """What all ranks wrote, stream by stream: one, unless they inferred other kinds of columns."""
    by_path: dict[str, tuple[Stream, list[str]]] = {}
    for share in shares:
        if share.stream is not None:
            by_path.setdefault(share.stream.path, (share.stream, []))[1].extend(share.fragments)
    return list(by_path.values())


def _collect_share(
    table: Table,
    rows: np.ndarray | None,
    predictor: Predictor,
    plan: CollectionPlan,
    writer: MetricsWriter,
    ranks: Ranks,
    on_progress: Callable[[int], None],
) -> _Share:
    urls = table.image_urls(plan.image_column)
    wanted = range(len(urls)) if rows is None else rows.tolist()
    places = rows_of_rank(len(wanted), ranks.rank, ranks.world_size)
    share = wanted[places.start : places.stop]
    present = [row for row in share if urls[row] is not None]
    for row in sorted(set(share) - set(present)):
        writer.add_failure(row, "the row has no image")
    chunks = infer(
        predictor,
        [url or "" for url in urls],
        rows=present,
        batch_size=plan.batch_size,
        chunk_size=plan.chunk_size,
        fitting=plan.fitting,
        dataloader_args=plan.dataloader_args,
        embeddings=plan.embeddings,
        object_boxes=plan.object_boxes,
        on_raw=plan.on_raw,
    )
    good, bad, size = 0, len(share) - len(present), None
    with closing(chunks):  # type: ignore[type-var]  # a generator
        for number, chunk in enumerate(chunks):
            for failure in chunk.failures:
                writer.add_failure(failure.row, failure.error)
            if len(chunk):
                _add_chunk(table, predictor, plan, writer, chunk, number)
            good, bad, size = good + len(chunk), bad + len(chunk.failures), chunk.batch_size
            on_progress(len(chunk) + len(chunk.failures))
            del chunk
    return _Share(good, bad, size, *writer.finish(), Tally.total([plan.tally, writer.tally]))


def _add_chunk(
    table: Table,
    predictor: Predictor,
    plan: CollectionPlan,
    writer: MetricsWriter,
    chunk: Chunk,
    number: int,
) -> None:
    images: list[str] = [
        ImageUrl(url, row) for url, row in zip(chunk.urls, chunk.rows.tolist(), strict=True)
    ]
    computed = plan.compute_metrics(images, predictor.combine(chunk.predictions), table)
    columns = check_returned_columns(computed, chunk.columns, number)
    extra: dict[str, ColumnSchema] = {}
    if chunk.embeddings is not None:
        columns[EMBEDDING] = chunk.embeddings
        extra[EMBEDDING] = EmbeddingSchema(chunk.embeddings.shape[1])
    for name, vectors in chunk.object_embeddings.items():
        kind = EmbeddingSchema(vectors[0].shape[1])
        extra[name] = ListSchema(kind, writable=False, hidden=True)  # a page of rows has megabytes
        columns[name] = vector_lists(vectors)
    writer.declare(extra)
    writer.add(chunk.rows, columns, number)
