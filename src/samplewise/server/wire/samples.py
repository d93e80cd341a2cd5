"""Single samples: everything of one, who is near it, the same one elsewhere."""

from typing import Any

from msgspec import field

from samplewise.server.filters import Filter
from samplewise.server.message import Wire
from samplewise.server.wire.columns import Category, SourceInfo
from samplewise.server.wire.sources import MetricsSource, Sort, Source, TableSource


class SampleRequest(Wire):
    """Asks for one sample in all collections of its run, or of a table."""

    source: Source
    example_id: int


class Sample(Wire):
    """One sample.

    Args:
        width: Pixels of the image, upright; None where it cannot be read.
        problem: Why the image cannot be read.
        values: Stored form of every column by name, as JSON; embeddings are left out.
        collections: The same sample in all collections of the run, by epoch.
    """

    example_id: int
    width: int | None
    height: int | None
    problem: str | None
    values: dict[str, Any]
    collections: "list[SampleCollection]"


class PlaceRequest(Wire):
    """Asks where a sample stands among the selected ones, in their order."""

    source: Source
    example_id: int
    filters: list[Filter] = field(default_factory=list)
    sort: list[Sort] = field(default_factory=list)


class ListPlace(Wire):
    """Where a sample stands, from 0; None if it is not among them: then `next` is the first one."""

    place: int | None
    count: int
    previous: int | None
    next: int | None


class SampleCollection(Wire):
    """One sample in one collection of its run."""

    source: MetricsSource
    values: dict[str, Any]


class NeighboursRequest(Wire):
    """Asks who is near a sample by embedding."""

    source: Source
    example_id: int
    column: str
    count: int = 12


class NearestSamples(Wire):
    """The nearest first; the sample itself is left out."""

    example_ids: list[int]
    distances: list[float]


class CompareRequest(Wire):
    """Asks for the difference of one metric, sample by sample, as Arrow.

    Columns: `example_id` and `left_example_id` (int32), `left`, `right`, `difference`
    (right - left), float32, NaN for missing. `example_id` is that of the right side; the two differ
    where the sides are about revisions of one Table: samples are paired by row identity, and there
    is `labels_changed` (bool), whether their labels differ. Samples that only one side has are left
    out.
    """

    left: MetricsSource
    right: MetricsSource
    metric: str


class ConfusionRequest(Wire):
    """Asks for the confusion matrix of the instances of the selected samples."""

    source: MetricsSource
    filters: list[Filter] = field(default_factory=list)
    confidence: float = 0.0


class Confusion(Wire):
    """`counts[i][j]`: ground truths of class `i` predicted as class `j`; the last is background."""

    classes: list[Category]
    counts: list[list[int]]


class SampleHistoryRequest(Wire):
    """Asks for one metric of every sample in every collection of a kind, as Arrow.

    Columns: `example_id` (int32), then one float32 column per epoch, named by its number; at last
    `none`, of a collection without an epoch.

    With `beside`, a collection on the same Table or on a revision of it, samples are named as they
    are there, and those that it lacks are left out; between revisions there is `labels_changed`
    (bool), as in `CompareRequest`.
    """

    project: str
    run: str
    stream: str
    split: str | None
    input_table_id: int | None
    metric: str
    beside: MetricsSource | None = None


class OtherRunsRequest(Wire):
    """Asks for a sample in the other runs of its project, the youngest first.

    Runs on the same Table or on revisions of it; the run of `source` is left out.
    """

    source: Source
    example_id: int


class InOtherRun(Wire):
    """A sample in another run: in its last collection on a revision of the Table.

    Args:
        source: That collection.
        table: The revision.
        is_revision: Whether that is another revision than the one asked for.
        example_id: The sample there; None where the revision has no such row.
        changed: Columns of the Table that differ between the revisions, for this sample.
        info: What is known of the collection, without ranges of values; None without the sample.
        values: As in `Sample`; empty without the sample.
    """

    source: MetricsSource
    table: TableSource
    is_revision: bool
    example_id: int | None
    changed: list[str]
    info: SourceInfo | None
    values: dict[str, Any]


class OtherRuns(Wire):
    """A sample in other runs; `more` runs were not looked at."""

    runs: list[InOtherRun]
    more: int
