import threading
from pathlib import Path

import lance
import pyarrow as pa
import pytest

from samplewise.errors import StoreError
from samplewise.storage import Store
from samplewise.storage import rows as r
from samplewise.storage.added_column import put_column, restore_version
from samplewise.storage.commits import is_conflict

SCHEMA = pa.schema([pa.field("_row", pa.int64(), nullable=False), pa.field("x", pa.int64())])


def batch(*values: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"_row": range(len(values)), "x": values}, schema=SCHEMA)


def values(store: Store, rows: r.Rows) -> list[int]:
    return sorted(r.open_rows(store, rows).to_table().column("x").to_pylist())


def test_rows_come_back_at_the_version_they_were_written_as(any_store: Store):
    rows = r.write_rows(any_store, r.fresh_path("p q/ü#%/rows"), SCHEMA, [batch(1, 2), batch(3)])
    assert values(any_store, rows) == [1, 2, 3]
    r.commit_fragments(
        any_store, rows.path, r.write_fragments(any_store, rows.path, [batch(4)], SCHEMA)
    )
    assert values(any_store, rows) == [1, 2, 3]
    assert r.latest_rows(any_store, rows.path).count_rows() == 4


def test_a_column_that_was_replaced_comes_back_and_can_be_replaced_again(any_store: Store):
    path = r.write_rows(any_store, r.fresh_path("p"), SCHEMA, [batch(1, 2)]).path
    field = pa.field("map", pa.int64())
    put_column(any_store, path, field, pa.array([1, 1]))
    version = r.latest_rows(any_store, path).version
    put_column(any_store, path, field, pa.array([2, 2]))
    for _ in range(2):  # twice is as once
        restore_version(any_store, path, version)
    assert r.latest_rows(any_store, path).to_table().column("map").to_pylist() == [1, 1]
    put_column(any_store, path, field, pa.array([3, 3]))
    assert r.latest_rows(any_store, path).to_table().column("map").to_pylist() == [3, 3]


def test_nothing_lies_beside_a_store_whose_name_is_not_ascii(tmp_path: Path):
    store = Store(str(tmp_path / "stóre #1, 100%"))
    rows = r.write_rows(store, r.fresh_path("p ü/(q) ~[1]/rows"), SCHEMA, [batch(1)])
    r.protect(store, rows, "tag")
    assert [path.name for path in tmp_path.iterdir()] == ["stóre #1, 100%"]
    assert store.children("") == ["p ü"]
    assert store.children("p ü") == ["(q) ~[1]"]


def test_an_error_of_the_disk_is_no_conflict():
    full = OSError("/x/_transactions/0-ab.txn: No space left on device (os error 28)")
    assert not is_conflict(full)
    assert is_conflict(OSError("Retryable commit conflict for version 2"))


def test_fragments_are_seen_only_once_they_are_committed(any_store: Store):
    path = r.write_rows(any_store, r.fresh_path("p"), SCHEMA, []).path
    written = [r.write_fragments(any_store, path, [batch(i)], SCHEMA) for i in range(3)]
    assert r.latest_rows(any_store, path).count_rows() == 0
    r.commit_fragments(any_store, path, [text for texts in written for text in texts])
    assert r.latest_rows(any_store, path).count_rows() == 3
    assert r.commit_fragments(any_store, path, []) == r.latest_rows(any_store, path).version


def test_appends_of_many_threads_are_all_there(any_store: Store):
    path = r.write_rows(any_store, r.fresh_path("p"), SCHEMA, []).path

    def append() -> None:
        for i in range(3):
            fragments = r.write_fragments(any_store, path, [batch(i)], SCHEMA)
            r.commit_fragments(any_store, path, fragments)

    threads = [threading.Thread(target=append) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert r.latest_rows(any_store, path).count_rows() == 9


def test_versions_derived_from_one_parent_at_once_hold_their_own_change_only(any_store: Store):
    parent = r.write_rows(any_store, r.fresh_path("p"), SCHEMA, [batch(*range(6))])
    derived: dict[int, r.Rows] = {}

    def derive(number: int) -> None:
        changes = [
            lambda data: data.update({"x": str(100 + number)}, where=f"_row = {number}"),
            lambda data: data.delete(f"_row = {number + 1}"),
        ]
        derived[number] = r.derive(any_store, parent, changes)

    threads = [threading.Thread(target=derive, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, rows in derived.items():
        expected = [100 + number if i == number else i for i in range(6) if i != number + 1]
        assert values(any_store, rows) == sorted(expected)
    assert values(any_store, parent) == list(range(6))


def test_a_tagged_version_outlives_cleaning_up_and_others_do_not(store: Store):
    first = r.write_rows(store, r.fresh_path("p"), SCHEMA, [batch(1, 2)])
    r.protect(store, first, "kept")
    second = r.derive(store, first, [lambda data: data.delete("x = 1")])
    third = r.derive(store, first, [lambda data: data.delete("x = 2")])
    r.expire(store, first.path, {"kept"}, 0)
    assert values(store, first) == [1, 2]
    assert values(store, third) == [1]
    with pytest.raises(StoreError, match=f"cannot be opened at version {second.version}"):
        r.open_rows(store, second).to_table()


def test_compacting_keeps_rows_and_their_order(store: Store):
    path = r.write_rows(store, r.fresh_path("p"), SCHEMA, []).path
    for i in range(10):
        r.commit_fragments(store, path, r.write_fragments(store, path, [batch(i, -i)], SCHEMA))
    r.compact(store, path)
    data = r.latest_rows(store, path)
    assert len(data.get_fragments()) == 1
    assert data.to_table().column("x").to_pylist() == [x for i in range(10) for x in (i, -i)]


def test_a_slice_of_structs_with_nulls_can_be_written(store: Store):
    # Lance 14.0.2 panics on it unless it is copied: see `copy_slices`.
    column = pa.array([{"a": [1, 2]}, None, {"a": [3]}, None, {"a": []}])
    rows = pa.record_batch({"_row": range(5), "x": column})
    written = r.write_rows(store, r.fresh_path("p"), rows.schema, [rows.slice(1, 3)])
    back = r.open_rows(store, written).to_table().column("x").to_pylist()
    assert back == [None, {"a": [3]}, None]


def test_errors_and_panics_of_lance_are_store_errors(store: Store):
    with pytest.raises(StoreError, match="cannot be opened"):
        r.latest_rows(store, "p/nothing.lance")
    rows = r.write_rows(store, r.fresh_path("p"), SCHEMA, [batch(1)])
    with pytest.raises(StoreError, match="cannot be opened at version 7"):
        r.open_rows(store, r.Rows(rows.path, 7))
    with pytest.raises(StoreError, match="cannot be written"):
        r.write_rows(store, rows.path, SCHEMA, [batch(1)])


def test_the_format_of_the_files_is_the_pinned_one(store: Store):
    rows = r.write_rows(store, r.fresh_path("p"), SCHEMA, [batch(1)])
    assert lance.dataset(store.url(rows.path)).data_storage_version == r.STORAGE_VERSION
