"""Tables: revisions, edits, what is in them."""

from typing import Any, Literal

from msgspec import field

from samplewise.server.filters import Filter
from samplewise.server.message import Wire
from samplewise.server.wire.columns import Histogram
from samplewise.server.wire.sources import Source, TableSource


class TableRow(Wire):
    """A Table in the list of tables; `parent` is the name of the one it was derived from."""

    project: str
    dataset: str
    name: str
    id: str
    rows: int
    created: str
    description: str
    parent: str | None
    ancestors: list[str]
    columns: list[str]
    problem: str | None = None


class Table(Wire):
    """The page of a table."""

    row: TableRow
    source: dict[str, Any]
    lineage: list[TableRow]
    descendants: list[TableRow]


class TableDiffRequest(Wire):
    """Asks how two revisions of one dataset differ."""

    base: TableSource
    other: TableSource


class ChangedSample(Wire):
    """One sample that differs: its rows in both revisions, and the columns that changed."""

    base_example_id: int | None
    other_example_id: int | None
    columns: list[str]


class TableDiff(Wire):
    """How a revision differs from its base. `samples` has the first ones, counts are of all."""

    added: int
    removed: int
    changed: int
    columns: dict[str, int]
    samples: list[ChangedSample]


class Edit(Wire):
    """The new stored value of one column of one sample."""

    example_id: int
    column: str
    value: Any


class CommitRequest(Wire):
    """Makes a new revision. Nothing is written before this.

    Args:
        base: The revision that was edited.
        edits: New values.
        delete: Samples to leave out.
        name: Name of the new revision; None takes a free one.
        description: Why.
        latest: Whether to refuse if `base` has newer descendants (409 with `Conflict`).
        onto: A newer revision to apply the edits to, sample by sample; their `example_id` stays
            that in `base`.
        collisions: What to do where a sample was changed or removed there too: refuse, leave out
            those edits (`theirs`), or apply them all the same (`mine`; a removed sample stays
            removed).
    """

    base: TableSource
    edits: list[Edit] = field(default_factory=list)
    delete: list[int] = field(default_factory=list)
    name: str | None = None
    description: str = ""
    latest: bool = True
    onto: TableSource | None = None
    collisions: Literal["refuse", "theirs", "mine"] = "refuse"


class Committed(Wire):
    """The new revision."""

    table: TableSource
    rows: int


class Conflict(Wire):
    """Why a commit was refused: what changed meanwhile, and where.

    Args:
        newest: The newest revision.
        changes: How it differs from the base of the edits.
        collisions: The samples among them that the edits are about too.
    """

    title: str
    detail: str
    hint: str | None
    newest: TableSource
    changes: TableDiff
    collisions: list[ChangedSample]


class StatisticsRequest(Wire):
    """Asks how the instances of the selected samples are distributed."""

    source: Source
    column: str
    filters: list[Filter] = field(default_factory=list)


class ClassCount(Wire):
    """How often a class occurs; None is what has no label."""

    id: int | None
    instances: int
    samples: int


class Check(Wire):
    """Instances that are hardly right, and the samples with them: at most the first 1,000."""

    name: str
    why: str
    instances: int
    example_ids: list[int]


class JointCount(Wire):
    """How often a joint is visible, labelled and hidden, and not labelled."""

    name: str
    visible: int
    hidden: int
    missing: int


class Statistics(Wire):
    """The classes, the most frequent first; histograms by what is measured; checks.

    `width`, `height` of boxes are pixels; `aspect` is the logarithm to base 2 of width by height;
    `area` of boxes and masks is the square root of the share of the image; `instances` are per
    sample, `labelled` are joints per pose, `classes` per class map. Instances of class maps are
    pixels; `samples` are those that were looked at.
    """

    samples: int
    instances: int
    classes: list[ClassCount]
    histograms: dict[str, Histogram]
    checks: list[Check]
    joints: list[JointCount] = field(default_factory=list)


class ExportRequest(Wire):
    """Asks for the selected samples as a file."""

    source: Source
    format: Literal["csv", "parquet", "coco"]
    filters: list[Filter] = field(default_factory=list)


class NewTableRequest(Wire):
    """Makes a Table of the selected samples, in the dataset of their Table."""

    source: Source
    filters: list[Filter] = field(default_factory=list)
    name: str | None = None
    description: str = ""
