"""Row indices, as people write them."""

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from samplewise._arguments import is_integer, shorten
from samplewise.errors import InvalidArgumentError
from samplewise.schema.foreign import as_column


class RowIndexError(InvalidArgumentError, IndexError):
    """A row index is outside its table. An `IndexError`, so that old-style iteration ends."""


def row_index(index: Any, row_count: int, table_name: str) -> int:
    """One row index, `0 <= i < n`, of one that may count from the end.

    Args:
        index: An integer of any library.
        row_count: Number of rows of the table, `n`.
        table_name: Its name, for errors.

    Raises:
        InvalidArgumentError: It is no integer, or outside the table.
    """
    if not is_integer(index):
        raise InvalidArgumentError(f"an index must be an integer, but is {shorten(index)}.")
    number = operator.index(index)
    place = number + row_count if number < 0 else number
    if not 0 <= place < row_count:
        raise RowIndexError(
            f"an index must lie in table `{table_name}` of {row_count} rows, but is {number}."
        )
    return place


def row_indices(indices: Iterable[Any], row_count: int, table_name: str) -> list[int]:
    """Many row indices, in the order given; or those of the rows for which a mask is true.

    Args:
        indices: Integers, or one boolean per row.
        row_count: Number of rows of the table, `n`.
        table_name: Its name, for errors.

    Raises:
        InvalidArgumentError: One is no integer or outside the table; a mask has another length.
    """
    if isinstance(indices, range):
        return [row_index(i, row_count, table_name) for i in indices]
    try:
        given = np.asarray(as_column(indices))
    except ValueError:  # lists of several lengths in it
        raise InvalidArgumentError("an index must be an integer, but some are lists.") from None
    if given.dtype == bool and given.ndim == 1:
        if len(given) != row_count:
            raise InvalidArgumentError(
                f"a mask must have one value per row ({row_count}), but has {len(given)}."
            )
        return np.flatnonzero(given).tolist()
    return [row_index(i, row_count, table_name) for i in given.tolist()]
