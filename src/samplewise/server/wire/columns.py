"""What a source has: its columns, pages of its rows, how often values occur."""

from typing import Literal

from msgspec import field

from samplewise.schema import Better
from samplewise.server.filters import Filter
from samplewise.server.message import Wire
from samplewise.server.wire.sources import Sort, Source, TableSource

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
        title: Short name where there is little room; empty: the name.
        better: Whether higher or lower values are better; None: nobody said, and nothing may be
            called better or worse by it.
        prominence: How much it says of a sample; what has more is shown first.
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
    title: str = ""
    better: Better | None = None
    prominence: int = 0
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
        main_metric: The metric that says most of a sample; None where no number says which way is
            better.
        worst_first: The order with the worst samples first; empty without a main metric.
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
    main_metric: str | None
    worst_first: list[Sort]
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
    filters: list[Filter] = field(default_factory=list)
    sort: list[Sort] = field(default_factory=list)
    offset: int = 0
    limit: int = 100
    columns: list[str] | None = None


class SelectionRequest(Wire):
    """Asks what the filters select: as a count, as ids, as code."""

    source: Source
    filters: list[Filter] = field(default_factory=list)


class HistogramRequest(Wire):
    """Asks for exact counts per bin over the selected rows.

    With a `property`, `column` holds instances or a list, as in `InstancesFilter`: counted are the
    samples with an instance of each value, at a least `confidence`.
    """

    source: Source
    column: str
    bins: int = 40
    filters: list[Filter] = field(default_factory=list)
    property: str | None = None
    confidence: float | None = None


class Histogram(Wire):
    """Counts per bin; `edges` has one more. Categories have no edges, but values."""

    counts: list[int]
    edges: list[float] | None = None
    values: list[int | float | str | bool | None] | None = None
    nulls: int = 0
