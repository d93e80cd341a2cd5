"""Which rows: sources, and orders of them; what filters are they say in `server.filters`."""

from samplewise.server.message import Wire


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


class Sort(Wire):
    """An order of rows; ties by `example_id`, missing values last."""

    column: str
    descending: bool = False
