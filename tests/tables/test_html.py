import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from samplewise.data_types import BoundingBoxes2D
from samplewise.schemas import BoundingBoxes2DSchema, CategoricalLabelSchema, ImageSchema
from samplewise.tables.sparkline import sparkline
from samplewise.tables.thumbnail import boxes_of, thumbnail_url


def pixels_of(data_url: str) -> np.ndarray:
    encoded = data_url.removeprefix("data:image/webp;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


@pytest.fixture
def table(make_table, tmp_path):
    Image.new("RGB", (640, 480)).save(tmp_path / "<black>.png")
    boxes = BoundingBoxes2D.create_empty(640, 480)
    boxes.add_instance([64, 48, 320, 240], 0)
    kinds = {
        "image": ImageSchema(),
        "bbs": BoundingBoxes2DSchema(["<b>cat</b>"]),
        "label": CategoricalLabelSchema(["dog"]),
    }
    data = {
        "image": [str(tmp_path / "<black>.png"), "/nowhere.png", None] + [None] * 7,
        "bbs": [boxes, None, None] + [None] * 7,
        "label": [0, None, None] + [0] * 7,
        "score": [0.123456789] * 10,
    }
    return make_table(data, kinds, table_name="it's a & table")


def test_a_table_is_shown_with_thumbnails_and_without_scripts(table):
    html = table._repr_html_()
    assert html.count("<img src=") == 1
    assert "<i>cannot be read</i>" in html
    assert "&lt;b&gt;cat&lt;/b&gt;" in html
    assert "it&#x27;s a &amp; table" in html
    assert "dog (0)" in html
    assert "0.12346" in html
    assert "and 2 more rows" in html
    assert "<script" not in html
    assert "<b>cat" not in html


def test_boxes_are_drawn_on_the_thumbnail(table):
    row = table.row(0)
    plain = pixels_of(thumbnail_url(row["image"], 100))
    drawn = pixels_of(thumbnail_url(row["image"], 100, *boxes_of(row["bbs"])))
    assert plain.shape == drawn.shape == (75, 100, 3)
    changed = np.argwhere(np.abs(drawn.astype(int) - plain).sum(axis=2) > 150)
    np.testing.assert_allclose(changed.min(axis=0), [7, 10], atol=1)
    np.testing.assert_allclose(changed.max(axis=0), [37, 50], atol=1)


def test_boxes_that_are_nowhere_or_turned_round_do_no_harm(table):
    boxes = np.array([[np.nan, 0, 5, 5], [50, 50, 10, 10], [-9e9, -9e9, 9e9, 9e9]])
    assert thumbnail_url(table.row(0)["image"], 100, boxes) is not None


def test_a_run_is_shown_with_a_curve_for_each_aggregate(run):
    run.set_parameters({"loss": {"class": "<CIoU>"}})
    for epoch, value in enumerate([1.0, 0.5, float("nan"), 0.25]):
        run.log({"loss <1>": value}, epoch=epoch, split="train")
    run.close("failed", error="<boom>")
    html = run._repr_html_()
    assert html.count("<svg") == 1
    assert "loss &lt;1&gt;" in html
    assert "&lt;CIoU&gt;" in html
    assert "failed: &lt;boom&gt;" in html
    assert "<script" not in html
    ET.fromstring(re.search(r"<svg.*?</svg>", html)[0])


@pytest.mark.parametrize(
    ("values", "lines", "points"),
    [
        ([], 0, 0),
        ([None, float("nan")], 0, 0),
        ([1.0], 0, 1),
        ([1.0, 1.0], 1, 0),
        ([1.0, 2.0, None, 3.0], 1, 1),
        ([1.0, 2.0, float("inf"), 3.0, -4.0], 2, 0),
    ],
)
def test_a_curve_has_gaps_where_nothing_is_known(values, lines, points):
    svg = sparkline(values)
    assert svg.count("<polyline") == lines
    assert svg.count("<circle") == points
    assert "nan" not in "".join(re.findall(r'points="[^"]*"', svg))
