"""Which metric says most of a sample, and which samples it calls the worst."""

from collections.abc import Mapping
from dataclasses import dataclass

from samplewise.schema.column import ColumnSchema

_RANKED = ("number", "bool")
_MOST_TIES = 2


@dataclass(frozen=True)
class Order:
    """An order of samples by one column.

    Args:
        column: Its name.
        descending: Whether high values come first.
    """

    column: str
    descending: bool


def main_metric(columns: Mapping[str, ColumnSchema]) -> str | None:
    """The most prominent number that knows which way is better; the first of several.

    Args:
        columns: Column kinds by name.

    Returns:
        Its name; None where no number says which way is better, for nothing is guessed.

    Examples:
        >>> from samplewise.schema import Float, Int
        >>> main_metric({"n": Int(), "mine": Float(better="lower"), "loss": Float()})
        'mine'
    """
    return next(iter(_by_prominence(columns)), None)


def worst_first(columns: Mapping[str, ColumnSchema]) -> list[Order]:
    """The order with the worst samples first: by the main metric, ties by the next two.

    Args:
        columns: Column kinds by name.

    Returns:
        Orders, the first one decides; empty where there is no main metric.
    """
    return [
        Order(name, is_worst_high(columns[name]))
        for name in _by_prominence(columns)[: 1 + _MOST_TIES]
    ]


def is_ranked_by(column: ColumnSchema) -> bool:
    """Whether samples can be put in an order by a column: numbers, right or wrong."""
    return column.role in _RANKED


def is_worst_high(column: ColumnSchema) -> bool:
    """Whether high values come first where the worst do; also where nobody knows what is worse."""
    return column.better != "higher"


def _by_prominence(columns: Mapping[str, ColumnSchema]) -> list[str]:
    known = [
        name
        for name, column in columns.items()
        if column.role == "number" and column.better is not None and not column.hidden
    ]
    return sorted(known, key=lambda name: -columns[name].prominence)
