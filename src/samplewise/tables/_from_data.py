"""`Table.from_...`: the ways to make a Table from data in memory and from plain data files."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self, Unpack

import pyarrow as pa

from samplewise._arguments import shorten
from samplewise.errors import InvalidArgumentError, SchemaError
from samplewise.records.destination import Destination, takes
from samplewise.records.fingerprint import Fingerprint
from samplewise.records.portable import portable_table
from samplewise.records.stored_table import StoredTable
from samplewise.records.stored_table_writer import Read, write_table
from samplewise.schema import ColumnSchema, TableSchema
from samplewise.schema.foreign import as_column
from samplewise.storage import Aliases, Store
from samplewise.tables._torch_dataset import batches_of, fingerprint_of

if TYPE_CHECKING:
    import pandas as pd

    from samplewise.records.table_document import TableDocument

_ROWS = 4_096  # rows at a time: values in sample form are larger than in stored form


class TableFromData:
    """The class methods of `Table` that make new tables from data."""

    def __init__(
        self, store: Store, document: "TableDocument", *, aliases: Aliases | None = None
    ) -> None:
        self.stored = StoredTable.open(store, document, aliases)
        _ = self.stored.schema  # a column of a newer format is refused now, not at its first use

    @classmethod
    def _of(cls, stored: StoredTable) -> Self:
        table = cls(stored.store, stored.document, aliases=stored.aliases)
        table.stored = stored  # whose reader may have its rows open already
        return table

    @classmethod
    def _write_batches(
        cls,
        read: Callable[[], Read],
        fingerprint: Callable[[], Fingerprint] | None = None,
        *,
        add_weight_column: bool,
        **destination: Unpack[Destination],
    ) -> Self:
        """A table of what `read()` gives, or the stored one, see `write_table`."""
        return cls._of(
            write_table(read, fingerprint, add_weight_column=add_weight_column, **destination)
        )

    @classmethod
    @takes(Destination)
    def from_dict(
        cls,
        data: Mapping[str, Any],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from columns.

        Args:
            data: One sequence of values per column, sample or stored form, all of one length:
                lists, arrays of NumPy or PyTorch, series of pandas or Polars, Arrow data.
            schema: Column kinds by name; columns left out are inferred.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            SchemaError: A value does not fit its column, or columns differ in length.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.

        Examples:
            >>> import samplewise as sw, tempfile
            >>> table = sw.Table.from_dict(
            ...     {"x": [1, 2]}, dataset_name="d", project_name="p", root_url=tempfile.mkdtemp()
            ... )
            >>> table[1]
            {'x': 2}
        """

        def rows() -> Read:
            columns = {name: as_column(values) for name, values in data.items()}
            _check_lengths(columns)
            return _parts(columns), _kinds(columns, schema), {"kind": "dict"}

        return cls._write_batches(rows, add_weight_column=add_weight_column, **destination)

    @classmethod
    @takes(Destination)
    def from_arrow(
        cls,
        data: Any,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from Arrow data.

        Args:
            data: An Arrow table, or anything that gives Arrow data: a frame of Polars, a relation
                of DuckDB, a reader, another `Table`.
            schema: Column kinds by name. Those of other columns come from the metadata of their
                fields, or from their types; a categorical column keeps its categories.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            SchemaError: A value does not fit its column, or Arrow's type of a column cannot be
                stored.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        return cls._write_batches(
            lambda: _read_arrow(data, schema),
            add_weight_column=add_weight_column,
            **destination,
        )

    @classmethod
    @takes(Destination)
    def from_pandas(
        cls,
        data: "pd.DataFrame",
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a pandas frame; its index is left out. See `from_dict`.

        A categorical column keeps its categories; NaN, NaT and NA become null.

        Args:
            data: The frame.
            schema: Column kinds by name; columns left out are inferred.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.
        """
        if not hasattr(data, "columns"):
            raise InvalidArgumentError(f"`data` must be a frame of pandas, but is {shorten(data)}.")
        columns = {str(name): data[name] for name in data.columns}
        return cls.from_dict(columns, schema, add_weight_column=add_weight_column, **destination)

    @classmethod
    @takes(Destination)
    def from_torch_dataset(
        cls,
        dataset: Any,
        structure: Iterable[str],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        add_weight_column: bool = False,
        **destination: Unpack[Destination],
    ) -> Self:
        """Make a table from a map-style PyTorch dataset, a few hundred samples at a time.

        Args:
            dataset: Anything with `len` and `[i]`; samples are tuples or dicts.
            structure: Column name of each part of a sample; for dicts, the keys to take.
            schema: Column kinds by name; columns left out are inferred from the first samples.
            add_weight_column: Whether to add a column `weight` of ones.
            destination: Where the table goes.

        Raises:
            SchemaError: A sample has other parts than `structure`, or a value does not fit.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`, or by a table that is
                made of something else.
        """
        names = list(structure)

        def rows() -> Read:
            parts = batches_of(dataset, names)
            first = next(parts, {name: [] for name in names})
            source = {"kind": "torch_dataset", "class": type(dataset).__name__}
            return itertools.chain([first], parts), _kinds(first, schema), source

        return cls._write_batches(
            rows,
            lambda: fingerprint_of(dataset, names, schema),
            add_weight_column=add_weight_column,
            **destination,
        )


def _kinds(
    columns: Mapping[str, Any], given: Mapping[str, ColumnSchema] | None
) -> dict[str, ColumnSchema]:
    """Kinds in the order of the columns: as given, or inferred."""
    known = given or {}
    inferred = TableSchema.infer({n: v for n, v in columns.items() if n not in known})
    return {name: known.get(name) or inferred[name] for name in columns} | dict(known)


def _check_lengths(columns: Mapping[str, Any]) -> None:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise SchemaError(f"all columns must have one length, but have {lengths}.")


def _parts(columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    count = len(next(iter(columns.values()), ()))
    for start in range(0, count, _ROWS):
        yield {name: values[start : start + _ROWS] for name, values in columns.items()}


def _read_arrow(data: Any, schema: Mapping[str, ColumnSchema] | None) -> Read:
    table, kinds = portable_table(_as_arrow(data), schema or {})
    return [table], {**kinds, **(schema or {})}, {"kind": "arrow"}


def _as_arrow(data: Any) -> pa.Table:
    try:
        return data if isinstance(data, pa.Table) else pa.table(data)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"`data` must give Arrow data, but is a {type(data).__name__}.",
            hint="pass an Arrow table, a frame of Polars, or a relation of DuckDB",
        ) from error
