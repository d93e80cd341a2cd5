"""Nasty image files are as nasty as they say, and not more."""

import numpy as np
import pytest
from PIL import Image, ImageOps, UnidentifiedImageError

from samplewise.demo.scenes import draw_nasty_images

MODES = {
    "grey": "L",
    "grey_alpha": "LA",
    "rgba": "RGBA",
    "palette": "P",
    "one_bit": "1",
    "sixteen_bit": "I;16",
    "float_tiff": "F",
    "cmyk": "CMYK",
}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    return draw_nasty_images(tmp_path_factory.mktemp("nasty"))


def test_readable_images_show_their_size_after_rotation(nasty):
    for image in nasty.values():
        if image.readable:
            with Image.open(image.path) as picture:
                assert ImageOps.exif_transpose(picture).size == image.size


def test_unreadable_images_cannot_be_read(nasty):
    broken = [image for image in nasty.values() if not image.readable]
    assert {image.kind for image in broken} == {"truncated", "corrupt", "text", "empty"}
    for image in broken:
        with pytest.raises((OSError, UnidentifiedImageError)), Image.open(image.path) as picture:
            picture.load()


@pytest.mark.parametrize(("kind", "mode"), MODES.items(), ids=MODES)
def test_pixel_formats_are_what_they_say(kind, mode, nasty):
    with Image.open(nasty[kind].path) as picture:
        assert picture.mode == mode


@pytest.mark.parametrize("kind", ["exif_rotated", "exif_mirrored"])
def test_exif_turns_the_picture_upright(kind, nasty):
    with Image.open(nasty[kind].path) as turned, Image.open(nasty["upper_case"].path) as upright:
        shown = np.asarray(ImageOps.exif_transpose(turned)).astype(float)
        # JPEG blocks differ between the two orientations, so only near equality can be asked.
        assert np.abs(shown - np.asarray(upright)).mean() < 12
        assert turned.getexif()[0x0112] in {2, 6}


def test_names_are_as_people_write_them(nasty):
    names = [image.path.name for image in nasty.values()]
    assert any(not name.isascii() for name in names)
    assert any(name.startswith(" ") for name in names)
    assert any("#" in name and "%" in name for name in names)
