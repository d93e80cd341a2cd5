"""A selection as Python: what a person can paste to get the same samples."""

import pyarrow as pa
import pyarrow.compute as pc

from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.records.queries import quote_name
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.columns import COUNT, LONGEST_URL, ShownColumn
from samplewise.server.filters import FilterKind
from samplewise.server.filters.joining import join_conditions
from samplewise.server.filters.literals import literal
from samplewise.server.hot import HotColumns
from samplewise.server.selection import select_rows
from samplewise.server.source import OpenSource


def python_of(catalog: Catalog, asked: wire.SelectionRequest) -> str:
    """Code that gives the `example_id` of the selected samples, and the columns of the filters.

    Raises:
        NotFoundError: The source or a column is not there.
        InvalidArgumentError: A filter does not fit its column.
    """
    source = catalog.open(asked.source)
    select_rows(source, asked.filters, hot=catalog.hot)  # refuses what cannot be asked
    copied = CopiedQuery(source, catalog.hot)
    conditions = [*_keys(asked.source), *map(copied.condition, join_conditions(asked.filters))]
    shown = ", ".join(dict.fromkeys([f"m.{EXAMPLE_ID}", *copied.columns]))
    where = "\n  and ".join(conditions)
    query = f"select {shown}\nfrom {_rows(asked.source)}"  # for a person to run
    query += f"\nwhere {where}" if where else ""
    query += f"\norder by m.{EXAMPLE_ID}"
    return f"import samplewise as sw\n\n{_open(catalog, asked.source)}.sql({_text(query)})\n"


class CopiedQuery:
    """What filters ask of the query that a person runs: how columns are called there.

    Args:
        source: What is filtered.
        hot: Keeps answers.

    Attributes:
        columns: The columns that were named so far.
    """

    def __init__(self, source: OpenSource, hot: HotColumns) -> None:
        self.source = source
        self.columns: list[str] = []
        self._hot = hot

    def condition(self, each: FilterKind) -> str:
        """One filter."""
        return each.code(self, [self.condition(part) for part in each.parts()])

    def ids(self, each: FilterKind) -> str:
        """The samples that a filter takes one by one, for what is no matter of SQL."""
        rows = select_rows(self.source, [each], hot=self._hot)
        ids = self.source.example_ids[rows].tolist()
        return f"m.{EXAMPLE_ID} in ({', '.join(map(str, ids))})" if ids else "false"

    def value(self, name: str) -> str:
        """A column of one value a sample, as the server's own questions have it."""
        column = self.source.column(name)
        whole = self._whole(column)
        if column.element == COUNT:
            return f"len({whole}.instances)"
        if column.element is not None:
            return _as_double(f"{whole}[{int(column.element) + 1}]", self.source.values(name))
        self.columns.append(whole)
        if column.role == "image" and _is_cut(self.source.values(name)):
            return f"{whole}[:{LONGEST_URL}]"
        return _as_double(whole, self.source.values(name))

    def double(self, name: str) -> str:
        """A column of numbers, in double precision."""
        value = self.value(name)
        return value if value.endswith("::double") else f"{value}::double"

    def property(self, name: str, path: str) -> str:
        """A property of all instances of a column; the column itself where the path is empty."""
        column = self._whole(self.source.column(name))
        return f"{column}.instances_additional_data.{quote_name(path)}" if path else column

    def _whole(self, column: ShownColumn) -> str:
        if column.name == EXAMPLE_ID:
            return f"m.{EXAMPLE_ID}"
        is_input = column.origin == "input"
        alias = "t" if is_input and self.source.is_collection else "m"
        is_hidden = is_input and column.stored.lower() == EXAMPLE_ID
        return f"{alias}.{quote_name(f'input_{column.stored}' if is_hidden else column.stored)}"


def _as_double(name: str, values: pa.Array) -> str:
    """DuckDB would compare single precision with a literal in single precision."""
    return f"{name}::double" if pa.types.is_float32(values.type) else name


def _is_cut(urls: pa.Array) -> bool:
    """Whether the server looks at the beginning of some addresses only."""
    lengths = pc.call_function("utf8_length", [urls])
    return (pc.call_function("max", [lengths]).as_py() or 0) >= LONGEST_URL


def _open(catalog: Catalog, source: wire.Source) -> str:
    if isinstance(source, wire.TableSource):
        url = catalog.table(source).url
        return f"table = sw.Table.from_url({url!r})\nselected = table"
    url = catalog.run(source.project, source.run).url
    return f"run = sw.Run.from_url({url!r})\nselected = run"


def _rows(source: wire.Source) -> str:
    if isinstance(source, wire.TableSource):
        return "rows m"
    rows = f"{quote_name(f'stream_{source.stream}')} m"
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
        f"m.{name} {'is null' if value is None else f'= {literal(value)}'}"
        for name, value in keys.items()
    ]


def _text(query: str) -> str:
    """A literal of Python that holds the query, on lines of its own where that is the same."""
    is_plain = query.replace("\n", "").isprintable() and "\\" not in query and '"""' not in query
    return f'"""\n{query}\n"""' if is_plain else repr(query)
