"""What an import says of the image files."""

import json

import numpy as np
import pytest
from PIL import Image

from samplewise import Table
from samplewise.formats.image_scan import TURNED, UNREADABLE, UNTURNED_SIZE
from samplewise.formats.import_report import ImportReport


@pytest.fixture
def turned(tmp_path):
    """A COCO file of ten images: eight orientations, a text, and one that is missing."""
    images = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"{orientation}.jpg"
        Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(tmp_path / name, exif=exif)
        images.append({"id": orientation, "file_name": name, "width": 30, "height": 20})
    (tmp_path / "text.jpg").write_text("no image")
    for number, name in ((9, "text.jpg"), (10, "missing.jpg")):
        images.append({"id": number, "file_name": name, "width": 30, "height": 20})
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}
    content = {"images": images, "annotations": [box], "categories": [{"id": 1, "name": "a"}]}
    (tmp_path / "labels.json").write_text(json.dumps(content))
    return tmp_path


def test_turned_and_unreadable_images_are_counted_and_said(turned, capsys):
    where = {"dataset_name": "d", "project_name": "p", "root_url": str(turned / "store")}
    table = Table.from_coco(turned / "labels.json", **where)
    kept = ImportReport.of(table.source).kept
    assert kept[TURNED].count == 7
    assert kept[UNTURNED_SIZE].count == 4
    assert kept[UNREADABLE].examples == (str(turned / "text.jpg"),)
    assert f"7 {TURNED}" in capsys.readouterr().err


def test_a_large_aerial_picture_keeps_its_size_and_its_boxes(tmp_path, monkeypatch):
    """The labels of YOLO are fractions: without a size they are nowhere."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    (tmp_path / "images" / "train").mkdir(parents=True)
    (tmp_path / "labels" / "train").mkdir(parents=True)
    Image.new("RGB", (300, 200)).save(tmp_path / "images/train/aerial.png")
    (tmp_path / "labels/train/aerial.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    (tmp_path / "data.yaml").write_text("train: images/train\nnames: [tree]\n")
    where = {"dataset_name": "d", "project_name": "p", "root_url": str(tmp_path / "store")}
    table = Table.from_yolo(tmp_path / "data.yaml", **where)
    assert table.row(0)["bbs"]["x_max"] == 300
    assert table.row(0)["bbs"]["instances"] == [
        {"x_min": 120.0, "y_min": 80.0, "x_max": 180.0, "y_max": 120.0}
    ]
