import os
import pickle
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from inline_snapshot import snapshot

import samplewise as sw
from samplewise.data_types import BoundingBoxes2D
from samplewise.errors import (
    AliasError,
    ColumnNotFoundError,
    ForkError,
    InvalidArgumentError,
    NewerFormatError,
    NotFoundError,
    StoreError,
)
from samplewise.schemas import BoundingBoxes2DSchema, ImageSchema, SemanticSegmentationSchema
from samplewise.storage import Store

NAMES = ["a b", "ü日本", "100%", "a#b", "a%20b", "[x]{y}^~", "it's & co; $5 + 1=6, @!"]


def boxes(count: int) -> BoundingBoxes2D:
    value = BoundingBoxes2D.create_empty(8, 6)
    for i in range(count):
        value.add_instance([i, 0, i + 2, 4], i % 2)
    return value


@pytest.fixture
def table(make_table, image_folder: Path) -> sw.Table:
    """Five images with 0 to 4 boxes."""
    return make_table(
        {
            "image": [str(image_folder / f"{i}.png") for i in range(5)],
            "bbs": [boxes(i) for i in range(5)],
        },
        {"image": ImageSchema(), "bbs": BoundingBoxes2DSchema(["cat", "dog"])},
        add_weight_column=True,
        aliases={"DATA": str(image_folder)},
    )


def test_a_sample_holds_an_image_and_boxes_and_a_row_holds_what_is_stored(table, image_folder):
    sample, row = table[3], table.table_rows[3]
    assert sample["image"].getpixel((0, 0)) == (3, 3, 3)
    np.testing.assert_array_equal(sample["bbs"].boxes[2], [2, 0, 4, 4])
    assert sample["weight"] == row["weight"] == 1.0
    assert row["image"] == str(image_folder / "3.png")
    assert row["bbs"]["instances_additional_data"]["label"] == [0, 1, 0]


def test_a_table_is_a_sequence(table):
    assert len(table) == len(table.table_rows) == 5
    assert [len(sample["bbs"]) for sample in table] == [0, 1, 2, 3, 4]
    assert len(table[-1]["bbs"]) == 4
    assert [len(s["bbs"]) for s in table[1:4:2]] == [1, 3]
    assert [r["weight"] for r in table.table_rows[3:]] == [1.0, 1.0]
    assert len(table[torch.tensor(2)]["bbs"]) == len(table[np.int8(2)]["bbs"]) == 2


@pytest.mark.parametrize("index", [5, -6, 1.0, "1", None, True])
def test_what_is_no_index_of_the_table_is_refused(table, index):
    with pytest.raises(InvalidArgumentError, match="an index must"):
        table[index]


def test_a_table_opens_by_name_and_by_url(table, root):
    opened = sw.Table.from_names("initial", "d", "p", root)
    assert opened == table == sw.Table.from_url(table.url)
    assert opened == sw.Table.from_url(table.url + "/table.json")
    assert hash(opened) == hash(table)
    assert (opened.name, opened.dataset_name, opened.project_name) == ("initial", "d", "p")
    assert opened.root_url == root
    assert opened.columns == ["image", "bbs", "weight"]


def test_a_table_that_does_not_exist_is_an_error_with_the_closest_name(table, root):
    with pytest.raises(NotFoundError) as caught:
        sw.Table.from_names("inital", "d", "p", root)
    assert caught.value.hint == snapshot("did you mean `initial`? There is: initial.")
    with pytest.raises(InvalidArgumentError, match="must end with <project>/datasets/<dataset>"):
        sw.Table.from_url("/x/y")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_given(root, name):
    table = sw.Table.from_dict(
        {"x": [1]}, table_name=name, dataset_name=name, project_name=name, root_url=root
    )
    assert sw.Table.from_url(table.url)[0] == {"x": 1}
    assert table.delete_rows([0]).name == f"{name}_0000"
    with sw.tables.Run.create(name, name, root_url=root) as run:
        run.add_metrics({"y": [1]}, foreign_table_url=table.url)
    assert sw.tables.Run.from_url(run.url).metrics(["x", "y"]).to_pylist() == [{"x": 1, "y": 1}]


def test_classes_are_told_by_path(table):
    path = "bbs.instances_additional_data.label"
    assert table.get_simple_value_map(path) == {0: "cat", 1: "dog"}
    assert table.get_simple_value_map("weight") is None
    with pytest.raises(ColumnNotFoundError, match="there is no column `bbx`"):
        table.get_simple_value_map("bbx.instances_additional_data.label")


def test_a_wrong_column_is_an_error_with_the_closest_name(table):
    for use in (
        lambda: table.get_column_as_pyarrow_array("weights"),
        lambda: table.to_arrow(["weights"]),
        lambda: table.take([0], ["weights"]),
        lambda: table.to_batches(["weights"]),
        lambda: table.image_urls("weights"),
        lambda: table.edit({"weights": {0: 1.0}}),
    ):
        with pytest.raises(ColumnNotFoundError, match="did you mean `weight`"):
            use()


def test_a_table_says_what_it_is(table):
    assert repr(table) == snapshot("Table(p/d/initial: 5 rows, columns image, bbs, weight)")


def test_the_store_may_move_to_another_folder(table, root, tmp_path):
    derived = table.edit({"weight": {1: 0.0}}).delete_rows([0])
    with sw.tables.Run.create("p", "r", root_url=root) as run:
        run.add_metrics({"y": [1, 2, 3, 4]}, foreign_table_url=derived.url)
    moved = tmp_path / "else where"
    shutil.move(root, moved)
    again = sw.Table.from_names(derived.name, "d", "p", str(moved))
    assert [row["weight"] for row in again.table_rows] == [0.0, 1.0, 1.0, 1.0]
    assert [t.name for t in again.lineage()] == ["initial", "initial_0000", "initial_0001"]
    assert again.delete_rows([0])[0]["bbs"].boxes.shape == (2, 4)
    metrics = sw.tables.Run.from_names("r", "p", str(moved)).metrics(["y", "weight"])
    assert metrics.to_pydict() == {"y": [1, 2, 3, 4], "weight": [0.0, 1.0, 1.0, 1.0]}


