"""Labels and images of an export are in one frame, and one export at a time writes a folder."""

import fcntl
import json
import os

import numpy as np
import pytest
from PIL import Image

from samplewise.errors import StoreError


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_an_image_that_a_table_reads_unturned_is_unturned_in_every_tool(read, tmp_path, ending):
    pixels = np.zeros((80, 100, 3), np.uint8)
    pixels[10:20, 30:60] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / f"turned.{ending}", exif=exif)
    image = {"id": 1, "file_name": f"turned.{ending}", "width": 100, "height": 80}
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [30, 10, 30, 10]}
    document = {"images": [image], "annotations": [box], "categories": [{"id": 1, "name": "x"}]}
    (tmp_path / "labels.json").write_text(json.dumps(document))
    table = read("coco", tmp_path / "labels.json", image_reader="opencv_unturned")
    sample = read("yolo", table.export(tmp_path / "out", "yolo"))[0]
    assert sample["bbs"].boxes.tolist() == [[30, 10, 60, 20]]
    assert np.asarray(sample["image"].convert("RGB"))[10:20, 30:60].mean() > 240
    with Image.open(tmp_path / f"turned.{ending}") as ours:
        assert ours.getexif()[0x0112] == 6


def test_an_export_into_a_folder_that_another_writes_is_refused(read_yolo, tmp_path):
    table = read_yolo()
    folder = tmp_path / "out"
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(StoreError, match="another export writes into it now"):
        table.export(folder, "yolo")
    os.close(handle)
    assert table.export(folder, "yolo").exists()
