"""Names of exported images."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplewise.errors import InvalidArgumentError
from samplewise.formats.yolo._file_names import image_names, is_safe_name

letters = st.sampled_from(
    [*"abAB .:\\\n\t*é", "e\u0301", "..", "con", "NUL", "images", "a.txt", "あ"]
)
part = st.lists(letters, min_size=1, max_size=4).map("".join)
paths = st.lists(
    st.lists(part, min_size=1, max_size=3).map(lambda parts: "/".join(["/data", *parts]) + ".jpg"),
    max_size=6,
    unique_by=os.path.normpath,
)


@given(paths)
def test_every_image_has_a_label_file_of_its_own_inside_the_folder_on_any_system(files):
    names = image_names(files, [".jpg"] * len(files))
    labels = {unicodedata.normalize("NFC", name).casefold() for name in names}
    assert len(labels) == len(files)
    assert all(is_safe_name(part) for name in names for part in name.split("/"))
    assert all(name.endswith(".jpg") for name in names)


def test_names_that_are_allowed_everywhere_stay():
    files = ["/data/x/ä b.jpg", "/data/y/1.2.png"]
    assert image_names(files, [".jpg", ".png"]) == ["x/ä b.jpg", "y/1.2.png"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/d/../../evil.jpg", "evil.jpg"),
        ("/d/a\nb.jpg", "a_b.jpg"),
        ("/d/CON.jpg", "CON_.jpg"),
        ("/d/com1.x.jpg", "com1_.x.jpg"),
        ("/d/.hidden.jpg", "_.hidden.jpg"),
        ("/d/a. .jpg", "a_.jpg"),
        ("/d/" + "é" * 200 + ".jpg", "é" * 120 + ".jpg"),
    ],
)
def test_others_become_ones_that_are(path, name):
    assert image_names([path], [".jpg"]) == [name]


def test_images_that_would_share_a_label_file_are_numbered():
    files = ["/d/a.jpg", "/d/a.png", "/d/A.jpg"]
    assert image_names(files, [".jpg", ".png", ".jpg"]) == ["a.jpg", "a_2.png", "A_3.jpg"]


def test_a_folder_called_images_does_not_lead_labels_away():
    files = ["/d/1/images/a.jpg", "/d/2/images/a.jpg"]
    assert image_names(files, [".jpg", ".jpg"]) == ["1/images_/a.jpg", "2/images_/a.jpg"]


def test_one_image_in_two_rows_is_refused():
    with pytest.raises(InvalidArgumentError, match="each row must have an image of its own name"):
        image_names(["/d/a.jpg", "/d/x/../a.jpg"], [".jpg", ".jpg"])
