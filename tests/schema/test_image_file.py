"""Which files are opened at all."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samplewise.errors import ImageError, ImageRefusedError, InvalidArgumentError
from samplewise.schema.image_file import read_encoded, within_time
from samplewise.schema.image_reader import open_image, read_size


def test_pipes_devices_folders_and_endless_files_are_refused_before_they_are_opened(tmp_path):
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    link = tmp_path / "link.png"
    link.symlink_to("/dev/zero")
    for path in (pipe, link, "/dev/zero", "/dev/stdin", tmp_path, "/proc/kmsg"):
        for read in (open_image, read_size):
            with pytest.raises(ImageError, match=r"(no regular file|empty|permitted|denied)"):
                read(str(path))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/nowhere/a.png", "there is no such file"),
        ("/nowhere\0/a.png", "it is no path"),
        ("data:image/png;base64,%%%", "its content is not base64"),
        ("data:image/png,abc", "its content is not base64"),
        ("ftp://host/a.png", "`ftp` is no place for images"),
        ("javascript://host/a.png", "`javascript` is no place for images"),
    ],
)
def test_what_is_no_image_says_why(url, reason):
    with pytest.raises(ImageError, match=reason):
        open_image(url)


def test_a_file_without_bytes_is_empty(tmp_path: Path):
    (tmp_path / "empty.png").touch()
    with pytest.raises(ImageError, match=r"empty.png` cannot be read: it is empty."):
        open_image(str(tmp_path / "empty.png"))


def test_a_file_may_be_too_large(tmp_path, monkeypatch):
    path = tmp_path / "a.bmp"
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(path)
    monkeypatch.setenv("SAMPLEWISE_MAX_IMAGE_BYTES", "100")
    with pytest.raises(ImageError, match="at most 100 bytes") as told:
        open_image(str(path))
    assert told.value.hint == "SAMPLEWISE_MAX_IMAGE_BYTES raises the limit"


def test_a_read_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setenv("SAMPLEWISE_IMAGE_TIMEOUT", "0.05")
    hung = threading.Event()
    with pytest.raises(ImageRefusedError, match=r"`/network/a.png` cannot be read within 0.05 s"):
        within_time("/network/a.png", hung.wait)
    hung.set()


def test_a_limit_that_is_no_number_says_so(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"x")
    monkeypatch.setenv("SAMPLEWISE_IMAGE_TIMEOUT", "soon")
    with pytest.raises(InvalidArgumentError, match="`SAMPLEWISE_IMAGE_TIMEOUT` must be a positive"):
        read_encoded(str(path))
