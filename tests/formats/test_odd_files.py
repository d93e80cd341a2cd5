"""Files as label tools write them: encodings, names and values that look like something else."""

from pathlib import Path
from typing import Any

import pytest

from samplewise import Table
from samplewise.errors import FormatError

OBJECT = (
    "<object><name>{name}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>{x}</xmax>"
    "<ymax>9</ymax></bndbox></object>"
)


@pytest.fixture
def voc(tmp_path: Path, make_image) -> Any:
    """Writes a dataset of one XML file in an encoding."""

    def write(encoding: str, text: str = "", *, said: str | None = None) -> Path:
        make_image(tmp_path / "JPEGImages" / "1.jpg")
        (tmp_path / "Annotations").mkdir(exist_ok=True)
        size = "<size><width>64</width><height>48</height></size>"
        whole = text or f"<annotation>{size}{OBJECT.format(name='犬', x=70) * 2}</annotation>"
        head = f'<?xml version="1.0" encoding="{said or encoding}"?>\n'
        (tmp_path / "Annotations" / "1.xml").write_bytes(f"{head}{whole}".encode(encoding))
        return tmp_path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312", "gbk", "shift_jis", "euc-jp"])
def test_voc_is_read_in_the_encoding_that_it_says(read, voc, encoding: str):
    table = read("voc", voc(encoding))
    assert table.get_simple_value_map("bbs.instances_additional_data.label") == {0: "犬"}


def test_voc_reports_boxes_as_coco_does(read, voc, kept):
    assert kept(read("voc", voc("utf-8"))) == {
        "boxes that reach outside their image": 2,
        "labels that are there twice, with the same class and box": 1,
    }


@pytest.mark.parametrize(
    ("encoding", "said", "reason"),
    [
        ("utf-8", "klingon", "1.xml` must be in an encoding that is known, but says"),
        ("utf-8", "big5hkscs", "1.xml` must be in `big5hkscs`, as it says, but is not, at line 2"),
    ],
)
def test_an_encoding_that_cannot_be_is_named(read, voc, encoding, said, reason):
    with pytest.raises(FormatError) as caught:
        read("voc", voc(encoding, f"<annotation><a>{'犬' * 3}</a></annotation>", said=said))
    assert reason in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        '<annotation xmlns="http://x"><object/></annotation>',
        '<annotation><object xmlns="http://x"/></annotation>',
        "<annotations><image/></annotations>",
        "<html><body/></html>",
        "<annotation><Object/></annotation>",
    ],
)
def test_xml_that_is_no_voc_is_refused_by_name(read, voc, text: str):
    with pytest.raises(FormatError, match=r"1.xml` must be a Pascal VOC file"):
        read("voc", voc("utf-8", text))


def test_darknets_obj_data_is_read(read, tmp_path: Path, make_image):
    for name in ("1", "2"):
        make_image(tmp_path / f"obj_train_data/{name}.jpg")
        (tmp_path / f"obj_train_data/{name}.txt").write_text("1 0.5 0.5 0.2 0.2\n")
    (tmp_path / "obj.names").write_text("cat\ndog\n")
    (tmp_path / "train.txt").write_text("data/obj_train_data/1.jpg\ndata/obj_train_data/2.jpg\n")
    (tmp_path / "obj.data").write_text(
        "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n"
    )
    table = read("yolo", tmp_path / "obj.data")
    assert [sample["bbs"].labels.tolist() for sample in table] == [[1], [1]]


def test_coco_names_that_start_with_an_angle_bracket_are_names(read_coco, tmp_path: Path):
    images = [{"id": 1, "file_name": "<DATA>/1.jpg", "width": 5, "height": 5}]
    table = read_coco([], images=images)
    assert table.image_urls() == [f"{tmp_path}/<DATA>/1.jpg"]


@pytest.fixture
def read_csv(read, tmp_path: Path) -> Any:
    """Makes a Table of a CSV file with the columns `file` and `label`."""

    def make(data: bytes, **options: Any) -> Table:
        (tmp_path / "rows.csv").write_bytes(data)
        columns = {"image_column": "file", "label_column": "label", **options}
        return read("csv", tmp_path / "rows.csv", **columns)

    return make


def test_numbers_with_leading_zeros_stay_what_they_are(read_csv):
    table = read_csv(b"file,label,code,big\na,007,01,12345678901234567890\nb,7,1,1\n")
    assert table.get_simple_value_map("label") == {0: "007", 1: "7"}
    assert [row["code"] for row in table.table_rows] == ["01", "1"]
    assert table.table_rows[0]["big"] == "12345678901234567890"


@pytest.mark.parametrize("labels", [("cat", "", "dog"), ("1", "", "2")])
def test_an_empty_label_is_null_and_counted(read_csv, repaired, labels):
    rows = "\n".join(f"a.jpg,{label}" for label in labels)
    table = read_csv(f"file,label\n{rows}\n".encode())
    assert table.table_rows[1]["label"] is None
    assert repaired(table) == {"rows without a label: null": 1}


def test_missing_images_of_rows_are_counted(read_csv, kept, repaired):
    assert kept(read_csv(b"file,label\na.jpg,x\n")) == {"images whose file is missing": 1}
    left = read_csv(b"file,label\na.jpg,x\n", missing_images="drop")
    assert (len(left), repaired(left)) == (0, {"images whose file is missing: left out": 1})


def test_a_column_twice_is_refused(read_csv):
    with pytest.raises(FormatError, match="but `label` is there 2 times"):
        read_csv(b"file,label,label\na,x,y\n")


def test_another_encoding_is_named_and_can_be_said(read_csv):
    data = "file,label\na,café\n".encode("latin-1")
    with pytest.raises(FormatError, match="must be text in UTF-8, but is not") as caught:
        read_csv(data)
    assert "--encoding latin-1" in str(caught.value)
    assert read_csv(data, encoding="latin-1").get_simple_value_map("label") == {0: "café"}
