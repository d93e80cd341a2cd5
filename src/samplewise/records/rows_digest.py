"""A digest of rows that is the same however they are cut into batches."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

_BYTES = 16


class RowsDigest:
    """Grows by batches; the same rows give the same digest, in batches of any size.

    What lies behind a null, and how Arrow has cut its buffers, does not count.
    """

    def __init__(self) -> None:
        self._parts: dict[str, Any] = {}

    def update(self, columns: Mapping[str, pa.Array]) -> None:
        """Take in the next rows."""
        for name, values in columns.items():
            self._add(name, values)

    def hexdigest(self) -> str:
        """The digest of all rows so far."""
        whole = hashlib.blake2b(digest_size=_BYTES)
        for name in sorted(self._parts):
            whole.update(f"{name}\0".encode(errors="surrogatepass"))
            whole.update(self._parts[name].digest())
        return whole.hexdigest()

    def _add(self, path: str, values: Any) -> None:
        """Which values are there, then the values: every level of a nested column by itself."""
        if isinstance(values, pa.ExtensionArray):
            values = values.storage
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        self._feed(f"{path}?", np.asarray(values.is_valid().to_numpy(zero_copy_only=False)))
        kind = values.type
        if pa.types.is_struct(kind):
            for field, child in zip(kind, values.flatten(), strict=True):
                self._add(f"{path}.{field.name}", child)
        elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
            lengths = values.value_lengths().fill_null(0).cast(pa.int64())
            self._feed(f"{path}#", lengths.to_numpy(zero_copy_only=False))
            self._add(f"{path}[]", values.flatten())
        elif pa.types.is_fixed_size_list(kind):
            self._add(f"{path}[]", values.flatten())
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
            self._feed(path, values.drop_null().to_numpy(zero_copy_only=False))
        else:
            self._feed_others(path, values.drop_null())

    def _feed_others(self, path: str, values: Any) -> None:
        """Text and bytes as they are; what is rare as Python writes it."""
        kind = values.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
            values = values.cast(pa.large_binary())
        if not pa.types.is_large_binary(values.type):
            values = pa.array(
                [repr(value).encode() for value in values.to_pylist()], "large_binary"
            )
        offsets = np.frombuffer(values.buffers()[1] or b"", np.int64)
        offsets = offsets[values.offset : values.offset + len(values) + 1]
        self._feed(f"{path}#", np.diff(offsets))
        if len(offsets) and values.buffers()[2] is not None:
            self._feed(path, memoryview(values.buffers()[2])[int(offsets[0]) : int(offsets[-1])])

    def _feed(self, path: str, data: Any) -> None:
        part = self._parts.setdefault(path, hashlib.blake2b(digest_size=_BYTES))
        part.update(np.ascontiguousarray(data) if isinstance(data, np.ndarray) else data)
