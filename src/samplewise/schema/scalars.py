"""Columns of single values: numbers, text, labels, weights."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
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
    role: ClassVar[str] = "number"
    _expectation: ClassVar[str] = "a number"
    minimum: float | None = None
    maximum: float | None = None
    bits: int = 64

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.float32() if self.bits == 32 else pa.float64()

    def to_stored(self, value: Any) -> float:
        try:
            if not isinstance(value, str | bytes):
                return float(value)
        except (TypeError, ValueError):
            pass
        raise SchemaError(f"must be a number, but is {value!r}.")

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        if array.ndim != 1 or array.dtype.kind not in "fiub":
            return None
        return pa.array(array.astype(f"float{self.bits}"), self.arrow_type)


@dataclass(frozen=True, kw_only=True)
class Int(ColumnSchema):
    """A whole number, 64 bits.

    Args:
        minimum: Smallest sensible value.
        maximum: Largest sensible value.
    """

    kind: ClassVar[str] = "int"
    role: ClassVar[str] = "number"
    _expectation: ClassVar[str] = "an integer of 64 bits"
    minimum: int | None = None
    maximum: int | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.int64()

    def to_stored(self, value: Any) -> int:
        return _as_int(value)

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        return _integers(array)


@dataclass(frozen=True, kw_only=True)
class Bool(ColumnSchema):
    """True or false."""

    kind: ClassVar[str] = "bool"
    role: ClassVar[str] = "bool"
    _expectation: ClassVar[str] = "True or False"

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.bool_()

    def to_stored(self, value: Any) -> bool:
        if isinstance(value, bool | int | float | np.generic) and value in (0, 1):
            return bool(value)
        raise SchemaError(f"must be True or False, but is {value!r}.")


@dataclass(frozen=True, kw_only=True)
class String(ColumnSchema):
    """Text."""

    kind: ClassVar[str] = "string"
    role: ClassVar[str] = "text"
    _expectation: ClassVar[str] = "a string"

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
    role: ClassVar[str] = "category"
    _expectation: ClassVar[str] = "the integer id of a class"
    classes: Classes = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "classes", as_value_map(self.classes))

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.int64()

    @property
    def value_map(self) -> ValueMap:
        return self.classes  # type: ignore[return-value]  # made a ValueMap in __post_init__

    def as_id(self, value: Any) -> int:
        """The id of a class that is given by name or id; an id need not be one of the classes.

        Raises:
            SchemaError: It is neither, or there is no class of that name.
        """
        return self._id_of(value) if isinstance(value, str) else _as_int(value)

    def to_stored(self, value: Any) -> int:
        number = self.as_id(value)
        if self.value_map and number not in self.value_map:
            raise SchemaError(
                f"must be the id of a class, but {number} is none of them.",
                hint="the ids are " + first_of(map(str, self.value_map)),
            )
        return number

    def _id_of(self, name: str) -> int:
        for key, element in self.value_map.items():
            if element.internal_name == name:
                return key
        names = (element.internal_name for element in self.value_map.values())
        raise SchemaError(
            f"must be a class, but {name!r} is none of them.", hint="there is: " + first_of(names)
        )

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        integers = _integers(array)
        return integers if integers is not None and self._has_all(integers) else None

    def _from_arrow(self, array: pa.Array, name: str, first_row: int) -> pa.Array:
        if pa.types.is_integer(array.type) and self._has_all(array):
            return super()._from_arrow(array, name, first_row)
        ids = {element.internal_name: key for key, element in self.value_map.items()}
        # A name that is unknown goes the slow way, which says which one and where.
        values = [ids.get(value, value) for value in array.to_pylist()]
        return self._from_python(values, name, first_row)

    def _has_all(self, integers: pa.Array) -> bool:
        if not self.value_map:
            return True
        ids = integers.drop_null().to_numpy(zero_copy_only=False)
        return bool(np.isin(ids, list(self.value_map)).all())


@dataclass(frozen=True, kw_only=True)
class SampleWeightSchema(Float):
    """How much a sample counts in training: 1 as usual, 0 not at all."""

    kind: ClassVar[str] = "sample_weight"
    _expectation: ClassVar[str] = "a number that is not negative"
    description: str = "How much the sample counts in training."
    minimum: float | None = 0.0

    def to_stored(self, value: Any) -> float:
        number = super().to_stored(value)
        if not number >= 0 or math.isinf(number):
            raise SchemaError(f"must be a finite number that is not negative, but is {value!r}.")
        return number

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        numbers = super()._from_numpy(array)
        return numbers if numbers is not None and _are_weights(numbers) else None

    def _from_arrow(self, array: pa.Array, name: str, first_row: int) -> pa.Array:
        numbers = super()._from_arrow(array, name, first_row)
        if _are_weights(numbers):
            return numbers
        return self._from_python(numbers.to_pylist(), name, first_row)


def _are_weights(numbers: pa.Array) -> bool:
    values = numbers.drop_null().to_numpy(zero_copy_only=False)
    return bool(np.all(np.isfinite(values) & (values >= 0)))


def _integers(array: np.ndarray) -> pa.Array | None:
    """A NumPy array of whole numbers; None where it is none, or does not fit into 64 bits."""
    if array.ndim != 1 or array.dtype.kind not in "iu":
        return None
    if array.dtype == np.uint64 and (array > np.iinfo(np.int64).max).any():
        return None
    return pa.array(array.astype(np.int64))


def first_of(words: Iterable[str]) -> str:
    """The first dozen of some words, for hints."""
    shown = list(words)
    return ", ".join(shown[:12]) + (", ..." if len(shown) > 12 else "")


def _as_int(value: Any) -> int:
    try:
        if value == (number := int(value)) and not isinstance(value, str):
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise SchemaError(f"must be an integer, but is {value!r}.")
