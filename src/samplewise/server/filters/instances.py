"""Samples with an instance of a kind."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samplewise.errors import InvalidArgumentError
from samplewise.schema.instances import CONFIDENCE
from samplewise.server.filters.integers import as_integers
from samplewise.server.filters.kind import FilterKind
from samplewise.server.filters.literals import literal

if TYPE_CHECKING:
    from samplewise.server.python_code import CopiedQuery
    from samplewise.server.source import OpenSource


class InstancesFilter(FilterKind, tag="instances"):
    """Samples with an instance whose property is one of the values, at a least confidence.

    `column` is a column of boxes, keypoints or masks; `property` such as `label` or `error_kind`.
    A list column beside it, such as `ground_truth_kind`, has an empty `property`. Several filters
    on one column, beside each other, are about one and the same instance.
    """

    column: str
    property: str
    values: list[int | None]
    confidence: float | None = None

    def mask_instances(self, source: "OpenSource") -> np.ndarray:
        """Which of all instances are such; bool, shape `(p,)`, in the order of `source.lists`.

        Raises:
            ColumnNotFoundError: The source lacks the column or the property.
            InvalidArgumentError: The property holds no classes.
        """
        lists = source.lists(self.column, self.property)
        known = as_integers([each for each in self.values if each is not None], "values")
        if not pa.types.is_integer(lists.values.type):
            raise InvalidArgumentError(
                f"`property` must hold classes, but {self.column}.{self.property} does not."
            )
        numbers = lists.values.cast(pa.int64())
        chosen = pc.call_function("is_in", [numbers], pc.SetLookupOptions(pa.array(known)))
        chosen = chosen.to_numpy(zero_copy_only=False)
        if None in self.values:
            chosen = chosen | lists.values.is_null().to_numpy(zero_copy_only=False)
        if self.confidence is not None:
            scores = source.lists(self.column, CONFIDENCE).values.cast(pa.float64())
            chosen = chosen & (scores.to_numpy(zero_copy_only=False) >= self.confidence)
        return chosen

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows with such an instance."""
        return SameInstance([self]).mask(source)

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """A test of each instance."""
        return SameInstance([self]).code(query, parts)


class SameInstance(FilterKind):
    """Samples with an instance that fulfils all conditions at once; it never travels.

    Args:
        conditions: At least one, all on the same column.
    """

    conditions: list[InstancesFilter]

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows with such an instance."""
        first = self.conditions[0]
        chosen = np.logical_and.reduce([each.mask_instances(source) for each in self.conditions])
        return source.lists(first.column, first.property).any(chosen)

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """A test of each instance, whose properties are zipped: `x[1]`, `x[2]`, ..."""
        paths = [each.property for each in self.conditions]
        paths += [CONFIDENCE for each in self.conditions if each.confidence is not None]
        places = {path: f"x[{i}]" for i, path in enumerate(dict.fromkeys(paths), start=1)}
        lists = ", ".join(query.property(self.conditions[0].column, path) for path in places)
        test = " and ".join(_code_of_test(each, places) for each in self.conditions)
        return f"len(list_filter(list_zip({lists}), lambda x: {test})) > 0"


def _code_of_test(each: InstancesFilter, places: Mapping[str, str]) -> str:
    name = places[each.property]
    known = [str(value) for value in each.values if value is not None]
    tests = [f"{name} in ({', '.join(known)})"] if known else []
    if None in each.values:
        tests.append(f"{name} is null")
    test = f"({' or '.join(tests) or 'false'})"
    if each.confidence is None:
        return test
    score = places[CONFIDENCE]
    # DuckDB holds NaN larger than every number.
    return f"{test} and {score} >= {literal(each.confidence)} and not isnan({score})"
