"""Samples with an instance of a kind."""

from collections.abc import Sequence
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
    A list column beside it, such as `ground_truth_kind`, has an empty `property`.
    """

    column: str
    property: str
    values: list[int | None]
    confidence: float | None = None

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Rows with such an instance."""
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
        return lists.any(chosen)

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """A test of each instance."""
        paths = [self.property, *([] if self.confidence is None else [CONFIDENCE])]
        lists = ", ".join(query.property(self.column, path) for path in paths)
        known = [str(each) for each in self.values if each is not None]
        tests = [f"x[1] in ({', '.join(known)})"] if known else []
        if None in self.values:
            tests.append("x[1] is null")
        test = f"({' or '.join(tests) or 'false'})"
        if self.confidence is not None:
            # DuckDB holds NaN larger than every number.
            test += f" and x[2] >= {literal(self.confidence)} and not isnan(x[2])"
        return f"len(list_filter(list_zip({lists}), lambda x: {test})) > 0"
