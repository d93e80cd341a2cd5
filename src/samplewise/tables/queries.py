"""SQL over tables and runs: DuckDB in memory, fed from Lance through Arrow."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError
from samplewise.storage.rows import ROW
from samplewise.tables.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, KEYS, SPLIT

if TYPE_CHECKING:
    from samplewise.tables.run import Run
    from samplewise.tables.table import Table


class TableQueries:
    """One DuckDB connection with views on tables and streams; a context manager."""

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:")
        self._error = duckdb.Error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add_table(self, view: str, table: "Table") -> None:
        """A view on a table with its `example_id`."""
        data, numbers = f"{view}__data", f"{view}__numbers"
        self._connection.register(data, table._reader.dataset)
        columns = ", ".join(f"d.{_quoted(name)}" for name in table.columns)
        if table._document.is_original:
            query = f"select d.{ROW} as {EXAMPLE_ID}, {columns} from {_quoted(data)} d"
        else:
            rows = table._reader.row_numbers()
            ids = pa.table({"number": rows, EXAMPLE_ID: np.arange(len(rows))})
            self._connection.register(numbers, ids)
            query = (
                f"select n.{EXAMPLE_ID}, {columns} from {_quoted(data)} d "
                f"join {_quoted(numbers)} n on n.number = d.{ROW}"
            )
        self._connection.execute(f"create view {_quoted(view)} as {query}")

    def add_data(self, view: str, data: Any) -> None:
        """A view on Arrow or Lance data."""
        self._connection.register(view, data)

    def add_view(self, view: str, query: str) -> None:
        """A view that a query defines."""
        self._connection.execute(f"create view {_quoted(view)} as {query}")

    def ask(self, query: str, parameters: Iterable[Any] = ()) -> pa.Table:
        """The answer to a query.

        Raises:
            InvalidArgumentError: The query is wrong; the message is DuckDB's.
        """
        try:
            relation = self._connection.sql(query, params=list(parameters) or None)
            return pa.table({}) if relation is None else relation.to_arrow_table()
        except self._error as error:
            raise InvalidArgumentError(f"the query must be valid SQL: {error}") from None


def ask_run(run: "Run", query: str) -> pa.Table:
    """The answer to a query about a run."""
    with _run_queries(run) as queries:
        return queries.ask(query)


def run_metrics(
    run: "Run",
    columns: Iterable[str] | None,
    epoch: int | None,
    split: str | None,
    table: "Table | None",
) -> pa.Table:
    """Per-sample metrics of a run, see `Run.metrics`."""
    shown = "*" if columns is None else ", ".join(_quoted(name) for name in columns)
    wanted: list[tuple[str, Any]] = []
    if epoch is not None:
        wanted.append((EPOCH, epoch))
    if split is not None:
        wanted.append((SPLIT, split))
    if table is not None:
        ids = [entry["id"] for entry in run._document.read()["input_tables"]]
        wanted.append((INPUT_TABLE_ID, ids.index(table.id) if table.id in ids else -1))
    where = " and ".join(f"{name} = ?" for name, _ in wanted) or "true"
    order = f"{EPOCH}, {SPLIT}, {INPUT_TABLE_ID}, {EXAMPLE_ID}"
    with _run_queries(run) as queries:
        query = f"select {shown} from metrics where {where} order by {order}"
        return queries.ask(query, [value for _, value in wanted])


def _run_queries(run: "Run") -> TableQueries:
    queries = TableQueries()
    queries.add_data("aggregates", run.history)
    tables = run.input_tables
    for number, table in enumerate(tables):
        queries.add_table(f"input_{number}", table)
    parts = []
    for stream in run.metric_streams:
        view = "stream_" + stream.name
        data = stream.dataset
        queries.add_data(view, data)
        parts += [_joined(view, data.schema.names, n, t) for n, t in enumerate(tables)]
        parts.append(f"select m.* from {_quoted(view)} m where m.{INPUT_TABLE_ID} is null")
    nothing = ", ".join(f"null::{_sql_type(key)} as {key}" for key in KEYS)
    queries.add_view(
        "metrics", " union all by name ".join(parts) or f"select {nothing} where false"
    )
    return queries


def _joined(view: str, metric_columns: list[str], number: int, table: "Table") -> str:
    taken = {name.lower() for name in metric_columns}
    shown = ", ".join(
        f"t.{_quoted(name)} as {_quoted('input_' + name if name.lower() in taken else name)}"
        for name in table.columns
    )
    return (
        f"select m.*, {shown} from {_quoted(view)} m "
        f"left join input_{number} t on t.{EXAMPLE_ID} = m.{EXAMPLE_ID} "
        f"where m.{INPUT_TABLE_ID} = {number}"
    )


def _sql_type(key: str) -> str:
    return "varchar" if key == SPLIT else "bigint"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
