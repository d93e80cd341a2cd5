"""Columns of our own metrics that were stored before columns said which way is better."""

import pyarrow as pa

from samplewise.metrics.columns import find_declarations
from samplewise.schema import ColumnSchema, TableSchema


def declare_own_metrics(schema: pa.Schema) -> pa.Schema:
    """The Arrow schema of metric rows, in which our own metrics mean what they declare today.

    A column is our own where name, kind and description are those of the declaration: somebody's
    own `loss` is left alone, and so is whatever says something of itself.
    """
    columns = TableSchema.from_arrow(schema)
    for place, (name, column) in enumerate(columns.items()):
        declared = _declaration_of(name, column)
        if declared is not None:
            schema = schema.set(place, column.with_meaning_of(declared).to_field(name))
    return schema


def _declaration_of(name: str, column: ColumnSchema) -> ColumnSchema | None:
    if column.better or column.title or column.prominence:
        return None
    return next(
        (
            declared
            for declared in find_declarations(name)
            if (declared.kind, declared.description) == (column.kind, column.description)
        ),
        None,
    )
