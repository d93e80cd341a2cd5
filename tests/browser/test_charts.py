"""Every kind of chart is saved: the files are opened again, and say what the store says."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import samplewise as sw

RUN = "/p/journeys/runs/slower"
SVG = "{http://www.w3.org/2000/svg}"
MINUS = "\N{MINUS SIGN}"


def save(page: Page, title: str, kind: str) -> Path:
    """The file of the chart with this title."""
    page.get_by_role("button", name=f"Save the chart {title}", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=kind).click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    return download.value.path()


def saved(page: Page, title: str) -> ET.Element:
    """Its drawing, when the picture says the same: as large, and not blank."""
    drawing = ET.parse(save(page, title, "SVG")).getroot()
    assert drawing.tag == f"{SVG}svg"
    assert title in words(drawing)
    elsewhere = [one.get("href", "") for one in drawing.iter() if "href" in one.attrib]
    assert all(address.startswith("data:image/png;base64,") for address in elsewhere)
    # Without pictures, in whose base64 any three letters may stand.
    drawn = re.sub(r"data:image/png;base64,[^\"]*", "", ET.tostring(drawing, "unicode"))
    assert not re.search(r"NaN|undefined|var\(", drawn)
    with Image.open(save(page, title, "PNG")) as picture:
        assert picture.size == tuple(2 * int(drawing.get(side, 0)) for side in ("width", "height"))
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 10
    return drawing


def words(drawing: ET.Element) -> list[str]:
    """Every text, in order."""
    return [one.text or "" for one in drawing.iter(f"{SVG}text")]


def numbers(drawing: ET.Element) -> list[float]:
    """Every text that is a number."""
    plain = [text.replace(",", "").replace(MINUS, "-").replace("+", "") for text in words(drawing)]
    return [float(text) for text in plain if re.fullmatch(r"-?\d+(\.\d+)?", text)]


@pytest.fixture
def f1(journeys_root):
    """F1 of the training images by epoch."""
    run = sw.Run.from_names("slower", "journeys", str(journeys_root))
    return {
        epoch: np.array(run.metrics(["f1"], epoch=epoch, split="train")["f1"].to_pylist(), float)
        for epoch in (1, 2)
    }


def test_curves_are_saved_with_their_axes_and_names(open_page, journeys_root):
    page = open_page(journeys_root, RUN)
    drawing = saved(page, "mAP@0.50")
    lines = [one.get("points", "").split() for one in drawing.iter(f"{SVG}polyline")]
    assert [len(line) for line in lines] == [3]
    assert {0, 1, 2} <= set(numbers(drawing))
    assert {"epoch", "val", "journeys · slower"} <= set(words(drawing))
    csv = save(page, "mAP@0.50", "CSV").read_bytes()
    assert csv.startswith(b"epoch,val\r\n0,")


def test_filters_are_saved_with_what_they_select(open_page, journeys_root, f1):
    page = open_page(journeys_root, f"{RUN}?tab=samples&split=train&f=f1:..0.95")
    expect(page.get_by_role("img", name=re.compile("^f1: "))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=" of 40 samples")).to_be_visible()
    drawing = saved(page, "f1")
    known = f1[2][~np.isnan(f1[2])]
    assert {f"all {len(known)} samples", "f1 ≤ 0.95", "samples"} <= set(words(drawing))
    assert {0, 0.2, 1} <= set(numbers(drawing))
    kinds = "bbs_predicted error kind"
    box = page.get_by_role("checkbox", name=re.compile(r"^true positive, \d+ of \d+$"))
    shown = re.findall(r"\d+", box.get_attribute("aria-label") or "")
    assert int(shown[0]) < int(shown[1])
    drawing = saved(page, kinds)
    assert " of ".join(shown) in words(drawing)
    assert {"true positive", "background", "duplicate"} <= set(words(drawing))


def test_a_scatter_is_saved_with_its_axes_and_colours(open_page, journeys_root):
    page = open_page(journeys_root, f"{RUN}?tab=samples&split=train&x=recall&y=precision&colour=f1")
    expect(page.locator("canvas[data-draw-ms]")).to_have_count(1)
    drawing = saved(page, "recall and precision")
    assert {"recall", "precision", "f1", "slower · train · epoch 2 · 40 samples"} <= set(
        words(drawing)
    )
    assert {0, 0.5, 1} <= set(numbers(drawing))
    assert len(list(drawing.iter(f"{SVG}image"))) == 1


def test_the_classes_of_a_table_are_saved(open_page, journeys_root):
    page = open_page(journeys_root, "/p/journeys/tables/scenes/train?tab=classes")
    table = sw.Table.from_names("train", "scenes", "journeys", str(journeys_root))
    samples = [row["bbs"]["instances_additional_data"]["label"] for row in table.table_rows]
    labels = Counter(label for each in samples for label in each)
    drawing = saved(page, f"{labels.total()} boxes in bbs")
    shown = [int(text.partition(" (")[0]) for text in words(drawing) if text.endswith("%)")]
    assert shown == sorted(labels.values(), reverse=True)
    drawing = saved(page, "Boxes in a sample")
    assert {"samples", "scenes/train · bbs"} <= set(words(drawing))
    bars = list(drawing.iter(f"{SVG}rect"))[1:]
    per_sample = Counter(map(len, samples))
    heights = [float(bar.get("height", 0)) for bar in bars]
    most = max(per_sample.values())
    expected = [max(heights) * per_sample[n] / most for n in sorted(per_sample)]
    assert heights == pytest.approx(expected, abs=1)
    for title in ("Width", "Aspect ratio"):
        assert "boxes" in words(saved(page, title))


def test_a_comparison_is_saved(open_page, journeys_root, f1):
    page = open_page(journeys_root, f"{RUN}?tab=compare&split=train&matrix=after")
    matrix = page.get_by_role("group", name="Confusion matrix")
    expect(matrix).to_be_visible()
    drawing = saved(page, "Confusion matrix")
    cells = [int(text) for text in matrix.get_by_role("button").all_inner_texts() if text]
    assert numbers(drawing) == cells
    assert words(drawing).count("mushroom") == 2
    assert {"ground truth", "prediction"} <= set(words(drawing))
    drawing = saved(page, "Difference of f1")
    change = f1[2] - f1[1]
    assert {"Got worse", "Got better", "Unchanged", "samples"} <= set(words(drawing))
    assert (change == 0).sum() in numbers(drawing)  # over the bar that is cut off
    assert "slower · train · epoch 1 → slower · train · epoch 2" in words(drawing)


def test_the_map_of_changes_is_saved_in_the_dark(open_page, journeys_root, f1):
    page = open_page(journeys_root, f"{RUN}?tab=history&split=train&ask=all", color_scheme="dark")
    expect(page.locator("canvas[data-draw-ms]")).to_have_count(1)
    drawing = saved(page, "Change of f1")
    reach = np.nanmax(np.abs(f1[2] - f1[1]))
    texts = " ".join(words(drawing))
    assert f"worse {MINUS}{reach:.4g}" in texts
    assert f"+{reach:.4g} better" in texts
    paper = next(drawing.iter(f"{SVG}rect")).get("fill")
    assert paper == page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--panel').trim()"
    )
    with Image.open(save(page, "Change of f1", "PNG")) as picture:
        assert np.asarray(picture.convert("L"))[2, 2] < 40


def test_a_chart_is_saved_by_keyboard(open_page, journeys_root):
    page = open_page(journeys_root, f"{RUN}?tab=compare&split=train&matrix=after")
    button = page.get_by_role("button", name="Save the chart Confusion matrix")
    button.focus()
    page.keyboard.press("Enter")
    first, second = (page.get_by_role("menuitem", name=kind) for kind in ("PNG", "SVG"))
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "Confusion-matrix.svg"
    expect(button).to_be_focused()
