"""What travels between the dashboard and its server, as types.

`web/src/wire.ts` is generated from this module (`make web-types`; a test fails when it is stale).
Rows travel as Arrow, everything else as JSON of these types. Names are those of Python and of the
stored columns. What can be missing is `None`.
"""

from typing import Any, Literal

from msgspec import Struct


class Wire(Struct, forbid_unknown_fields=True):
    """Base of all messages: unknown fields are refused."""


# --- which rows ---------------------------------------------------------------


class TableSource(Wire, tag_field="kind", tag="table"):
    """The rows of a Table. Row `i` is the sample with `example_id` `i`."""

    project: str
    dataset: str
    table: str


class MetricsSource(Wire, tag_field="kind", tag="metrics"):
    """The rows of one collection of a Run, joined with the columns of their input table.

    Rows are ordered by `example_id`. `None` as an epoch, split or table means rows without one.
    """

    project: str
    run: str
    stream: str
    epoch: int | None = None
    split: str | None = None
    input_table_id: int | None = None


Source = TableSource | MetricsSource


class RangeFilter(Wire, tag_field="kind", tag="range"):
    """Numbers from `low` to `high`, both included; None leaves an end open."""

    column: str
    low: float | None = None
    high: float | None = None


class OneOfFilter(Wire, tag_field="kind", tag="one_of"):
    """Values of a list; None in it takes the missing ones."""

    column: str
    values: list[int | float | str | bool | None]


class TextFilter(Wire, tag_field="kind", tag="text"):
    """Text that contains other text, whatever its case."""

    column: str
    contains: str


class InstancesFilter(Wire, tag_field="kind", tag="instances"):
    """Samples with an instance whose property is one of the values, at a least confidence.

    `column` is a column of boxes, keypoints or masks; `property` such as `label` or `error_kind`.
    A list column beside it, such as `ground_truth_kind`, has an empty `property`.
    """

    column: str
    property: str
    values: list[int | None]
    confidence: float | None = None


class PolygonFilter(Wire, tag_field="kind", tag="polygon"):
    """Points inside a polygon over two columns (even-odd rule); decided exactly on the server."""

    x: str
    y: str
    points: list[tuple[float, float]]


class RowsFilter(Wire, tag_field="kind", tag="rows"):
    """Samples by their `example_id`."""

    example_ids: list[int]


class ConfusionFilter(Wire, tag_field="kind", tag="confusion"):
    """Samples with an instance in a cell of the confusion matrix; None is the background."""

    truth: int | None = None
    predicted: int | None = None
    confidence: float = 0.0


class NotFilter(Wire, tag_field="kind", tag="not"):
    """What another filter leaves out, missing values included."""

    filter: "Filter"


Filter = (
    RangeFilter
    | OneOfFilter
    | TextFilter
    | InstancesFilter
    | PolygonFilter
    | RowsFilter
    | ConfusionFilter
    | NotFilter
)


class Sort(Wire):
    """An order of rows; ties by `example_id`, missing values last."""

    column: str
    descending: bool = False


# --- what a source has --------------------------------------------------------

Role = Literal[
    "number",
    "category",
    "bool",
    "text",
    "image",
    "boxes",
    "keypoints",
    "masks",
    "segmentation",
    "embedding",
    "coordinates",
    "list",
    "other",
]
"""How a column is shown. `coordinates` are two or three numbers: a reduced embedding."""


class Category(Wire):
    """One class of a categorical column."""

    id: int
    name: str
    color: str | None = None


class Skeleton(Wire):
    """What keypoints are: joints, and the lines between them as pairs of joint indices."""

    joints: list[str]
    lines: list[tuple[int, int]]
    point_colors: list[str]
    line_colors: list[str]


class Column(Wire):
    """One column of a source.

    Args:
        name: Its name; a name of `Columns.columns`. An element of `coordinates` is `name.0`.
        origin: Where it comes from: a key, a metric of the run, or the input table.
        kind: Its column kind in storage.
        role: How it is shown.
        size: Elements of an embedding or of coordinates.
        minimum: Smallest value in these rows, of numbers.
        maximum: Largest value.
        nulls: How many rows have none.
        categories: Classes of a categorical column, of the labels of instances, or of the items of
            a list.
        properties: What each instance has besides its place: `label`, `confidence`, ...
    """

    name: str
    origin: Literal["key", "metric", "input"]
    kind: str
    role: Role
    description: str = ""
    unit: str = ""
    writable: bool = False
    hidden: bool = False
    size: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    nulls: int = 0
    categories: list[Category] | None = None
    properties: "list[Column] | None" = None
    skeleton: Skeleton | None = None


class SourceInfo(Wire):
    """What is known of a source without its rows.

    Args:
        rows: How many rows.
        columns: Its columns.
        image_column: The column with the image; None if there is none.
        truth: Columns with labels of the image: boxes, keypoints, masks, segmentation, categories.
        predictions: Columns with what the model says.
        image_path: Path of the images: `{image_path}/{example_id}?column=image&size=256`.
        table: The Table that the samples belong to; None if it is gone.
        version: Changes when the rows change; part of keys of caches.
    """

    source: Source
    title: str
    rows: int
    columns: list[Column]
    image_column: str | None
    truth: list[str]
    predictions: list[str]
    image_path: str | None
    table: TableSource | None
    version: str


