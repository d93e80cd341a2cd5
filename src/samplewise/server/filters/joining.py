"""Filters of one conjunction that are about one thing: they are decided together."""

from collections.abc import Sequence

from samplewise.server.filters.instances import InstancesFilter, SameInstance
from samplewise.server.filters.kind import FilterKind


def join_conditions(filters: Sequence[FilterKind]) -> list[FilterKind]:
    """Filters that all must hold, with conditions on the instances of one column as one filter."""
    by_column: dict[str, list[InstancesFilter]] = {}
    others: list[FilterKind] = []
    for each in filters:
        if isinstance(each, InstancesFilter):
            by_column.setdefault(each.column, []).append(each)
        else:
            others.append(each)
    return [*others, *map(SameInstance, by_column.values())]


def conditions_on(filters: Sequence[FilterKind], column: str) -> list[InstancesFilter]:
    """Those filters that an instance of a column must fulfil."""
    return [each for each in filters if isinstance(each, InstancesFilter) and each.column == column]
