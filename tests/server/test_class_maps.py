"""Class maps in files reach the browser as run lengths."""

import numpy as np
from PIL import Image

import samplewise as sw
from samplewise.demo.scenes import draw_segmentation_dataset
from samplewise.schema import ImageSchema
from samplewise.schema.masks import SemanticSegmentation, SemanticSegmentationSchema


def test_a_class_map_is_drawn_pixel_by_pixel(make_browser, tmp_path):
    drawn = draw_segmentation_dataset(tmp_path / "scenes", train=1, val=3, size=48)
    images, maps = sorted(drawn.val.images.iterdir()), sorted(drawn.val.labels.iterdir())
    maps[2].write_bytes(b"no image")
    columns = {"image": [*map(str, images)], "mask": [*map(str, maps)]}
    schema = {"image": ImageSchema(), "mask": SemanticSegmentationSchema(drawn.classes)}
    names = {"table_name": "val", "dataset_name": "d", "project_name": "p"}
    sw.Table.from_dict(columns, schema, **names, root_url=str(tmp_path / "store"))
    browser = make_browser(tmp_path / "store")
    source = {"kind": "table", "project": "p", "dataset": "d", "table": "val"}
    for row in (0, 1):
        value = browser.post("/api/sample", source=source, example_id=row)["values"]["mask"]
        pixels = SemanticSegmentation.from_stored(value).load()
        assert np.array_equal(pixels, np.asarray(Image.open(maps[row])))
    broken = browser.post("/api/sample", source=source, example_id=2)["values"]["mask"]
    assert (broken["url"], broken["classes"]) == (str(maps[2]), None)
