"""Arrow data of other libraries in the types that Lance, DuckDB and our column kinds share."""

from collections.abc import Mapping

import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema import CategoricalLabelSchema, ColumnSchema, TableSchema
from samplewise.schema.column import FIELD_KEY
from samplewise.schema.inference import infer_column, is_text, widen_type

_LOOK_AT = 1_000  # values that tell what a column of text holds


def portable_table(
    table: pa.Table, given: Mapping[str, ColumnSchema]
) -> tuple[pa.Table, dict[str, ColumnSchema]]:
    """The table with columns that can be stored, and their kinds.

    Args:
        table: Any Arrow table.
        given: Kinds by name of columns that need no guess.

    Raises:
        SchemaError: Arrow's type of a column cannot be stored.
    """
    kinds: dict[str, ColumnSchema] = {}
    columns: dict[str, pa.ChunkedArray] = {}
    for field, column in zip(table.schema, table.unify_dictionaries().columns, strict=True):
        if field.name in columns:
            raise SchemaError(f"columns must have different names, but two are `{field.name}`.")
        columns[field.name], kinds[field.name] = _portable(field, column, given.get(field.name))
    return pa.table(columns), kinds


def _portable(
    field: pa.Field, column: pa.ChunkedArray, given: ColumnSchema | None
) -> tuple[pa.ChunkedArray, ColumnSchema]:
    if FIELD_KEY in (field.metadata or {}):
        return column, given or TableSchema.from_arrow(pa.schema([field]))[field.name]
    if given is None and pa.types.is_dictionary(field.type) and is_text(field.type.value_type):
        return _categorical(column)
    try:
        portable = column.cast(widen_type(field.type))
    except (pa.ArrowException, NotImplementedError) as error:
        raise SchemaError(
            f"column `{field.name}` must have an Arrow type that can be stored, "
            f"but is {field.type}: {error}"
        ) from None
    return portable, given or infer_column(field.name, portable.slice(0, _LOOK_AT))


def _categorical(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, ColumnSchema]:
    names = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
    indices = [chunk.indices.cast(pa.int64()) for chunk in column.chunks]
    return pa.chunked_array(indices, pa.int64()), CategoricalLabelSchema(names)
