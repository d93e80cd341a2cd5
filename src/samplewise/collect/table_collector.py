"""How a callback collects on the tables of its training, epoch after epoch."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samplewise._progress import progress_bar
from samplewise.collect.collection import (
    CollectionPlan,
    CollectionRecord,
    ComputeMetrics,
    collect,
)
from samplewise.collect.embedding_settings import EmbeddingSettings
from samplewise.collect.inference import ObjectBoxes, OnRaw
from samplewise.collect.predictor import Predictor
from samplewise.collect.ranks import Ranks, rows_of_rank
from samplewise.schema import ColumnSchema
from samplewise.schema.violations import Tally
from samplewise.tables import Run, Table


@dataclass(frozen=True)
class TableMetrics:
    """What is computed on one table in one collection.

    Args:
        compute_metrics: From predictions to columns.
        schemas: Column kinds of these, and of what `on_raw` returns; empty: inferred.
        infer_others: Whether columns beside these are inferred, too.
        on_raw: Gets the network's own output of a batch; returns more columns.
        object_boxes: In which boxes embeddings are pooled, where those of objects are wanted.
        count_others: Which labels of some rows no metric counts, by class; see `Task.count_others`.
        counted_in: What these are: `pixels`; empty for one by one.
        tally: Counts predictions that `compute_metrics` leaves out.
    """

    compute_metrics: ComputeMetrics
    schemas: Mapping[str, ColumnSchema] = field(default_factory=dict)
    infer_others: bool = False
    on_raw: OnRaw | None = None
    object_boxes: Mapping[str, ObjectBoxes] = field(default_factory=dict)
    count_others: Callable[[Sequence[int]], Mapping[str, int]] = lambda rows: {}
    counted_in: str = ""
    tally: Tally = field(default_factory=Tally)


@dataclass
class TableCollector:
    """Collects on tables, as was settled when the callback was made.

    Args:
        image_column: Column of the tables with the images.
        batch_size: Images per forward pass; None: a whole chunk.
        chunk_size: Images per chunk; None: `batch_size`.
        dataloader_args: For torch's DataLoader.
        embeddings: Which are collected.

    Attributes:
        fitting: Images per forward pass that fit into memory, where more did not.
    """

    image_column: str
    batch_size: int | None
    chunk_size: int | None
    dataloader_args: Mapping[str, Any]
    embeddings: EmbeddingSettings
    fitting: int | None = field(default=None, init=False)

    def collect(
        self,
        run: Run,
        table: Table,
        predictor: Predictor,
        metrics: TableMetrics,
        *,
        split: str | None,
        epoch: int | None,
        rows: np.ndarray | None = None,
        replace: bool = False,
        beside: Collection[str] = (),
        constants: Mapping[str, Any],
        ranks: Ranks,
    ) -> CollectionRecord:
        """One collection on one table, shared by all ranks; see `collection.collect`."""
        plan = ranks.run_on_all(lambda: self._plan(predictor, metrics, constants))
        count = len(table) if rows is None else len(rows)
        share = rows_of_rank(count, ranks.rank, ranks.world_size)
        what = f"collecting {split or table.name}"
        with progress_bar(what, len(share), shown=ranks.rank == 0) as done:
            record = collect(
                run,
                table,
                predictor,
                plan,
                split=split,
                epoch=epoch,
                rows=rows,
                replace=replace,
                beside=beside,
                ranks=ranks,
                on_progress=done,
            )
        if record.batch_size is not None and plan.largest_batch > record.batch_size:
            self.fitting = record.batch_size
        asked = [at if rows is None else int(rows[at]) for at in share]
        mine = ranks.run_on_all(lambda: metrics.count_others(asked))
        left_out: Counter[str] = Counter()
        for counts in ranks.gather(mine):
            left_out.update(counts)
        return dataclasses.replace(record, classes_left_out=dict(left_out))

    def _plan(
        self, predictor: Predictor, metrics: TableMetrics, constants: Mapping[str, Any]
    ) -> CollectionPlan:
        has_layer = self.embeddings.find_layer(predictor)
        objects = has_layer and self.embeddings.objects
        return CollectionPlan(
            compute_metrics=metrics.compute_metrics,
            schemas=metrics.schemas,
            infer_others=metrics.infer_others,
            on_raw=metrics.on_raw,
            image_column=self.image_column,
            batch_size=self.batch_size,
            chunk_size=self.chunk_size,
            fitting=self.fitting,
            dataloader_args=self.dataloader_args,
            embeddings=has_layer and self.embeddings.images,
            object_boxes=metrics.object_boxes if objects else {},
            constants=constants,
            tally=metrics.tally,
        )
