"""The sources of a store, opened when asked for and kept while they do not change."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from samplewise.errors import NotFoundError, StoreError
from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.records.recently_used import RecentlyUsed
from samplewise.records.stored_run import StoredRun
from samplewise.records.stored_table import StoredTable
from samplewise.records.stream import Stream
from samplewise.schema.ranking import main_metric, worst_first
from samplewise.server import wire
from samplewise.server.columns import LABELS, ShownColumn, list_columns
from samplewise.server.hot import HotColumns
from samplewise.server.paths import images_of_run, images_of_table
from samplewise.server.rows import CollectionIndex, TableSourceRows
from samplewise.server.source import OpenSource
from samplewise.storage import Store

_MOST_OPEN = 64


class Catalog:
    """Opens sources; may be shared by threads.

    Args:
        store: The store.
        hot: Keeps columns in memory.
    """

    def __init__(self, store: Store, hot: HotColumns | None = None) -> None:
        self.store = store
        self.hot = HotColumns() if hot is None else hot
        self._open: RecentlyUsed[Any] = RecentlyUsed(_MOST_OPEN)

    def table(self, source: wire.TableSource) -> StoredTable:
        """A table.

        Raises:
            NotFoundError: There is none.
        """
        names = (source.project, source.dataset, source.table)
        return self._share(StoredTable.from_names(self.store, *names))

    def run(self, project: str, name: str) -> StoredRun:
        """A run.

        Raises:
            NotFoundError: There is none.
        """
        return StoredRun.from_names(self.store, project, name)

    def open(self, source: wire.Source) -> OpenSource:
        """A source as it is now.

        Raises:
            NotFoundError: There is none.
        """
        if isinstance(source, wire.TableSource):
            return self._open_table(source)
        return self._open_collection(source)

    def sources_of(self, run: StoredRun) -> list[wire.SourceRow]:
        """All collections of a run, the first one first."""
        inputs = run.inputs
        return [
            wire.SourceRow(
                source=wire.MetricsSource(run.document.project, run.name, stream.name, *key),
                rows=count,
                table=None if key[2] is None else table_source(inputs[key[2]]),
            )
            for stream in run.metric_streams
            for key, count in self._index(run, stream).collections.items()
        ]

    def input_table(self, project: str, run: str, input_table_id: int) -> StoredTable:
        """An input table of a run, as it was when metrics were collected on it.

        Raises:
            NotFoundError: There is none.
        """
        stored = self.open_input(project, run, input_table_id)
        assert stored is not None
        return self._share(stored)

    def table_of(self, source: wire.Source) -> StoredTable | None:
        """The Table that the samples of a source belong to; None for metrics about no table.

        Raises:
            NotFoundError: It is not there.
        """
        if isinstance(source, wire.TableSource):
            return self.table(source)
        if source.input_table_id is None:
            return None
        return self.input_table(source.project, source.run, source.input_table_id)

    def open_input(self, project: str, run: str, input_table_id: int | None) -> StoredTable | None:
        """How an input table of a run lies in its store; None for metrics about no table.

        Raises:
            NotFoundError: There is none.
        """
        inputs = self.run(project, run).inputs
        if input_table_id is None:
            return None
        if not 0 <= input_table_id < len(inputs):
            raise NotFoundError(f"run `{run}` has no input table {input_table_id}.")
        return inputs[input_table_id]

    def row_numbers(self, table: StoredTable) -> np.ndarray:
        """What tells the rows of a Table in all of its revisions; int64, ascending.

        Raises:
            StoreError: The rows are gone.
        """
        return self.remember(("row numbers", table.document.id), table.reader.row_numbers)

    def remember(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value of a key; made by the first who asks, while others wait for this one only.

        The least used ones are forgotten.
        """
        return self._open.get(key, make)

    def _share(self, table: StoredTable) -> StoredTable:
        """One object for all requests: its reader opens the rows once."""
        key = ("opened", table.url, table.id, str(table.aliases))
        return self.remember(key, lambda: table)

    def _open_table(self, source: wire.TableSource) -> OpenSource:
        table = self.table(source)
        return self.remember(("table", table.id), lambda: self._make_table_source(source, table))

    def _make_table_source(self, source: wire.TableSource, table: StoredTable) -> OpenSource:
        rows = TableSourceRows(table.reader, table.document.schema)
        columns = list_columns(rows, "input", {EXAMPLE_ID})
        info = wire.SourceInfo(
            source=source,
            title=f"{source.dataset}/{source.table}",
            rows=len(table),
            columns=[],
            image_column=_image_column(columns),
            truth=_names(columns, LABELS),
            predictions=[],
            **_ranking(columns),
            image_path=images_of_table(source, table.id),
            table=source,
            version=table.id,
        )
        return OpenSource(info, columns, np.arange(len(table)), self.hot)

    def _open_collection(self, source: wire.MetricsSource) -> OpenSource:
        run = self.run(source.project, source.run)
        stream = next((s for s in run.metric_streams if s.name == source.stream), None)
        if stream is None:
            raise NotFoundError(f"run `{run.name}` has no metrics table `{source.stream}`.")
        index = self._index(run, stream)
        version = f"{run.id}-{stream.name}-{index.dataset.version}"
        key = (source.epoch, source.split, source.input_table_id)
        return self.remember(
            (version, *key), lambda: self._make_collection_source(source, run, index)
        )

    def _make_collection_source(
        self, source: wire.MetricsSource, run: StoredRun, index: CollectionIndex
    ) -> OpenSource:
        key = (source.epoch, source.split, source.input_table_id)
        rows = index.rows(key)
        if rows is None:
            raise NotFoundError(
                f"run `{run.name}` has no rows of epoch {source.epoch}, split {source.split}."
            )
        columns = list_columns(rows, "metric")
        predictions = _names(columns, LABELS)
        stored = self._input(run, source.input_table_id)
        inputs: dict[str, ShownColumn] = {}
        if stored is not None:
            held = TableSourceRows(stored.reader, stored.document.schema, rows.example_ids)
            inputs = list_columns(held, "input", columns)
        info = wire.SourceInfo(
            source=source,
            title=" · ".join(
                part for part in (run.name, source.split, _epoch(source.epoch)) if part is not None
            ),
            rows=len(rows.example_ids),
            columns=[],
            image_column=_image_column(inputs or columns),
            truth=_names(inputs, LABELS),
            predictions=predictions,
            **_ranking(columns),
            image_path=None if stored is None else images_of_run(source, stored.document.id),
            table=None if stored is None else table_source(stored),
            version="-".join(map(str, (run.id, source.stream, index.dataset.version, *key))),
        )
        return OpenSource(info, {**columns, **inputs}, rows.example_ids, self.hot)

    def _input(self, run: StoredRun, number: int | None) -> StoredTable | None:
        if number is None:
            return None
        stored = run.inputs[number]
        return stored if _is_there(stored) else None

    def _index(self, run: StoredRun, stream: Stream) -> CollectionIndex:
        key = ("index", run.id, stream.name, stream.dataset.version)
        return self.remember(key, lambda: CollectionIndex(stream))


def _is_there(stored: StoredTable) -> bool:
    """Whether the rows can still be read; without them metrics are worth a look all the same."""
    try:
        return stored.reader.dataset is not None
    except StoreError:
        return False


def table_source(stored: StoredTable) -> wire.TableSource:
    """Where a stored table is found by name."""
    document = stored.document
    return wire.TableSource(document.project, document.dataset, document.name)


def _image_column(columns: dict[str, ShownColumn]) -> str | None:
    return next(iter(_names(columns, ("image",))), None)


def _names(columns: dict[str, ShownColumn], roles: tuple[str, ...]) -> list[str]:
    return [
        column.name
        for column in columns.values()
        if column.element is None and column.role in roles
    ]


def _ranking(columns: dict[str, ShownColumn]) -> dict[str, Any]:
    """The main metric of some columns and the order that it makes, as fields of `SourceInfo`."""
    kinds = {
        name: each.schema
        for name, each in columns.items()
        if each.element is None and each.origin != "key"
    }
    orders = [wire.Sort(each.column, each.descending) for each in worst_first(kinds)]
    return {"main_metric": main_metric(kinds), "worst_first": orders}


def _epoch(epoch: int | None) -> str | None:
    return None if epoch is None else f"epoch {epoch}"
