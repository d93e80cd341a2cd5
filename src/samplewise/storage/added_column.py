"""A column that is added to rows that exist, or replaced in them."""

import contextlib
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from samplewise.errors import ConflictError
from samplewise.storage._lance import load_lance, saying_store_error
from samplewise.storage.commits import commit, latest_rows
from samplewise.storage.rows import Rows, copy_slices, open_rows, write_anew
from samplewise.storage.store import Store
from samplewise.storage.versions import manifest_path

if TYPE_CHECKING:
    import lance

_BATCH = 100_000  # rows written at a time


def put_column(store: Store, path: str, field: pa.Field, values: pa.Array) -> None:
    """Give every row of some Lance data a value in one column; only that column is written.

    A column of that name is replaced in the same commit: readers see the old or the new one.

    Args:
        store: Where the data lies.
        path: The data.
        field: Name, type and metadata of the column; one of that name is replaced.
        values: One value per row, in the order of the data.

    Raises:
        StoreError: The store cannot be written, or others changed the data meanwhile.
    """
    dataset = latest_rows(store, path)
    _refuse_other_count(store, path, dataset, values)
    is_new = field.name not in dataset.schema.names
    written = field if is_new else field.with_name(f"{field.name}-{uuid.uuid4().hex}")
    with saying_store_error(store, path, f"given the column `{field.name}`"):
        fragments, schema = _write_column(dataset, written, values)
        merge = load_lance().LanceOperation.Merge
        if not is_new:
            with _scratch(store, path, dataset.version) as scratch:
                both = load_lance().LanceDataset.commit(
                    scratch, merge(fragments, schema), dataset.version
                )
                both.drop_columns([field.name])
                both.alter_columns({"path": written.name, "name": field.name})
                schema = both.lance_schema
        commit(store, path, merge(fragments, schema), dataset)


def drop_column(store: Store, path: str, name: str) -> bool:
    """Forget a column, if there is one of that name; says whether there was.

    Its values lie in the same files as the other columns of their rows, so these rows are written
    anew without it. The old files go with the versions that have them: see `expire`.

    Raises:
        StoreError: The store cannot be written, or others changed the data meanwhile.
    """
    dataset = latest_rows(store, path)
    if name not in dataset.schema.names:
        return False
    with saying_store_error(store, path, f"freed of the column `{name}`"):
        with _scratch(store, path, dataset.version) as scratch:
            scratch.drop_columns([name])
            project = load_lance().LanceOperation.Project(scratch.lance_schema)
        commit(store, path, project, dataset)
        without = latest_rows(store, path)
        write_anew(store, path, without, without.get_fragments())
    return True


def restore_version(store: Store, path: str, version: int) -> None:
    """Make an earlier version of some Lance data the latest one again.

    Raises:
        StoreError: The store cannot be written.
    """
    latest = latest_rows(store, path)
    if latest.version == version:
        return
    with saying_store_error(store, path, f"brought back to version {version}"):
        restore = load_lance().LanceOperation.Restore(version)
        # A working copy, which a local disk needs, begins at the version that is given here.
        base = latest if store.is_remote else open_rows(store, Rows(path, version))
        commit(store, path, restore, base)


def _refuse_other_count(
    store: Store, path: str, dataset: "lance.LanceDataset", values: pa.Array
) -> None:
    count = dataset.count_rows()
    if len(values) != count:
        raise ConflictError(
            f"`{store.url(path)}` was changed by others: it has {count} rows now, and there are "
            f"{len(values)} values.",
            hint="try again",
        )


def _write_column(
    dataset: "lance.LanceDataset", field: pa.Field, values: pa.Array
) -> tuple[list[Any], Any]:
    """Its files, which nobody sees yet: the fragments with them, and the schema of all columns."""
    schema, start, fragments = pa.schema([field]), 0, []
    merged = dataset.lance_schema
    for fragment in dataset.get_fragments():
        count = fragment.count_rows()
        part = pa.Table.from_arrays([values.slice(start, count)], schema=schema)
        batches = part.to_batches(max_chunksize=_BATCH)
        reader = pa.RecordBatchReader.from_batches(schema, map(copy_slices, batches))
        with_column, merged = fragment.merge_columns(reader, reader_schema=schema)
        fragments.append(with_column)
        start += count
    return fragments, merged


@contextlib.contextmanager
def _scratch(store: Store, path: str, version: int) -> Iterator["lance.LanceDataset"]:
    """The manifest of a version alone, in a folder of its own, to change its schema.

    A schema of Lance has numbers that the files of the columns refer to, and only Lance itself
    can rename a column in it, or leave one out.
    """
    manifest = store.read_file(f"{path}/{manifest_path(version)}")
    with tempfile.TemporaryDirectory(prefix="samplewise-schema-") as folder:
        copy = Path(folder, manifest_path(version))
        copy.parent.mkdir()
        copy.write_bytes(manifest)
        yield load_lance().dataset(folder, version=version)
