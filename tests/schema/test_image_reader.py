"""What a pixel is, what may be opened, and what a broken file costs."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from samplewise.errors import ImageError, ImageRefusedError
from samplewise.schema.image_reader import (
    open_image,
    read_class_map,
    read_original,
    read_pixels,
    read_size,
    read_thumbnail,
    read_traits,
)
from samplewise.schema.image_url import with_reader

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 20, 3), dtype=np.uint8)
GREY16 = np.arange(240, dtype=np.uint16).reshape(12, 20) * 273


def _drawn(folder: Path) -> dict[str, str]:
    """One file of each mode that OpenCV reads, too."""
    picture = Image.fromarray(PIXELS)
    alpha = Image.fromarray(PIXELS[:, :, 0])
    made = {
        "rgb.png": picture,
        "rgb.jpg": picture,
        "rgb.webp": picture,
        "rgb.avif": picture,
        "grey.png": picture.convert("L"),
        "grey.jpg": picture.convert("L"),
        "bits.png": picture.convert("1"),
        "bits.bmp": picture.convert("1"),
        "palette.png": picture.quantize(16),
        "palette.gif": picture.quantize(16),
        "rgba.png": Image.merge("RGBA", (*picture.split(), alpha)),
        "la.png": Image.merge("LA", (picture.convert("L"), alpha)),
        "cmyk.tif": picture.convert("CMYK"),
        "grey16.png": Image.fromarray(GREY16),
        "grey16.tif": Image.fromarray(GREY16),
    }
    for name, image in made.items():
        image.save(folder / name)
    picture.quantize(16).save(folder / "see-through.png", transparency=3)
    picture.quantize(16).save(folder / "half-through.png", transparency=bytes(range(16)))
    cv2.imwrite(str(folder / "grey16.pgm"), GREY16)
    cv2.imwrite(str(folder / "colour16.png"), np.dstack([GREY16, GREY16 // 2, GREY16 // 3]))
    return {path.name: str(path) for path in sorted(folder.iterdir())}


def test_pixels_are_those_of_opencv_in_every_mode(tmp_path):
    files = _drawn(tmp_path)
    expected = {name: cv2.imread(path)[:, :, ::-1] for name, path in files.items()}
    assert len(files) == 19
    for name, path in files.items():
        np.testing.assert_array_equal(read_pixels(path), expected[name], err_msg=name)


def test_a_thumbnail_in_full_size_has_the_same_pixels(tmp_path):
    for name, path in _drawn(tmp_path).items():
        shown = np.asarray(read_thumbnail(path, 64).convert("RGB"))
        np.testing.assert_array_equal(shown, read_pixels(path), err_msg=name)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_sizes_pixels_samples_and_thumbnails_have_one_frame(tmp_path, ending, orientation):
    path = str(tmp_path / f"turned.{ending}")
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(PIXELS).save(path, exif=exif)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
    np.testing.assert_array_equal(read_pixels(path), upright)
    by_opencv = read_pixels(path, "opencv")
    np.testing.assert_array_equal(by_opencv, cv2.imread(path)[:, :, ::-1])
    np.testing.assert_array_equal(np.asarray(open_image(with_reader(path, "opencv"))), by_opencv)
    np.testing.assert_array_equal(np.asarray(open_image(path).convert("RGB")), upright)
    np.testing.assert_array_equal(np.asarray(read_thumbnail(path, 64)), upright)
    assert read_size(path) == upright.shape[1::-1]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_was_trained_unturned_is_read_unturned_everywhere(tmp_path, orientation):
    path = str(tmp_path / "turned.png")
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(PIXELS).save(path, exif=exif)
    expected = cv2.imread(path, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    np.testing.assert_array_equal(expected[:, :, ::-1], PIXELS)
    for reader in ("opencv_unturned", "pillow"):
        url = with_reader(path, reader)
        np.testing.assert_array_equal(read_pixels(url), PIXELS)
        np.testing.assert_array_equal(np.asarray(open_image(url)), PIXELS)
        np.testing.assert_array_equal(np.asarray(read_thumbnail(url, 64)), PIXELS)
        assert read_size(url) == (20, 12)


def test_a_dataset_that_reads_with_pillow_sees_what_pillow_sees(tmp_path):
    path = _drawn(tmp_path)["grey16.png"]
    expected = np.asarray(Image.open(path).convert("RGB"))
    np.testing.assert_array_equal(read_pixels(path, "pillow"), expected)
    assert (expected > read_pixels(path)).any()


@pytest.mark.parametrize("mode", ["F", "I"])
def test_of_values_of_32_bits_nobody_knows_which_is_white(tmp_path, mode):
    path = str(tmp_path / "depth.tif")
    Image.fromarray(PIXELS[:, :, 0]).convert(mode).save(path)
    assert cv2.imread(path) is None
    for read in (read_pixels, lambda url: read_thumbnail(url, 8)):
        with pytest.raises(ImageError, match=r"depth.tif` cannot be read: it has 32 bits a pixel"):
            read(path)
    assert open_image(path).mode == mode
    assert read_class_map(path).max() == PIXELS[:, :, 0].max()


@pytest.mark.parametrize(
    "ending", ["jpg", "png", "webp", "avif", "bmp", "gif", "tif", "jp2", "qoi"]
)
def test_a_damaged_file_raises_our_error_or_gives_an_image(tmp_path, ending):
    path = tmp_path / f"broken.{ending}"
    Image.fromarray(PIXELS).save(path)
    whole, draw = path.read_bytes(), np.random.default_rng(1)
    outcomes = set()
    for cut in (*draw.integers(0, len(whole), 10).tolist(), 0, 1, len(whole) - 1):
        path.write_bytes(whole[:cut])
        outcomes.add(_outcome(path))
    for place in draw.integers(0, len(whole), 40).tolist():
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        outcomes.add(_outcome(path))
    assert "our error" in outcomes


def _outcome(path: Path) -> str:
    found = []
    for read in (
        read_size,
        read_pixels,
        open_image,
        read_original,
        lambda url: read_thumbnail(url, 8),
    ):
        try:
            read(str(path))
            found.append("read")
        except ImageError:
            found.append("our error")
    return found[1]


def _huge_png(side: int) -> bytes:
    """A header that promises `side` x `side` pixels, and next to nothing behind it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 64)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_header_is_read_whatever_the_size_and_decoding_is_bounded(tmp_path):
    path = tmp_path / "aerial.png"
    path.write_bytes(_huge_png(40_000))
    assert read_size(str(path)) == (40_000, 40_000)
    for read in (read_pixels, open_image, read_original, lambda url: read_thumbnail(url, 64)):
        with pytest.raises(ImageRefusedError) as told:
            read(str(path))
        assert told.value.message.endswith(
            "must have at most 268,435,456 pixels to be decoded, but has 40,000 x 40,000."
        )
        assert told.value.hint == "SAMPLEWISE_MAX_IMAGE_PIXELS=1600000000 allows it"


