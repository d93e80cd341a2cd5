"""A source that is open: its columns, the rows that filters select, and pages of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import msgspec
import numpy as np
import pyarrow as pa

from samplewise.errors import ColumnNotFoundError, InvalidArgumentError, did_you_mean
from samplewise.records.metric_rows import EXAMPLE_ID
from samplewise.schema.foreign import join_chunks
from samplewise.server import wire
from samplewise.server.columns import Lists, ShownColumn, describe_column
from samplewise.server.hot import HotColumns

_LARGEST_EXACT = 2**24  # float32 holds all integers up to it
_TOTAL = b"samplewise.total"
_READERS = ThreadPoolExecutor(4, "samplewise-rows")


class OpenSource:
    """Rows of a table or of a collection, at one version; may be shared by threads.

    Args:
        info: What is known of it; its columns are filled in by `info`.
        columns: Its columns by name.
        example_ids: The sample of each row, ascending; int64, shape `(n,)`.
        hot: Keeps columns.
    """

    def __init__(
        self,
        info: wire.SourceInfo,
        columns: dict[str, ShownColumn],
        example_ids: np.ndarray,
        hot: HotColumns,
    ) -> None:
        self._info = info
        self.columns = columns
        self.example_ids = example_ids
        self.hot = hot

    def __len__(self) -> int:
        return len(self.example_ids)

    @property
    def version(self) -> str:
        """Changes when the rows change."""
        return self._info.version

    @property
    def is_collection(self) -> bool:
        """Whether its rows are metrics of a run, beside which the input table's columns stand."""
        return isinstance(self._info.source, wire.MetricsSource)

    @property
    def image_column(self) -> str | None:
        """The column with the image of a sample."""
        return self._info.image_column

    @cached_property
    def info(self) -> wire.SourceInfo:
        """What is known of it without its rows."""
        self._read_plotted()
        self._info.columns = [
            describe_column(column, self.values(column.name) if column.is_plotted else None)
            for column in self.columns.values()
        ]
        return self._info

    @cached_property
    def outline(self) -> wire.SourceInfo:
        """What is known of it without a look at its values: columns have no ranges."""
        columns = [describe_column(column, None) for column in self.columns.values()]
        return msgspec.structs.replace(self._info, columns=columns)

    def _read_plotted(self) -> None:
        """All plotted columns in one look at the disk, instead of one look each."""
        lacking = [
            column
            for column in self.columns.values()
            if column.is_plotted
            and column.element is None
            and (self.version, column.name) not in self.hot
        ]
        for holder in {id(c.rows): c.rows for c in lacking}.values():
            here = [column for column in lacking if column.rows is holder]
            whole = holder.whole([column.stored for column in here])
            for column in here:
                self.hot.put((self.version, column.name), join_chunks(whole.column(column.stored)))

    def column(self, name: str) -> ShownColumn:
        """A column by its name.

        Raises:
            ColumnNotFoundError: There is none.
        """
        if name not in self.columns:
            raise ColumnNotFoundError(
                f"{self._info.title} has no column `{name}`.", hint=did_you_mean(name, self.columns)
            )
        return self.columns[name]

    def values(self, name: str) -> pa.Array:
        """One value per row of a plotted column, kept in memory.

        Raises:
            ColumnNotFoundError: There is none.
            InvalidArgumentError: It has more than one value per row.
        """
        column = self.column(name)
        if not column.is_plotted and column.role != "image":  # images are found by their names
            raise InvalidArgumentError(
                f"`column` must have one value per sample, but `{name}` is {column.role}."
            )
        return self.hot.get((self.version, name), column.values)

    def numbers(self, name: str) -> np.ndarray:
        """A plotted column as float64, NaN for missing, shape `(n,)`.

        Raises:
            ColumnNotFoundError: There is none.
            InvalidArgumentError: It has no numbers.
        """
        values = self.values(name)
        if pa.types.is_boolean(values.type):
            values = values.cast(pa.uint8())
        if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
            raise InvalidArgumentError(
                f"`column` must have numbers, but `{name}` has {values.type}."
            )
        # Above 2**53 integers lose digits, which no chart shows.
        return values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)

    def lists(self, name: str, path: str) -> Lists:
        """A property of all instances of a column, kept in memory.

        Raises:
            ColumnNotFoundError: There is none.
        """
        column = self.column(name)
        known = {each.name for each in describe_column(column, None).properties or ()} or {""}
        if path not in known:
            raise ColumnNotFoundError(
                f"the instances of `{name}` have no property `{path}`.",
                hint=did_you_mean(path, known),
            )
        return self.hot.get((self.version, name, path), lambda: column.lists(path))

    def read_for_plots(self, names: Sequence[str]) -> pa.Table:
        """Whole columns for plots, see `wire.ColumnsRequest`."""
        columns = {EXAMPLE_ID: pa.array(self.example_ids.astype(np.int32))}
        for name in names:
            if name != EXAMPLE_ID:
                columns[name] = self.hot.get(
                    (self.version, "plotted", name),
                    lambda name=name: _encode_for_plots(self.values(name)),
                )
        return pa.table(columns)

    def page(self, rows: np.ndarray, names: Sequence[str] | None, total: int) -> pa.Table:
        """Some rows in stored form.

        Args:
            rows: Which, 0-based.
            names: Which columns; None takes all but embeddings.
            total: How many rows are selected, for the metadata.
        """
        wanted = self._list_stored_columns(names)
        columns: dict[str, pa.Array | pa.ChunkedArray] = {
            EXAMPLE_ID: pa.array(self.example_ids[rows].astype(np.int32))
        }
        held: dict[int, list[ShownColumn]] = {}
        for column in wanted:
            if column.name != EXAMPLE_ID:
                held.setdefault(id(column.rows), []).append(column)
        # The rows of metrics and those of their Table are read at the same time.
        for taken in _READERS.map(lambda here: _take(here, rows), held.values()):
            columns.update(taken)
        ordered = [EXAMPLE_ID, *(c.name for c in wanted if c.name != EXAMPLE_ID)]
        return pa.table({name: columns[name] for name in ordered}).replace_schema_metadata(
            {_TOTAL: str(total)}
        )

    def _list_stored_columns(self, names: Sequence[str] | None) -> list[ShownColumn]:
        if names is None:
            return [
                column
                for column in self.columns.values()
                if column.element is None
                and column.role != "embedding"
                and not column.schema.hidden
            ]
        found = [self.column(name) for name in names if name != EXAMPLE_ID]
        # What is made from a column is made by the browser from the column itself.
        return list({c.stored + c.origin: self._whole(c) for c in found}.values())

    def _whole(self, column: ShownColumn) -> ShownColumn:
        return column if column.element is None else self.columns[column.name.rpartition(".")[0]]


def _take(columns: Sequence[ShownColumn], rows: np.ndarray) -> dict[str, pa.ChunkedArray]:
    """Some rows of columns with one holder."""
    taken = columns[0].rows.take(rows, list(dict.fromkeys(c.stored for c in columns)))
    return {c.name: taken.column(c.stored) for c in columns}


def _encode_for_plots(values: pa.Array) -> pa.Array:
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return values.dictionary_encode()
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    numbers = values.cast(pa.float64(), safe=False).to_numpy(
        zero_copy_only=False
    )  # null becomes NaN
    exact = np.abs(numbers[np.isfinite(numbers)]).max(initial=0) <= _LARGEST_EXACT
    is_narrow = exact or not pa.types.is_integer(values.type)
    return pa.array(numbers.astype(np.float32 if is_narrow else np.float64))
