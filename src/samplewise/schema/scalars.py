"""Columns of single values: numbers, text, labels, weights."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema
from samplewise.schema.value_map import Classes, ValueMap, as_value_map


@dataclass(frozen=True, kw_only=True)
class Float(ColumnSchema):
    """A number. NaN is stored as it is; missing is null.

    Args:
        minimum: Smallest sensible value, for sliders and axes.
        maximum: Largest sensible value.
        bits: 32 or 64.
    """

    kind: ClassVar[str] = "float"
    expectation = "a number"
    minimum: float | None = None
    maximum: float | None = None
    bits: int = 64

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.float32() if self.bits == 32 else pa.float64()

    def to_stored(self, value: Any) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            raise SchemaError(f"must be a number, but is {value!r}.") from None


@dataclass(frozen=True, kw_only=True)
class Int(ColumnSchema):
    """A whole number, 64 bits.

    Args:
        minimum: Smallest sensible value.
        maximum: Largest sensible value.
    """

    kind: ClassVar[str] = "int"
    expectation = "an integer of 64 bits"
    minimum: int | None = None
    maximum: int | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.int64()

    def to_stored(self, value: Any) -> int:
        return _as_int(value)


@dataclass(frozen=True, kw_only=True)
class Bool(ColumnSchema):
    """True or false."""

    kind: ClassVar[str] = "bool"
    expectation = "True or False"

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.bool_()

    def to_stored(self, value: Any) -> bool:
        if value in (True, False, 0, 1):
            return bool(value)
        raise SchemaError(f"must be True or False, but is {value!r}.")


@dataclass(frozen=True, kw_only=True)
class String(ColumnSchema):
    """Text."""

    kind: ClassVar[str] = "string"
    expectation = "a string"

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.string()


@dataclass(frozen=True)
class CategoricalLabelSchema(ColumnSchema):
    """One of several classes, stored as its integer id.

    Args:
        classes: Names in order, or a mapping from id to name or `MapElement`; gaps are fine.
    """

    kind: ClassVar[str] = "categorical_label"
    expectation = "the integer id of a class"
    classes: Classes = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", as_value_map(self.classes))

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.int64()

    @property
    def value_map(self) -> ValueMap:
        return self.classes  # type: ignore[return-value]  # made a ValueMap in __post_init__

    def to_stored(self, value: Any) -> int:
        if isinstance(value, str):
            for key, element in self.value_map.items():
                if element.internal_name == value:
                    return key
            raise SchemaError(f"must be a class, but {value!r} is none of them.")
        return _as_int(value)


@dataclass(frozen=True, kw_only=True)
class SampleWeightSchema(Float):
    """How much a sample counts in training: 1 as usual, 0 not at all."""

    kind: ClassVar[str] = "sample_weight"
    expectation = "a number that is not negative"
    description: str = "How much the sample counts in training."
    minimum: float | None = 0.0
    default: float = 1.0

    def to_stored(self, value: Any) -> float:
        number = super().to_stored(value)
        if not number >= 0 or math.isinf(number):
            raise SchemaError(f"must be a finite number that is not negative, but is {value!r}.")
        return number


def _as_int(value: Any) -> int:
    try:
        if value == (number := int(value)) and not isinstance(value, str):
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise SchemaError(f"must be an integer, but is {value!r}.")
