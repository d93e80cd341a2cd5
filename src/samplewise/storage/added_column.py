"""A column that is added to rows that exist, or replaced in them."""

import pyarrow as pa

from samplewise.storage._lance import told_as_store_error
from samplewise.storage.rows import latest_rows, unsliced
from samplewise.storage.store import Store


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
    with told_as_store_error(store, path, f"given the column `{field.name}`"):
        if field.name in dataset.schema.names:
            dataset.drop_columns([field.name])
        reader = pa.RecordBatchReader.from_batches(schema, map(unsliced, batches))
        dataset.add_columns(reader, reader_schema=schema)
    store.sync(path)


def drop_column(store: Store, path: str, name: str) -> bool:
    """Forget a column, if there is one of that name; says whether there was.

    Raises:
        StoreError: The store cannot be written, or others changed the data meanwhile.
    """
    dataset = latest_rows(store, path)
    if name not in dataset.schema.names:
        return False
    with told_as_store_error(store, path, f"freed of the column `{name}`"):
        dataset.drop_columns([name])
    store.sync(path)
    return True
