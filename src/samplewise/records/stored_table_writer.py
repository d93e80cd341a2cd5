"""Writing a table: rows come in, and all of them become visible at the end, or none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, Unpack

import pyarrow as pa

from samplewise._arguments import check_value
from samplewise._notes import note, warn
from samplewise.errors import InvalidArgumentError, SchemaError
from samplewise.records.destination import Destination
from samplewise.records.fingerprint import Fingerprint
from samplewise.records.if_exists import IfExists, check_if_exists
from samplewise.records.readable import readable
from samplewise.records.reuse import reuse
from samplewise.records.rows_digest import RowsDigest
from samplewise.records.stored_table import StoredTable
from samplewise.records.stored_urls import with_stored_urls
from samplewise.records.table_document import (
    TableDocument,
    already_exists,
    publish,
    read_table_document,
)
from samplewise.schema import SampleWeightSchema, TableSchema
from samplewise.schema.column import ColumnSchema
from samplewise.schema.foreign import as_column
from samplewise.schema.image import ENCODED_HINT, holds_encoded_images
from samplewise.storage import Store, load_aliases, remember_aliases
from samplewise.storage.column_names import check_column_names
from samplewise.storage.layout import dataset_path, table_path
from samplewise.storage.rows import Rows, fresh_path, protect
from samplewise.storage.sink import LanceSink

Batch = Mapping[str, Any] | pa.RecordBatch | pa.Table
"""Rows: a mapping with one sequence per column, values in sample or stored form, or Arrow data."""
Read = tuple[Iterable[Batch], Mapping[str, ColumnSchema], Mapping[str, Any]]
"""Batches of a table, their schema, and where they come from, as JSON values."""

WEIGHT = "weight"
_ROWS_PER_BATCH = 4_096


class StoredTableWriter:
    """Writes one table, row by row or batch by batch, in bounded memory.

    Used as a context manager it finalizes at the end of the block; an exception inside the block
    leaves no table behind, and neither does a writer that is dropped before it was finalized.

    Args:
        schema: Column kinds by name. Left out, they are inferred from the first batch of rows.
        add_weight_column: Whether to add a column `weight` of ones.
        source: Where the rows come from, as JSON values.
        fingerprint: What the table is made of; None: the rows themselves tell.
        table_name: Name of the table.
        dataset_name: Name of its dataset.
        project_name: Name of its project.
        root_url: Where the store lies; None takes `SAMPLEWISE_ROOT` or the user's data folder.
        if_exists: `reuse`, `overwrite`, `rename` or `raise`.
        description: What a person should know about the table.
        aliases: Folders by alias name: images inside are stored as `<NAME>/...`.

    Raises:
        InvalidArgumentError: A name cannot be a folder, or `if_exists` is unknown.
        SchemaError: A column of `schema` has no column schema, or a name that cannot be stored.
        AlreadyExistsError: The name is taken and `if_exists` is `raise`.
    """

    def __init__(
        self,
        schema: Mapping[str, ColumnSchema] | None = None,
        *,
        add_weight_column: bool = False,
        source: Mapping[str, Any] | None = None,
        fingerprint: Fingerprint | None = None,
        table_name: str = "initial",
        dataset_name: str,
        project_name: str,
        root_url: str | Path | None = None,
        if_exists: IfExists = "reuse",
        description: str = "",
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self._store = Store(root_url)
        self._if_exists: IfExists = check_if_exists(if_exists)
        table_path(project_name, dataset_name, table_name)  # refuses bad names now, not at the end
        self._names = (project_name, dataset_name, table_name)
        if if_exists == "raise" and read_table_document(self._store, *self._names) is not None:
            raise already_exists(table_name, dataset_name)
        self._schema = None if schema is None else TableSchema(schema)
        if schema is not None:
            check_column_names(schema)
        self._add_weight = add_weight_column
        self._description = description
        self._source: Mapping[str, Any] = source or {}
        self._given_aliases = aliases
        self._aliases = load_aliases(self._store, project_name, aliases)
        self._rows: list[Mapping[str, Any]] = []
        self._count = 0
        self._sink: LanceSink | None = None
        self._finalized: StoredTable | None = None
        self._is_aborted = False
        self._fingerprint = fingerprint or Fingerprint()
        self._digest = RowsDigest() if self._fingerprint.is_of_rows else None
        self._stored = (
            read_table_document(self._store, *self._names) if if_exists == "reuse" else None
        )

    def reusable(self) -> StoredTable | None:
        """The table that is there already and is made of the same files; None if rows must be read.

        Raises:
            AlreadyExistsError: There is one, made of something else.
        """
        if self._stored is None or self._digest is not None:
            return None
        reuse(self._stored, self._fingerprint)
        return StoredTable(self._store, self._stored, self._aliases)

    @property
    def table(self) -> StoredTable:
        """The written table.

        Raises:
            InvalidArgumentError: It is not finalized yet.
        """
        if self._finalized is None:
            raise InvalidArgumentError(
                "the table must be finalized before it is used.", hint="call finalize()"
            )
        return self._finalized

    def describe(self, schema: Mapping[str, ColumnSchema], source: Mapping[str, Any]) -> None:
        """Say what the rows will be, before the first one: for readers that open their file first.

        Raises:
            SchemaError: A column has no column schema, or a name that cannot be stored.
        """
        self._schema = TableSchema(schema)
        check_column_names(schema)
        self._source = source

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Add one row, values in sample or stored form.

        Raises:
            SchemaError: A column is unknown or missing, or a value does not fit; at the latest
                when the batch that the row falls into is written.
        """
        self._refuse_when_done()
        check_value("row", row, Mapping)
        if self._schema is not None:
            self._check_names(row)
        self._rows.append(dict(row))  # its caller may fill the same dict again
        if len(self._rows) >= _ROWS_PER_BATCH:
            self._flush()

    def add_batch(self, batch: Any) -> None:
        """Add many rows at once.

        Args:
            batch: A mapping with one sequence per column, an Arrow table or an Arrow batch.

        Raises:
            SchemaError: A column is unknown or missing, has another length, or a value does not
                fit.
        """
        self._refuse_when_done()
        self._flush()
        if isinstance(batch, pa.Table):
            for part in batch.to_batches():
                self._write(dict(zip(part.schema.names, part.columns, strict=True)))
            if not batch.num_rows and self._schema is None:
                self._schema = TableSchema.from_arrow(batch.schema)
        elif isinstance(batch, pa.RecordBatch):
            self._write(dict(zip(batch.schema.names, batch.columns, strict=True)))
        else:
            check_value("batch", batch, Mapping)
            self._write(batch)

    def finalize(self) -> StoredTable:
        """Write what is left and publish the table.

        Returns:
            The stored table: with `if_exists="reuse"` the one that was there before.

        Raises:
            SchemaError: No row was added and no schema was given.
            AlreadyExistsError: The name is taken and `if_exists` is `raise`.
            StoreError: The store cannot be written.
        """
        if self._finalized is None:
            self._refuse_when_done()
            try:
                stored = self._compare()
                document = self._write_all() if stored is None else stored
            except BaseException:
                self.abort()
                raise
            stored = stored or self._publish(document)
            self._finalized = StoredTable(self._store, stored, self._aliases)
        return self._finalized

    def _compare(self) -> TableDocument | None:
        """The table that is there already, if it is to be reused and holds the same rows."""
        if self._stored is None:
            return None
        self._flush()
        reuse(self._stored, self._whole_fingerprint(), self._arrow_schema(), self._count)
        return self._stored

    def _whole_fingerprint(self) -> Fingerprint:
        if self._digest is None:
            return self._fingerprint
        return replace(self._fingerprint, rows=self._digest.hexdigest())

    def abort(self) -> None:
        """Throw away what was written; no table comes of it."""
        self._is_aborted = self._finalized is None
        if self._sink is not None:
            self._sink.abort()
        self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abort()
        elif not self._is_aborted:
            self.finalize()

    def _refuse_when_done(self) -> None:
        if self._finalized is not None:
            raise InvalidArgumentError(
                f"table `{self._finalized.name}` is finalized and takes no more rows.",
                hint="derive a new revision with table.edit(...)",
            )
        if self._is_aborted:
            raise InvalidArgumentError("this writer was aborted.", hint="make a new TableWriter")

    def _check_names(self, given: Mapping[str, Any]) -> None:
        assert self._schema is not None
        unknown = [name for name in given if name not in self._schema]
        missing = [
            name
            for name in self._schema
            if name not in given and not (self._add_weight and name == WEIGHT)
        ]
        if unknown or missing:
            what = f"has `{unknown[0]}`" if unknown else f"lacks `{missing[0]}`"
            raise SchemaError(f"a row must have the columns {', '.join(self._schema)}, but {what}.")

    def _flush(self) -> None:
        if self._rows:
            rows, self._rows = self._rows, []
            names = list(dict.fromkeys(name for row in rows for name in row))
            if self._schema is None:
                self._schema = TableSchema.infer(
                    {name: [row.get(name) for row in rows] for name in names}
                )
                for row in rows:
                    self._check_names(row)
            self._write({name: [row.get(name) for row in rows] for name in names})

    def _write(self, batch: Mapping[str, Any]) -> None:
        columns = {name: as_column(values) for name, values in batch.items()}
        if self._schema is None:
            check_column_names(columns)
            self._schema = TableSchema.infer(columns)
        self._check_names(columns)
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise SchemaError(f"all columns of a batch must have one length, but have {lengths}.")
        arrays = {name: self._array(name, values) for name, values in columns.items()}
        count = next(iter(lengths.values()), 0)
        if count and self._digest is not None:
            self._digest.update(arrays)
        if count and self._stored is None:  # else they are compared only
            self._open_sink().write(arrays, count)
        self._count += count

    def _array(self, name: str, values: Any) -> pa.Array:
        assert self._schema is not None
        kind = self._schema[name]
        array = kind.to_arrow(values, name=name, first_row=self._count)
        if self._count == 0 and holds_encoded_images(array):
            warn(f"column `{name}` is kept as bytes, and shown as none: {ENCODED_HINT}.")
        return with_stored_urls(kind, array, self._aliases)

    def _arrow_schema(self) -> pa.Schema:
        if self._schema is None:
            raise SchemaError("a table without rows must have a schema.", hint="pass schema={...}")
        columns = dict(self._schema)
        if self._add_weight and WEIGHT not in columns:
            columns[WEIGHT] = SampleWeightSchema()
        return TableSchema(columns).to_arrow()

    def _open_sink(self) -> LanceSink:
        if self._sink is None:
            project, dataset, _ = self._names
            path = fresh_path(f"{dataset_path(project, dataset)}/rows")
            self._sink = LanceSink(self._store, path, self._arrow_schema())
        return self._sink

    def _write_all(self) -> TableDocument:
        """All rows on disk, and the document that will name them."""
        self._flush()
        rows, count = self._open_sink().close()
        project, dataset, name = self._names
        document = TableDocument(
            project,
            dataset,
            name,
            rows=Rows(rows.path.removeprefix(dataset_path(project, dataset) + "/"), rows.version),
            row_count=count,
            schema=self._arrow_schema(),
            description=self._description,
            fingerprint=self._whole_fingerprint(),
            source=readable(self._source),  # now: readers count what they repair to the end
        )
        protect(self._store, rows, document.id)
        remember_aliases(self._store, project, self._given_aliases)
        return document

    def _publish(self, document: TableDocument) -> TableDocument:
        assert self._sink is not None
        # From here on only a failure that is known to leave no table may delete the rows.
        self._sink.keep()
        try:
            stored = publish(self._store, document, self._if_exists)
        except FileExistsError:
            self._store.remove(document.stored_rows.path)
            raise
        if stored.id != document.id:
            self._store.remove(document.stored_rows.path)
            reuse(stored, self._whole_fingerprint(), self._arrow_schema(), self._count)
        elif stored.name != document.name:
            note(f"table `{document.name}` exists; the new one is named `{stored.name}`.")
        return stored


