import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
import torch
from inline_snapshot import snapshot

import samplewise as sw
from samplewise import schemas as s
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import AlreadyExistsError, InvalidArgumentError
from samplewise.storage import Store


def column(table: sw.Table, name: str = "x") -> list:
    return table.get_column_as_pyarrow_array(name).to_pylist()


@pytest.fixture
def table(make_table) -> sw.Table:
    return make_table(add_weight_column=True)


@pytest.mark.parametrize(
    "which",
    [[1, 3], (3, 1, 1), [-2, 1], np.array([1, 3]), torch.tensor([3, 1]), pa.array([1, 3])],
)
def test_rows_are_left_out_by_index(table, which):
    assert column(table.delete_rows(which)) == [0, 2, 4]


def test_rows_are_left_out_by_a_mask(table):
    mask = np.array([False, True, False, True, False])
    for which in (mask, mask.tolist(), torch.as_tensor(mask)):
        assert column(table.delete_rows(which)) == [0, 2, 4]
    with pytest.raises(InvalidArgumentError, match=r"one value per row \(5\), but has 2"):
        table.delete_rows([True, False])


@pytest.mark.parametrize("count", [1, 4, 5])
def test_any_number_of_rows_can_go(table, count):
    left = table.delete_rows(range(count))
    assert len(left) == 5 - count
    assert column(left) == [0, 1, 2, 3, 4][count:]
    assert left.sql("select count(*) as n from rows").to_pydict() == {"n": [5 - count]}


def test_a_table_of_which_all_rows_are_gone_can_be_opened_again(table):
    empty = sw.Table.from_url(table.delete_rows(range(5)).url)
    assert list(empty) == []
    assert empty.to_arrow().schema.names == ["x", "weight"]
    with pytest.raises(InvalidArgumentError, match="an index must lie in"):
        empty.delete_rows([0])


def test_a_revision_stores_only_what_changed(make_table, root):
    table = make_table({"x": np.random.default_rng(0).random(200_000)})
    before = sum(file.size_bytes for file in Store(root).files(""))
    table.edit({"x": {7: 0.0}}, delete=[3])
    after = sum(file.size_bytes for file in Store(root).files(""))
    assert after - before < 0.05 * before


def test_the_parent_is_as_it_was(table):
    opened = sw.Table.from_url(table.url)
    child = table.edit({"x": {0: 100}}, delete=[4])
    assert column(table) == column(opened) == column(sw.Table.from_url(table.url))
    assert column(child) == [100, 1, 2, 3]


def test_rows_keep_their_order_and_their_neighbours(table):
    edited = table.edit({"x": {1: 10}, "weight": {3: 0.5}}).edit({"x": {0: 20}}, delete=[2])
    assert edited.to_arrow().to_pydict() == {"x": [20, 10, 3, 4], "weight": [1.0, 1.0, 0.5, 1.0]}
    assert [edited[i]["x"] for i in (3, 0, 2, 1)] == [4, 20, 3, 10]
    assert edited.take([2, 0], ["x"]).to_pydict() == {"x": [3, 20]}
    batches = list(edited.to_batches(batch_size=3))
    assert pa.Table.from_batches(batches).to_pydict() == edited.to_arrow().to_pydict()
    assert edited.sql("select x from rows order by example_id").to_pydict()["x"] == [20, 10, 3, 4]


def test_a_value_may_be_taken_away(table):
    assert column(table.edit({"weight": {1: None}}), "weight") == [1.0, None, 1.0, 1.0, 1.0]


def test_names_continue_the_name_with_a_number_and_never_the_bare_name(make_table):
    first = make_table(table_name="train_2017")
    second = first.delete_rows([0])
    third = second.delete_rows([0])
    named = third.delete_rows([0], "cleaned", description="no more errors")
    assert [t.name for t in (second, third)] == ["train_2017_0000", "train_2017_0001"]
    first.delete()
    assert second.delete_rows([1]).name == "train_2017_0002"
    assert named.delete_rows([0]).name == "cleaned_0000"
    assert named.description == "no more errors"
    assert named.source == {"kind": "revision", "deleted": 1, "edited": 0}


def test_a_name_that_is_taken_is_refused_before_anything_is_written(table, root):
    before = list(Store(root).files(""))
    with pytest.raises(AlreadyExistsError, match="table `initial` exists"):
        table.delete_rows([0], "initial")
    assert len(list(Store(root).files(""))) == len(before)


def test_latest_and_lineage_follow_the_tree(table):
    left = table.delete_rows([0], "left")
    right = table.delete_rows([1], "right")
    leaf = left.edit({"x": {0: 9}}, "leaf")
    assert [t.name for t in leaf.lineage()] == ["initial", "left", "leaf"]
    assert table.latest() == left.latest() == leaf.latest() == leaf
    assert right.latest() is right
    left.delete()
    assert [t.name for t in leaf.lineage()] == ["initial", "leaf"]
    assert table.latest() == leaf


