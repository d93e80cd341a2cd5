"""What a column can be: the base of all column kinds, and the registry that files are read with.

A kind knows three forms of a value: the *stored* form (plain Python, what Arrow holds), the
*sample* form (what a person works with: an image, boxes) and the *Arrow* type. What a column means
travels as JSON in the metadata of its Arrow field, so that a file explains itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_fields, is_text
from samplewise.errors import SchemaError
from samplewise.schema.foreign import as_column
from samplewise.schema.value_map import MapElement, ValueMap, as_value_map
from samplewise.schema.violations import Tally

FIELD_KEY = b"samplewise.column"
"""Key of a column's JSON in the metadata of its Arrow field."""

Better = Literal["higher", "lower"]
"""Which values of a metric are better."""

_MISFITS = (pa.ArrowException, TypeError, ValueError, OverflowError)

MEANING = ("description", "unit", "title", "better", "prominence")
"""Fields that say what values mean, whatever kind they are of."""

_KINDS: dict[str, "type[ColumnSchema]"] = {}


@dataclass(frozen=True, kw_only=True)
class ColumnSchema:
    """Base of all column kinds.

    Args:
        description: One line on what the values mean.
        unit: Unit of the values where they are neither pixels nor fractions.
        title: Short name where views have little room, such as `FN`; empty: the column's name.
        better: Whether `higher` or `lower` values are better. None: nothing is known of it, and
            nobody ranks by the column or calls a change of it better or worse.
        prominence: How much the column says of a sample; views show what has more of it first.
            Built-in metrics have 1 to 9.
        writable: Whether people may edit the values.
        hidden: Whether views leave the column out by default.

    Raises:
        SchemaError: A field is of another type.
    """

    kind: ClassVar[str]
    role: ClassVar[str] = "other"
    """How views show the values: `number`, `category`, `boxes`, ..."""
    _expectation: ClassVar[str] = ""
    description: str = ""
    unit: str = ""
    title: str = ""
    better: Better | None = None
    prominence: int = 0
    writable: bool = True
    hidden: bool = False

    def __post_init__(self) -> None:
        check_fields(self, SchemaError)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            _KINDS[cls.kind] = cls

    @property
    def arrow_type(self) -> pa.DataType:
        """How Arrow holds the values."""
        raise NotImplementedError

    @property
    def children(self) -> "Mapping[str, ColumnSchema]":
        """Schemas of nested values, by the path below this column."""
        return {}

    @property
    def value_map(self) -> ValueMap | None:
        """What the integers stand for, if the column is categorical."""
        return None

    @property
    def expectation(self) -> str:
        """What a value must be, for errors: `an integer`."""
        return self._expectation or f"of kind {self.kind} ({self.arrow_type})"

    @property
    def holds_urls(self) -> bool:
        """Whether stored values are or contain URLs of files, which may start with an alias."""
        return False

    def map_urls(self, value: Any, change: Callable[[str], str]) -> Any:
        """A stored value with `change` applied to every URL of a file in it."""
        return value

    def to_stored(self, value: Any) -> Any:
        """Sample form to stored form. `None` stays `None`.

        Raises:
            SchemaError: The value does not fit.
        """
        return value

    def to_sample(self, value: Any) -> Any:
        """Stored form to sample form. `None` stays `None`."""
        return value

    def to_arrow(self, values: Any, *, name: str, first_row: int = 0) -> pa.Array:
        """Many values as Arrow.

        Args:
            values: Arrow data, an array of NumPy or PyTorch, a series of pandas or Polars, or an
                iterable in sample or stored form; `n` values.
            name: The column's name, for errors.
            first_row: Which row the first value belongs to, for errors.

        Raises:
            SchemaError: A value does not fit; names the column and the row.
        """
        values = as_column(values)
        if isinstance(values, pa.Array):
            return self._from_arrow(values, name, first_row)
        if isinstance(values, np.ndarray):
            array = self._from_numpy(values)
            if array is not None:
                return array
        return self._from_python(list(values), name, first_row)

    def predictions_to_arrow(self, values: Any, *, name: str, tally: Tally) -> pa.Array:
        """Many values that a network made, as Arrow: what no image can have is left out.

        Args:
            values: As for `to_arrow`.
            name: The column's name, for errors.
            tally: Counts what was left out, and what is odd and was kept.

        Raises:
            SchemaError: A value is of another kind; names the column and the row.
        """
        return self.to_arrow(values, name=name)

    def _from_arrow(self, array: pa.Array, name: str, first_row: int) -> pa.Array:
        if array.type == self.arrow_type:
            return array
        try:
            return array.cast(self.arrow_type)
        except (pa.ArrowException, NotImplementedError):
            raise SchemaError(
                f"column `{name}`: must be {self.arrow_type} in Arrow, but is {array.type}."
            ) from None

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        """All values at once, where the kind knows a short way and every value fits."""
        return None

    def _from_python(self, values: list[Any], name: str, first_row: int) -> pa.Array:
        stored = [
            None if value is None else self._store_value(value, name, row)
            for row, value in enumerate(values, start=first_row)
        ]
        try:
            return pa.array(stored, self.arrow_type)
        except _MISFITS as error:
            raise self._misfit(stored, name, first_row, error) from None

    def _store_value(self, value: Any, name: str, row: int) -> Any:
        try:
            return self.to_stored(value)
        except SchemaError as error:
            raise SchemaError(
                f"column `{name}`, row {row}: {error.message}", hint=error.hint
            ) from None

    def _misfit(
        self, stored: list[Any], name: str, first_row: int, error: Exception
    ) -> SchemaError:
        for row, value in enumerate(stored, start=first_row):
            try:
                pa.array([value], self.arrow_type)
            except _MISFITS:
                return SchemaError(
                    f"column `{name}`, row {row}: must be {self.expectation}, "
                    f"but is {shorten(value)}."
                )
        return SchemaError(f"column `{name}`: must be {self.expectation}: {error}")

    def to_json(self) -> dict[str, Any]:
        """Kind and all fields that differ from their defaults, as JSON values."""
        return {"kind": self.kind} | {
            field.name: _plain(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != _default(field)
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; unknown fields are left out, missing ones have defaults."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: _revive(key, value) for key, value in data.items() if key in known})

    def with_meaning_of(self, other: "ColumnSchema") -> Self:
        """This kind with what another column means: description, unit, title, better, prominence.

        What the other one leaves open stays as it is here.
        """
        told = {n: v for n in MEANING if (v := getattr(other, n)) != getattr(ColumnSchema, n)}
        return replace(self, **told) if told else self

    def to_field(self, name: str) -> pa.Field:
        """Arrow field with this schema in its metadata."""
        return pa.field(name, self.arrow_type, metadata={FIELD_KEY: self._json_bytes})

    @cached_property
    def _json_bytes(self) -> bytes:
        # Written with every batch of rows; the map of many classes takes a while.
        text = json.dumps(self.to_json(), ensure_ascii=False)
        # A class may be named by a file name that is no valid Unicode.
        return (text if is_text(text) else json.dumps(self.to_json())).encode()


def column_from_json(data: Mapping[str, Any]) -> ColumnSchema | None:
    """The column kind that `data` describes; None for a kind this version does not know."""
    kind = _KINDS.get(data.get("kind", ""))
    return None if kind is None else kind.from_json(data)


def shorten(value: Any) -> str:
    """A value for an error, not longer than 80 characters."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _plain(value: Any) -> Any:
    if isinstance(value, ColumnSchema):
        return value.to_json()
    if isinstance(value, MapElement):
        return [value.internal_name, value.display_name, value.display_color]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value


def _revive(key: str, value: Any) -> Any:
    if key == "classes" and isinstance(value, Mapping):
        return as_value_map({int(k): MapElement(*element) for k, element in value.items()})
    if isinstance(value, Mapping) and "kind" in value:
        return column_from_json(value)
    if isinstance(value, Mapping):
        return {k: _revive(k, item) for k, item in value.items()}
    if isinstance(value, list):
        return tuple(_revive("", item) for item in value)
    return value
