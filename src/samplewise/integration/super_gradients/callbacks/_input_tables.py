"""The Tables that a training reads."""

from typing import Any

from samplewise.integration.super_gradients.datasets.stock import tables_of
from samplewise.tables import Table

TRAIN, VAL, TEST = "train", "val", "test"

AVERAGED = "val_averaged"
"""Split of the aggregates of averaged weights, on the validation set."""


def input_tables(
    train_loader: Any, valid_loader: Any, *, project_name: str, root_url: str | None
) -> list[tuple[str, Table]]:
    """Split and Table of everything that the loaders read; a loader may be None.

    Args:
        train_loader: What the training reads.
        valid_loader: What the validation reads.
        project_name: Project of a Table that is made of a dataset.
        root_url: Store of such a Table.

    Raises:
        InvalidArgumentError: A dataset is of unknown kind.
    """
    return [
        (split, table)
        for split, loader in ((TRAIN, train_loader), (VAL, valid_loader))
        if loader is not None
        for table in tables_of(
            loader.dataset, split=split, project_name=project_name, root_url=root_url
        )
    ]