def write_table(
    read: Callable[[], Read],
    fingerprint: Callable[[], Fingerprint] | None = None,
    *,
    add_weight_column: bool,
    **destination: Unpack[Destination],
) -> StoredTable:
    """Write what `read()` gives; where a stored table is made of the same files, it is not called.

    Args:
        read: Gives rows, their schema and where they come from.
        fingerprint: Gives what the table is made of, and refuses a source that is not there; None:
            the rows themselves tell, so they are read and compared where the name is taken.
        add_weight_column: Whether to add a column `weight` of ones.
        destination: Where the table goes, see `Destination`.

    Raises:
        InvalidArgumentError: A name cannot be a folder, or `if_exists` is unknown.
        SchemaError: A value does not fit its column.
        AlreadyExistsError: The name is taken and `if_exists` is `raise`, or is `reuse` and the
            stored table is made of something else.
    """
    given = None if fingerprint is None else fingerprint()
    if given is not None:
        given = given.with_option("add_weight_column", add_weight_column)
    writer = StoredTableWriter(
        add_weight_column=add_weight_column, fingerprint=given, **destination
    )
    if (stored := writer.reusable()) is not None:
        return stored
    batches, schema, source = read()
    writer.describe(schema, source)
    with writer:
        for batch in batches:
            writer.add_batch(batch)
    return writer.table
