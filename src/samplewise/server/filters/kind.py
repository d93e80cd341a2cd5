"""What every kind of filter says of itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from samplewise.server.message import Wire

if TYPE_CHECKING:
    from samplewise.server.filters.question import Question
    from samplewise.server.python_code import CopiedQuery
    from samplewise.server.source import OpenSource


class FilterKind(Wire, tag_field="kind"):
    """A condition on samples: its fields are what travels, its methods what it means.

    A kind says either its `sql`, or its `mask`: then the mask is a column of the question, and
    code that is copied names the samples one by one, where the kind has no `code` of its own.
    """

    def parts(self) -> "Sequence[FilterKind]":
        """The filters that it is made of."""
        return ()

    def mask(self, source: "OpenSource") -> np.ndarray:
        """Which rows it takes; bool, shape `(n,)`.

        Raises:
            ColumnNotFoundError: The source lacks a column.
            InvalidArgumentError: It does not fit its column.
        """
        raise NotImplementedError

    def sql(self, question: "Question", parts: Sequence[str]) -> str:
        """A condition over the columns of a question; null counts as false.

        Args:
            question: Holds columns and values.
            parts: The conditions of `parts`.

        Raises:
            ColumnNotFoundError: The source lacks a column.
            InvalidArgumentError: It does not fit its column.
        """
        return question.add(pa.array(self.mask(question.source)))

    def code(self, query: "CopiedQuery", parts: Sequence[str]) -> str:
        """The same condition as text that a person can run; null counts as false.

        Args:
            query: Knows what columns are called there.
            parts: The code of `parts`.
        """
        return query.ids(self)
