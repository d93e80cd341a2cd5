import gc
import os
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest

from samplewise.errors import SchemaError, StoreError
from samplewise.storage import Store
from samplewise.storage.rows import fresh_path, open_rows
from samplewise.storage.sink import LanceSink

SCHEMA = pa.schema([("x", pa.int64()), ("weight", pa.float64())])
FOLDER = "p/datasets/d/rows"


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "samplewise-writer"]


def gone(store: Store) -> bool:
    return not os.path.exists(store.root) or os.listdir(store.root) == []


def write(sink: LanceSink, batches: int = 3) -> None:
    for i in range(batches):
        sink.write({"x": pa.array([i, i])}, 2)


def test_rows_are_numbered_and_weigh_one(store: Store):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink)
    rows, count = sink.close()
    back = open_rows(store, rows).to_table()
    assert count == 6
    assert back.column("_row").to_pylist() == list(range(6))
    assert back.column("weight").to_pylist() == [1.0] * 6


def write_all(sink: LanceSink) -> None:
    for _ in range(50):
        write(sink, 1)
        time.sleep(0.01)
    sink.close()


@pytest.mark.parametrize("batches", [0, 1, 5])
def test_an_aborted_sink_leaves_no_file_and_no_thread(store: Store, batches: int):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink, batches)
    sink.abort()
    sink.abort()
    assert gone(store)
    assert writers() == []


def test_a_sink_that_is_dropped_leaves_no_file_and_no_thread(store: Store):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink)
    del sink
    gc.collect()
    assert gone(store)
    assert writers() == []


def test_rows_that_got_a_name_outlive_their_sink(store: Store):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink)
    rows, _ = sink.close()
    sink.keep()
    del sink
    gc.collect()
    assert open_rows(store, rows).count_rows() == 6


def test_rows_without_a_name_go_with_their_sink(store: Store):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink)
    sink.close()
    del sink
    gc.collect()
    assert gone(store)


def test_a_program_that_ends_in_the_middle_leaves_nothing(store: Store, run_python):
    run_python(f"""
import pyarrow as pa
from samplewise.storage import Store
from samplewise.storage.sink import LanceSink
sink = LanceSink(Store({store.root!r}), {fresh_path(FOLDER)!r}, pa.schema([("x", pa.int64())]))
sink.write({{"x": pa.array([1])}}, 1)
""")
    assert gone(store)


def test_a_forked_child_does_not_take_its_parents_rows_away(store: Store):
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    write(sink)
    child = os.fork()
    if child == 0:
        sink.abort()
        os._exit(0)
    os.waitpid(child, 0)
    rows, _ = sink.close()
    assert open_rows(store, rows).count_rows() == 6


def test_a_full_disk_is_an_error_where_rows_are_written_or_at_the_end(store: Store):
    Path(store.root).mkdir()
    Path(store.root, "p").touch()  # a file where a folder should be: nothing can be written
    sink = LanceSink(store, fresh_path(FOLDER), SCHEMA)
    with pytest.raises(StoreError, match="cannot be written"):
        write_all(sink)
    sink.abort()
    assert writers() == []


def test_a_column_that_cannot_be_stored_is_refused_before_anything_starts(store: Store):
    with pytest.raises(SchemaError, match="has a dot in it"):
        LanceSink(store, fresh_path(FOLDER), pa.schema([("a.b", pa.int64())]))
    assert writers() == []
