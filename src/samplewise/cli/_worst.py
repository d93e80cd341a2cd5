"""The images on which a model did worst."""

from dataclasses import dataclass
from typing import Any

from samplewise.cli._plain import plain_rows
from samplewise.errors import ColumnNotFoundError, did_you_mean
from samplewise.records.metric_rows import EPOCH, EXAMPLE_ID, KEYS, SPLIT
from samplewise.schema import ImageSchema
from samplewise.tables import Run

_KEYS = [SPLIT, EPOCH, EXAMPLE_ID]
_RANKED_BY = {
    "f1": False,
    "ap_50": False,
    "mean_oks": False,
    "mean_iou": False,
    "cross_entropy": True,
    "loss": True,
    "confidence": False,
}
"""What makes an image bad, the first one that a run has; True where a high value does."""

_ERRORS = ["false_negatives", "false_positives"]
_BESIDE = ["ap_50", "true_positives", *_ERRORS, "pixel_accuracy"]


@dataclass(frozen=True)
class Worst:
    """Rows of per-sample metrics, the worst first in each split.

    Args:
        by: The metric they are ranked by; None if the run has none.
        columns: Names of the columns.
        rows: Values by column name.
    """

    by: str | None
    columns: list[str]
    rows: list[dict[str, Any]]


def worst_images(run: Run, count: int, by: str | None = None) -> Worst:
    """The worst `count` images of each split, at its last epoch with metrics.

    Args:
        run: A run.
        count: How many for each split.
        by: A metric; a high value is bad for losses, a low one for all others. Images without a
            value are left out. None takes the first of F1, AP and the like that there is.

    Raises:
        ColumnNotFoundError: The run has no such metric.
    """
    metrics = {name for stream in run.metric_streams for name in stream.arrow_schema.names}
    if by is not None and by not in metrics:
        raise ColumnNotFoundError(
            f"run `{run.name}` has no metric `{by}`.", hint=did_you_mean(by, metrics - KEYS.keys())
        )
    chosen = by or next((name for name in _RANKED_BY if name in metrics), None)
    if chosen is None or count == 0:
        return Worst(chosen, [], [])
    columns = _columns(run, metrics, chosen)
    listed = ", ".join(_quoted(name) for name in columns)
    ties = "".join(f"{name} desc, " for name in _ERRORS if name in columns)
    rows = plain_rows(
        run.sql(
            f"""
            with there as (
                select {listed}, max(epoch) over (partition by split) as last_epoch
                from metrics where {_quoted(chosen)} is not null
            ), placed as (
                select *, row_number() over (
                    partition by split
                    order by {_quoted(chosen)} {"desc" if _is_loss(chosen) else "asc"},
                        {ties} example_id
                ) as place
                from there where epoch is not distinct from last_epoch
            )
            select {listed} from placed where place <= {count} order by split, place
            """  # noqa: S608  # the store's own column names, quoted
        )
    )
    return Worst(chosen, columns, rows)


def _columns(run: Run, metrics: set[str], by: str) -> list[str]:
    """Keys, images, the ranking metric, and others that say why."""
    images = [
        f"input_{name}" if name in metrics else name
        for table in run.input_tables
        for name, column in table.schema.items()
        if isinstance(column, ImageSchema)
    ]
    beside = [name for name in _BESIDE if name in metrics and name != by]
    return list(dict.fromkeys([*_KEYS, *images, by, *beside]))


def _is_loss(name: str) -> bool:
    return _RANKED_BY.get(name, "loss" in name.lower())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
