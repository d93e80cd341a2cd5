"""Which samples of two collections are the same: ids of one Table, or rows of its revisions."""

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.records.difference import difference
from samplewise.records.stored_table import StoredTable
from samplewise.schema import TableSchema
from samplewise.server import wire
from samplewise.server.catalog import Catalog
from samplewise.server.columns import LABELS


class SameSamples:
    """The samples of two Tables, or twice of none, beside each other.

    Args:
        catalog: Keeps what was read.
        left: One Table; None where metrics are about no Table.
        right: The other one.

    Raises:
        InvalidArgumentError: They are no revisions of one Table.
    """

    def __init__(
        self, catalog: Catalog, left: StoredTable | None, right: StoredTable | None
    ) -> None:
        if not is_same(left, right) and not share_rows(left, right):
            raise InvalidArgumentError(
                "`left` and `right` must be about one Table, or about revisions of one, "
                f"but are about {_name_of(left)} and {_name_of(right)}."
            )
        self._catalog = catalog
        self._tables = None if left is None or right is None else (left, right)

    @property
    def are_revisions(self) -> bool:
        """Whether the two Tables differ."""
        return self._tables is not None and not is_same(*self._tables)

    def all_right(self, left: np.ndarray) -> np.ndarray:
        """Samples of the right Table, all of them; as on the left where there is no Table."""
        if self._tables is None:
            return left
        return np.arange(self._tables[1].document.row_count)

    def places(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the samples that both have stand in `left` and in `right`.

        Args:
            left: Samples of the left Table, `example_id`s, int64.
            right: Samples of the right Table, ascending.

        Returns:
            Two arrays of one length, in the order of `right`.
        """
        ours, theirs = left, right
        if self._tables is not None and self.are_revisions:
            numbers = [self._catalog.row_numbers(table) for table in self._tables]
            ours, theirs = numbers[0][left], numbers[1][right]
        _, i, j = np.intersect1d(ours, theirs, return_indices=True)
        return i, j  # rows of a Table ascend with their numbers, so these are in order

    def with_other_labels(self) -> np.ndarray:
        """Samples whose labels differ, `example_id`s of the right Table; int64, ascending."""
        if self._tables is None or not self.are_revisions:
            return np.empty(0, np.int64)
        left, right = self._tables
        key = ("other labels", left.document.id, right.document.id)
        return self._catalog.remember(
            key, lambda: np.sort(difference(left, right, label_columns(right)).changed[:, 1])
        )


def of_collections(
    catalog: Catalog, left: wire.MetricsSource, right: wire.MetricsSource
) -> SameSamples:
    """The samples of two collections.

    Raises:
        NotFoundError: There is no such run or input table.
        InvalidArgumentError: They are about different Tables.
    """
    tables = (
        catalog.open_input(side.project, side.run, side.input_table_id) for side in (left, right)
    )
    return SameSamples(catalog, *tables)


def is_same(left: StoredTable | None, right: StoredTable | None) -> bool:
    """Whether both are one Table, or none."""
    if left is None or right is None:
        return left is right
    return left.document.id == right.document.id


def share_rows(left: StoredTable | None, right: StoredTable | None) -> bool:
    """Whether both are revisions of one Table."""
    if left is None or right is None:
        return False
    paths = [table.document.stored_rows.path for table in (left, right)]
    return left.store == right.store and paths[0] == paths[1]


def label_columns(table: StoredTable) -> list[str]:
    """Names of the columns that say what is in a sample."""
    columns = TableSchema.from_arrow(table.document.schema)
    return [name for name, column in columns.items() if column.role in LABELS]


def _name_of(table: StoredTable | None) -> str:
    if table is None:
        return "no table"
    return f"`{table.document.dataset}/{table.document.name}`"
