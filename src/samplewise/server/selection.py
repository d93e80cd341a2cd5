"""Rows that filters select, in an order: asked of DuckDB, over columns in memory."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from samplewise.server import wire
from samplewise.server.filters import Question
from samplewise.server.hot import HotColumns
from samplewise.server.source import OpenSource

_NOWHERE: dict[str, Any] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "threads": "2",
}


def selected(
    source: OpenSource,
    filters: Sequence[wire.Filter],
    sort: Sequence[wire.Sort] = (),
    *,
    hot: HotColumns,
) -> np.ndarray:
    """Rows that all filters select, 0-based, int32; missing values last, ties by `example_id`.

    Raises:
        ColumnNotFoundError: The source lacks a column.
        InvalidArgumentError: A filter does not fit its column.
    """
    key = (source.version, msgspec.json.encode([list(filters), list(sort)]))
    return hot.get(key, lambda: _selected(source, filters, sort))


def _selected(
    source: OpenSource, filters: Sequence[wire.Filter], sort: Sequence[wire.Sort]
) -> np.ndarray:
    import duckdb

    if not filters and not sort:
        return np.arange(len(source), dtype=np.int32)
    question = Question(source)
    where, order = question.where(filters), question.order(sort)
    row = question.add(pa.array(np.arange(len(source), dtype=np.int32)))
    query = f"select {row} from hot where {where} order by {order + ', ' if order else ''}{row}"  # noqa: S608
    with duckdb.connect(":memory:", config=_NOWHERE) as connection:
        connection.register("hot", pa.table(question.columns))
        found = connection.sql(query, params=question.parameters or None).to_arrow_table()
    return found.column(0).to_numpy()
