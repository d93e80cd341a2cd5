"""A name stands for one source: the same is reused, another is refused with what differs."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from samplewise import Table, TableWriter
from samplewise.errors import AlreadyExistsError, FormatError
from samplewise.storage import Store


@pytest.fixture
def names(root: str) -> dict[str, Any]:
    return {"dataset_name": "d", "project_name": "p", "root_url": root}


@pytest.fixture
def dataset(tmp_path: Path, make_image, make_box) -> Path:
    """One dataset in every layout, in one folder."""
    folder = tmp_path / "data"
    for image in ("images/train/1.jpg", "classes/cat/1.jpg", "JPEGImages/1.jpg"):
        make_image(folder / image)
    image = {"id": 1, "file_name": "images/train/1.jpg", "width": 64, "height": 48}
    for name, boxes in (("train", [make_box()]), ("val", [])):
        document = {"images": [image], "annotations": boxes, "categories": [{"id": 7, "name": "a"}]}
        (folder / f"{name}.json").write_text(json.dumps(document))
    (folder / "labels/train").mkdir(parents=True)
    (folder / "labels/train/1.txt").write_text("0 .5 .5 .2 .2")
    (folder / "data.yaml").write_text("path: .\ntrain: images/train\nval: images\nnames: [a, b]\n")
    (folder / "Annotations").mkdir()
    (folder / "Annotations/1.xml").write_text("<annotation><filename>1.jpg</filename></annotation>")
    (folder / "rows.csv").write_text("x\n1\n")
    return folder


MAKERS = {
    "coco": (lambda f, n: Table.from_coco(f / "train.json", **n), "train.json"),
    "yolo": (lambda f, n: Table.from_yolo(f / "data.yaml", **n), "labels/train/1.txt"),
    "voc": (lambda f, n: Table.from_voc(f, **n), "Annotations/1.xml"),
    "csv": (lambda f, n: Table.from_csv(f / "rows.csv", **n), "rows.csv"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_dataset_that_was_moved_is_reused_and_one_that_changed_is_not(kind, dataset, names):
    make, label_file = MAKERS[kind]
    first = make(dataset, names)
    moved = Path(shutil.move(dataset, dataset.with_name("moved")))
    assert make(moved, names) == first
    text = (moved / label_file).read_text()
    (moved / label_file).write_text(f"{text.replace('1', '2')}\n")
    with pytest.raises(AlreadyExistsError, match="is made of something else"):
        make(moved, names)
    assert make(moved, {**names, "if_exists": "rename"}).name == "initial_0000"


def test_val_under_the_name_of_train_is_an_error_that_names_both(dataset, names):
    Table.from_coco(dataset / "train.json", **names)
    with pytest.raises(AlreadyExistsError) as caught:
        Table.from_coco(dataset / "val.json", **names)
    assert f"its annotations file is `{dataset}/train.json`, not `{dataset}/val.json`" in str(
        caught.value
    )
    assert "table_name or dataset_name" in str(caught.value)


def test_a_label_file_that_changed_is_named(dataset, names):
    Table.from_coco(dataset / "train.json", **names)
    shutil.copy(dataset / "val.json", dataset / "train.json")
    with pytest.raises(AlreadyExistsError, match="the contents of its annotations file"):
        Table.from_coco(dataset / "train.json", **names)


def test_other_options_are_named(dataset, names):
    Table.from_coco(dataset / "train.json", **names)
    with pytest.raises(AlreadyExistsError, match="`task` is 'detect', not 'segment'"):
        Table.from_coco(dataset / "train.json", task="segment", **names)
    with pytest.raises(AlreadyExistsError, match="its images lie in"):
        Table.from_coco(dataset / "train.json", dataset / "images", **names)


def test_another_split_or_format_is_named(dataset, names):
    Table.from_yolo(dataset / "data.yaml", **names)
    with pytest.raises(AlreadyExistsError, match="`split` is 'train', not 'val'"):
        Table.from_yolo(dataset / "data.yaml", "val", **names)
    with pytest.raises(AlreadyExistsError, match="of a YOLO dataset, not of a COCO file"):
        Table.from_coco(dataset / "train.json", **names)


def test_another_image_in_a_class_is_another_source(dataset, names, make_image):
    first = Table.from_image_folder(dataset / "classes", **names)
    assert Table.from_image_folder(dataset / "classes", **names) == first
    make_image(dataset / "classes/cat/2.jpg")
    with pytest.raises(AlreadyExistsError, match="the contents of its list of images"):
        Table.from_image_folder(dataset / "classes", **names)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_source_that_is_not_there_is_an_error_whatever_is_stored(kind, dataset, names):
    make, _ = MAKERS[kind]
    make(dataset, names)
    with pytest.raises(FormatError, match="nowhere"):
        make(dataset / "nowhere", names)


def test_a_torch_dataset_is_told_by_its_samples(names):
    samples = [(i, i % 2) for i in range(300)]
    first = Table.from_torch_dataset(samples, ["x", "y"], **names)
    assert Table.from_torch_dataset(samples, ["x", "y"], **names) == first
    with pytest.raises(AlreadyExistsError, match="the contents of its dataset"):
        Table.from_torch_dataset([(i + 1, 0) for i in range(300)], ["x", "y"], **names)


def test_samples_that_are_drawn_anew_do_not_make_another_source(names):
    class Drawn(list):
        calls = 0

        def __getitem__(self, place):
            Drawn.calls += 1
            return (Drawn.calls,)

        def __repr__(self) -> str:
            return "Drawn"

    first = Table.from_torch_dataset(Drawn([0] * 5), ["x"], **names)
    assert Table.from_torch_dataset(Drawn([0] * 5), ["x"], **names) == first


def test_a_writer_reuses_the_same_rows_and_refuses_others(names):
    def write(*values: int) -> Table:
        with TableWriter("t", if_exists="reuse", **names) as writer:
            for value in values:
                writer.add_row({"x": value})
        return writer.table

    assert write(1, 2) == write(1, 2)
    with pytest.raises(AlreadyExistsError, match="its rows are others"):
        write(1, 3)


def test_a_revision_is_not_taken_for_its_source(dataset, names):
    table = Table.from_coco(dataset / "train.json", **names)
    table.edit({"weight": {0: 0.5}}, table_name="edited")
    with pytest.raises(AlreadyExistsError, match="it was made by editing another table"):
        Table.from_coco(dataset / "train.json", table_name="edited", **names)


def test_tables_of_older_versions_are_compared_by_what_they_say(dataset, names, root, capfd):
    first = Table.from_coco(dataset / "train.json", **names)
    Store(root).update(
        "p/datasets/d/tables/initial/table.json", lambda old: {**old, "fingerprint": None}
    )
    assert Table.from_coco(dataset / "train.json", **names) == first
    assert "its contents were not" in capfd.readouterr().err
    with pytest.raises(AlreadyExistsError, match=r"made of `.*train.json`, not of `.*val.json`"):
        Table.from_coco(dataset / "val.json", **names)


def test_images_that_lie_elsewhere_now_are_said(dataset, names, capfd):
    Table.from_coco(dataset / "train.json", **names)
    shutil.move(dataset, dataset.with_name("moved"))
    Table.from_coco(dataset.with_name("moved") / "train.json", **names)
    assert f"those in `{dataset}`, which is not there any more" in capfd.readouterr().err
