"""Folders with one folder of images per class."""

import pytest

from samplewise.errors import FormatError, InvalidArgumentError


@pytest.fixture
def folder(tmp_path, make_image):
    for name in ("dog/1.jpg", "cat/2.JPG", "cat/deep/3.png"):
        make_image(tmp_path / "pets" / name)
    return tmp_path / "pets"


def test_a_row_is_an_image_and_its_class(read, folder):
    table = read("image_folder", folder)
    assert table.get_simple_value_map("label") == {0: "cat", 1: "dog"}
    assert table.to_arrow()["label"].to_pylist() == [0, 0, 1]
    assert table.image_urls()[1] == str(folder / "cat" / "deep" / "3.png")


def test_classes_of_another_folder_give_the_same_ids(read, folder):
    table = read("image_folder", folder, classes=["ape", "cat", "cow", "dog"])
    assert table.to_arrow()["label"].to_pylist() == [1, 1, 3]


def test_classes_that_are_not_given_are_refused(read, folder):
    with pytest.raises(FormatError, match="must hold the classes cat, but holds `dog`"):
        read("image_folder", folder, classes=["cat"])
    with pytest.raises(InvalidArgumentError, match="must name each class once"):
        read("image_folder", folder, classes=["cat", "dog", "cat"])


def test_what_is_no_image_is_counted(read, folder, repaired, make_image):
    (folder / "cat" / "notes.txt").write_text("x")
    (folder / ".hidden").mkdir()
    make_image(folder / "stray.png")
    assert repaired(read("image_folder", folder)) == {
        "images outside any class folder: left out": 1,
        "files that are no images by their name: left out": 1,
    }


def test_a_class_without_images_is_a_class(read, folder):
    (folder / "emu").mkdir()
    assert read("image_folder", folder).get_simple_value_map("label")[2] == "emu"


def test_splits_are_not_taken_for_classes(read, tmp_path, make_image):
    for name in ("train/cat/1.jpg", "val/cat/2.jpg"):
        make_image(tmp_path / "pets" / name)
    with pytest.raises(FormatError, match="holds the splits train, val"):
        read("image_folder", tmp_path / "pets")


def test_folders_without_images_are_refused(read, tmp_path):
    with pytest.raises(FormatError, match="must be a folder with one folder"):
        read("image_folder", tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FormatError, match="but holds no folders"):
        read("image_folder", tmp_path / "empty")
    (tmp_path / "empty" / "cat").mkdir()
    with pytest.raises(FormatError, match="but holds none"):
        read("image_folder", tmp_path / "empty")