def test_an_edit_that_changes_nothing_is_refused(table):
    for use in (
        lambda: table.edit({}),
        lambda: table.edit({"x": {}}),
        lambda: table.delete_rows([]),
        lambda: table.delete_rows(np.zeros(5, bool)),
    ):
        with pytest.raises(InvalidArgumentError, match="must change something"):
            use()


def error_of(use) -> str:
    with pytest.raises(InvalidArgumentError) as caught:
        use()
    return str(caught.value)


def test_a_value_that_does_not_fit_is_named_with_its_row(make_table):
    table = make_table(
        {"x": [0, 1, 2], "label": [0, 1, 0], "embedding": np.zeros((3, 2))},
        {"label": s.CategoricalLabelSchema(["cat", "dog"])},
    )
    assert error_of(lambda: table.edit({"x": {0: 5, 2: "many"}})) == snapshot(
        "column `x`, row 2: must be an integer, but is 'many'."
    )
    assert error_of(lambda: table.edit({"label": {1: 7}})) == snapshot("""\
column `label`, row 1: must be the id of a class, but 7 is none of them.
Hint: the ids are 0, 1\
""")
    assert error_of(lambda: table.edit({"x": {3: 1}})) == snapshot(
        "an index must lie in table `initial` of 3 rows, but is 3."
    )
    assert error_of(lambda: table.edit({"embedding": {0: [1, 1]}})) == snapshot(
        "column `embedding` must not be edited: it is computed."
    )
    assert column(table.edit({"label": {0: "dog"}}), "label") == [1, 1, 0]
    assert table.latest().name == "initial_0000"


def test_values_of_all_kinds_can_be_edited_in_sample_form(make_table, image_folder):
    boxes = BoundingBoxes2D.create_empty(8, 6)
    boxes.add_instance([1, 2, 3, 4], 0)
    table = make_table(
        {
            "image": [str(image_folder / "0.png"), None, np.zeros((2, 2), np.uint8)],
            "bbs": [None, boxes, None],
            "array": np.zeros((3, 2, 2)),
            "list": [[1], None, []],
            "mask": [np.zeros((2, 2), int), None, None],
        },
        {
            "image": s.ImageSchema(),
            "bbs": s.BoundingBoxes2DSchema(["cat"]),
            "mask": s.SemanticSegmentationSchema(["a", "b"]),
        },
        aliases={"DATA": str(image_folder)},
    )
    boxes.add_instance([0, 0, 1, 1], 0)
    edited = table.edit(
        {
            "image": {1: image_folder / "1.png", 0: None},
            "bbs": {0: boxes, 1: None},
            "array": {2: [[1, 2], [3, 4]]},
            "list": {1: [7, 8]},
            "mask": {2: np.eye(2, dtype=int)},
        }
    )
    stored = edited.to_arrow().to_pydict()
    assert stored["image"][:2] == [None, "<DATA>/1.png"]
    assert stored["image"][2] == table.to_arrow(["image"]).to_pydict()["image"][2]
    assert [None if s["bbs"] is None else len(s["bbs"]) for s in edited] == [2, None, None]
    assert edited[2]["array"].tolist() == [[1, 2], [3, 4]]
    assert edited[1]["array"].tolist() == [[0, 0], [0, 0]]
    assert stored["list"] == [[1], [7, 8], []]
    assert edited[2]["mask"].load().tolist() == [[1, 0], [0, 1]]


def test_a_relative_image_path_is_stored_absolute(make_table, image_folder, monkeypatch):
    monkeypatch.chdir(image_folder)
    table = make_table({"image": ["0.png", "1.png"]})
    assert column(table.edit({"image": {0: "2.png"}}), "image") == [
        str(image_folder / "2.png"),
        str(image_folder / "1.png"),
    ]


def test_processes_that_derive_from_one_parent_at_once_get_their_own_rows(make_table, root):
    table = make_table({"x": list(range(100))})
    program = """
import sys, samplewise as sw
number = int(sys.argv[1])
table = sw.Table.from_names("initial", "d", "p", sys.argv[2])
for i in range(4):
    changes = {number: -number, 50 + i: 1000 + i}
    table.edit({"x": changes}, delete=[20 + number], description=str(number))
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(n), root]) for n in range(1, 4)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    names = sorted(Store(root).children("p/datasets/d/tables"))
    assert len(names) == 13
    assert column(table) == list(range(100))
    found = {n: [] for n in (1, 2, 3)}
    for name in names[1:]:
        child = sw.Table.from_names(name, "d", "p", root)
        values, number = column(child), int(child.description)
        (i,) = (i for i in range(4) if 1000 + i in values)
        expected = [-x if x == number else 1000 + i if x == 50 + i else x for x in range(100)]
        del expected[20 + number]
        assert values == expected
        found[number].append(i)
    assert [sorted(each) for each in found.values()] == [[0, 1, 2, 3]] * 3
