"""Run: one training run, its hyperparameters, aggregates and per-sample metrics."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Self

import pyarrow as pa

from samplewise.errors import InvalidArgumentError, NotFoundError
from samplewise.schema import TableSchema
from samplewise.schema.column import ColumnSchema
from samplewise.storage.store import Store
from samplewise.tables.if_exists import IfExists, checked_if_exists
from samplewise.tables.liveness import Heartbeat, Owner
from samplewise.tables.metric_rows import metric_batch, metric_schema
from samplewise.tables.readable import readable
from samplewise.tables.run_document import (
    CANCELLED,
    COMPLETED,
    FAILED,
    RUNNING,
    RunDocument,
    create_run,
)
from samplewise.tables.stream import Stream, stream_for, streams_of
from samplewise.tables.table import Table

DEFAULT_PROJECT = "default"

_AGGREGATES = pa.schema(
    [
        pa.field("epoch", pa.int64()),
        pa.field("split", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)


class Run:
    """One training run.

    Made with `samplewise.init(...)`, opened with `Run.from_names(...)` or `Run.from_url(...)`.
    """

    def __init__(self, document: RunDocument, *, is_owner: bool = False) -> None:
        self._document = document
        self._store: Store = document.store
        self._heartbeat = Heartbeat(self._store, f"{document.path}/heartbeat") if is_owner else None

    @classmethod
    def create(
        cls,
        project_name: str | None = None,
        run_name: str | None = None,
        description: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        if_exists: IfExists = "rename",
        root_url: str | None = None,
    ) -> Self:
        """Make a run that this process owns; see `samplewise.init`."""
        document, is_new = create_run(
            Store(root_url),
            project_name or DEFAULT_PROJECT,
            run_name,
            description or "",
            readable(parameters or {}),
            checked_if_exists(if_exists),
        )
        if not is_new:
            stored = document.read()
            document.update(
                status=RUNNING,
                ended=None,
                owner=Owner.this_process().to_json(),
                parameters={**stored["parameters"], **readable(parameters or {})},
            )
        return cls(document, is_owner=True)

    @classmethod
    def from_names(cls, run_name: str, project_name: str, root_url: str | None = None) -> Self:
        """Open a stored run.

        Raises:
            NotFoundError: There is no such run; the hint names those that there are.
        """
        document = RunDocument(Store(root_url), project_name, run_name)
        document.read()
        return cls(document)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Open a stored run by its URL, `<root>/<project>/runs/<run>`.

        Raises:
            InvalidArgumentError: The URL has another form.
            NotFoundError: There is no such run.
        """
        parts = str(url).rstrip("/").removesuffix("/run.json").split("/")
        if len(parts) < 4 or parts[-2] != "runs":
            raise InvalidArgumentError(
                f"`url` must end with <project>/runs/<run>, but is {str(url)!r}."
            )
        return cls.from_names(parts[-1], parts[-3], "/".join(parts[:-3]) or "/")

    @property
    def name(self) -> str:
        """Name of the run."""
        return self._document.name

    @property
    def project_name(self) -> str:
        """Name of its project."""
        return self._document.project

    @property
    def url(self) -> str:
        """Where it lies; opens it again with `Run.from_url`."""
        return self._store.url(self._document.path)

    @property
    def root_url(self) -> str:
        """Where its store lies."""
        return self._store.root

    @property
    def status(self) -> str:
        """`running`, `completed`, `cancelled` or `failed`.

        A run that says `running` and whose process is gone has failed.
        """
        return self._document.status()

    @property
    def description(self) -> str:
        """What a person wrote about it."""
        return self._document.read()["description"]

    @property
    def created(self) -> str:
        """When it began, UTC, ISO 8601."""
        return self._document.read()["created"]

    @property
    def ended(self) -> str | None:
        """When it ended, UTC, ISO 8601; None while it runs."""
        return self._document.read()["ended"]

    @property
    def error(self) -> str | None:
        """Why it failed, if it did and said so."""
        return self._document.read()["error"]

    @property
    def parameters(self) -> dict[str, Any]:
        """Hyperparameters, nested."""
        return self._document.read()["parameters"]

    @property
    def provenance(self) -> dict[str, Any]:
        """Command, code revision, package versions, machine."""
        return self._document.read()["provenance"]

    @property
    def collections(self) -> list[dict[str, Any]]:
        """What was collected when, and what failed: epoch, split, rows, seconds, error."""
        return self._document.read()["collections"]

    @property
    def history(self) -> pa.Table:
        """Aggregate metrics: one row per value, with epoch, split, name, value, time."""
        streams = streams_of(self._store, self._document.path, "aggregates")
        return streams[0].dataset.to_table() if streams else _AGGREGATES.empty_table()

    @property
    def input_tables(self) -> list[Table]:
        """The tables that metrics were collected on, by `input_table_id`.

        Raises:
            NotFoundError: One of them is gone.
        """
        return [self._input_table(entry) for entry in self._document.read()["input_tables"]]

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Add hyperparameters; nested and of any type, see `readable`."""
        stored = self._document.read()["parameters"]
        self._document.update(parameters={**stored, **readable(parameters)})

    def set_description(self, description: str) -> None:
        """Replace the description."""
        self._document.update(description=description)

    def log(
        self, values: Mapping[str, Any], *, epoch: int | None = None, split: str | None = None
    ) -> None:
        """Log aggregate values, all in one commit.

        Args:
            values: Numbers by name; names may be anything, such as `mAP@0.50`.
            epoch: 0-based epoch they belong to.
            split: `train`, `val`, the name of a test set, or None.

        Raises:
            InvalidArgumentError: A value is not a number.
        """
        now = datetime.now(UTC)
        rows = [
            {
                "epoch": epoch,
                "split": split,
                "name": str(name),
                "value": _number(name, value),
                "time": now,
            }
            for name, value in values.items()
        ]
        if rows:
            batches = pa.Table.from_pylist(rows, schema=_AGGREGATES).to_batches()
            self._stream("aggregates", _AGGREGATES).append(batches, _AGGREGATES)

    def add_metrics(
        self,
        data: Mapping[str, Any] | pa.Table,
        schema: Mapping[str, ColumnSchema] | None = None,
        foreign_table_url: str | None = None,
        *,
        epoch: int | None = None,
        split: str | None = None,
    ) -> None:
        """Add rows of per-sample metrics, visible all at once.

        Args:
            data: One sequence per column, all of one length. `example_id` names the sample each
                row is about: its 0-based index in the input table. Without it, `data` must have
                one row per sample, in order.
            schema: Column kinds by name; columns left out are inferred.
            foreign_table_url: URL of the input table.
            epoch: 0-based epoch, where `data` has no column `epoch`.
            split: Where `data` has no column `split`: `train`, `val`, ...

        Raises:
            SchemaError: A value does not fit its column, or columns differ in length.
            InvalidArgumentError: An `example_id` does not exist in the input table.
            NotFoundError: There is no such input table.
        """
        table = None if foreign_table_url is None else Table.from_url(foreign_table_url)
        table_id = None if table is None else self.add_input_table(table)
        columns = (
            {name: data.column(name) for name in data.schema.names}
            if isinstance(data, pa.Table)
            else dict(data)
        )
        count = None if table is None else len(table)
        kinds = metric_schema(columns, schema)
        batch = metric_batch(columns, kinds, count, table_id, epoch, split)
        self.metric_stream(kinds).append([batch], batch.schema)

    def add_input_table(self, table: Table) -> int:
        """Note that metrics are about that table; returns its `input_table_id` in this run."""
        entries = self._document.read()["input_tables"]
        for number, entry in enumerate(entries):
            if entry["id"] == table.id:
                return number
        path = self._store.relative(table.url)
        entry = {"id": table.id, "path": path, "url": None if path else table.url}
        self._document.update(input_tables=[*entries, entry])
        return len(entries)

    def add_collection(self, record: Mapping[str, Any]) -> None:
        """Note what one collection did, or why it failed."""
        stored = self._document.read()["collections"]
        self._document.update(collections=[*stored, readable(record)])

    def metric_stream(self, kinds: TableSchema) -> Stream:
        """The stream that rows of these columns go to."""
        return self._stream("metrics", kinds.to_arrow())

    @property
    def metric_streams(self) -> list[Stream]:
        """All streams of per-sample metrics."""
        return streams_of(self._store, self._document.path, "metrics")

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
        from samplewise.tables.queries import run_metrics

        return run_metrics(self, columns, epoch, split, table)

    def sql(self, query: str) -> pa.Table:
        """Ask a question in SQL (DuckDB's dialect).

        There are `metrics` (per-sample metrics joined with the input tables' columns),
        `aggregates`, each stream under its name, and `input_0`, `input_1`, ... (the input tables).

        Raises:
            InvalidArgumentError: The query is wrong; the message is DuckDB's.
        """
        from samplewise.tables.queries import ask_run

        return ask_run(self, query)

    def close(self, status: str = COMPLETED, *, error: str | None = None) -> None:
        """End the run; further calls change nothing.

        Args:
            status: `completed`, `cancelled` or `failed`.
            error: Why it failed.

        Raises:
            InvalidArgumentError: `status` is another word.
        """
        if status not in (COMPLETED, CANCELLED, FAILED):
            raise InvalidArgumentError(
                f"`status` must be {COMPLETED}, {CANCELLED} or {FAILED}, but is {status!r}."
            )
        if self._heartbeat is not None:
            self._heartbeat.stop()
        if self._document.read()["status"] != RUNNING:
            return
        for stream in streams_of(self._store, self._document.path):
            stream.compact()
        self._document.update(status=status, ended=datetime.now(UTC).isoformat(), error=error)

    def reopen(self) -> None:
        """Go on with a run that has ended; this process owns it from now on."""
        self._document.update(
            status=RUNNING, ended=None, error=None, owner=Owner.this_process().to_json()
        )
        if self._heartbeat is not None:
            self._heartbeat.stop()
        self._heartbeat = Heartbeat(self._store, f"{self._document.path}/heartbeat")

    def delete(self) -> None:
        """Remove the run and everything in it from the disk."""
        self._store.remove(self._document.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and other.url == self.url

    def __hash__(self) -> int:
        return hash(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, _: object) -> None:
        if kind is None:
            self.close()
        else:
            cancelled = issubclass(kind, KeyboardInterrupt)
            self.close(CANCELLED if cancelled else FAILED, error=f"{kind.__name__}: {value}")

    def __repr__(self) -> str:
        return f"Run({self.project_name}/{self.name}: {self.status})"

    def _repr_html_(self) -> str:
        from samplewise.tables.html import run_html

        return run_html(self)

    def _stream(self, name: str, schema: pa.Schema) -> Stream:
        return stream_for(self._store, self._document.path, name, schema)

    def _input_table(self, entry: Mapping[str, Any]) -> Table:
        url = self._store.url(entry["path"]) if entry["path"] else entry["url"]
        table = Table.from_url(url)
        if table.id != entry["id"]:
            raise NotFoundError(
                f"table `{table.name}` was overwritten after metrics were collected on it."
            )
        return table


def _number(name: object, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"`values` must have numbers, but `{name}` is {value!r}."
        ) from None
