"""Columns as the dashboard sees them: what each is, and its values for plots and filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samplewise.records.metric_rows import KEYS
from samplewise.schema import ColumnSchema, TableSchema
from samplewise.schema.instances import ADDITIONAL, LABEL, InstancesSchema
from samplewise.schema.keypoints import Keypoints2DSchema
from samplewise.schema.nested import EmbeddingSchema
from samplewise.schema.value_map import ValueMap
from samplewise.server import wire
from samplewise.server.rows import SourceRows

COUNT = "count"
"""Ending of the column with the number of instances: `bbs.count`."""
MOST_COORDINATES = 3
LONGEST_URL = 1_024
PLOTTED = ("number", "category", "bool", "text")
LABELS = ("boxes", "keypoints", "masks", "segmentation", "category")
"""Roles of columns that say what is in a sample."""

Origin = Literal["key", "metric", "input"]


@dataclass(frozen=True)
class ShownColumn:
    """One column of a source.

    Args:
        name: Its name in the source.
        origin: Where it comes from.
        rows: What holds it.
        stored: Its name there.
        schema: What it is.
        element: Of a vector, which number; of instances, `count`; None for the value itself.
    """

    name: str
    origin: Origin
    rows: SourceRows
    stored: str
    schema: ColumnSchema
    element: int | Literal["count"] | None = None

    @property
    def role(self) -> wire.Role:
        """How it is shown."""
        if self.element is not None:
            return "number"
        if isinstance(self.schema, EmbeddingSchema) and self.schema.size <= MOST_COORDINATES:
            return "coordinates"
        return self.schema.role  # type: ignore[return-value]  # schemas name roles of `wire.Role`

    @property
    def is_plotted(self) -> bool:
        """Whether it has one value per sample that can be plotted and filtered by."""
        return self.role in PLOTTED

    def values(self) -> pa.Array:
        """One value per row, of plotted columns."""
        if self.element == COUNT:
            return _lengths(self.rows.column(f"{self.stored}.{ADDITIONAL}.{LABEL}"))
        column = self.rows.column(self.stored)
        if self.element is None:
            return column if self.role != "image" else _shorten(column)
        return pc.call_function("list_element", [column, pa.scalar(self.element)])

    def lists(self, path: str) -> "Lists":
        """The values of a property of all instances, or of a column of lists."""
        # Only what is asked for is read: other properties and the boxes stay on the disk.
        column = self.rows.column(f"{self.stored}.{ADDITIONAL}.{path}" if path else self.stored)
        lengths = _lengths(column).fill_null(0).to_numpy(zero_copy_only=False)
        return Lists(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), column.flatten())


@dataclass(frozen=True)
class Lists:
    """Lists of values, flat.

    Args:
        offsets: Row `i` has the values `offsets[i]` to `offsets[i + 1]`; shape `(n + 1,)`.
        values: All values.
    """

    offsets: np.ndarray
    values: pa.Array

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.offsets.nbytes + self.values.nbytes

    def any(self, chosen: np.ndarray) -> np.ndarray:
        """Which rows have a chosen value; bool, shape `(n,)`."""
        sums = np.concatenate([[0], np.cumsum(chosen, dtype=np.int64)])[self.offsets]
        return np.diff(sums) > 0


def list_columns(
    rows: SourceRows, origin: Origin, taken: Iterable[str] = ()
) -> dict[str, ShownColumn]:
    """The columns of some rows, with those made from them, by name.

    Args:
        rows: What holds them.
        origin: Where they come from.
        taken: Names that are others' already; ours then start with `input_`.
    """
    known = {name.lower() for name in taken}
    columns: dict[str, ShownColumn] = {}
    for stored, schema in TableSchema.from_arrow(rows.schema).items():
        name = f"input_{stored}" if stored.lower() in known else stored
        where: Origin = "key" if origin == "metric" and stored in KEYS else origin
        column = columns[name] = ShownColumn(name, where, rows, stored, schema)
        elements: Iterable[int | Literal["count"]] = ()
        if column.role == "coordinates" and isinstance(schema, EmbeddingSchema):
            elements = range(schema.size)
        elif isinstance(schema, InstancesSchema):
            elements = (COUNT,)
        for element in elements:
            made = f"{name}.{element}"
            columns[made] = ShownColumn(made, where, rows, stored, schema, element)
    return columns


def describe_column(column: ShownColumn, values: pa.Array | None) -> wire.Column:
    """What the dashboard is told of a column.

    Args:
        column: The column.
        values: Its values, of plotted ones.
    """
    schema = column.schema
    low, high = (None, None) if values is None else _range(values)
    return wire.Column(
        name=column.name,
        origin=column.origin,
        kind=schema.kind
        if column.element is None
        else "int"
        if column.element == COUNT
        else "float",
        role=column.role,
        description=_description(column),
        unit=schema.unit,
        **({} if column.element is not None else _meaning(schema)),
        writable=schema.writable and column.origin == "input" and column.element is None,
        hidden=schema.hidden,
        size=schema.size
        if isinstance(schema, EmbeddingSchema) and column.element is None
        else None,
        minimum=low,
        maximum=high,
        nulls=0 if values is None else values.null_count,
        categories=None if column.element is not None else _categories(_classes(schema)),
        properties=_properties(schema) if column.element is None else None,
        skeleton=_skeleton(schema) if column.element is None else None,
    )


def _meaning(schema: ColumnSchema) -> dict[str, Any]:
    return {name: getattr(schema, name) for name in ("title", "better", "prominence")}


def _shorten(urls: pa.Array) -> pa.Array:
    """Images inside of rows have long URLs that nobody searches."""
    return pc.call_function("utf8_slice_codeunits", [urls], pc.SliceOptions(0, LONGEST_URL))


def _lengths(lists: pa.Array) -> pa.Array:
    return lists.value_lengths()


def _description(column: ShownColumn) -> str:
    if column.element == COUNT:
        return f"number of instances in {column.stored}"
    return column.schema.description


def _range(values: pa.Array) -> tuple[float | None, float | None]:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return None, None
    numbers = values.drop_null().to_numpy(zero_copy_only=False)
    finite = numbers[np.isfinite(numbers)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (None, None)


def _classes(schema: ColumnSchema) -> ValueMap | None:
    if schema.value_map is not None:
        return schema.value_map
    return schema.properties["label"].value_map if isinstance(schema, InstancesSchema) else None


def _categories(value_map: ValueMap | None) -> list[wire.Category] | None:
    if value_map is None:
        return None
    return [
        wire.Category(id=key, name=str(element), color=element.display_color or None)
        for key, element in value_map.items()
    ]


def _properties(schema: ColumnSchema) -> list[wire.Column] | None:
    if not isinstance(schema, InstancesSchema):
        return None
    properties: Mapping[str, ColumnSchema] = schema.properties
    return [
        wire.Column(
            name=name,
            origin="metric",
            kind=each.kind,
            role=each.role,  # type: ignore[arg-type]  # as above
            description=each.description,
            unit=each.unit,
            **_meaning(each),
            writable=schema.writable and each.writable,
            minimum=getattr(each, "minimum", None),
            maximum=getattr(each, "maximum", None),
            categories=_categories(each.value_map),
        )
        for name, each in properties.items()
    ]


def _skeleton(schema: ColumnSchema) -> wire.Skeleton | None:
    if not isinstance(schema, Keypoints2DSchema):
        return None
    return wire.Skeleton(
        joints=list(schema.joint_names),
        lines=[(line[0], line[1]) for line in schema.skeleton],
        point_colors=list(schema.point_colors),
        line_colors=list(schema.line_colors),
    )
