"""The rows of Tables that a training reads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from samplewise.collect.ranks import Ranks
from samplewise.integration.super_gradients.datasets.selected_rows import (
    SelectedRows,
    select_rows_of_loader,
)
from samplewise.integration.super_gradients.datasets.stock import Place
from samplewise.tables import Table

TRAIN, VAL, TEST = "train", "val", "test"

AVERAGED = "val_averaged"
"""Split of the aggregates of averaged weights, on the validation set."""


def input_rows(
    train_loader: Any, valid_loader: Any, *, project_name: str, root_url: str | None
) -> list[SelectedRows]:
    """What the loaders read; a loader may be None.

    Args:
        train_loader: What the training reads.
        valid_loader: What the validation reads.
        project_name: Project of a Table that is made of a dataset.
        root_url: Store of such a Table.

    Raises:
        InvalidArgumentError: A dataset is of unknown kind, or what selects its samples.
    """
    place = Place(TRAIN, project_name, root_url)
    return [
        selected
        for split, loader in ((TRAIN, train_loader), (VAL, valid_loader))
        if loader is not None
        for selected in select_rows_of_loader(loader, replace(place, split=split))
    ]


def join_ranks(selected: Sequence[SelectedRows], ranks: Ranks) -> list[SelectedRows]:
    """What the loaders of all ranks read together: a sampler may give each rank its own samples."""
    if ranks.world_size == 1:
        return list(selected)
    mine = {(each.split, each.table.url): each for each in selected}
    told = ranks.gather([(split, url, each.rows) for (split, url), each in mine.items()])
    found: dict[tuple[str, str], SelectedRows] = {}
    for split, url, rows in (entry for rank in told for entry in rank):
        known = found.get((split, url)) or mine.get((split, url))
        known = known or SelectedRows(split, Table.from_url(url), rows)
        found[split, url] = known.join(SelectedRows(split, known.table, rows))
    return list(found.values())


def find_preprocessing(loader: Any, selected: Iterable[SelectedRows | None]) -> Any:
    """The dataset that says how images are prepared; None where none does.

    Args:
        loader: Of the validation, whose own dataset goes first: the Trainer asks it too.
        selected: Whose datasets are asked then, those inside of what is wrapped around them.
    """
    datasets = [getattr(loader, "dataset", None), *(each.dataset for each in selected if each)]
    return next((each for each in datasets if _says_how(each)), None)


def _says_how(dataset: Any) -> bool:
    return hasattr(dataset, "get_dataset_preprocessing_params")
