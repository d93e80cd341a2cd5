"""The samples of a run or a table: filters, images, map and time, checked against the store."""

import base64
import csv
import io
import json
import math
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import samplewise as sw

TRAIN = "/p/journeys/runs/slower?tab=samples&split=train"
COUNT = re.compile(r"^[\d,]+ of [\d,]+ samples?$")


def expect_count(page: Page, wanted: int) -> None:
    """The page says that so many samples are selected, and that the server has counted them."""
    status = page.get_by_role("status").filter(has_text=COUNT)
    expect(status).to_have_text(re.compile(rf"^{wanted:,} of [\d,]+ samples?$"))
    expect(status).not_to_have_attribute("data-preview", "true")


def shown_ids(page: Page) -> list[int]:
    """Samples of the tiles on the screen, in order; those that are still loading are left out."""
    texts = page.get_by_role("gridcell").all_inner_texts()
    return [int(found[1]) for text in texts if (found := re.search(r"Sample (\d+)", text))]


def share(found: set[int], wanted: set[int]) -> float:
    """How many of what was found was wanted; nothing found is nothing."""
    return len(found & wanted) / len(found) if found else 0.0


def drag(page: Page, points: list[tuple[float, float]]) -> None:
    """Presses the mouse at the first point and lets go at the last."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


@pytest.fixture
def metrics(journeys_root):
    """What the last epoch says of the training images, by `example_id`."""
    run = sw.Run.from_names("slower", "journeys", str(journeys_root))
    rows = run.metrics(epoch=2, split="train").to_pylist()
    return {row["example_id"]: row for row in rows}


def test_the_chips_find_the_planted_label_errors(
    open_page, journeys_root, journeys_folder, eventually
):
    planted = json.loads((journeys_folder / "scenes" / "planted_errors.json").read_text())
    table = sw.Table.from_names("train", "scenes", "journeys", str(journeys_root))
    names = {url.rpartition("/")[2]: row for row, url in enumerate(table.image_urls())}
    wrong = {names[one["file_name"]] for one in planted if one["split"] == "train"}
    page = open_page(journeys_root, TRAIN)
    found = set()
    for way in ("Labels the model disputes", "Missed objects", "Background false positives"):
        page.get_by_role("button", name=way).click()
        expect(page.get_by_role("button", name=way)).to_have_attribute("aria-pressed", "true")
        # The images follow the button when they are there.
        eventually(page, lambda: share(set(shown_ids(page)), wrong) > 0.6)
        found |= wrong & set(shown_ids(page))
    assert len(found) >= 0.6 * len(wrong)


def test_the_worst_images_come_first(open_page, journeys_root, metrics, eventually):
    page = open_page(journeys_root, TRAIN)
    known = sorted(
        (row for row in metrics.values() if row["f1"] is not None),
        key=lambda r: (r["f1"], -r["false_negatives"], -r["false_positives"], r["example_id"]),
    )
    worst = [row["example_id"] for row in known[:8]]
    eventually(page, lambda: shown_ids(page)[:8] == worst)


def test_a_brush_filters_everything_and_its_exact_ends_are_in_the_address(
    open_page, journeys_root, metrics, eventually
):
    page = open_page(journeys_root, TRAIN)
    histogram = page.get_by_role("img", name=re.compile("^f1: "))
    box = histogram.bounding_box()
    y = box["y"] + box["height"] / 2
    across = [box["x"] + share * box["width"] for share in (0.1, 0.3, 0.5, 0.7)]
    drag(page, [(x, y) for x in across])
    expect(page).to_have_url(re.compile(r"f=f1%3A[\d.]+\.\.[\d.]+$"))
    low, high = (page.get_by_label(f"f1 at {end}") for end in ("least", "most"))
    known = [row["f1"] for row in metrics.values() if row["f1"] is not None]
    places = [min(known) + share * (max(known) - min(known)) for share in (0.1, 0.7)]
    assert [float(end.input_value()) for end in (low, high)] == pytest.approx(places, abs=0.03)
    least = math.floor(20 * min(value for value in known if value > places[0] + 0.05)) / 20
    low.fill(str(least))
    low.press("Enter")
    ends = least, float(high.input_value())
    inside = [r for r in metrics.values() if r["f1"] and ends[0] <= r["f1"] <= ends[1]]
    expect_count(page, len(inside))
    known = {row["example_id"] for row in inside}
    eventually(page, lambda: share(set(shown_ids(page)), known) == 1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect_count(page, len(metrics))
    page.get_by_role("button", name="Undo").click()
    expect_count(page, len(inside))


def test_filters_are_linked_and_can_be_inverted(open_page, journeys_root, metrics):
    page = open_page(journeys_root, TRAIN)
    page.get_by_role("button", name="ground_truth_kind", exact=True).click()
    missed = {i for i, row in metrics.items() if 1 in row["ground_truth_kind"]}
    box = page.get_by_role("checkbox", name=re.compile("^missed"))
    expect(box).to_have_attribute("aria-label", f"missed, {len(missed)} of {len(missed)}")
    box.click()
    expect_count(page, len(missed))
    page.get_by_role("button", name=re.compile("^Invert: ground_truth_kind")).click()
    expect_count(page, len(metrics) - len(missed))
    page.reload()
    expect_count(page, len(metrics) - len(missed))


def test_what_is_drawn_around_in_the_map_is_selected_and_exported(
    open_page, journeys_root, metrics, tmp_path
):
    page = open_page(journeys_root, TRAIN)
    scatter = page.get_by_role("group", name=re.compile("^Scatter of"))
    expect(scatter.locator("canvas")).to_have_attribute("data-renderer", "canvas")
    box = scatter.bounding_box()
    middle = box["x"] + box["width"] / 2
    left, top, bottom = box["x"] + 12, box["y"] + 4, box["y"] + box["height"] - 4
    drag(page, [(left, top), (middle, top), (middle, bottom), (left, bottom), (left, top + 9)])
    expect(page.get_by_text("drawn around in embedding_pca")).to_be_visible()
    places = [row["embedding_pca"] for row in metrics.values()]
    centre = (max(x for x, _ in places) + min(x for x, _ in places)) / 2
    wanted = {i for i, row in metrics.items() if row["embedding_pca"][0] < centre}
    expect_count(page, len(wanted))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="As CSV").click()
    download.value.save_as(tmp_path / "samples.csv")
    with (tmp_path / "samples.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(wanted)


def test_the_epochs_are_played_and_the_filters_stay(open_page, journeys_root):
    run = sw.Run.from_names("slower", "journeys", str(journeys_root))
    first, last = (
        sum(f1 is not None and f1 <= 0.9 for f1 in rows["f1"].to_pylist())
        for rows in (run.metrics(["f1"], epoch=epoch, split="train") for epoch in (0, 2))
    )
    assert first != last
    page = open_page(journeys_root, f"{TRAIN}&epoch=0&f=f1:..0.9")
    expect_count(page, first)
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("epoch=2"))
    expect(page).to_have_url(re.compile(r"f=f1%3A\.\.0\.9"))
    expect_count(page, last)


def test_samples_are_selected_and_opened_without_a_mouse(open_page, journeys_root, eventually):
    page = open_page(journeys_root, TRAIN)
    expect(page.get_by_role("gridcell").first).to_contain_text("Sample")
    eventually(page, lambda: len(shown_ids(page)) == page.get_by_role("gridcell").count())
    ids = shown_ids(page)
    grid = page.get_by_role("grid", name="Samples")
    grid.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("2 selected")).to_be_visible()
    selected = page.get_by_role("gridcell", selected=True)
    expect(selected).to_have_count(2)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/samples/{ids[1]}\?"))
    page.go_back()
    eventually(page, lambda: shown_ids(page) == ids)
    page.keyboard.press("f")
    expect(page.get_by_label("Search the filters")).to_be_focused()
    page.keyboard.type("weight")
    expect(page.get_by_role("button", name="weight", exact=True)).to_be_visible()


def test_rows_are_sorted_by_a_click_on_the_heading(open_page, journeys_root, metrics):
    page = open_page(journeys_root, f"{TRAIN}&as=rows")
    heading = page.get_by_role("columnheader", name="recall")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    best = min(metrics.values(), key=lambda r: (-(r["recall"] or 0), r["example_id"]))
    first = page.get_by_role("row").nth(1).get_by_role("gridcell")
    expect(first.nth(1)).to_have_text(str(best["example_id"]))


def test_a_table_is_explored_like_a_run(open_page, journeys_root):
    page = open_page(journeys_root, "/p/journeys/tables/scenes/train?f=bbs.count:3..")
    table = sw.Table.from_names("train", "scenes", "journeys", str(journeys_root))
    boxes = [len(row["bbs"]["instances"]) for row in table.table_rows]
    expect_count(page, sum(each >= 3 for each in boxes))


def test_the_same_code_gives_the_same_samples(open_page, journeys_root, metrics):
    page = open_page(journeys_root, f"{TRAIN}&f=false_negatives:1..")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("menuitem", name="Copy as Python").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    assert "false_negatives" in code
    expect_count(page, sum(row["false_negatives"] > 0 for row in metrics.values()))


def test_a_state_without_samples_says_what_to_do(open_page, journeys_root, metrics):
    page = open_page(journeys_root, f"{TRAIN}&f=false_negatives:900..")
    expect(page.get_by_text("No matching samples")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect_count(page, len(metrics))
    empty = open_page(journeys_root, "/p/journeys/runs/only-parameters?tab=samples")
    expect(empty.get_by_text("No samples were collected")).to_be_visible()


def test_what_is_drawn_around_in_three_dimensions_is_what_one_sees_there(
    open_page, journeys_root, metrics, eventually
):
    names = ["recall", "precision", "f1"]
    x, y, z = names
    page = open_page(journeys_root, f"{TRAIN}&x={x}&y={y}&z={z}&tool=lasso")
    scatter = page.get_by_role("group", name=re.compile("^Scatter of recall, precision and f1"))
    expect(scatter.locator("canvas[data-draw-ms]")).to_have_count(1)
    box = scatter.bounding_box()
    left, top = box["x"] + 12, box["y"] + 4
    # A little beside the middle, where points may lie exactly.
    middle, bottom = box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] - 3
    drag(page, [(left, top), (middle, top), (middle, bottom), (left, bottom), (left, top + 9)])
    expect(page.get_by_text("drawn around in recall, precision and f1")).to_be_visible()
    known = {
        i: [row[name] for name in names]
        for i, row in metrics.items()
        if all(row[name] is not None for name in names)
    }
    low, high = np.min([*known.values()], axis=0), np.max([*known.values()], axis=0)
    seen = (np.array([*known.values()]) - (low + high) / 2) / (high - low)
    wanted = int((seen @ [math.cos(0.6), 0, math.sin(0.6)] < -1e-9).sum())
    assert 0 < wanted < len(known)
    expect_count(page, wanted)
    page.reload()
    expect_count(page, wanted)
    canvas = page.locator("canvas[data-draw-ms]")
    before = canvas.screenshot()
    page.mouse.move(middle, top + 90)
    page.mouse.down(button="right")
    page.mouse.move(middle + 90, top + 120)
    page.mouse.up(button="right")
    eventually(page, lambda: canvas.screenshot() != before)
    expect_count(page, wanted)
    page.get_by_role("button", name=re.compile("^Invert: drawn around")).click()
    expect_count(page, len(metrics) - wanted)


def test_three_columns_turn_with_the_mouse_and_with_keys(open_page, journeys_root, eventually):
    page = open_page(journeys_root, f"{TRAIN}&x=recall&y=precision&z=f1")
    expect(page.get_by_role("button", name="Turn the map")).to_have_attribute(
        "aria-pressed", "true"
    )
    canvas = page.locator("canvas[data-draw-ms]")
    scatter = page.get_by_role("group", name=re.compile("^Scatter of"))
    box = scatter.bounding_box()
    middle, top = box["x"] + box["width"] / 2, box["y"] + 60
    before = canvas.screenshot()
    drag(page, [(middle, top), (middle + 80, top + 30)])
    eventually(page, lambda: canvas.screenshot() != before)
    expect(page).to_have_url(re.compile("view="))
    before, address = canvas.screenshot(), page.url
    scatter.focus()
    page.keyboard.press("ArrowRight")
    eventually(page, lambda: canvas.screenshot() != before)
    expect(page).not_to_have_url(address)
    turned = drawn(canvas)
    page.reload()
    expect(canvas).to_be_visible()
    eventually(page, lambda: difference(drawn(canvas), turned) < 0.1)
    page.get_by_role("button", name="Show everything").click()
    expect(page).not_to_have_url(re.compile("view="))
    eventually(page, lambda: difference(drawn(canvas), turned) > 0.1)


def drawn(canvas: Locator) -> np.ndarray:
    """What is drawn on a canvas, without the ring around what has the focus."""
    address = canvas.evaluate("canvas => canvas.toDataURL()")
    picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    return np.asarray(picture.convert("RGBA"), float)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The mean over all pixels; endless for pictures of two sizes."""
    return np.abs(one - other).mean() if one.shape == other.shape else np.inf


def test_all_filters_are_inverted_as_one_and_back(open_page, journeys_root, metrics):
    page = open_page(journeys_root, f"{TRAIN}&f=f1:..0.9;false_negatives:1..")
    both = {
        i
        for i, row in metrics.items()
        if row["f1"] is not None and row["f1"] <= 0.9 and row["false_negatives"] >= 1
    }
    expect_count(page, len(both))
    page.get_by_role("button", name="Invert filters").click()
    expect_count(page, len(metrics) - len(both))
    expect(page.get_by_text("not all of (f1 ≤ 0.9 and false_negatives ≥ 1)")).to_be_visible()
    page.reload()
    expect_count(page, len(metrics) - len(both))
    page.keyboard.press("i")
    expect_count(page, len(both))
    page.keyboard.press("Control+z")
    expect_count(page, len(metrics) - len(both))
