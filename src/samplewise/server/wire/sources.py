"""Which rows: sources, filters over them, orders."""

from samplewise.server.wire.messages import Wire


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


class ProjectedFilter(Wire, tag_field="kind", tag="projected"):
    """Points whose picture lies inside a polygon: what is drawn around in three dimensions.

    A point of three columns is seen at two sums over them; the polygon is one of such sums.

    Args:
        across: What `x`, `y` and `z` are multiplied with for the first sum.
        up: What they are multiplied with for the second one.
        points: Corners, `(across, up)`; even-odd rule.
    """

    x: str
    y: str
    z: str
    across: tuple[float, float, float]
    up: tuple[float, float, float]
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


class AllFilter(Wire, tag_field="kind", tag="all"):
    """What several filters all take: one filter of them, to be inverted as a whole."""

    filters: list["Filter"]


Filter = (
    RangeFilter
    | OneOfFilter
    | TextFilter
    | InstancesFilter
    | PolygonFilter
    | ProjectedFilter
    | RowsFilter
    | ConfusionFilter
    | NotFilter
    | AllFilter
)


class Sort(Wire):
    """An order of rows; ties by `example_id`, missing values last."""

    column: str
    descending: bool = False
