"""A column that is added to rows that exist, or replaced in them."""

import pyarrow as pa

from samplewise.storage._lance import loaded_lance, told_as_store_error
from samplewise.storage.rows import latest_rows, unsliced, write_fragments
from samplewise.storage.store import Store

_BATCH = 4_096  # rows in memory at a time


def put_column(store: Store, path: str, field: pa.Field, values: pa.Array) -> None:
    """Give every row of some Lance data a value in one column; only that column is written.

    Args:
        store: Where the data lies.
        path: The data.
        field: Name, type and metadata of the column; one of that name is replaced.
        values: One value per row, in the order of the data.

    Raises:
        StoreError: The store cannot be written, or others changed the data meanwhile.
    """
    dataset = latest_rows(store, path)
    schema = pa.schema([field])
    batches = pa.Table.from_arrays([values], schema=schema).to_batches(max_chunksize=100_000)
    what = f"given the column `{field.name}`"
    with told_as_store_error(store, path, what), store.synced(path):
        if field.name in dataset.schema.names:
            dataset.drop_columns([field.name])
        reader = pa.RecordBatchReader.from_batches(schema, map(unsliced, batches))
        dataset.add_columns(reader, reader_schema=schema)


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
    what = f"freed of the column `{name}`"
    with told_as_store_error(store, path, what), store.synced(path):
        dataset.drop_columns([name])
        _write_anew(store, path)
    return True


def _write_anew(store: Store, path: str) -> None:
    """The same rows in files of their own; rows that others append meanwhile stay."""
    dataset, lance = latest_rows(store, path), loaded_lance()
    old = [fragment.metadata for fragment in dataset.get_fragments()]
    if not old:
        return
    batches = dataset.scanner(scan_in_order=True, batch_size=_BATCH).to_batches()
    texts = write_fragments(store, path, batches, dataset.schema)
    new = [lance.FragmentMetadata.from_json(text) for text in texts]
    lance.LanceDataset.commit(
        store.lance_url(path),
        lance.LanceOperation.Rewrite([lance.LanceOperation.RewriteGroup(old, new)], []),
        read_version=dataset.version,
        storage_options=store.lance_options,
    )
