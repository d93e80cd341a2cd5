"""URLs of files in columns, as tables keep them: absolute, and with an alias where one fits."""

import pyarrow as pa

from samplewise.schema import ColumnSchema
from samplewise.storage import Aliases


def with_stored_urls(kind: ColumnSchema, array: pa.Array, aliases: Aliases) -> pa.Array:
    """The column with all its URLs in the form in which they are stored.

    Args:
        kind: The kind of the column.
        array: The column, `n` values.
        aliases: The aliases that hold.
    """
    if not kind.holds_urls:
        return array
    values = [
        None if value is None else kind.map_urls(value, aliases.to_stored)
        for value in array.to_pylist()
    ]
    return pa.array(values, array.type)
