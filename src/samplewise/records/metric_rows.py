"""Rows of per-sample metrics: the key columns every one of them has, and the checks."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import InvalidArgumentError, SchemaError
from samplewise.records.portable import portable_table
from samplewise.schema import Int, String, TableSchema
from samplewise.schema.column import FIELD_KEY, ColumnSchema
from samplewise.schema.foreign import as_column
from samplewise.schema.violations import Tally

EXAMPLE_ID, INPUT_TABLE_ID, EPOCH, SPLIT = "example_id", "input_table_id", "epoch", "split"

COLLECTION_ERROR = "collection_error"
"""Column of the streams of collections: why a row has no metrics; null where it has."""

KEYS: dict[str, ColumnSchema] = {
    EXAMPLE_ID: Int(description="0-based index of the sample in its input table", writable=False),
    INPUT_TABLE_ID: Int(description="which of the run's input tables", writable=False),
    EPOCH: Int(description="0-based epoch", writable=False),
    SPLIT: String(description="train, val, or the name of a test set", writable=False),
}


def metric_columns(data: Any) -> dict[str, Any]:
    """Columns by name of whatever holds columns.

    Args:
        data: A mapping, an Arrow table or batch, or a frame of pandas or Polars.

    Raises:
        InvalidArgumentError: It is none of these.
        SchemaError: There is no column, or columns differ in length.
    """
    columns = {str(name): as_column(values) for name, values in _items(data)}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        what = f"have {lengths}" if lengths else "there is none"
        raise SchemaError(f"all metric columns must have one length, but {what}.")
    return columns


def _items(data: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(data, Mapping):
        return data.items()
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        return ((name, data[name]) for name in data.columns)  # pandas
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        table, _ = portable_table(pa.table(data), {})
        return zip(table.schema.names, table.columns, strict=True)
    raise InvalidArgumentError(
        f"`data` must hold columns, but is a {type(data).__name__}.",
        hint="pass a dict with one sequence per column, or an Arrow table",
    )


def kinds_in(data: Any) -> dict[str, ColumnSchema]:
    """Kinds by name that Arrow data says in its fields; keys have theirs."""
    schema: Any = getattr(data, "schema", ())
    fields = schema if isinstance(schema, pa.Schema) else ()
    told = [f for f in fields if f.name not in KEYS and FIELD_KEY in (f.metadata or {})]
    return dict(TableSchema.from_arrow(pa.schema(told)))


def refuse_input_table_ids(columns: Mapping[str, Any]) -> None:
    """Which input table rows are about is not for their writer to number.

    Raises:
        InvalidArgumentError: `columns` has the numbers.
    """
    if INPUT_TABLE_ID in columns:
        raise InvalidArgumentError(
            f"`data` must not have the column `{INPUT_TABLE_ID}`: a run numbers its input tables.",
            hint="pass foreign_table_url=table.url",
        )


def metric_schema(
    columns: Mapping[str, Any], given: Mapping[str, ColumnSchema] | None = None
) -> TableSchema:
    """Schema of metric rows: keys first, then what is given, then what is inferred."""
    unknown = sorted(set(given or {}) - set(columns) - set(KEYS))
    if unknown:
        raise SchemaError(
            f"`schema` must name columns of the data, but there is no column `{unknown[0]}`."
        )
    rest = {name: values for name, values in columns.items() if name not in KEYS}
    inferred = TableSchema.infer({k: v for k, v in rest.items() if k not in (given or {})})
    return TableSchema(
        {**KEYS, **{name: (given or {}).get(name) or inferred[name] for name in rest}}
    )


def metric_batch(
    columns: Mapping[str, Any],
    kinds: TableSchema,
    table_rows: int | None,
    table_id: int | None,
    epoch: int | None,
    split: str | None,
    tally: Tally,
) -> pa.RecordBatch:
    """One batch of metric rows.

    Args:
        columns: Sequences by name, all of one length, `n`.
        kinds: `metric_schema(...)`.
        table_rows: Number of rows of the input table; None if there is no input table.
        table_id: Its number in the run.
        epoch: For rows that have no `epoch`.
        split: For rows that have no `split`.
        tally: Counts predictions that no image can have, which are left out.

    Raises:
        SchemaError: Lengths differ, or a value does not fit.
        InvalidArgumentError: An `example_id` does not exist.
    """
    columns = metric_columns(columns)
    count = len(next(iter(columns.values())))
    values = {
        EXAMPLE_ID: _example_ids(columns, count, table_rows),
        INPUT_TABLE_ID: _repeat(table_id, INPUT_TABLE_ID, count),
        EPOCH: _repeat(epoch, EPOCH, count),
        SPLIT: _repeat(split, SPLIT, count),
        **{name: value for name, value in columns.items() if name != EXAMPLE_ID},
    }
    arrays = [
        kinds[name].predictions_to_arrow(values[name], name=name, tally=tally) for name in kinds
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=kinds.to_arrow())


def is_null(values: Any) -> bool:
    """Whether a column holds nothing at all."""
    column = as_column(values)
    if isinstance(column, list):
        return all(value is None for value in column)
    return not isinstance(column, np.ndarray) and column.null_count == len(column)


def with_input_table(batch: pa.RecordBatch, table_id: int | None) -> pa.RecordBatch:
    """The batch with the number of its input table in the run."""
    place = batch.schema.get_field_index(INPUT_TABLE_ID)
    numbers = _repeat(table_id, INPUT_TABLE_ID, batch.num_rows)
    return batch.set_column(place, batch.schema.field(place), numbers)


def _repeat(value: Any, key: str, count: int) -> pa.Array:
    """The same key in all rows; checked once."""
    return pa.repeat(KEYS[key].to_arrow([value], name=key)[0], count)


def _example_ids(columns: Mapping[str, Any], count: int, table_rows: int | None) -> Any:
    if EXAMPLE_ID not in columns:
        if table_rows is not None and count != table_rows:
            raise SchemaError(
                f"metrics without `{EXAMPLE_ID}` must have one row per sample ({table_rows}), "
                f"but have {count}."
            )
        return np.arange(count)
    ids = KEYS[EXAMPLE_ID].to_arrow(columns[EXAMPLE_ID], name=EXAMPLE_ID)
    known = ids.to_numpy(zero_copy_only=False)
    most = np.inf if table_rows is None else table_rows
    wrong = np.flatnonzero(~((known >= 0) & (known < most)))
    if len(wrong):
        raise InvalidArgumentError(
            f"`{EXAMPLE_ID}` must be the index of a row of the input table (0 to "
            f"{'n' if table_rows is None else table_rows} - 1), but row {wrong[0]} has "
            f"{ids[int(wrong[0])]}."
        )
    return ids
