"""The images on which a model did worst."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplewise.cli._plain import plain_rows
from samplewise.errors import ColumnNotFoundError, InvalidArgumentError, did_you_mean
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, KEYS, SPLIT
from samplewise.schema import ColumnSchema, ImageSchema
from samplewise.schema.ranking import (
    Order,
    is_ranked_by,
    is_worst_high,
    main_metric,
    worst_first,
)
from samplewise.tables import Run

_KEYS = [SPLIT, EPOCH, EXAMPLE_ID]
_BESIDE = 4


@dataclass(frozen=True)
class Ranking:
    """An order of images.

    Args:
        by: The metric that decides.
        descending: Whether high values come first.
        better: Whether `higher` or `lower` values are better; None where the column does not say.
    """

    by: str
    descending: bool
    better: str | None

    @property
    def is_worst_first(self) -> bool:
        """Whether the first image is the worst one, as far as anybody said."""
        return self.better is not None and self.descending == (self.better == "lower")

    def __str__(self) -> str:
        end = "highest" if self.descending else "lowest"
        worst = "Worst images" if self.is_worst_first else "Images"
        return f"{worst} by {self.by}, {end} first"


@dataclass(frozen=True)
class RankedImages:
    """Rows of per-sample metrics in an order, of each split.

    Args:
        ranking: The order; None where no metric says which way is better, and none was named.
        columns: Kinds of the columns by name, in order.
        rows: Values by column name.
        note: What a person should know of the order.
    """

    ranking: Ranking | None
    columns: dict[str, ColumnSchema]
    rows: list[dict[str, Any]]
    note: str = ""


def rank_images(
    run: Run, count: int, by: str | None = None, *, descending: bool | None = None
) -> RankedImages:
    """The first `count` images of each split in an order, at its last epoch with metrics.

    Args:
        run: A run.
        count: How many for each split.
        by: A metric. Images without a value are left out. None takes the main metric, see
            `samplewise.schema.ranking`.
        descending: Whether high values come first. None: the worst ones do; where the metric does
            not say which way is better, high ones.

    Raises:
        ColumnNotFoundError: The run has no such metric.
        InvalidArgumentError: The metric is neither a number nor right or wrong.
    """
    kinds = run.stored.metric_kinds
    chosen = _check_column(by, run, kinds) or main_metric(
        {k: kinds[k] for k in kinds if k not in KEYS}
    )
    if chosen is None:
        return RankedImages(None, {}, [], _note(None, kinds))
    is_down = is_worst_high(kinds[chosen]) if descending is None else descending
    ranking = Ranking(chosen, is_down, kinds[chosen].better)
    note = _note(chosen, kinds) if descending is None else ""
    if count == 0:
        return RankedImages(ranking, {}, [], note)
    shown = _columns(run, kinds, chosen)
    ties = [order for order in worst_first(kinds) if order.column != chosen]
    rows = plain_rows(run.sql(_query([*shown], [Order(chosen, is_down), *ties], count)))
    return RankedImages(ranking, shown, rows, note)


def _check_column(by: str | None, run: Run, kinds: Mapping[str, ColumnSchema]) -> str | None:
    if by is None:
        return None
    if by not in kinds:
        raise ColumnNotFoundError(
            f"run `{run.name}` has no metric `{by}`.",
            hint=did_you_mean(by, kinds.keys() - KEYS.keys()),
        )
    if not is_ranked_by(kinds[by]):
        raise InvalidArgumentError(
            f"`--by` must name a metric that is a number, but `{by}` is {kinds[by].kind}."
        )
    return by


def _note(chosen: str | None, kinds: Mapping[str, ColumnSchema]) -> str:
    """Why there is no order, or why it is not one of better and worse."""
    if chosen is not None and kinds[chosen].better is not None:
        return ""
    if chosen is not None:
        return (
            f"`{chosen}` does not say which way is better, so none is called worse; "
            "--ascending shows the lowest first."
        )
    numbers = [name for name, kind in kinds.items() if name not in KEYS and is_ranked_by(kind)]
    if not numbers:
        return ""
    return (
        "No metric of this run says which way is better, so no image is called the worst. "
        f"Hint: --by {numbers[0]}; or declare it where the metric is made: "
        'Float(better="higher").'
    )


def _query(shown: list[str], orders: list[Order], count: int) -> str:
    listed = ", ".join(map(_quote, shown))
    used = ", ".join(map(_quote, dict.fromkeys([*shown, *(each.column for each in orders)])))
    chosen = _quote(orders[0].column)
    order = ", ".join(
        f"{_quote(each.column)} {'desc' if each.descending else 'asc'} nulls last"
        for each in orders
    )
    return f"""
        with there as (
            select {used}, max(epoch) over (partition by split) as last_epoch
            from metrics where {chosen} is not null
        ), placed as (
            select *, row_number() over (partition by split order by {order}, example_id) as place
            from there where epoch is not distinct from last_epoch
        )
        select {listed} from placed where place <= {count} order by split, place
        """  # noqa: S608  # the store's own column names, quoted


def _columns(run: Run, kinds: Mapping[str, ColumnSchema], by: str) -> dict[str, ColumnSchema]:
    """Keys, images, the ranking metric, and the most prominent others."""
    images = {
        f"input_{name}" if name in kinds else name: column
        for table in run.input_tables
        for name, column in table.schema.items()
        if isinstance(column, ImageSchema)
    }
    others = [
        name
        for name, kind in kinds.items()
        if kind.prominence > 0 and is_ranked_by(kind) and not kind.hidden and name != by
    ]
    beside = sorted(others, key=lambda name: -kinds[name].prominence)[:_BESIDE]
    keys = {name: kinds[name] for name in _KEYS if name in kinds}
    return {**keys, **images, **{name: kinds[name] for name in (by, *beside)}}


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