class SourceRequest(Wire):
    """Asks for `SourceInfo`."""

    source: Source


class ColumnsRequest(Wire):
    """Asks for whole columns as Arrow, one row per sample, in the order of `example_id`.

    Numbers, booleans and category ids come as float32 (float64 where float32 would lose digits),
    NaN for missing; text as a dictionary of strings; `example_id` as int32, always first.
    """

    source: Source
    columns: list[str]


class RowsRequest(Wire):
    """Asks for a page of rows as Arrow, in stored form; `samplewise.total` in the metadata."""

    source: Source
    filters: list[Filter] = []
    sort: list[Sort] = []
    offset: int = 0
    limit: int = 100
    columns: list[str] | None = None


class SelectionRequest(Wire):
    """Asks what the filters select: as a count, as ids, as code."""

    source: Source
    filters: list[Filter] = []


class Count(Wire):
    """How many samples."""

    count: int


class Code(Wire):
    """Python that does the same."""

    code: str


class HistogramRequest(Wire):
    """Asks for exact counts per bin over the selected rows.

    With a `property`, `column` holds instances or a list, as in `InstancesFilter`: counted are the
    samples with an instance of each value, at a least `confidence`.
    """

    source: Source
    column: str
    bins: int = 40
    filters: list[Filter] = []
    property: str | None = None
    confidence: float | None = None


class Histogram(Wire):
    """Counts per bin; `edges` has one more. Categories have no edges, but values."""

    counts: list[int]
    edges: list[float] | None = None
    values: list[int | float | str | bool | None] | None = None
    nulls: int = 0


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
    filters: list[Filter] = []
    sort: list[Sort] = []


class Place(Wire):
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


class Neighbours(Wire):
    """The nearest first; the sample itself is left out."""

    example_ids: list[int]
    distances: list[float]


# --- projects and runs --------------------------------------------------------


class ProjectRow(Wire):
    """A project in the list of projects."""

    name: str
    runs: int
    tables: int
    running: int
    changed: str | None


class Projects(Wire):
    """All projects of the store."""

    root: str
    version: str
    projects: list[ProjectRow]


class Aggregate(Wire):
    """The last value of an aggregate metric."""

    split: str | None
    name: str
    epoch: int | None
    value: float | None


class RunRow(Wire):
    """A run in the list of runs.

    Args:
        parameters: Hyperparameters, flat: `training.optimizer` and its value.
        aggregates: The last value of each aggregate.
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
    error: str | None
    problem: str | None = None


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


class Project(Wire):
    """What a project holds: runs, the youngest first; tables by dataset, the oldest first."""

    name: str
    runs: list[RunRow]
    tables: list[TableRow]


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


class Reduction(Wire):
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
    reductions: list[Reduction]
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


class CompareRequest(Wire):
    """Asks for the difference of one metric, sample by sample, as Arrow.

    Columns: `example_id` and `left_example_id` (int32), `left`, `right`, `difference`
    (right - left), float32, NaN for missing. `example_id` is that of the right side; the two differ
    where the sides are about revisions of one Table: samples are paired by row identity. Samples
    that only one side has are left out.
    """

    left: MetricsSource
    right: MetricsSource
    metric: str


class ConfusionRequest(Wire):
    """Asks for the confusion matrix of the instances of the selected samples."""

    source: MetricsSource
    filters: list[Filter] = []
    confidence: float = 0.0


class Confusion(Wire):
    """`counts[i][j]`: ground truths of class `i` predicted as class `j`; the last is background."""

    classes: list[Category]
    counts: list[list[int]]


class SampleHistoryRequest(Wire):
    """Asks for one metric of every sample in every epoch, as Arrow.

    Columns: `example_id` (int32), then one float32 column per epoch, named by its number.
    """

    project: str
    run: str
    stream: str
    split: str | None
    input_table_id: int | None
    metric: str


# --- tables and edits ---------------------------------------------------------


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
    edits: list[Edit] = []
    delete: list[int] = []
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
    filters: list[Filter] = []


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


class Statistics(Wire):
    """The classes, the most frequent first; histograms of boxes by what is measured; checks.

    `width`, `height` are pixels; `aspect` is the logarithm to base 2 of width by height; `area` is
    the square root of the share of the image; `instances` are per sample.
    """

    samples: int
    instances: int
    classes: list[ClassCount]
    histograms: dict[str, Histogram]
    checks: list[Check]


class ExportRequest(Wire):
    """Asks for the selected samples as a file."""

    source: Source
    format: Literal["csv", "parquet", "coco"]
    filters: list[Filter] = []


class NewTableRequest(Wire):
    """Makes a Table of the selected samples, in the dataset of their Table."""

    source: Source
    filters: list[Filter] = []
    name: str | None = None
    description: str = ""


class View(Wire):
    """A saved view: a name for the address of a page."""

    name: str
    path: str


class Views(Wire):
    """Saved views of a project."""

    views: list[View]


class Problem(Wire):
    """An error, in the words of `samplewise.errors`."""

    title: str
    detail: str
    hint: str | None = None


class Event(Wire):
    """Something in the store changed; sent as server-sent events.

    Args:
        what: `project` (something in it came or went), `run` (its document, aggregates or rows) or
            `table`.
        name: Name of the run, or `dataset/table`.
    """

    what: Literal["project", "run", "table"]
    project: str
    name: str | None = None
