"""Typed filters as SQL: parameters for values, names of our own for columns."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samplewise.errors import InvalidArgumentError
from samplewise.server import wire
from samplewise.server.columns import CONFIDENCE
from samplewise.server.confusions import confused
from samplewise.server.polygons import inside
from samplewise.server.source import OpenSource

MOST_NESTED = 100
MOST_CORNERS = 2_000


def check_nesting(filters: Sequence[wire.Filter]) -> None:
    """Refuse filters so deep in each other that Python could not follow them.

    Raises:
        InvalidArgumentError: There are more than `MOST_NESTED` inside each other.
    """
    level, depth = list(filters), 0
    while level := [inner for each in level for inner in _inside(each)]:
        depth += 1
        if depth > MOST_NESTED:
            raise InvalidArgumentError(
                f"`filters` must have at most {MOST_NESTED} filters inside each other."
            )


def _inside(each: wire.Filter) -> Sequence[wire.Filter]:
    if isinstance(each, wire.NotFilter):
        return [each.filter]
    return each.filters if isinstance(each, wire.AllFilter) else ()


class Question:
    """Conditions and orders over the rows of a source, as SQL.

    Values are parameters and columns are called `c0`, `c1`, ...: nothing of a request is ever text
    of the query.

    Args:
        source: The source.

    Attributes:
        parameters: Values in the order of the `?`.
        columns: Columns by what the SQL calls them, one value per row.
    """

    def __init__(self, source: OpenSource) -> None:
        self._source = source
        self.parameters: list[Any] = []
        self.columns: dict[str, pa.Array] = {}

    def where(self, filters: Sequence[wire.Filter]) -> str:
        """All filters at once; call it before `order`, since parameters are counted.

        Raises:
            ColumnNotFoundError: The source lacks a column.
            InvalidArgumentError: A filter does not fit its column.
        """
        return " and ".join(map(self.part, filters)) or "true"

    def order(self, sort: Sequence[wire.Sort]) -> str:
        """An order; what is missing or no number comes last.

        Raises:
            ColumnNotFoundError: The source lacks a column.
        """
        return ", ".join(map(self._ordered, sort))

    def add(self, values: pa.Array) -> str:
        """What the SQL calls a column."""
        name = f"c{len(self.columns)}"
        self.columns[name] = values
        return name

    def _ordered(self, each: wire.Sort) -> str:
        values = self._source.values(each.column)
        name = self.add(values)
        if pa.types.is_floating(values.type):
            name = f"case when isnan({name}) then null else {name} end"
        return f"{name} {'desc' if each.descending else 'asc'} nulls last"

    def part(self, each: wire.Filter) -> str:
        """One filter; null counts as false."""
        return f"coalesce({_PARTS[type(each)](self, each)}, false)"

    def range(self, each: wire.RangeFilter) -> str:
        """Numbers between two ends."""
        values = self._source.values(each.column)
        if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
            raise InvalidArgumentError(
                f"`column` must have numbers for a range, but `{each.column}` is {values.type}."
            )
        name = self.add(values)
        ends = [(">=", each.low), ("<=", each.high)]
        parts = [f"{name} {sign} {self._value(end)}" for sign, end in ends if end is not None]
        if pa.types.is_floating(values.type):
            parts.append(f"not isnan({name})")  # DuckDB holds it larger than every number
        return " and ".join(parts) or f"{name} is not null"

    def one_of(self, each: wire.OneOfFilter) -> str:
        """Values of a list."""
        values = self._source.values(each.column)
        name = self.add(values)
        wanted = [_fitting(value, values.type) for value in each.values if value is not None]
        listed = ", ".join(map(self._value, wanted))
        parts = [f"{name} in ({listed})"] if wanted else []
        if None in each.values:
            parts.append(f"{name} is null")
        return "(" + " or ".join(f"coalesce({part}, false)" for part in parts or ["false"]) + ")"

    def text(self, each: wire.TextFilter) -> str:
        """Text that contains other text."""
        values = self._source.values(each.column)
        if self._source.column(each.column).role not in ("text", "image"):
            raise InvalidArgumentError(f"`column` must have text, but `{each.column}` has none.")
        name = self.add(values)
        return f"contains(lower({name}), lower({self._value(each.contains)}))"

    def instances(self, each: wire.InstancesFilter) -> str:
        """Samples with an instance of a kind."""
        lists = self._source.lists(each.column, each.property)
        known = pa.array(_integers([v for v in each.values if v is not None], "values"))
        if not pa.types.is_integer(lists.values.type):
            raise InvalidArgumentError(
                f"`property` must hold classes, but {each.column}.{each.property} does not."
            )
        numbers = lists.values.cast(pa.int64())
        chosen = pc.call_function("is_in", [numbers], pc.SetLookupOptions(known))
        chosen = chosen.to_numpy(zero_copy_only=False)
        if None in each.values:
            chosen = chosen | lists.values.is_null().to_numpy(zero_copy_only=False)
        if each.confidence is not None:
            scores = self._source.lists(each.column, CONFIDENCE).values.cast(pa.float64())
            chosen = chosen & (scores.to_numpy(zero_copy_only=False) >= each.confidence)
        return self._mask(lists.any(chosen))

    def polygon(self, each: wire.PolygonFilter) -> str:
        """Points inside a polygon."""
        x, y = self._source.numbers(each.x), self._source.numbers(each.y)
        return self._mask(inside(_corners(each.points), x, y))

    def projected(self, each: wire.ProjectedFilter) -> str:
        """Points whose picture lies inside a polygon."""
        corners = _corners(each.points)
        columns = [self._source.numbers(name) for name in (each.x, each.y, each.z)]
        return self._mask(inside(corners, _sum(each.across, columns), _sum(each.up, columns)))

    def rows(self, each: wire.RowsFilter) -> str:
        """Samples by their id."""
        wanted = _integers(each.example_ids, "example_ids")
        return self._mask(np.isin(self._source.example_ids, wanted))

    def inverse(self, each: wire.NotFilter) -> str:
        """What another filter leaves out."""
        return f"not {self.part(each.filter)}"

    def all(self, each: wire.AllFilter) -> str:
        """What several filters all take."""
        return f"({self.where(each.filters)})"

    def confusion(self, each: wire.ConfusionFilter) -> str:
        """Samples in a cell of the confusion matrix."""
        return self._mask(confused(self._source, each.truth, each.predicted, each.confidence))

    def _mask(self, mask: np.ndarray) -> str:
        return self.add(pa.array(mask))

    def _value(self, value: Any) -> str:
        self.parameters.append(value)
        return "?"


_PARTS: dict[type, Callable[..., str]] = {
    wire.RangeFilter: Question.range,
    wire.OneOfFilter: Question.one_of,
    wire.TextFilter: Question.text,
    wire.InstancesFilter: Question.instances,
    wire.PolygonFilter: Question.polygon,
    wire.ProjectedFilter: Question.projected,
    wire.RowsFilter: Question.rows,
    wire.NotFilter: Question.inverse,
    wire.AllFilter: Question.all,
    wire.ConfusionFilter: Question.confusion,
}


def _corners(points: Sequence[tuple[float, float]]) -> np.ndarray:
    if len(points) > MOST_CORNERS:
        raise InvalidArgumentError(
            f"`points` must have at most {MOST_CORNERS:,} corners, but has {len(points):,}."
        )
    return np.asarray(points, np.float64).reshape(-1, 2)


def _sum(factors: Sequence[float], columns: Sequence[np.ndarray]) -> np.ndarray:
    """In the order of the browser and of SQL, so that all three round alike."""
    (by_x, by_y, by_z), (x, y, z) = factors, columns
    with np.errstate(over="ignore", invalid="ignore"):
        return by_x * x + by_y * y + by_z * z


def _fitting(value: Any, kind: pa.DataType) -> Any:
    """A value as the column has it; one that cannot be equal to any is refused."""
    try:
        return pa.scalar(value, kind).as_py()
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        raise InvalidArgumentError(f"`values` must be {kind}, but has {value!r}.") from None


def _integers(values: Sequence[int], name: str) -> np.ndarray:
    try:
        return np.array(values, np.int64)
    except OverflowError:
        raise InvalidArgumentError(f"`{name}` must be integers of 64 bits.") from None
