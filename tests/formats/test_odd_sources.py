"""Sources that say something twice, or in another way than is expected."""

import pytest

from samplewise.errors import FormatError


def test_a_link_to_another_class_folder_gives_no_image_two_classes(
    read, make_image, tmp_path, repaired
):
    root = tmp_path / "images"
    make_image(root / "cat" / "a.png")
    make_image(root / "dog" / "b.png")
    (root / "cat" / "up").symlink_to(root)
    (root / "again").symlink_to(root / "dog")
    table = read("image_folder", root)
    assert [url.split("/")[-2:] for url in table.image_urls()] == [
        ["cat", "a.png"],
        ["dog", "b.png"],
    ]
    assert repaired(table)["folders that links lead to again: entered once"] == 2


def test_classes_in_csv_are_the_text_that_stands_there(read, make_image, tmp_path):
    make_image(tmp_path / "a.png")
    for values in (["true", "false"], ["2020-01-01", "2021-01-01"]):
        path = tmp_path / "rows.csv"
        path.write_text(
            "".join(f"{line}\n" for line in ["image,label", *(f"a.png,{v}" for v in values)])
        )
        table = read("csv", path, label_column="label")
        classes = table.schema["label"].value_map
        assert sorted(element.internal_name for element in classes.values()) == sorted(values)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_than_commas_are_named(read, make_image, tmp_path, mark):
    path = tmp_path / "rows.csv"
    path.write_text(f"image{mark}label\na.png{mark}cat\n")
    with pytest.raises(FormatError, match="must have commas between its values, but has"):
        read("csv", path, label_column="label")


def test_two_annotations_in_one_voc_file_are_refused(read, make_image, tmp_path):
    make_image(tmp_path / "JPEGImages" / "a.jpg")
    (tmp_path / "Annotations").mkdir()
    inner = "<annotation><filename>a.jpg</filename></annotation>"
    (tmp_path / "Annotations" / "a.xml").write_text(f"<annotation>{inner * 2}</annotation>")
    with pytest.raises(FormatError, match="must have one `annotation`"):
        read("voc", tmp_path)
