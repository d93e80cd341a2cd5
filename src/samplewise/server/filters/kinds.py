"""All kinds of filters: a new one is a file of its own and a line here."""

from collections.abc import Sequence

from samplewise.server.filters.all import All
from samplewise.server.filters.confusion import ConfusionFilter
from samplewise.server.filters.instances import InstancesFilter
from samplewise.server.filters.inverse import Inverse
from samplewise.server.filters.joining import join_conditions
from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.one_of import OneOfFilter
from samplewise.server.filters.polygon import PolygonFilter
from samplewise.server.filters.projected import ProjectedFilter
from samplewise.server.filters.range import RangeFilter
from samplewise.server.filters.rows import RowsFilter
from samplewise.server.filters.text import TextFilter


# Filters that hold filters hold any of the list, so their fields can only be typed beside it.
class NotFilter(Inverse, tag="not"):
    """What another filter leaves out, missing values included."""

    filter: "Filter"

    def parts(self) -> Sequence[FilterKind]:
        """The filter."""
        return [self.filter]


class AllFilter(All, tag="all"):
    """What several filters all take: one filter of them, to be inverted as a whole."""

    filters: list["Filter"]

    def parts(self) -> Sequence[FilterKind]:
        """The filters; conditions on instances of one column are one of them."""
        return join_conditions(self.filters)


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
