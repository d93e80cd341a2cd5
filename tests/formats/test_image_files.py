"""Image files as they are in the wild."""

import os

import pytest

from samplewise.demo.scenes import draw_nasty_images
from samplewise.formats._image_files import images_below, is_there, join_url, upright_size
from samplewise.formats.import_report import Findings


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
    assert images_below(folder, Findings("")) == sorted(image.path for image in nasty.values())


def test_names_are_joined_to_folders_and_urls():
    assert join_url("/a", "b/c.jpg") == "/a/b/c.jpg"
    assert join_url("/a", "/b/c.jpg") == "/b/c.jpg"
    assert join_url("s3://a/", "b.jpg") == "s3://a/b.jpg"
    assert join_url("/a", "https://b/c.jpg") == "https://b/c.jpg"
    assert join_url("<DATA>/x", "c.jpg") == "<DATA>/x/c.jpg"


def test_a_name_that_looks_like_an_alias_is_a_name():
    assert join_url("/a", "<DATA>/b.jpg") == "/a/<DATA>/b.jpg"
    assert join_url("/a", "<b>.jpg") == "/a/<b>.jpg"


def test_a_loop_of_links_gives_each_image_once(tmp_path):
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "1.png").touch()
    (tmp_path / "cats" / "loop").symlink_to(tmp_path)
    findings = Findings("")
    assert images_below(tmp_path, findings) == [tmp_path / "cats" / "1.png"]
    assert list(findings.repaired) == ["folders that links lead to again: entered once"]


def test_names_that_are_no_text_are_counted_and_named(tmp_path):
    (tmp_path / "1.png").touch()
    open(os.fsencode(tmp_path) + b"/caf\xe9.png", "w").close()
    findings = Findings("")
    assert images_below(tmp_path, findings) == [tmp_path / "1.png"]
    [found] = findings.report.repaired.values()
    assert (found.count, found.examples) == (1, (f"{tmp_path}/caf\\xe9.png",))


def test_what_is_remote_is_not_looked_for():
    assert is_there("s3://bucket/1.jpg")
    assert upright_size("s3://bucket/1.jpg") is None
