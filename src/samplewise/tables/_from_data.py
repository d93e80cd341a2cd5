"""`Table.from_...`: the ways to make a Table from data in memory and from plain data files."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import FormatError, InvalidArgumentError, SchemaError
from samplewise.records.if_exists import IfExists
from samplewise.records.portable import portable_table
from samplewise.schema import ColumnSchema, TableSchema
from samplewise.schema.foreign import as_column, as_plain
from samplewise.tables._making import Opened, make_table

if TYPE_CHECKING:
    import pandas as pd

    from samplewise.tables.table import Table

_ROWS = 4_096  # rows at a time: values in sample form are larger than in stored form
_SAMPLES = 256  # samples of a PyTorch dataset at a time: they may be images


class TableFromData:
    """The class methods of `Table` that make new tables from data."""

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
    ) -> "Table":
        """Make a table from columns.

        Args:
            data: One sequence of values per column, sample or stored form, all of one length:
                lists, arrays of NumPy or PyTorch, series of pandas or Polars, Arrow data.
            schema: Column kinds by name; columns left out are inferred.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
            aliases: Folders by alias name: images inside are stored as `<NAME>/...`.

        Raises:
            SchemaError: A value does not fit its column, or columns differ in length.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.

        Examples:
            >>> import samplewise as sw, tempfile
            >>> table = sw.Table.from_dict(
            ...     {"x": [1, 2]}, dataset_name="d", project_name="p", root_url=tempfile.mkdtemp()
            ... )
            >>> table[1]
            {'x': 2}
        """

        def opened() -> Opened:
            columns = {name: as_column(values) for name, values in data.items()}
            _check_lengths(columns)
            return _parts(columns), _kinds(columns, schema), {"kind": "dict"}

        return make_table(
            opened,
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
        )

    @classmethod
    def from_arrow(
        cls,
        data: Any,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
        aliases: Mapping[str, str] | None = None,
    ) -> "Table":
        """Make a table from Arrow data.

        Args:
            data: An Arrow table, or anything that gives Arrow data: a frame of Polars, a relation
                of DuckDB, a reader, another `Table`.
            schema: Column kinds by name. Those of other columns come from the metadata of their
                fields, or from their types; a categorical column keeps its categories.
            table_name: See `from_dict`, also for the other arguments.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.
            aliases: Folders by alias name.

        Raises:
            SchemaError: A value does not fit its column, or Arrow's type of a column cannot be
                stored.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        return make_table(
            lambda: _opened_arrow(data, schema, "arrow"),
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=aliases,
        )

    @classmethod
    def from_pandas(
        cls, data: "pd.DataFrame", schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a pandas frame; its index is left out. See `from_dict`.

        A categorical column keeps its categories; NaN, NaT and NA become null.
        """
        return cls.from_dict({str(name): data[name] for name in data.columns}, schema, **names)

    @classmethod
    def from_parquet(
        cls, path: str | Path, schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a Parquet file. See `from_arrow`.

        Raises:
            FormatError: The file is missing or is no Parquet.
        """
        import pyarrow.parquet as pq

        return cls._from_file(path, pq.read_table, schema, names)

    @classmethod
    def from_csv(
        cls, path: str | Path, schema: Mapping[str, ColumnSchema] | None = None, **names: Any
    ) -> "Table":
        """Make a table from a CSV file with a header. See `from_arrow`.

        Raises:
            FormatError: The file is missing or is no CSV.
        """
        from pyarrow import csv

        return cls._from_file(path, csv.read_csv, schema, names)

    @classmethod
    def from_torch_dataset(
        cls,
        dataset: Any,
        structure: Iterable[str],
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | None = None,
        if_exists: IfExists = "reuse",
        add_weight_column: bool = False,
        description: str = "",
    ) -> "Table":
        """Make a table from a map-style PyTorch dataset, a few hundred samples at a time.

        Args:
            dataset: Anything with `len` and `[i]`; samples are tuples or dicts.
            structure: Column name of each part of a sample; for dicts, the keys to take.
            schema: Column kinds by name; columns left out are inferred from the first samples.
            table_name: Name of the table.
            dataset_name: Name of its dataset.
            project_name: Name of its project.
            root_url: Where the store lies.
            if_exists: `reuse`, `overwrite`, `rename` or `raise`.
            add_weight_column: Whether to add a column `weight` of ones.
            description: What a person should know about the table.

        Raises:
            SchemaError: A sample has other parts than `structure`, or a value does not fit.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
        """
        names = list(structure)

        def opened() -> Opened:
            parts = _sampled(dataset, names)
            first = next(parts, {name: [] for name in names})
            source = {"kind": "torch_dataset", "class": type(dataset).__name__}
            return itertools.chain([first], parts), _kinds(first, schema), source

        return make_table(
            opened,
            table_name=table_name,
            dataset_name=dataset_name,
            project_name=project_name,
            root_url=root_url,
            if_exists=if_exists,
            add_weight_column=add_weight_column,
            description=description,
            aliases=None,
        )

    @classmethod
    def _from_file(
        cls,
        path: str | Path,
        read: Callable[[str], pa.Table],
        schema: Mapping[str, ColumnSchema] | None,
        names: Mapping[str, Any],
    ) -> "Table":
        settings = {
            "table_name": "initial",
            "root_url": None,
            "if_exists": "reuse",
            "add_weight_column": False,
            "description": "",
            "aliases": None,
            **names,
        }
        source = str(Path(path).absolute())
        return make_table(lambda: _opened_arrow(_read(path, read), schema, source), **settings)


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


def _opened_arrow(data: Any, schema: Mapping[str, ColumnSchema] | None, source: str) -> Opened:
    table, kinds = portable_table(_as_arrow(data), schema or {})
    origin = {"kind": "arrow"} if source == "arrow" else {"kind": "file", "path": source}
    return [table], {**kinds, **(schema or {})}, origin


def _as_arrow(data: Any) -> pa.Table:
    try:
        return data if isinstance(data, pa.Table) else pa.table(data)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"`data` must give Arrow data, but is a {type(data).__name__}.",
            hint="pass an Arrow table, a frame of Polars, or a relation of DuckDB",
        ) from error


def _read(path: str | Path, read: Callable[[str], pa.Table]) -> pa.Table:
    try:
        return read(str(path))
    except (OSError, pa.ArrowException) as error:
        raise FormatError(f"`{path}` cannot be read: {error}") from None


def _sampled(dataset: Any, names: list[str]) -> Iterator[dict[str, list[Any]]]:
    for start in range(0, len(dataset), _SAMPLES):
        stop = min(start + _SAMPLES, len(dataset))
        rows = [_as_row(dataset[i], names, i) for i in range(start, stop)]
        yield {name: [row[name] for row in rows] for name in names}


def _as_row(sample: Any, names: list[str], index: int) -> dict[str, Any]:
    if isinstance(sample, Mapping):
        missing = [name for name in names if name not in sample]
        if missing:
            raise SchemaError(f"sample {index} must have `{missing[0]}`, but has {list(sample)}.")
        return {name: as_plain(sample[name]) for name in names}
    parts = sample if isinstance(sample, tuple | list) else (sample,)
    if len(parts) != len(names):
        raise SchemaError(
            f"sample {index} must have {len(names)} parts ({', '.join(names)}), "
            f"but has {len(parts)}."
        )
    return {name: as_plain(part) for name, part in zip(names, parts, strict=True)}
