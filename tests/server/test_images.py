"""Pictures: small and whole ones, upright, broken ones, and how long a browser keeps them."""

import io
import os

import numpy as np
import pytest
from PIL import Image

import samplewise as sw
from samplewise.server.thumbnails import Thumbnails

WIDE = np.zeros((20, 40, 3), np.uint8)
WIDE[:, :20] = (255, 0, 0)


@pytest.fixture
def pictures(tmp_path, make_browser):
    """A browser for a table of odd pictures: turned, broken, no picture, in memory, gone, none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right
    Image.fromarray(WIDE).save(folder / "turned.jpg", exif=exif, quality=95)
    Image.fromarray(WIDE).save(folder / "plain.png")
    (folder / "broken.jpg").write_bytes((folder / "turned.jpg").read_bytes()[:300])
    (folder / "text.jpg").write_text("root:x:0:0")
    deep = np.full((20, 40), 40_000, np.uint16)
    Image.fromarray(deep).save(folder / "deep.png")
    names = ["turned.jpg", "plain.png", "broken.jpg", "text.jpg", "gone.jpg", "deep.png"]
    images = [*(str(folder / name) for name in names), Image.fromarray(WIDE), None]
    sw.Table.from_dict(
        {"image": images},
        {"image": sw.schemas.ImageSchema()},
        table_name="odd",
        dataset_name="all",
        project_name="p",
        root_url=str(tmp_path / "store"),
    )
    return make_browser(tmp_path / "store").client


def opened(told) -> Image.Image:
    assert told.status_code == 200, told.text
    return Image.open(io.BytesIO(told.content))


@pytest.mark.parametrize("query", ["", "?size=64"])
def test_a_picture_is_upright(pictures, query):
    image = opened(pictures.get(f"/api/images/table/p/all/odd/0{query}"))
    assert image.width < image.height
    above, below = (
        image.convert("RGB").getpixel((image.width // 2, y)) for y in (2, image.height - 3)
    )
    assert above[0] > 200
    assert below[0] < 60


def test_a_picture_that_browsers_show_is_sent_as_it_is(pictures, tmp_path):
    told = pictures.get("/api/images/table/p/all/odd/1")
    assert told.content == (tmp_path / "pictures" / "plain.png").read_bytes()
    assert told.headers["content-type"] == "image/png"


def test_small_pictures_are_webp_of_the_next_size_and_never_larger_than_the_image(pictures):
    image = opened(pictures.get("/api/images/table/p/all/odd/1?size=33"))
    assert (image.format, image.size) == ("WEBP", (40, 20))


def test_a_picture_in_memory_is_shown_like_a_file(pictures):
    for query in ("", "?size=64"):
        assert opened(pictures.get(f"/api/images/table/p/all/odd/6{query}")).size == (40, 20)


def test_sixteen_bits_are_scaled_not_cut_off(pictures):
    image = opened(pictures.get("/api/images/table/p/all/odd/5?size=64")).convert("L")
    assert abs(image.getpixel((5, 5)) - 40_000 // 256) < 4


# What is cut off is sent as it is in its own size: the browser sees that it is broken.
@pytest.mark.parametrize(("row", "query"), [(2, "?size=64"), (3, ""), (3, "?size=64"), (4, "")])
def test_a_broken_picture_says_so_and_sends_nothing_of_the_file(pictures, row, query):
    told = pictures.get(f"/api/images/table/p/all/odd/{row}{query}")
    assert told.status_code == 404
    assert told.json()["title"] == "BrokenImageError"
    assert "root:x" not in told.text


def test_a_row_without_a_picture_says_so(pictures):
    assert "has no image" in pictures.get("/api/images/table/p/all/odd/7").json()["detail"]


def test_a_sample_says_why_its_picture_cannot_be_read(pictures):
    source = {"kind": "table", "project": "p", "dataset": "all", "table": "odd"}
    for row, size in ((0, (20, 40)), (2, (None, None))):
        told = pictures.post("/api/sample", json={"source": source, "example_id": row}).json()
        assert (told["width"], told["height"]) == size
        assert (told["problem"] is None) == (row == 0)


def test_a_picture_is_kept_under_the_id_of_its_table_only(pictures):
    source = {"kind": "table", "project": "p", "dataset": "all", "table": "odd"}
    path = pictures.post("/api/source", json={"source": source}).json()["image_path"]
    pinned, plain = (
        pictures.get(f"{path}/1?size=64"),
        pictures.get("/api/images/table/p/all/odd/1?size=64"),
    )
    assert "immutable" in pinned.headers["cache-control"]
    assert plain.headers["cache-control"] == "private, no-cache"
    tag = {"if-none-match": plain.headers["etag"]}
    assert pictures.get("/api/images/table/p/all/odd/1?size=64", headers=tag).status_code == 304


def test_a_picture_that_changed_on_the_disk_is_made_anew(pictures, tmp_path):
    path = "/api/images/table/p/all/odd/1?size=64"
    before = pictures.get(path)
    file = tmp_path / "pictures" / "plain.png"
    Image.fromarray(255 - WIDE).save(file)
    os.utime(file, (1, 1))
    after = pictures.get(path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_kept_pictures_stay_below_their_bound(tmp_path):
    urls = []
    for number in range(12):
        urls.append(str(tmp_path / f"{number}.png"))
        noise = np.random.default_rng(number).integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(noise).save(urls[-1])
    kept = Thumbnails(tmp_path / "kept", most_bytes=20_000)
    for url in urls:
        kept.get(url, 64, "v")
        for file in (tmp_path / "kept").glob("*/*.webp"):
            os.utime(file, (file.stat().st_mtime - 10, file.stat().st_mtime - 10))
    kept.sweep()
    files = list((tmp_path / "kept").glob("*/*.webp"))
    assert 0 < sum(file.stat().st_size for file in files) <= 20_000
    assert kept.get(urls[-1], 64, "v") in [file.read_bytes() for file in files]
