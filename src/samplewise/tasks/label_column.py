"""A column of labels, as tasks read it."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from samplewise.schema import ColumnSchema


def _keep_url(url: str) -> str:
    return url


@dataclass(frozen=True)
class LabelColumn:
    """A column of labels of one table, whoever keeps the table.

    Args:
        name: Name of the column.
        table_name: Name of its table, for errors.
        schema: What the column holds.
        values: One value a row, `n` of them.
        resolve_url: From a stored URL to that of the file: puts in the folders of aliases.
    """

    name: str
    table_name: str
    schema: ColumnSchema
    values: pa.Array | pa.ChunkedArray
    resolve_url: Callable[[str], str] = _keep_url

    def __str__(self) -> str:
        return f"column `{self.name}` of table `{self.table_name}`"
