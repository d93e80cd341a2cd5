"""Image files as they are in the wild."""

import pytest

from samplewise.demo.scenes import draw_nasty_images
from samplewise.formats._image_files import images_below, is_there, joined, upright_size


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    return draw_nasty_images(tmp_path_factory.mktemp("nasty"))


def test_sizes_are_those_that_are_shown(nasty):
    headers = {kind: upright_size(str(image.path)) for kind, image in nasty.items()}
    readable = {kind: image.size for kind, image in nasty.items() if image.readable}
    assert {kind: headers[kind] for kind in readable} == readable
    assert headers["text"] is headers["empty"] is None


def test_all_images_are_found_by_their_name(nasty):
    folder = nasty["grey"].path.parent
    (folder / ".hidden.png").touch()
    assert images_below(folder) == sorted(image.path for image in nasty.values())


def test_names_are_joined_to_folders_and_urls():
    assert joined("/a", "b/c.jpg") == "/a/b/c.jpg"
    assert joined("/a", "/b/c.jpg") == "/b/c.jpg"
    assert joined("s3://a/", "b.jpg") == "s3://a/b.jpg"
    assert joined("/a", "https://b/c.jpg") == "https://b/c.jpg"
    assert joined("<DATA>/x", "c.jpg") == "<DATA>/x/c.jpg"


def test_what_is_remote_is_not_looked_for():
    assert is_there("s3://bucket/1.jpg")
    assert upright_size("s3://bucket/1.jpg") is None
