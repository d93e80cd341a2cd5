"""Rows of metrics to disk while a collection goes on; nobody sees them before the end."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from samplewise.errors import CollectionError, SchemaError
from samplewise.records.metric_rows import (
    COLLECTION_ERROR,
    EPOCH,
    EXAMPLE_ID,
    INPUT_TABLE_ID,
    KEYS,
    SPLIT,
)
from samplewise.records.stream import Stream
from samplewise.schema import ColumnSchema, String, TableSchema
from samplewise.schema.violations import Tally
from samplewise.tables.run import Run

_ROWS_PER_FRAGMENT = 4_096
_BYTES_PER_FRAGMENT = 16 << 20


class MetricsWriter:
    """Checks columns against their schemas and writes them, some megabytes at a time.

    Args:
        run: Where they go.
        schemas: Column kinds by name. Empty: inferred from the first rows.
        constants: Values of further columns, the same in all rows.
        keys: `input_table_id`, `epoch` and `split` of all rows.
        infer_others: Whether columns beside those of `schemas` are inferred, too.

    Attributes:
        identity: What tells its rows from those of other collections: keys and constants.
        row_count: Rows so far.
        tally: Predictions that no image can have, so far: they stop no collection.
    """

    def __init__(
        self,
        run: Run,
        schemas: Mapping[str, ColumnSchema],
        constants: Mapping[str, Any],
        keys: Mapping[str, Any],
        *,
        infer_others: bool = False,
    ) -> None:
        self._run = run
        self._given = dict(schemas)
        self._infer = infer_others or not schemas
        self._declared: dict[str, ColumnSchema] = {}
        # A constant that is a key, such as `epoch`, is that key.
        self._constants = {name: v for name, v in constants.items() if name not in KEYS}
        self._keys = {
            name: constants.get(name, keys[name]) for name in (INPUT_TABLE_ID, EPOCH, SPLIT)
        }
        self._kinds: TableSchema | None = None
        self._failed: list[tuple[int, str]] = []
        self._waiting: list[pa.RecordBatch] = []
        self._fragments: list[str] = []
        self._stream: Stream | None = None
        self.identity = {**self._keys, **self._constants}
        self.row_count = 0
        self.tally = Tally()

    def add(self, rows: Sequence[int] | np.ndarray, columns: Mapping[str, Any], batch: int) -> None:
        """Add the metrics of some rows.

        Args:
            rows: Their index in the table, `b` of them.
            columns: `b` values by column name.
            batch: Which call this is, for errors.

        Raises:
            CollectionError: A column is unknown or missing, has another length, or a value does
                not fit; names the column, what is expected, and the batch.
        """
        keys = {**self._keys, **self._constants, COLLECTION_ERROR: None}
        values = {
            EXAMPLE_ID: np.asarray(rows),
            **{name: [value] * len(rows) for name, value in keys.items()},
            **columns,
        }
        try:
            kinds = self._kinds or self._fix_kinds(columns)
            self._check(columns, len(rows), batch)
            arrays = [self._array(kinds[name], values[name], name) for name in kinds]
        except SchemaError as error:
            raise CollectionError(f"batch {batch}: {error.message}", hint=error.hint) from error
        self._put(pa.RecordBatch.from_arrays(arrays, schema=kinds.to_arrow()))

    def declare(self, schemas: Mapping[str, ColumnSchema]) -> None:
        """Name columns whose kind is known only once the first rows are there."""
        if self._kinds is None:
            self._declared = dict(schemas)

    def add_failure(self, row: int, error: str) -> None:
        """Add a row that has no metrics, and why."""
        self._failed.append((row, error))

    def finish(self) -> tuple[Stream | None, list[str]]:
        """Write what is left.

        Returns:
            The stream and what its `commit` takes; no stream if there was not a single row.
        """
        if self._failed:
            kinds = self._kinds or self._fix_kinds({})
            self._put(self._failure_batch(kinds))
        self._write()
        return self._stream, self._fragments

    def _fix_kinds(self, columns: Mapping[str, Any]) -> TableSchema:
        if self._infer:
            known = self._given.keys() | self._declared.keys()
            rest = {name: v for name, v in columns.items() if name not in known}
            self._given |= dict(TableSchema.infer(rest))
        self._given |= self._declared
        constants = TableSchema.infer({name: [v] for name, v in self._constants.items()})
        kinds = {
            **KEYS,
            **constants,
            **self._given,
            COLLECTION_ERROR: String(description="why a row is empty"),
        }
        self._kinds = TableSchema(kinds)
        return self._kinds

    def _check(self, columns: Mapping[str, Any], count: int, batch: int) -> None:
        for name, values in columns.items():
            if name not in self._given:
                raise CollectionError(
                    f"batch {batch}: `compute_metrics` must return the columns "
                    f"{', '.join(self._given)}, but returned `{name}`.",
                    hint=f"add `{name}` to metrics_column_schemas",
                )
            if len(values) != count:
                raise CollectionError(
                    f"batch {batch}: column `{name}` must have one value per image ({count}), "
                    f"but has {len(values)}."
                )
        for name in self._given:
            if name not in columns:
                raise CollectionError(
                    f"batch {batch}: `compute_metrics` must return the column `{name}`, "
                    "but did not.",
                    hint=f"return it, or take `{name}` out of metrics_column_schemas",
                )

    def _failure_batch(self, kinds: TableSchema) -> pa.RecordBatch:
        count = len(self._failed)
        known: dict[str, list[Any]] = {
            EXAMPLE_ID: [row for row, _ in self._failed],
            COLLECTION_ERROR: [error for _, error in self._failed],
            **{name: [value] * count for name, value in self._keys.items()},
            **{name: [value] * count for name, value in self._constants.items()},
        }
        arrays = [
            kinds[name].to_arrow(known.get(name, [None] * count), name=name) for name in kinds
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=kinds.to_arrow())

    def _put(self, batch: pa.RecordBatch) -> None:
        self.row_count += batch.num_rows
        self._waiting.append(batch)
        rows = sum(waiting.num_rows for waiting in self._waiting)
        size_bytes = sum(waiting.nbytes for waiting in self._waiting)
        if rows >= _ROWS_PER_FRAGMENT or size_bytes >= _BYTES_PER_FRAGMENT:
            self._write()

    def _write(self) -> None:
        if not self._waiting:
            return
        schema = self._waiting[0].schema
        if self._stream is None:
            self._stream = self._run.stored.metric_stream(TableSchema.from_arrow(schema))
        self._fragments += self._stream.write(self._waiting, schema)
        self._waiting = []

    def _array(self, kind: ColumnSchema, values: Any, name: str) -> pa.Array:
        if isinstance(values, np.ma.MaskedArray):
            values = pa.array(values.data, mask=np.ma.getmaskarray(values))
        return kind.predictions_to_arrow(values, name=name, tally=self.tally)
