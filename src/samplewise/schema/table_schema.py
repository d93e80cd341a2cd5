"""The schema of a table: its columns in order, and how it is read from Arrow and from data."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pyarrow as pa

from samplewise.errors import ColumnNotFoundError, SchemaError, did_you_mean
from samplewise.schema.column import FIELD_KEY, ColumnSchema, column_from_json
from samplewise.schema.inference import column_of_type, infer_column
from samplewise.schema.nested import AnyArrow


class TableSchema(Mapping[str, ColumnSchema]):
    """Columns by name, in order.

    Args:
        columns: Column kinds by column name.
    """

    def __init__(self, columns: Mapping[str, ColumnSchema]) -> None:
        for name, column in columns.items():
            if not isinstance(column, ColumnSchema):
                raise SchemaError(
                    f"column `{name}` must have a column schema, "
                    f"but has a {type(column).__name__}.",
                    hint="take one from `samplewise.schemas`, such as Float()",
                )
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> ColumnSchema:
        try:
            return self._columns[name]
        except KeyError:
            raise ColumnNotFoundError(
                f"there is no column `{name}`.", hint=did_you_mean(name, self._columns)
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"TableSchema({self._columns!r})"

    def at(self, path: str) -> ColumnSchema:
        """The schema at a path such as `bbs.instances_additional_data.label`.

        Raises:
            ColumnNotFoundError: There is nothing at that path.
        """
        name, _, rest = path.partition(".")
        column = self[name]
        while rest:
            found = next(
                (key for key in column.children if rest == key or rest.startswith(key + ".")), None
            )
            if found is None:
                raise ColumnNotFoundError(
                    f"there is no `{rest}` in column `{name}`.",
                    hint=did_you_mean(rest, column.children),
                )
            column, rest = column.children[found], rest[len(found) + 1 :]
        return column

    def to_arrow(self) -> pa.Schema:
        """As an Arrow schema that carries the column kinds in its fields."""
        return pa.schema([column.to_field(name) for name, column in self.items()])

    def to_json(self) -> dict[str, Any]:
        """Column kinds by name, as JSON values."""
        return {name: column.to_json() for name, column in self.items()}

    @classmethod
    def from_arrow(cls, schema: pa.Schema) -> "TableSchema":
        """Column kinds of an Arrow schema: from its metadata, else from its types."""
        return cls({field.name: _column_of(field) for field in schema})

    @classmethod
    def infer(cls, data: Mapping[str, Any]) -> "TableSchema":
        """Column kinds that fit the data: one sequence of values per column."""
        return cls({name: infer_column(name, values) for name, values in data.items()})


def _column_of(field: pa.Field) -> ColumnSchema:
    return _column((field.metadata or {}).get(FIELD_KEY), field.type)


@lru_cache(maxsize=1_024)  # the same columns are read again and again
def _column(text: bytes | None, arrow_type: pa.DataType) -> ColumnSchema:
    known = column_from_json(json.loads(text)) if text else None
    if known is None:
        return column_of_type(arrow_type)
    if known.arrow_type == arrow_type and not isinstance(known, AnyArrow):
        return known
    # A kind whose type has changed since, as other tools do to files, is told by its type.
    by_type = AnyArrow(arrow_type) if isinstance(known, AnyArrow) else column_of_type(arrow_type)
    return by_type.with_meaning_of(known)
