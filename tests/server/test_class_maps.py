"""Class maps in files reach the browser as run lengths."""

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

import samplewise as sw
from samplewise.demo.scenes import draw_segmentation_dataset
from samplewise.schema import ImageSchema
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema

SOURCE = {"kind": "table", "project": "p", "dataset": "d", "table": "val"}


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


HUGE = b"".join(
    [
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"")),
    ]
)


@pytest.fixture(params=[b"no image", HUGE], ids=["no image", "of billions of pixels"])
def maps(tmp_path, request):
    """Class maps of three samples, the last of which is none; the Table is in `store`."""
    drawn = draw_segmentation_dataset(tmp_path / "scenes", train=1, val=3, size=48)
    images, maps = sorted(drawn.val.images.iterdir()), sorted(drawn.val.labels.iterdir())
    maps[2].write_bytes(request.param)
    columns = {"image": [*map(str, images)], "mask": [*map(str, maps)]}
    schema = {"image": ImageSchema(), "mask": SemanticSegmentationSchema(drawn.classes)}
    names = {"table_name": "val", "dataset_name": "d", "project_name": "p"}
    sw.Table.from_dict(columns, schema, **names, root_url=str(tmp_path / "store"))
    return maps


def test_a_class_map_is_drawn_pixel_by_pixel(make_browser, maps, tmp_path):
    browser = make_browser(tmp_path / "store")
    page = browser.post("/api/rows", source=SOURCE, columns=["mask"], limit=3)["mask"].to_pylist()
    for row in (0, 1):
        value = browser.post("/api/sample", source=SOURCE, example_id=row)["values"]["mask"]
        pixels = SemanticSegmentation.from_stored(value).load()
        assert np.array_equal(pixels, np.asarray(Image.open(maps[row])))
        assert page[row] == value
    broken = browser.post("/api/sample", source=SOURCE, example_id=2)["values"]["mask"]
    assert (broken["url"], broken["classes"]) == (str(maps[2]), None)
    assert page[2] == broken


def test_a_file_that_has_changed_is_drawn_again(make_browser, maps, tmp_path):
    browser = make_browser(tmp_path / "store")

    def drawn() -> np.ndarray:
        page = browser.post("/api/rows", source=SOURCE, columns=["mask"], limit=1)
        return SemanticSegmentation.from_stored(page["mask"][0].as_py()).load()

    before = drawn()
    Image.fromarray(np.flipud(before).astype(np.uint8)).save(maps[0])
    os.utime(maps[0], ns=(1, 1))  # another time, however coarse the clock
    assert np.array_equal(drawn(), np.flipud(before))
