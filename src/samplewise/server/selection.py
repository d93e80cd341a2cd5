"""Rows that filters select, in an order: asked of DuckDB, over columns in memory."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from samplewise.records.database import QueryBounds, open_database, query_database
from samplewise.server import wire
from samplewise.server.answers import SLOWEST_ANSWER_S
from samplewise.server.filters import FilterKind
from samplewise.server.filters.question import Question
from samplewise.server.hot import HotColumns
from samplewise.server.source import OpenSource

if TYPE_CHECKING:
    import duckdb

_BOUNDS = QueryBounds(timeout_s=SLOWEST_ANSWER_S)


def select_rows(
    source: OpenSource,
    filters: Sequence[FilterKind],
    sort: Sequence[wire.Sort] = (),
    *,
    hot: HotColumns,
    most: int | None = None,
) -> np.ndarray:
    """Rows that all filters select, 0-based, int32; missing values last, ties by `example_id`.

    Args:
        source: The source.
        filters: What the rows must be like.
        sort: In which order they come; by `example_id` for none.
        hot: Keeps the answer.
        most: How many of an order are wanted, which is faster than all; None takes all.

    Raises:
        ColumnNotFoundError: The source lacks a column.
        InvalidArgumentError: A filter does not fit its column.
    """
    key = (source.version, msgspec.json.encode([list(filters), list(sort)]), most)
    return hot.get(key, lambda: _select(source, filters, sort, most))


def _select(
    source: OpenSource,
    filters: Sequence[FilterKind],
    sort: Sequence[wire.Sort],
    most: int | None,
) -> np.ndarray:
    if not filters and not sort:
        return np.arange(len(source), dtype=np.int32)
    question = Question(source)
    where, order = question.where(filters), question.order(sort)
    row = question.add(pa.array(np.arange(len(source), dtype=np.int32)))
    query = f"select {row} from hot where {where}"  # noqa: S608  # conditions of our own
    if order:
        query += f" order by {order}, {row}"
    if most is not None:
        query += f" limit {int(most)}"
    with _database().cursor() as connection:
        connection.register("hot", pa.table(question.columns))
        found = query_database(connection, query, question.parameters, _BOUNDS)
    rows = found.column(0).to_numpy()
    # DuckDB keeps the order of a scan; should it ever not, a sort costs little.
    return rows if order or np.all(np.diff(rows) > 0) else np.sort(rows)


@cache
def _database() -> "duckdb.DuckDBPyConnection":
    """One empty database for all questions, each with a cursor of its own: opening one is slow."""
    return open_database(_BOUNDS)
