"""A selection as Python: what a person can paste to get the same samples."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.records.queries import quoted
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.columns import CONFIDENCE, COUNT, ShownColumn
from samplewise.server.selection import selected
from samplewise.server.source import OpenSource


def python_of(catalog: Catalog, asked: wire.SelectionRequest) -> str:
    """Code that gives the `example_id` of the selected samples, and the columns of the filters.

    Raises:
        NotFoundError: The source or a column is not there.
        InvalidArgumentError: A filter does not fit its column.
    """
    source = catalog.open(asked.source)
    selected(source, asked.filters, hot=catalog.hot)  # refuses what cannot be asked
    made = _SQL(catalog, source)
    conditions = [*_keys(asked.source), *map(made.condition, asked.filters)]
    shown = ", ".join(dict.fromkeys([f"m.{EXAMPLE_ID}", *made.named]))
    where = "\n  and ".join(conditions)
    query = f"select {shown}\nfrom {_rows(asked.source)}"  # for a person to run
    query += f"\nwhere {where}" if where else ""
    query += f"\norder by m.{EXAMPLE_ID}"
    return f"import samplewise as sw\n\n{_opened(catalog, asked.source)}.sql({_text(query)})\n"


class _SQL:
    """Conditions as text, with the columns that they name."""

    def __init__(self, catalog: Catalog, source: OpenSource) -> None:
        self._hot = catalog.hot
        self._source = source
        self.named: list[str] = []

    def condition(self, each: wire.Filter) -> str:
        """One filter."""
        return _CONDITIONS[type(each)](self, each)

    def range(self, each: wire.RangeFilter) -> str:
        """Numbers between two ends."""
        name = self._name(each.column)
        ends = [(">=", each.low), ("<=", each.high)]
        parts = [f"{name} {sign} {_literal(end)}" for sign, end in ends if end is not None]
        if pa.types.is_floating(self._source.values(each.column).type):
            parts.append(f"not isnan({name})")
        return " and ".join(parts) or f"{name} is not null"

    def one_of(self, each: wire.OneOfFilter) -> str:
        """Values of a list."""
        name = self._name(each.column)
        listed = ", ".join(_literal(value) for value in each.values if value is not None)
        parts = [f"{name} in ({listed})"] if listed else []
        if None in each.values:
            parts.append(f"{name} is null")
        return f"({' or '.join(parts) or 'false'})"

    def text(self, each: wire.TextFilter) -> str:
        """Text that contains other text."""
        return f"contains(lower({self._name(each.column)}), lower({_literal(each.contains)}))"

    def instances(self, each: wire.InstancesFilter) -> str:
        """Samples with an instance of a kind."""
        column = self._whole(self._source.column(each.column))
        paths = [each.property, *([] if each.confidence is None else [CONFIDENCE])]
        lists = [_property(column, path) for path in paths]
        known = [str(value) for value in each.values if value is not None]
        tests = [f"x[1] in ({', '.join(known)})"] if known else []
        if None in each.values:
            tests.append("x[1] is null")
        test = f"({' or '.join(tests) or 'false'})"
        if each.confidence is not None:
            test += f" and x[2] >= {_literal(each.confidence)}"
        return f"len(list_filter(list_zip({', '.join(lists)}), lambda x: {test})) > 0"

    def polygon(self, each: wire.PolygonFilter) -> str:
        """Points inside a polygon."""
        return _inside(each.points, self._double(each.x), self._double(each.y))

    def projected(self, each: wire.ProjectedFilter) -> str:
        """Points whose picture lies inside a polygon."""
        columns = [self._double(name) for name in (each.x, each.y, each.z)]
        return _inside(each.points, _sum(each.across, columns), _sum(each.up, columns))

    def ids(self, each: wire.RowsFilter | wire.ConfusionFilter) -> str:
        """Samples one by one; a cell of a confusion matrix is no matter of SQL."""
        rows = selected(self._source, [each], hot=self._hot)
        ids = self._source.example_ids[rows].tolist()
        return f"m.{EXAMPLE_ID} in ({', '.join(map(str, ids))})" if ids else "false"

    def inverse(self, each: wire.NotFilter) -> str:
        """What another filter leaves out."""
        return f"not coalesce({self.condition(each.filter)}, false)"

    def all(self, each: wire.AllFilter) -> str:
        """What several filters all take."""
        return f"({' and '.join(map(self.condition, each.filters)) or 'true'})"

    def _double(self, name: str) -> str:
        return f"{self._name(name)}::double"

    def _name(self, name: str) -> str:
        column = self._source.column(name)
        whole = self._whole(column)
        if column.element == COUNT:
            return f"len({whole}.instances)"
        if column.element is not None:
            return f"{whole}[{int(column.element) + 1}]"
        self.named.append(whole)
        return whole

    def _whole(self, column: ShownColumn) -> str:
        if column.name == EXAMPLE_ID:
            return f"m.{EXAMPLE_ID}"
        is_input = column.origin == "input"
        alias = "t" if is_input and self._source.is_collection else "m"
        is_hidden = is_input and column.stored.lower() == EXAMPLE_ID
        return f"{alias}.{quoted(f'input_{column.stored}' if is_hidden else column.stored)}"


_CONDITIONS: dict[type, Callable[..., str]] = {
    wire.RangeFilter: _SQL.range,
    wire.OneOfFilter: _SQL.one_of,
    wire.TextFilter: _SQL.text,
    wire.InstancesFilter: _SQL.instances,
    wire.PolygonFilter: _SQL.polygon,
    wire.ProjectedFilter: _SQL.projected,
    wire.RowsFilter: _SQL.ids,
    wire.ConfusionFilter: _SQL.ids,
    wire.NotFilter: _SQL.inverse,
    wire.AllFilter: _SQL.all,
}


def _opened(catalog: Catalog, source: wire.Source) -> str:
    if isinstance(source, wire.TableSource):
        url = catalog.table(source).url
        return f"table = sw.Table.from_url({url!r})\nselected = table"
    url = catalog.run(source.project, source.run).url
    return f"run = sw.Run.from_url({url!r})\nselected = run"


def _rows(source: wire.Source) -> str:
    if isinstance(source, wire.TableSource):
        return "rows m"
    rows = f"{quoted(f'stream_{source.stream}')} m"
    if source.input_table_id is None:
        return rows
    return f"{rows}\nleft join input_{source.input_table_id} t on t.{EXAMPLE_ID} = m.{EXAMPLE_ID}"


def _keys(source: wire.Source) -> list[str]:
    if isinstance(source, wire.TableSource):
        return []
    keys = {
        "epoch": source.epoch,
        "split": source.split,
        "input_table_id": source.input_table_id,
    }
    return [
        f"m.{name} {'is null' if value is None else f'= {_literal(value)}'}"
        for name, value in keys.items()
    ]


def _inside(points: Sequence[tuple[float, float]], x: str, y: str) -> str:
    """Even-odd, as `polygons.inside`: a ray to the right crosses an odd number of edges."""
    if len(points) < 3:
        return "false"
    low, high = np.min(points, axis=0).tolist(), np.max(points, axis=0).tolist()
    around = zip(points, [points[-1], *points[:-1]], strict=True)
    edges = ",\n    ".join(f"[{', '.join(map(_double, (*a, *b)))}]" for a, b in around)
    run = f"(e[3] - e[1]) * ({y} - e[2])"
    rise = f"({x} - e[1]) * (e[4] - e[2])"
    return (
        f"{x} between {_double(low[0])} and {_double(high[0])}"
        f"\n  and {y} between {_double(low[1])} and {_double(high[1])}"
        f"\n  and len(list_filter([\n    {edges}\n  ], lambda e: (e[2] > {y}) != (e[4] > {y})"
        f"\n    and case when e[4] > e[2] then {rise} < {run} else {rise} > {run} end)) % 2 = 1"
    )


def _sum(factors: Sequence[float], columns: Sequence[str]) -> str:
    parts = [f"{_double(by)} * {name}" for by, name in zip(factors, columns, strict=True)]
    return f"({' + '.join(parts)})"


def _double(value: float) -> str:
    """As an exponent: without one DuckDB counts in decimals, which round otherwise."""
    number = f"{value!r}" if "e" in f"{value!r}" else f"{value!r}e0"
    return f"({number})" if number.startswith("-") else number


def _property(column: str, path: str) -> str:
    return f"{column}.instances_additional_data.{quoted(path)}" if path else column


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    number = repr(float(value) if isinstance(value, float | np.floating) else int(value))
    return f"({number})" if number.startswith("-") else number


def _text(query: str) -> str:
    """A literal of Python that holds the query, on lines of its own where that is the same."""
    is_plain = query.replace("\n", "").isprintable() and "\\" not in query and '"""' not in query
    return f'"""\n{query}\n"""' if is_plain else repr(query)
