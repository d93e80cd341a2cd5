"""Columns of vectors, arrays, lists, and whatever else Arrow can hold."""

import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema.column import MEANING, ColumnSchema
from samplewise.schema.foreign import as_lists, as_plain


@dataclass(frozen=True)
class EmbeddingSchema(ColumnSchema):
    """A vector of `size` float32.

    Float32 and not float16, because DuckDB refuses to scan a dataset with a half-float vector.

    Args:
        size: Number of dimensions.
    """

    kind: ClassVar[str] = "embedding"
    role: ClassVar[str] = "embedding"
    size: int = 2
    writable: bool = field(default=False, kw_only=True)

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.list_(pa.float32(), self.size)

    @property
    def expectation(self) -> str:
        return f"a vector of {self.size} numbers"

    def to_stored(self, value: Any) -> np.ndarray:
        try:
            vector = np.asarray(as_plain(value), np.float32)
        except (TypeError, ValueError):
            raise SchemaError(f"must be {self.expectation}, but is {value!r}.") from None
        if vector.shape != (self.size,):
            raise SchemaError(
                f"must be a vector of {self.size} numbers, but has shape {vector.shape}."
            )
        return vector

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        if array.shape[1:] != (self.size,) or array.dtype.kind not in "fiub":
            return None
        flat = np.array(array, np.float32, copy=True).reshape(-1)  # its owner may fill it again
        return pa.FixedSizeListArray.from_arrays(pa.array(flat), type=self.arrow_type)

    def to_sample(self, value: Any) -> Any:
        return None if value is None else np.asarray(value, np.float32)


@dataclass(frozen=True)
class ListSchema(ColumnSchema):
    """A list of any length.

    Args:
        item: What each item is.
    """

    kind: ClassVar[str] = "list"
    role: ClassVar[str] = "list"
    item: ColumnSchema = None  # type: ignore[assignment]  # required; a default follows defaults

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.list_(self.item.arrow_type)

    @property
    def children(self) -> dict[str, ColumnSchema]:
        return {"item": self.item}

    @property
    def value_map(self) -> Any:
        return self.item.value_map

    @property
    def holds_urls(self) -> bool:
        return self.item.holds_urls

    def map_urls(self, value: list[Any], change: Callable[[str], str]) -> list[Any]:
        return [None if item is None else self.item.map_urls(item, change) for item in value]

    def to_stored(self, value: Any) -> list[Any]:
        value = as_plain(value)
        if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
            raise SchemaError(f"must be a list, but is {value!r}.")
        return [None if item is None else self.item.to_stored(item) for item in value]

    def to_sample(self, value: Any) -> Any:
        return None if value is None else [self.item.to_sample(item) for item in value]


@dataclass(frozen=True)
class ArraySchema(ColumnSchema):
    """A numeric array of one shape in all rows.

    Args:
        shape: Its shape.
        dtype: NumPy's name of the item type.
    """

    kind: ClassVar[str] = "array"
    shape: tuple[int, ...] = ()
    dtype: str = "float32"

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.list_(pa.from_numpy_dtype(np.dtype(self.dtype)), int(np.prod(self.shape)))

    @property
    def expectation(self) -> str:
        return f"an array of shape {tuple(self.shape)}"

    def to_stored(self, value: Any) -> np.ndarray:
        array = np.asarray(as_plain(value))
        if array.shape not in (tuple(self.shape), (math.prod(self.shape),)):  # flat as stored
            raise SchemaError(f"must have shape {tuple(self.shape)}, but has {array.shape}.")
        if array.dtype.kind not in "fiub":
            raise SchemaError(f"must be {self.expectation} of numbers, but is {array.dtype}.")
        return array.astype(self.dtype).reshape(-1)

    def _from_numpy(self, array: np.ndarray) -> pa.Array | None:
        if array.shape[1:] != tuple(self.shape) or array.dtype.kind not in "fiub":
            return None
        flat = np.array(array, self.dtype, copy=True).reshape(-1)  # its owner may fill it again
        return pa.FixedSizeListArray.from_arrays(pa.array(flat), type=self.arrow_type)

    def to_sample(self, value: Any) -> Any:
        return None if value is None else np.asarray(value, self.dtype).reshape(self.shape)


class AnyArrow(ColumnSchema):
    """Whatever Arrow can hold: columns of files that say nothing about their meaning."""

    kind: ClassVar[str] = "arrow"
    _expectation: ClassVar[str] = "as its Arrow type says"

    def __init__(self, arrow_type: pa.DataType = pa.null(), **options: Any) -> None:
        super().__init__(**options)
        object.__setattr__(self, "_arrow_type", arrow_type)

    @property
    def arrow_type(self) -> pa.DataType:
        return self._arrow_type  # type: ignore[attr-defined]

    def to_stored(self, value: Any) -> Any:
        return as_lists(value)

    def to_json(self) -> dict[str, Any]:
        field = pa.schema([pa.field("", self.arrow_type)])
        return super().to_json() | {"arrow": base64.b64encode(field.serialize()).decode()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        if "arrow" not in data:
            return super().from_json(data)
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(data["arrow"])))
        options = {key: data[key] for key in (*MEANING, "hidden") if key in data}
        return cls(schema.field(0).type, **options)

    def with_meaning_of(self, other: ColumnSchema) -> Self:
        """This kind with what another column means."""
        return type(self)(self.arrow_type, **{name: getattr(other, name) for name in MEANING})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyArrow) and self.arrow_type == other.arrow_type

    def __hash__(self) -> int:
        return hash(str(self.arrow_type))
