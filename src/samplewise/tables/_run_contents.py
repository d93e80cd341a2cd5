"""`Run`: its aggregates, per-sample metrics and input tables."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from samplewise._arguments import check_arguments
from samplewise._notes import warn
from samplewise.records.database import TIMEOUT_S, QueryBounds
from samplewise.records.metric_rows import (
    is_null,
    kinds_in,
    metric_batch,
    metric_columns,
    metric_schema,
    refuse_input_table_ids,
    with_input_table,
)
from samplewise.records.readable import readable
from samplewise.records.repeats import append_once
from samplewise.records.stored_run import StoredRun
from samplewise.records.stream import Stream
from samplewise.schema.column import Better, ColumnSchema
from samplewise.schema.violations import Tally
from samplewise.tables._notebook_page import show_page
from samplewise.tables.table import Table


class RunContents:
    """The methods of `Run` that take in and hand out what it holds.

    Attributes:
        stored: How the run lies in its store; for code that builds on runs.
    """

    stored: StoredRun

    @property
    def name(self) -> str:
        """Name of the run."""
        return self.stored.name

    @property
    def history(self) -> pa.Table:
        """Aggregate metrics: one row per value, with epoch, split, name, value, time, better.

        `better` is `higher` or `lower`; null where nobody said.
        """
        return self.stored.aggregates

    @property
    def input_tables(self) -> list[Table]:
        """The tables that metrics were collected on, by `input_table_id`.

        One that was overwritten or removed since is there all the same: a run keeps its rows.
        """
        return [Table(t.store, t.document, aliases=t.aliases) for t in self.stored.inputs]

    @check_arguments
    def log(
        self,
        values: Mapping[str, Any],
        *,
        epoch: int | None = None,
        split: str | None = None,
        better: Mapping[str, Better] | None = None,
        replace: bool = False,
    ) -> None:
        """Log aggregate values, all in one commit.

        Args:
            values: Numbers by name, or None; names may be anything, such as `mAP@0.50`.
            epoch: 0-based epoch they belong to.
            split: `train`, `val`, the name of a test set, or None.
            better: Whether `higher` or `lower` values are better, by name. What is left out is not
                called better or worse by anybody.
            replace: Whether values of this epoch and split that are there already are replaced.

        Raises:
            AlreadyExistsError: A value of this epoch and split is there already.
            InvalidArgumentError: A value is not a number, or `better` is another word or about no
                value.
            StoreError: The store cannot be written.
        """
        self.stored.add_aggregates(values, epoch, split, better, replace=replace)

    @check_arguments
    def add_metrics(
        self,
        data: Any,
        schema: Mapping[str, ColumnSchema] | None = None,
        foreign_table_url: str | Path | None = None,
        *,
        epoch: int | None = None,
        split: str | None = None,
        replace: bool = False,
    ) -> None:
        """Add rows of per-sample metrics, visible all at once.

        Boxes, keypoints and masks that no image can have, such as boxes that are not finite, are
        left out, counted and told in one line: what a network predicts stops nobody.

        Args:
            data: One sequence per column, all of one length, or an Arrow table, or a frame of
                pandas or Polars. `example_id` names the sample each row is about: its 0-based
                index in the input table, or a number of your own where there is none. Without it,
                `data` must have one row per sample, in order.
            schema: Column kinds by name; columns left out have the kind that Arrow data says in
                its fields, else one that is inferred. A kind says which way a metric is better:
                `Float(better="lower")`.
            foreign_table_url: URL of the input table.
            epoch: 0-based epoch, where `data` has no column `epoch`.
            split: Where `data` has no column `split`: `train`, `val`, ...
            replace: Whether rows with these columns about the same samples, epoch and split are
                replaced.

        Raises:
            AlreadyExistsError: There are rows with these columns about one of these samples of the
                input table (of none, by `example_id`), for this epoch and split.
            SchemaError: A value does not fit its column, or columns differ in length.
            InvalidArgumentError: An `example_id` does not exist in the input table.
            NotFoundError: There is no such input table, or the run was removed.
        """
        table = None if foreign_table_url is None else Table.from_url(foreign_table_url)
        columns = metric_columns(data)
        refuse_input_table_ids(columns)
        told = {**self._kinds_of_nulls(columns), **kinds_in(data), **(schema or {})}
        kinds = metric_schema(columns, told)
        count = None if table is None else len(table)
        tally = Tally()
        checked = metric_batch(columns, kinds, count, None, epoch, split, tally)
        table_id = None if table is None else self.add_input_table(table)
        batch = with_input_table(checked, table_id)
        append_once(self.stored, self.stored.metric_stream(kinds), batch, replace=replace)
        if tally:
            warn(f"metrics of run `{self.stored.name}`: {tally}.")

    @check_arguments
    def add_input_table(self, table: Table) -> int:
        """Note that metrics are about that table; returns its `input_table_id` in this run."""
        return self.stored.add_input(table.stored)

    @check_arguments
    def add_collection(self, record: Mapping[str, Any]) -> None:
        """Note what one collection did, or why it failed."""
        new = readable(record)
        self.stored.document.update(collections=lambda stored: [*stored, new])

    @property
    def metric_streams(self) -> list[Stream]:
        """All streams of per-sample metrics."""
        return self.stored.metric_streams

    @check_arguments
    def metrics(
        self,
        columns: Iterable[str] | None = None,
        *,
        epoch: int | None = None,
        split: str | None = None,
        table: Table | None = None,
    ) -> pa.Table:
        """Per-sample metrics beside the columns of their input tables, joined by `example_id`.

        Args:
            columns: Which columns; None takes all.
            epoch: Rows of this epoch only.
            split: Rows of this split only.
            table: Rows about this table only.

        Returns:
            One row per sample and collection, ordered by epoch, split and example_id. An input
            column that a metric column shadows is named `input_<name>`.
        """
        from samplewise.records.queries import run_metrics

        return run_metrics(self.stored, columns, epoch, split, self._number_of(table))

    @check_arguments
    def label_issues(
        self,
        table: Table | None = None,
        split: str | None = None,
        epochs: str | int | Sequence[int] = "auto",
        kinds: Sequence[str] | None = None,
        min_score: float = 0.05,
    ) -> pa.Table:
        """Labels that are probably wrong, and what they should be, the likeliest first.

        Stored predictions of boxes, or of a classifier, are held against the labels, as they were
        when they were collected. Scores of boxes are calibrated: errors of each kind are planted
        in copies of the labels, and the same predictions tell what such errors look like.

        Args:
            table: Labels of this input table only.
            split: Of this split only.
            epochs: Whose predictions; `"auto"` takes the last epoch, and all that were collected
                together where the model trained on the labels, since it learns their errors.
            kinds: Some of `wrong_class`, `badly_placed`, `missing`, `spurious`; None takes all.
            min_score: Suspects with a lower score are left out.

        Returns:
            `example_id`, `image`, `kind`, `score` in [0, 1], `image_score` (that one of its labels
            is wrong), `label_index` and `label` and `box` (null for `missing`), `suggested_label`
            (class id), `suggested_box`, `prediction_index` and its `confidence`, `epoch`,
            `in_sample` (whether the model trained on it), `input_table_id`, `split`.

        Raises:
            NotFoundError: There are no such predictions, or not of that epoch.
            InvalidArgumentError: There is no such kind, or the table has no labels.
        """
        from samplewise.records.label_issues import label_issues

        return label_issues(
            self.stored,
            table_id=self._number_of(table),
            split=split,
            epochs=epochs,
            kinds=kinds,
            min_score=min_score,
        )

    @check_arguments
    def add_label_issues(
        self,
        table: Table | None = None,
        split: str | None = None,
        epochs: str | int | Sequence[int] = "auto",
    ) -> list[str]:
        """Store what `label_issues` says of each image, beside its other metrics.

        - `label_issue`: probability that one of its labels is wrong.
        - `label_issue_kind`: kind of its likeliest issue; null where there is hardly one.

        They are there for the rows of the last epoch that was looked at, and filter, sort and join
        like any other metric. Computing them again replaces them.

        Args:
            table: As for `label_issues`.
            split: As for `label_issues`.
            epochs: As for `label_issues`.

        Returns:
            Names of the columns.

        Raises:
            NotFoundError: There are no predicted boxes with a confidence, or not of that epoch.
            StoreError: The store cannot be written.
        """
        from samplewise.records.label_issue_columns import add_label_issues

        return add_label_issues(
            self.stored, table_id=self._number_of(table), split=split, epochs=epochs
        )

    @check_arguments
    def metrics_at(
        self,
        confidence: float = 0.5,
        iou: float = 0.5,
        *,
        table: Table | None = None,
        split: str | None = None,
        epoch: int | None = None,
    ) -> pa.Table:
        """Per-image metrics of a detector at another operating point, from what is stored.

        Equal to collecting again with that confidence threshold, as long as it is not below that
        of the collection, whose other predictions are not there.

        Args:
            confidence: Predictions that are less sure do not count.
            iou: Overlap that a match needs at least, above 0.1. Average precision has its own.
            table: Rows about this input table only.
            split: Rows of this split only.
            epoch: Rows of this epoch only.

        Returns:
            One row per image and collection: keys, and the columns that a collection has.

        Raises:
            NotFoundError: There are no such predictions.
            InvalidArgumentError: A threshold is out of its bounds.
        """
        from samplewise.records.operating_point import metrics_at

        return metrics_at(
            self.stored,
            confidence=confidence,
            iou=iou,
            table_id=self._number_of(table),
            split=split,
            epoch=epoch,
        )

    @check_arguments
    def sql(
        self,
        query: str,
        *,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int | None = None,
        allow_files: bool = False,
    ) -> pa.Table:
        """Ask a question in SQL (DuckDB's dialect).

        There are `metrics` (per-sample metrics joined with the input tables' columns),
        `aggregates`, `input_0`, `input_1`, ... (the input tables, with their `example_id`), and
        `stream_metrics`, `stream_metrics_0000`, ... (metrics as they are stored).

        Args:
            query: The question.
            timeout_s: Seconds after which it is stopped.
            memory_bytes: What DuckDB and the answer may take; None takes half of the memory of
                this machine or container.
            allow_files: Whether the query may read and write files and URLs, attach databases and
                load extensions: for one that you trust.

        Raises:
            InvalidArgumentError: The query is wrong, which DuckDB's message explains, or needs
                more than it may take.
            StoreError: Rows that it asks for are damaged.
        """
        from samplewise.records.queries import ask_run

        return ask_run(self.stored, query, QueryBounds(timeout_s, memory_bytes, allow_files))

    @check_arguments
    def show(self, *, height: int = 800) -> Any:
        """Its page of the dashboard, inside a notebook.

        This process serves it, to pages of this machine only, until it ends.

        Args:
            height: Of the frame, pixels.

        Raises:
            MissingDependencyError: The dashboard's packages are not installed.
        """
        document = self.stored.document
        return show_page(self.stored.store.root, document.project, ("runs", document.name), height)

    def _number_of(self, table: Table | None) -> int | None:
        """The `input_table_id` of a table; -1 for one that no metrics are about."""
        if table is None:
            return None
        ids = [entry["id"] for entry in self.stored.input_entries]
        return ids.index(table.id) if table.id in ids else -1

    def _kinds_of_nulls(self, columns: Mapping[str, Any]) -> dict[str, ColumnSchema]:
        """Kinds of columns that are null throughout, as other rows of the run have them."""
        empty = [name for name, values in columns.items() if is_null(values)]
        if not empty:
            return {}
        known = self.stored.metric_kinds
        return {name: known[name] for name in empty if name in known}
