"""Runs: their rows in lists, their pages, their curves."""

from typing import Any

from samplewise.schema import Better
from samplewise.server.message import Wire
from samplewise.server.wire.sources import MetricsSource, TableSource


class Aggregate(Wire):
    """The last value of an aggregate metric, and which way is better where somebody said so."""

    split: str | None
    name: str
    epoch: int | None
    value: float | None
    better: Better | None = None


class RunRow(Wire):
    """A run in the list of runs.

    Args:
        parameters: Hyperparameters, flat: `training.optimizer` and its value.
        aggregates: The last value of each aggregate.
        input_tables: Ids of the Tables that metrics were collected on, by `input_table_id`.
        collection_failures: Which collections failed, in a sentence; None where none did.
        problem: Why its document cannot be read; other fields are empty then.
    """

    project: str
    name: str
    status: str
    created: str
    ended: str | None
    duration_s: float | None
    description: str
    notes: str
    tags: list[str]
    parameters: dict[str, str | int | float | bool | None]
    aggregates: list[Aggregate]
    collections: int
    collection_failures: str | None
    input_tables: list[str]
    error: str | None
    problem: str | None = None


class Collection(Wire):
    """One collection of a run: what was collected when, and why it failed."""

    split: str | None
    epoch: int | None
    table: str
    rows: int
    duration_s: float
    error: str | None


class SourceRow(Wire):
    """One collection whose rows can be looked at."""

    source: MetricsSource
    rows: int
    table: TableSource | None


class ReductionSummary(Wire):
    """A map of embeddings: its column, and how faithful it is to each epoch."""

    column: str
    method: str
    trustworthiness: list[Any]
    note: str


class Run(Wire):
    """The page of a run."""

    row: RunRow
    parameters: dict[str, Any]
    provenance: dict[str, Any]
    collections: list[Collection]
    sources: list[SourceRow]
    reductions: list[ReductionSummary]
    version: str


class RunPatch(Wire):
    """Changes what people wrote about a run; None leaves it as it is."""

    description: str | None = None
    notes: str | None = None
    tags: list[str] | None = None


class Curve(Wire):
    """One aggregate over time, ascending by epoch."""

    split: str | None
    name: str
    epochs: list[int | None]
    values: list[float | None]
    times: list[str]


class Curves(Wire):
    """All aggregates of a run."""

    project: str
    run: str
    curves: list[Curve]
