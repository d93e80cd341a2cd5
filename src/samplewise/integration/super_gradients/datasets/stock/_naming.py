"""Where a Table that is made of a dataset goes, and what it is called."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samplewise.errors import NotFoundError
from samplewise.schema import ColumnSchema
from samplewise.tables import Table, TableWriter

ROWS_PER_BATCH = 512


@dataclass(frozen=True)
class Place:
    """Where Tables go.

    Args:
        split: `train`, `val`, ...: part of their names.
        project_name: Their project.
        root_url: Their store.
        made: What was made of each dataset, by its `id`: the halves of one share a Table.
    """

    split: str
    project_name: str
    root_url: str | None
    made: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)

    def name(self, *facts: str) -> str:
        """Of a Table that is reused by later runs while the facts are the same."""
        digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()
        return f"{self.split}-{digest[:8]}"

    def description(self, dataset: Any) -> str:
        """For those who find the Table later."""
        return f"made from the {self.split} loader's {type(dataset).__name__}"

    def table(
        self,
        dataset: Any,
        schema: Mapping[str, ColumnSchema],
        batches: Iterable[Mapping[str, Any]],
        *facts: str,
    ) -> Table:
        """The Table of a dataset, as a run before made it or written now.

        Args:
            dataset: What it is made of.
            schema: Its columns.
            batches: Its rows, one sequence a column; not looked at where the Table is there.
            facts: Change when the rows do.
        """
        name, kind = self.name(*facts), type(dataset).__name__
        with suppress(NotFoundError):
            return Table.from_names(name, kind, self.project_name, self.root_url)
        with TableWriter(
            name,
            kind,
            self.project_name,
            schema=schema,
            root_url=self.root_url,
            if_exists="reuse",  # another process may have been faster
            description=self.description(dataset),
        ) as writer:
            for batch in batches:
                writer.add_batch(batch)
        return writer.table


def split_in_batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, list[Any]]]:
    """Rows, some at a time, as one list a column."""
    remaining = iter(rows)
    while some := list(itertools.islice(remaining, ROWS_PER_BATCH)):
        yield {name: [row[name] for row in some] for name in some[0]}


def stamp(file: str | Path) -> str:
    """Tells whether a file has changed; empty where there is none."""
    try:
        status = Path(file).stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"


def rows_in_order(dataset: Any, table: Table) -> tuple[list[int], list[int]]:
    """The row of every sample, twice, where the Table was made of the samples themselves."""
    rows = [*range(len(table))]
    return rows, rows
