from pathlib import Path
from urllib.request import pathname2url

import numpy as np
import pytest
import torch
from PIL import Image

from samplewise.errors import SchemaError
from samplewise.schema.image import open_image
from samplewise.schemas import ImageSchema

PIXELS = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)


@pytest.mark.parametrize("image", [PIXELS, Image.fromarray(PIXELS), torch.as_tensor(PIXELS)])
def test_an_image_in_memory_is_stored_inside_the_row(image: object):
    stored = ImageSchema().to_arrow([image], name="image").to_pylist()[0]
    assert stored.startswith("data:image/png;base64,")
    np.testing.assert_array_equal(np.asarray(open_image(stored)), PIXELS)


@pytest.mark.parametrize("name", ["a b.png", "a#1.png", "100%.png", "ü日本.png", "a%20b.png"])
def test_a_path_with_any_character_opens_plain_and_as_a_file_url(tmp_path: Path, name: str):
    Image.fromarray(PIXELS).save(tmp_path / name)
    for url in (str(tmp_path / name), "file://" + pathname2url(str(tmp_path / name))):
        assert open_image(url).size == (3, 3)


def test_an_image_is_turned_upright(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.new("RGB", (4, 2)).save(tmp_path / "turned.jpg", exif=exif)
    assert open_image(str(tmp_path / "turned.jpg")).size == (2, 4)


def test_a_sample_may_hold_the_url_instead():
    assert ImageSchema(sample_type="url").to_sample("a.png") == "a.png"


@pytest.mark.parametrize("wrong", [3, np.zeros((2, 2)), np.zeros(3, np.uint8)])
def test_what_is_no_image_is_refused(wrong: object):
    with pytest.raises(SchemaError, match="row 0: must be"):
        ImageSchema().to_arrow([wrong], name="image")
