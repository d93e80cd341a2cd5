"""What rankings of label issues share: their columns, and the predictions that they rest on."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from samplewise.errors import InvalidArgumentError, NotFoundError, did_you_mean
from samplewise.metrics.label_issues import KINDS
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, INPUT_TABLE_ID, SPLIT
from samplewise.records.stored_table import StoredTable
from samplewise.records.stream import Stream
from samplewise.schema import ImageSchema
from samplewise.schema.boxes import BOX_TYPE
from samplewise.schema.ragged import CONFIDENCE

pc: Any = pyarrow.compute  # its functions are made when it is imported
TRAIN = "train"
_KEYS = (EXAMPLE_ID, INPUT_TABLE_ID, EPOCH, SPLIT)

SCHEMA = pa.schema(
    [
        (EXAMPLE_ID, pa.int64()),
        ("image", pa.string()),
        ("kind", pa.string()),
        ("score", pa.float64()),
        ("image_score", pa.float64()),
        ("label_index", pa.int64()),
        ("label", pa.int64()),
        ("box", BOX_TYPE),
        ("suggested_label", pa.int64()),
        ("suggested_box", BOX_TYPE),
        ("prediction_index", pa.int64()),
        (CONFIDENCE, pa.float64()),
        (EPOCH, pa.int64()),
        ("in_sample", pa.bool_()),
        (INPUT_TABLE_ID, pa.int64()),
        ("table_id", pa.string()),
        (SPLIT, pa.string()),
    ]
)
"""Columns of `Run.label_issues`."""


@dataclass(frozen=True)
class Group:
    """Predictions about one table and split.

    Args:
        input_table_id: The table.
        split: The split.
        epochs: Rows by epoch, in the order of their `example_id`: keys and predictions.
    """

    input_table_id: int
    split: str | None
    epochs: dict[int | None, pa.Table] = field(default_factory=dict)

    @property
    def in_sample(self) -> bool | None:
        """Whether the model trained on it; None where nobody knows."""
        return None if self.split is None else self.split == TRAIN

    def choose_epochs(self, epochs: str | int | Sequence[int]) -> list[int | None]:
        """Which epochs are looked at, the last one last; see `Run.label_issues`.

        Raises:
            InvalidArgumentError: `epochs` is another word.
            NotFoundError: One was not collected.
        """
        there = sorted(self.epochs, key=lambda epoch: -1 if epoch is None else epoch)
        if epochs == "auto":
            # Who trained on an error has learned it at last: earlier epochs still disagreed.
            return there if self.in_sample else there[-1:]
        if isinstance(epochs, str):
            raise InvalidArgumentError(f'`epochs` must be "auto" or numbers, but is {epochs!r}.')
        wanted: list[int | None] = [epochs] if isinstance(epochs, int) else list(epochs)
        for epoch in wanted:
            if epoch not in there:
                raise NotFoundError(
                    f"`epochs` must have been collected, but {epoch!r} was not for split "
                    f"{self.split!r}.",
                    hint=f"there are {', '.join(map(str, there))}",
                )
        return sorted(wanted, key=there.index)


Groups = dict[tuple[int, str | None], Group]


def read_groups(
    groups: Groups,
    stream: Stream,
    columns: Sequence[str],
    *,
    table_id: int | None,
    split: str | None,
) -> None:
    """Add the rows of a stream to the groups that they belong to.

    Args:
        groups: What is known already.
        stream: Rows of metrics.
        columns: Columns with predictions; rows where the first of them is null are left out.
        table_id: Rows about this table only.
        split: Rows of this split only.
    """
    rows = stream.dataset.to_table(columns=[*_KEYS, *columns], scan_in_order=True)
    rows = rows.filter(pc.and_(pc.is_valid(rows[columns[0]]), pc.is_valid(rows[INPUT_TABLE_ID])))
    if table_id is not None:
        rows = rows.filter(pc.equal(rows[INPUT_TABLE_ID], table_id))
    if split is not None:
        rows = rows.filter(pc.equal(rows[SPLIT], split))
    for (table, part, epoch), chosen in _parts(rows):
        group = groups.setdefault((table, part), Group(table, part))
        group.epochs[epoch] = chosen


def _parts(rows: pa.Table) -> Iterator[tuple[tuple[int, str | None, int | None], pa.Table]]:
    keys = rows.select([INPUT_TABLE_ID, SPLIT, EPOCH]).group_by([INPUT_TABLE_ID, SPLIT, EPOCH])
    for key in keys.aggregate([]).to_pylist():
        keep = pa.array(np.ones(len(rows), bool))
        for name, value in key.items():
            same = pc.is_null(rows[name]) if value is None else pc.equal(rows[name], value)
            keep = pc.and_(keep, pc.fill_null(same, False))
        chosen = rows.filter(keep).sort_by(EXAMPLE_ID)
        yield (key[INPUT_TABLE_ID], key[SPLIT], key[EPOCH]), chosen


def check_kinds(kinds: Collection[str] | None) -> None:
    """Refuse kinds that there are not.

    Raises:
        InvalidArgumentError: One is no kind.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise InvalidArgumentError(
                f"`kinds` must be some of {', '.join(KINDS)}, but one is {kind!r}.",
                hint=did_you_mean(str(kind), KINDS),
            )


def image_urls(table: StoredTable, ids: np.ndarray) -> np.ndarray:
    """Resolved URLs of the images of some rows, None where there is none; of objects."""
    for name, kind in table.schema.items():
        if isinstance(kind, ImageSchema):
            urls = table.take(ids, [name]).column(0).to_pylist()
            return np.array([u and table.aliases.resolve(u) for u in urls], object)
    return np.full(len(ids), None, object)