def test_a_copied_and_renamed_table_folder_is_a_table_of_that_name(table, root):
    shutil.copytree(table.url, Path(table.url).with_name("copy"))
    assert sw.Table.from_names("copy", "d", "p", root).name == "copy"


def test_images_are_found_where_the_alias_says(table, tmp_path, monkeypatch, image_folder):
    moved = tmp_path / "moved"
    image_folder.rename(moved)
    with pytest.raises(FileNotFoundError):
        _ = sw.Table.from_url(table.url)[0]
    monkeypatch.setenv("SAMPLEWISE_ALIAS_DATA", str(moved))
    assert sw.Table.from_url(table.url)[2]["image"].getpixel((0, 0)) == (2, 2, 2)
    monkeypatch.delenv("SAMPLEWISE_ALIAS_DATA")
    given = sw.Table.from_url(table.url, aliases={"DATA": str(moved)})
    assert given.image_urls()[4] == str(moved / "4.png")


def test_an_alias_that_nobody_knows_is_an_error_that_names_it(table, root):
    Path(root, "p", "project.json").write_text('{"format": 1, "aliases": {}}')
    opened = sw.Table.from_url(table.url)
    for use in (lambda: opened[0], opened.image_urls, lambda: opened.row(0)):
        with pytest.raises(AliasError, match="alias <DATA>"):
            use()
    assert opened.to_arrow(["image"]).to_pydict()["image"][0] == "<DATA>/0.png"


def test_class_maps_have_aliases_too(make_table, image_folder):
    table = make_table(
        {"mask": [str(image_folder / "1.png")]},
        {"mask": SemanticSegmentationSchema(["a", "b"])},
        aliases={"MASKS": str(image_folder)},
    )
    assert table.to_arrow().to_pylist()[0]["mask"]["url"] == "<MASKS>/1.png"
    assert table.row(0)["mask"]["url"] == str(image_folder / "1.png")


@pytest.mark.parametrize("change", ["format", "schema", "nothing"])
def test_a_newer_or_damaged_document_is_an_error_that_says_so(table, change):
    document = Path(table.url, "table.json")
    text = document.read_text()
    if change == "format":
        document.write_text(text.replace('"format": 1', '"format": 2'))
        with pytest.raises(NewerFormatError, match="has format 2"):
            sw.Table.from_url(table.url)
    elif change == "schema":
        document.write_text(text.replace('"arrow_schema": "', '"arrow_schema": "AAAA'))
        with pytest.raises(StoreError, match="document of table `initial` in dataset `d`"):
            sw.Table.from_url(table.url)
    else:
        document.write_text("")
        with pytest.raises(StoreError, match="cannot be read"):
            sw.Table.from_url(table.url)


def test_rows_that_are_gone_are_a_store_error(table, root):
    shutil.rmtree(Path(root, "p", "datasets", "d", "rows"))
    opened = sw.Table.from_url(table.url)
    assert len(opened) == 5
    with pytest.raises(StoreError, match="cannot be opened"):
        opened.row(0)


def test_what_a_table_returned_may_be_changed_without_harm(table):
    table.table_rows[1]["bbs"]["instances"].clear()
    table[1]["bbs"].boxes[:] = -1
    assert len(table[1]["bbs"]) == 1
    assert table[1]["bbs"].boxes.min() >= 0


def test_threads_may_share_a_table(make_table):
    table = make_table({"x": list(range(1_000))})
    wrong: list[int] = []

    def read(seed: int) -> None:
        places = np.random.default_rng(seed).permutation(999)[:200].tolist()
        wrong.extend(i for i in places if table[i]["x"] != i or table[i + 1]["x"] != i + 1)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_pickled_table_opens_anew(table):
    again = pickle.loads(pickle.dumps(table))
    assert again == table
    assert len(again[4]["bbs"]) == 4


def test_a_spawned_worker_reads_and_a_forked_one_is_told_how(make_table):
    table = make_table({"x": list(range(8))})
    assert table[0] == {"x": 0}
    loader = {"dataset": table, "batch_size": 4, "num_workers": 1}
    spawned = torch.utils.data.DataLoader(multiprocessing_context="spawn", **loader)
    assert [batch["x"].tolist() for batch in spawned] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    with pytest.raises(ForkError, match='multiprocessing_context="spawn"'):
        list(torch.utils.data.DataLoader(multiprocessing_context="fork", **loader))
    plain = list(table.table_rows)
    loader["dataset"] = plain
    forked = torch.utils.data.DataLoader(multiprocessing_context="fork", **loader)
    assert len(list(forked)) == 2


def test_opening_a_table_reads_no_row(table, root):
    os.rename(Path(root, "p", "datasets", "d", "rows"), Path(root, "p", "datasets", "d", "away"))
    opened = sw.Table.from_url(table.url)
    assert (len(opened), opened.columns) == (5, ["image", "bbs", "weight"])


def test_a_deleted_table_is_gone_but_for_those_who_have_it_open(table, root):
    opened = sw.Table.from_url(table.url)
    table.delete()
    assert len(opened[3]["bbs"]) == 3
    with pytest.raises(NotFoundError):
        sw.Table.from_url(table.url)
    with pytest.raises(NotFoundError, match="is not there any more"):
        table.delete()
    assert Store(root).children("p/datasets/d/tables") == []
