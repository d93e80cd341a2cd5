"""A Run as it lies in its store: what the modules that work on runs share."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from samplewise.records.aggregate_stream import append_aggregates
from samplewise.records.aggregates import AGGREGATES, aggregate_rows, last_aggregates
from samplewise.records.input_tables import input_table_entry, open_input_table, write_input_table
from samplewise.records.run_document import RunDocument
from samplewise.records.stored_table import StoredTable
from samplewise.records.stream import Stream, stream_for, streams_of
from samplewise.schema import Better, ColumnSchema, TableSchema
from samplewise.storage import Store

REPLACING = "replacing"
"""Field of a run's document while a map is stored; see `map_commit`."""


class StoredRun:
    """What a run holds, and how it is added to.

    Args:
        document: Its document.

    Attributes:
        document: Its document.
        store: Where it lies.
        folder: The folder of what belongs to it, below the root of the store.
    """

    def __init__(self, document: RunDocument) -> None:
        self.document = document
        self.store = document.store
        self.folder = document.data_path

    @classmethod
    def from_names(cls, store: Store, project: str, name: str) -> "StoredRun":
        """Open a stored run.

        Raises:
            NotFoundError: There is no such run; the hint names those that there are.
        """
        return cls(RunDocument.open(store, project, name))

    @property
    def name(self) -> str:
        """Name of the run."""
        return self.document.name

    @property
    def id(self) -> str:
        """Unique id of this run."""
        return self.document.run_id

    @property
    def url(self) -> str:
        """Where it lies."""
        return self.store.url(self.document.path)

    def annotate(
        self, *, description: str | None, notes: str | None, tags: Sequence[str] | None
    ) -> None:
        """Replace what people wrote about the run; see `Run.annotate`."""
        unique = None if tags is None else list(dict.fromkeys(map(str, tags)))
        given = {"description": description, "notes": notes, "tags": unique}
        changes = {name: value for name, value in given.items() if value is not None}
        if changes:
            self.document.update(**changes)

    def refuse_removed(self) -> None:
        """Refuse to use a run that is not there: nobody would find what is written to it.

        Raises:
            NotFoundError: The run was removed, or overwritten by another one.
        """
        self.document.read()

    @property
    def aggregates(self) -> pa.Table:
        """Aggregate metrics: one row per value, with epoch, split, name, value, time, better.

        `better` is `higher` or `lower`; null where nobody said.
        """
        streams = self._streams("aggregates")
        # A run that an older version began has its first rows in a stream without `better`.
        parts = [stream.dataset.to_table() for stream in streams]
        whole = pa.concat_tables([AGGREGATES.empty_table(), *parts], promote_options="default")
        return whole.select(AGGREGATES.names)

    def add_aggregates(
        self,
        values: Mapping[str, Any],
        epoch: int | None,
        split: str | None,
        better: Mapping[str, Better] | None = None,
        *,
        replace: bool = False,
    ) -> None:
        """Log aggregate values, all in one commit; see `Run.log`.

        Raises:
            AlreadyExistsError: A value of this epoch and split is there already.
            InvalidArgumentError: A value is not a number, or `better` is another word or about no
                value.
            NotFoundError: The run was removed.
            StoreError: The store cannot be written.
        """
        batch = aggregate_rows(values, epoch, split, better)
        self.refuse_removed()
        if batch.num_rows:
            append_aggregates(self.store, self.folder, self.name, batch, replace=replace)
            # Beside the rows, so that a list of many runs need not open the rows of each.
            self.document.update(last_aggregates=lambda old: last_aggregates(old or (), batch))

    @property
    def input_entries(self) -> list[dict[str, Any]]:
        """What the run's document says of its input tables, by `input_table_id`."""
        return self.document.read()["input_tables"]

    @property
    def inputs(self) -> list[StoredTable]:
        """Its input tables, by `input_table_id`, as they were when metrics were collected.

        Raises:
            NotFoundError: The run's copy of a document is gone.
        """
        return [open_input_table(self.store, self.folder, each) for each in self.input_entries]

    def add_input(self, table: StoredTable) -> int:
        """Note that metrics are about that table; returns its `input_table_id` in this run."""
        table_id = table.document.id
        known = [entry["id"] for entry in self.input_entries]
        if table_id not in known:
            # The copy comes first: whoever finds the entry must be able to open it.
            write_input_table(self.store, self.folder, table)
            entry = input_table_entry(self.store, table)
            stored = self.document.update(
                input_tables=lambda old: (
                    old if any(e["id"] == table_id for e in old) else [*old, entry]
                )
            )
            known = [entry["id"] for entry in stored["input_tables"]]
        return known.index(table_id)

    def metric_stream(self, kinds: TableSchema) -> Stream:
        """The stream that rows of these columns go to.

        Raises:
            NotFoundError: The run was removed.
        """
        self.refuse_removed()
        return stream_for(self.store, self.folder, "metrics", kinds.to_arrow())

    @property
    def metric_streams(self) -> list[Stream]:
        """All streams of per-sample metrics; while a map is stored, as they were before."""
        streams = self._streams("metrics")
        replacing = self.document.read().get(REPLACING)
        if replacing is None:
            return streams
        return [each.at_version(replacing["streams"].get(each.name)) for each in streams]

    def _streams(self, prefix: str) -> list[Stream]:
        found = streams_of(self.store, self.folder, prefix)
        if not found or self.store.is_remote:
            # A run that goes away while it is read has not become an empty one. On a disk it goes
            # in one step; on an object store its document goes first.
            self.refuse_removed()
        return found

    @property
    def metric_kinds(self) -> dict[str, ColumnSchema]:
        """Column kinds of all metrics by name.

        Of two streams that differ, those of the first one, unless only the other one says which
        way is better.
        """
        kinds: dict[str, ColumnSchema] = {}
        for stream in self.metric_streams:
            for name, kind in TableSchema.from_arrow(stream.arrow_schema).items():
                known = kinds.get(name)
                if known is None or (known.better is None and kind.better is not None):
                    kinds[name] = kind
        return kinds

    def read_file(self, name: str) -> bytes:
        """A file of the run that is neither a document nor rows, such as a fitted reducer.

        Raises:
            StoreError: It is gone, or cannot be read.
        """
        return self.store.read_file(f"{self.folder}/{name}")

    def write_file(self, name: str, content: bytes) -> None:
        """Keep such a file.

        Raises:
            NotFoundError: The run was removed.
            StoreError: The store cannot be written.
        """
        self.refuse_removed()
        self.store.write_file(f"{self.folder}/{name}", content)

    @property
    def reductions(self) -> list[dict[str, Any]]:
        """The maps that were made: column, method, reference epoch, trustworthiness, notes."""
        return self.document.read().get("reductions", [])
