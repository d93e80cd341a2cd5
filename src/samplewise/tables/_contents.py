"""`Table`: its columns and rows as other libraries hold them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from samplewise._arguments import check_arguments
from samplewise._extras import require
from samplewise.records.database import TIMEOUT_S, QueryBounds
from samplewise.records.stored_table import StoredTable
from samplewise.tables._notebook_page import show_page

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class TableContents:
    """The methods of `Table` that hand out what it holds, in stored form.

    Attributes:
        stored: How the table lies in its store; for code that builds on tables.
    """

    stored: StoredTable

    @check_arguments
    def get_column_as_pyarrow_array(self, name: str) -> pa.Array:
        """A whole column in stored form, `n` values.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        return self.stored.column(name)

    @check_arguments
    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """All rows in stored form; column kinds in the metadata of the fields.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        return self.stored.to_arrow(columns)

    @check_arguments
    def to_batches(
        self, columns: list[str] | None = None, batch_size: int = 8_192
    ) -> Iterator[pa.RecordBatch]:
        """All rows in stored form and in order, at most `batch_size` at a time.

        Raises:
            ColumnNotFoundError: There is no such column.
        """
        return self.stored.to_batches(columns, batch_size)

    @check_arguments
    def take(
        self, indices: Sequence[int] | np.ndarray, columns: list[str] | None = None
    ) -> pa.Table:
        """Some rows in stored form, in the order of `indices`.

        Args:
            indices: Row indices, `0 <= i < n`; negative ones count from the end. Or one boolean
                per row.
            columns: Which columns; None takes all.

        Raises:
            InvalidArgumentError: An index is outside the table.
            ColumnNotFoundError: There is no such column.
        """
        return self.stored.take(indices, columns)

    def to_pandas(self) -> "pd.DataFrame":
        """All rows in stored form as a pandas frame.

        Raises:
            MissingDependencyError: pandas is not installed.
        """
        require("pandas", package="pandas", extra="pandas", purpose="a pandas frame")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """All rows in stored form as a Polars frame.

        Raises:
            MissingDependencyError: Polars is not installed.
        """
        polars = require("polars", package="polars", extra="polars", purpose="a Polars frame")
        return polars.from_arrow(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's C stream: `polars.DataFrame(table)`, `pyarrow.table(table)`, DuckDB."""
        reader = pa.RecordBatchReader.from_batches(
            self.stored.document.schema, self.stored.reader.batches()
        )
        return reader.__arrow_c_stream__(requested_schema)

    @check_arguments
    def export(
        self,
        path: str | Path,
        format: str | None = None,  # noqa: A002
        *,
        weight_threshold: float = 0.0,
        **options: Any,
    ) -> Path:
        """Write it as a COCO file, a dataset in YOLO's layout, Parquet, or CSV.

        A file that exists is replaced, whole; what the format cannot hold is said in one line.

        Args:
            path: The file: `labels.json`, `data.yaml`, `rows.parquet`, `rows.csv`.
            format: `coco`, `yolo`, `parquet` or `csv`; None takes what the ending of `path` says.
            weight_threshold: Rows whose weight is below it are left out.
            options: Options of the writer, see `samplewise.formats`.

        Returns:
            The file.

        Raises:
            InvalidArgumentError: The format is unknown, the path is not on this machine, or the
                table lacks what it needs.
            FormatError: A file would be overwritten that no export wrote.
            StoreError: The file cannot be written.
        """
        from samplewise.formats.export import export

        exported = export(self.stored, path, format, weight_threshold=weight_threshold, **options)
        return exported.path

    @check_arguments
    def sql(
        self,
        query: str,
        *,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int | None = None,
        allow_files: bool = False,
    ) -> pa.Table:
        """Ask a question in SQL (DuckDB's dialect) about the rows, under the name `rows`.

        Rows have the column `example_id`, their index in the table; a column of that name that
        the table has itself is `input_example_id`.

        Args:
            query: The question.
            timeout_s: Seconds after which it is stopped.
            memory_bytes: What DuckDB and the answer may take; None takes half of the memory of
                this machine or container.
            allow_files: Whether the query may read and write files and URLs, attach databases and
                load extensions: for one that you trust.

        Raises:
            InvalidArgumentError: The query is wrong, which DuckDB's message explains, or needs
                more than it may take.
            StoreError: Rows that it asks for are damaged.
        """
        from samplewise.records.queries import TableQueries

        bounds = QueryBounds(timeout_s, memory_bytes, allow_files)
        with TableQueries(bounds) as queries:
            queries.add_table("rows", self.stored)
            return queries.ask(query)

    @check_arguments
    def show(self, *, height: int = 800) -> Any:
        """Its page of the dashboard, inside a notebook.

        This process serves it, to pages of this machine only, until it ends.

        Args:
            height: Of the frame, pixels.

        Raises:
            MissingDependencyError: The dashboard's packages are not installed.
        """
        document = self.stored.document
        names = ("tables", document.dataset, document.name)
        return show_page(self.stored.store.root, document.project, names, height)
