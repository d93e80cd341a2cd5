"""Pascal VOC."""

import json

import pytest

from samplewise.errors import FormatError

OBJECT = """<object><name>{name}</name><pose>Left</pose><difficult>1</difficult>
<bndbox><xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></bndbox></object>"""
SIZE = "<size><width>64</width><height>48</height><depth>3</depth></size>"


@pytest.fixture
def voc(tmp_path, make_image):
    root = tmp_path / "VOC2007"

    def write(name="1", objects="", *, size=SIZE, filename=None, image=True):
        labels = root / "Annotations" / f"{name}.xml"
        labels.parent.mkdir(parents=True, exist_ok=True)
        called = f"{name}.jpg" if filename is None else filename
        labels.write_text(f"<annotation><filename>{called}</filename>{size}{objects}</annotation>")
        if image:
            make_image(root / "JPEGImages" / f"{name}.jpg")
        return root

    return write


def thing(*corners, name="dog"):
    return OBJECT.format(*corners, name=name)


def properties(table, row=0):
    return table.table_rows[row]["bbs"]["instances_additional_data"]


def test_corners_are_kept_as_the_file_has_them(read, voc):
    table = read("voc", voc(objects=thing(1, 2, 30.5, 40) + thing(5, 5, 9, 9, name="cat")))
    assert table[0]["bbs"].boxes.tolist() == [[1, 2, 30.5, 40], [5, 5, 9, 9]]
    assert properties(table)["label"] == [1, 0]
    assert properties(table)["difficult"] == [1, 1]
    assert "truncated" not in properties(table)
    assert json.loads(properties(table)["attributes"][0]) == {"pose": "Left"}


def test_parts_of_an_object_are_kept_with_it(read, voc):
    part = "<part><name>head</name></part>" * 2
    table = read("voc", voc(objects=thing(1, 2, 3, 4).replace("</object>", f"{part}</object>")))
    assert json.loads(properties(table)["attributes"][0])["part"] == [{"name": "head"}] * 2
    assert properties(table)["label"] == [0]


def test_a_split_is_a_list(read, voc):
    root = voc("1")
    voc("2")
    (root / "ImageSets" / "Main").mkdir(parents=True)
    (root / "ImageSets" / "Main" / "val.txt").write_text("2  1\n\n")
    assert read("voc", root, "val").image_urls() == [str(root / "JPEGImages" / "2.jpg")]
    assert len(read("voc", root)) == 2
    with pytest.raises(FormatError, match="there is no split"):
        read("voc", root, "test")


def test_classes_can_be_given(read, voc):
    table = read("voc", voc(objects=thing(1, 2, 3, 4)), classes=["cat", "cow", "dog"])
    assert properties(table)["label"] == [2]
    with pytest.raises(FormatError, match="has the class `dog`"):
        read("voc", voc(objects=thing(1, 2, 3, 4)), classes=["cat"])


def test_folders_can_be_named_otherwise(read, voc):
    root = voc(objects=thing(1, 2, 3, 4))
    (root / "Annotations").rename(root / "labels")
    (root / "JPEGImages").rename(root / "images")
    options = {"annotations_folder": root / "labels", "image_folder": root / "images"}
    assert len(read("voc", root, **options)[0]["bbs"]) == 1


def test_an_image_of_another_name_is_found_by_that_of_the_file(read, voc, repaired):
    root = voc(filename="0001.jpeg")
    table = read("voc", root)
    assert table.image_urls() == [str(root / "JPEGImages" / "1.jpg")]
    assert repaired(table) == {"`filename` that is not there: the image named like the XML": 1}


def test_a_size_that_is_missing_is_read_from_the_image(read, voc, repaired):
    row = read("voc", voc(size="")).table_rows[0]
    assert (row["width"], row["height"]) == (64, 48)


def test_missing_images_are_counted_or_left_out(read, voc, kept):
    root = voc(image=False)
    voc("2")
    assert kept(read("voc", root)) == {
        "images whose file is missing": 1,
        "label files without any label": 2,
    }
    assert len(read("voc", root, missing_images="drop")) == 1


def test_corners_the_wrong_way_round_are_exchanged(read, voc, repaired, kept):
    table = read("voc", voc(objects=thing(30, 4, 10, 4)))
    assert table[0]["bbs"].boxes.tolist() == [[10, 4, 30, 4]]
    assert repaired(table) == {"boxes with a negative side: corners exchanged": 1}
    assert kept(table) == {"boxes without an area": 1}


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        (thing(1, 2, 3, "x"), "object 1: must have four numbers as `bndbox`"),
        (thing(1, 2, 3, "nan"), "object 1: must have four numbers as `bndbox`"),
        (thing(1, 2, 3, 4) + "<object/>", "object 2: must have a `name`"),
        ("<object>", "must be XML, but mismatched tag: line 2, column"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(read, voc, objects, reason):
    with pytest.raises(FormatError) as caught:
        read("voc", voc(objects="\n" + objects))
    assert "Annotations/1.xml`" in caught.value.message
    assert reason in caught.value.message


def test_folders_without_labels_are_refused(read, tmp_path):
    with pytest.raises(FormatError, match="must be a folder of XML files"):
        read("voc", tmp_path)
    (tmp_path / "Annotations").mkdir()
    with pytest.raises(FormatError, match="must hold XML files"):
        read("voc", tmp_path)