def test_the_bound_can_be_moved(tmp_path, monkeypatch):
    path = tmp_path / "small.png"
    Image.fromarray(PIXELS).save(path)
    monkeypatch.setenv("SAMPLEWISE_MAX_IMAGE_PIXELS", "239")
    with pytest.raises(ImageRefusedError, match="at most 239 pixels"):
        read_pixels(str(path))
    monkeypatch.setenv("SAMPLEWISE_MAX_IMAGE_PIXELS", "240")
    assert read_pixels(str(path)).shape == (12, 20, 3)


def test_a_thumbnail_of_a_jpeg_needs_no_more_than_a_fraction(tmp_path, monkeypatch):
    path = tmp_path / "large.jpg"
    Image.new("RGB", (2_000, 1_000)).save(path)
    monkeypatch.setenv("SAMPLEWISE_MAX_IMAGE_PIXELS", "200000")
    assert read_thumbnail(str(path), 64).size == (64, 32)
    with pytest.raises(ImageRefusedError):
        read_pixels(str(path))


@pytest.mark.parametrize("kind", ["EPS", "PDF", "ICO", "TGA", "PCX"])
def test_only_formats_of_the_list_are_opened_whatever_the_name(tmp_path, kind):
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, format=kind)
    path = tmp_path / "harmless.jpg"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ImageError, match="it is no image of a known format"):
        open_image(str(path))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_has_one_frame_too(tmp_path, orientation):
    path = str(tmp_path / "turned.tif")
    Image.fromarray(PIXELS).save(path, tiffinfo={0x0112: orientation})
    pixels = read_pixels(path)
    assert read_size(path) == pixels.shape[1::-1]
    np.testing.assert_array_equal(np.asarray(open_image(path)), pixels)
    np.testing.assert_array_equal(np.asarray(read_thumbnail(path, 64)), pixels)


def test_traits_are_read_from_the_first_bytes(tmp_path):
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for ending in ("jpg", "png", "webp", "avif"):
            path = str(tmp_path / f"turned.{ending}")
            Image.fromarray(PIXELS).save(path, exif=exif)
            assert read_traits(path) == (orientation, 8)
    for name, depth in (("a.png", np.uint16), ("a.tif", np.uint16), ("b.tif", np.float32)):
        Image.fromarray(PIXELS[:, :, 0].astype(depth)).save(tmp_path / name)
        assert read_traits(str(tmp_path / name)) == (1, depth().itemsize * 8)
    (tmp_path / "text.jpg").write_text("no image")
    for name in ("text.jpg", "missing.jpg"):
        with pytest.raises(ImageError):
            read_traits(str(tmp_path / name))
