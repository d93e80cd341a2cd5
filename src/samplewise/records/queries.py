"""SQL over tables and runs: DuckDB in memory, fed from Lance through Arrow."""

import sys
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_value
from samplewise._notes import warn
from samplewise.errors import StoreError
from samplewise.records.database import DEFAULT, QueryBounds, open_database, query_database
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, KEYS, SPLIT
from samplewise.records.stored_run import StoredRun
from samplewise.records.stored_table import StoredTable
from samplewise.storage.column_names import ROW

_EVERYTHING = QueryBounds(timeout_s=sys.maxsize, memory_bytes=sys.maxsize)
"""Of a query of our own, which reads what somebody asked for by name."""


class TableQueries:
    """One database with views on tables and streams; a context manager.

    Args:
        bounds: What a query may take.
    """

    def __init__(self, bounds: QueryBounds = DEFAULT) -> None:
        self._bounds = bounds
        self._connection = open_database(bounds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add_table(self, view: str, table: StoredTable) -> None:
        """A view on a table with its `example_id`.

        Raises:
            StoreError: Its rows are gone.
        """
        data, numbers = f"{view}__data", f"{view}__numbers"
        self._connection.register(data, table.reader.dataset)
        columns = ", ".join(
            f"d.{quote_name(name)} as {quote_name(shown)}"
            for name, shown in _output_names(table).items()
        )
        if table.document.is_original:
            query = f"select d.{ROW} as {EXAMPLE_ID}, {columns} from {quote_name(data)} d"  # noqa: S608
        else:
            rows = table.reader.row_numbers()
            ids = pa.table({"number": rows, EXAMPLE_ID: np.arange(len(rows))})
            self._connection.register(numbers, ids)
            query = (
                f"select n.{EXAMPLE_ID}, {columns} from {quote_name(data)} d "  # noqa: S608
                f"join {quote_name(numbers)} n on n.number = d.{ROW}"
            )
        self.add_view(view, query)

    def add_data(self, view: str, data: Any) -> None:
        """A view on Arrow or Lance data."""
        self._connection.register(view, data)

    def add_view(self, view: str, query: str) -> None:
        """A view that a query defines."""
        self._connection.execute(f"create view {quote_name(view)} as {query}")

    def ask(self, query: str, parameters: Iterable[Any] = ()) -> pa.Table:
        """The answer to a query; see `query_database` for errors."""
        return query_database(self._connection, query, parameters, self._bounds)


def ask_run(run: StoredRun, query: str, bounds: QueryBounds) -> pa.Table:
    """The answer to a query about a run."""
    with _run_queries(run, bounds) as queries:
        return queries.ask(query)


def run_metrics(
    run: StoredRun,
    columns: Iterable[str] | None,
    epoch: int | None,
    split: str | None,
    table_id: int | None,
) -> pa.Table:
    """Per-sample metrics of a run, see `Run.metrics`."""
    names = [] if columns is None else list(columns)
    for name in names:
        check_value("columns", name, str)
    shown = "*" if columns is None else ", ".join(map(quote_name, names))
    wanted = {EPOCH: epoch, SPLIT: split, INPUT_TABLE_ID: table_id}
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " and ".join(f"{name} = ?" for name in given) or "true"
    order = f"{EPOCH}, {SPLIT}, {INPUT_TABLE_ID}, {EXAMPLE_ID}"
    with _run_queries(run, _EVERYTHING) as queries:
        query = f"select {shown} from metrics where {where} order by {order}"  # noqa: S608
        return _with_kinds(queries.ask(query, given.values()), run)


def _with_kinds(answer: pa.Table, run: StoredRun) -> pa.Table:
    """The answer with the meaning of its columns in the metadata, which DuckDB does not carry."""
    metrics = [field for stream in run.metric_streams for field in stream.arrow_schema]
    inputs = [field for table in run.inputs for field in table.document.schema]
    taken = {field.name.lower() for field in metrics}
    known = {field.name: field for field in reversed(metrics)}
    for field in reversed(inputs):
        name = f"input_{field.name}" if field.name.lower() in taken else field.name
        known[name] = field.with_name(name)
    fields = [
        known[field.name] if field.name in known and known[field.name].type == field.type else field
        for field in answer.schema
    ]
    return pa.Table.from_arrays(answer.columns, schema=pa.schema(fields))


def _run_queries(run: StoredRun, bounds: QueryBounds) -> TableQueries:
    queries = TableQueries(bounds)
    queries.add_data("aggregates", run.aggregates)
    inputs = run.inputs
    readable = {n: table for n, table in enumerate(inputs) if _is_added(queries, n, table)}
    parts = []
    for stream in run.metric_streams:
        view, data = f"stream_{stream.name}", stream.dataset
        queries.add_data(view, data)
        parts += [_join(view, data.schema.names, n, table) for n, table in readable.items()]
        joined = ", ".join(map(str, readable)) or "-1"
        parts.append(
            f"select m.* from {quote_name(view)} m "  # noqa: S608
            f"where m.{INPUT_TABLE_ID} is null or m.{INPUT_TABLE_ID} not in ({joined})"
        )
    nothing = ", ".join(f"null::{_sql_type(key)} as {key}" for key in KEYS)
    queries.add_view("metrics", " union all by name ".join(parts) or f"select {nothing} limit 0")
    return queries


def _is_added(queries: TableQueries, number: int, table: StoredTable) -> bool:
    try:
        queries.add_table(f"input_{number}", table)
    except StoreError as error:
        warn(f"the rows of input table `{table.document.name}` are gone: {error.message}")
        return False
    return True


def _join(view: str, metric_columns: list[str], number: int, table: StoredTable) -> str:
    taken = {name.lower() for name in metric_columns}
    shown = ", ".join(
        f"t.{quote_name(name)} as {quote_name('input_' + name if name.lower() in taken else name)}"
        for name in _output_names(table).values()
    )
    return (
        f"select m.*, {shown} from {quote_name(view)} m "  # noqa: S608
        f"left join input_{number} t on t.{EXAMPLE_ID} = m.{EXAMPLE_ID} "
        f"where m.{INPUT_TABLE_ID} = {number}"
    )


def _output_names(table: StoredTable) -> dict[str, str]:
    """Names of the columns beside `example_id`, by their names in the table."""
    names = table.document.schema.names
    return {name: f"input_{name}" if name.lower() == EXAMPLE_ID else name for name in names}


def _sql_type(key: str) -> str:
    return "varchar" if key == SPLIT else "bigint"


def quote_name(name: str) -> str:
    """A name in SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
