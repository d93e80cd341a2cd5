import gc
import os
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from inline_snapshot import snapshot

import samplewise as sw
from samplewise.errors import InvalidArgumentError, SchemaError
from samplewise.schemas import Float, ImageSchema, Int


@pytest.fixture
def make_writer(root):
    def make(**options) -> sw.TableWriter:
        return sw.TableWriter("t", "d", "p", root_url=root, **options)

    return make


def nothing_is_left(root: str) -> bool:
    writing = [thread for thread in threading.enumerate() if thread.name == "samplewise-writer"]
    return not writing and (not os.path.exists(root) or os.listdir(root) == [])


def test_rows_and_batches_of_all_kinds_come_in_order(make_writer):
    with make_writer() as writer:
        writer.add_row({"x": 0, "y": "a"})
        writer.add_batch({"x": np.array([1, 2]), "y": ["b", "c"]})
        writer.add_batch(pa.table({"y": ["d"], "x": [3]}))
        writer.add_batch(pa.record_batch({"x": [4], "y": ["e"]}))
        writer.add_row({"x": 5, "y": None})
    assert writer.table.to_arrow().to_pydict() == {
        "x": [0, 1, 2, 3, 4, 5],
        "y": ["a", "b", "c", "d", "e", None],
    }


def test_a_row_may_be_filled_again_by_its_caller(make_writer):
    row: dict[str, int] = {}
    with make_writer() as writer:
        for number in range(3):
            row["x"] = number
            writer.add_row(row)
    assert [sample["x"] for sample in writer.table] == [0, 1, 2]


def test_weights_of_one_are_added_where_none_are_given(make_writer):
    with make_writer(add_weight_column=True) as writer:
        writer.add_batch({"x": [1, 2]})
        writer.add_row({"x": 3})
    assert writer.table.columns == ["x", "weight"]
    assert [row["weight"] for row in writer.table.table_rows] == [1.0, 1.0, 1.0]


def test_weights_that_are_given_stay(make_writer):
    with make_writer(add_weight_column=True) as writer:
        writer.add_batch({"x": [1, 2], "weight": [0.5, 0.0]})
    assert [row["weight"] for row in writer.table.table_rows] == [0.5, 0.0]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_nothing_behind(make_writer, root, error):
    writer = make_writer(aliases={"DATA": "/x"})
    with pytest.raises(error):
        write_and_raise(writer, error)
    assert nothing_is_left(root)
    with pytest.raises(InvalidArgumentError, match="must be finalized"):
        _ = writer.table
    with pytest.raises(InvalidArgumentError, match="was aborted"):
        writer.add_row({"x": 1})


def write_and_raise(writer: sw.TableWriter, error: type[BaseException]) -> None:
    with writer:
        writer.add_batch({"x": list(range(10_000))})
        raise error


def test_a_value_that_does_not_fit_leaves_nothing_behind_and_names_its_row(make_writer, root):
    with pytest.raises(SchemaError, match="column `x`, row 10000: must be an integer"):
        write_ten_thousand_and_one(make_writer(schema={"x": Int()}))
    assert nothing_is_left(root)


def write_ten_thousand_and_one(writer: sw.TableWriter) -> None:
    with writer:
        for i in range(10_000):
            writer.add_row({"x": i})
        writer.add_row({"x": "many"})


def test_a_writer_that_is_dropped_leaves_nothing_behind(make_writer, root):
    writer = make_writer()
    writer.add_batch({"x": [1]})
    del writer
    gc.collect()
    assert nothing_is_left(root)


def test_a_program_that_forgets_to_finalize_leaves_nothing_behind(root, run_python):
    run_python(
        "import samplewise as sw\n"
        f"writer = sw.TableWriter('t', 'd', 'p', root_url={root!r})\n"
        "writer.add_batch({'x': [1]})"
    )
    assert nothing_is_left(root)


def test_a_table_without_rows_needs_a_schema(make_writer, root):
    with pytest.raises(SchemaError) as caught:
        make_writer().finalize()
    assert str(caught.value) == snapshot("""\
a table without rows must have a schema.
Hint: pass schema={...}\
""")
    assert nothing_is_left(root)
    empty = make_writer(schema={"x": Float(), "image": ImageSchema()}).finalize()
    assert len(empty) == 0
    assert list(empty) == []
    assert empty.to_arrow().num_rows == 0
    assert bool(empty)


def test_a_table_without_columns_is_refused(make_writer):
    for use in (lambda: make_writer(schema={}), lambda: make_writer().add_batch({})):
        with pytest.raises(SchemaError, match="a table must have at least one column"):
            use()


def test_columns_that_are_missing_unknown_or_of_another_length_are_named(make_writer):
    writer = make_writer(schema={"x": Int(), "y": Int()})
    with pytest.raises(SchemaError, match="must have the columns x, y, but lacks `y`"):
        writer.add_row({"x": 1})
    with pytest.raises(SchemaError, match="must have the columns x, y, but has `z`"):
        writer.add_batch({"x": [1], "y": [1], "z": [1]})
    with pytest.raises(SchemaError, match="must have one length, but have"):
        writer.add_batch({"x": [1], "y": [1, 2]})


def test_a_finalized_table_takes_no_more_rows(make_writer):
    writer = make_writer()
    writer.add_row({"x": 1})
    assert writer.finalize() is writer.finalize()
    with pytest.raises(InvalidArgumentError, match="is finalized and takes no more rows"):
        writer.add_row({"x": 2})


def test_a_name_that_is_taken_is_refused_before_the_work_begins(make_writer, root):
    with make_writer() as writer:
        writer.add_row({"x": 1})
    with pytest.raises(FileExistsError, match="table `t` exists"):
        make_writer(if_exists="raise")


def test_images_are_stored_with_the_alias_of_their_folder(make_writer, image_folder: Path):
    with make_writer(schema={"image": ImageSchema()}, aliases={"DATA": image_folder}) as writer:
        writer.add_row({"image": image_folder / "3.png"})
    assert writer.table.to_arrow().to_pydict() == {"image": ["<DATA>/3.png"]}
    assert writer.table[0]["image"].getpixel((0, 0)) == (3, 3, 3)
    assert writer.table.row(0)["image"] == str(image_folder / "3.png")


def test_where_rows_came_from_may_be_anything_that_can_be_described(make_writer):
    source = {"nan": float("nan"), "path": Path("/x"), "counts": {np.int64(1): np.float32(0.5)}}
    with make_writer(source=source, description="über") as writer:
        writer.add_row({"x": 1})
    assert writer.table.source == {"nan": "nan", "path": "/x", "counts": {"1": 0.5}}
    assert writer.table.description == "über"
