"""Looking at a sample, and editing the labels of a Table, from a planted error to a revision."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import samplewise as sw

RUN = "/p/journeys/runs/baseline"
TABLE = "/p/journeys/tables/scenes/train"
LABEL = "instances_additional_data"


@pytest.fixture(scope="session")
def planted(journeys_folder: Path) -> list[dict[str, Any]]:
    """The wrong labels that were planted into the training split."""
    errors = json.loads((journeys_folder / "scenes" / "planted_errors.json").read_text())
    return [error for error in errors if error["split"] == "train"]


@pytest.fixture
def table(own_root: Path) -> sw.Table:
    """The Table of the training split, in a store of its own."""
    return sw.Table.from_names("train", "scenes", "journeys", str(own_root))


def first(planted: list[dict[str, Any]], kind: str, table: sw.Table) -> tuple[int, int, Any]:
    """Row and place of the first planted label of a kind, and what is right there."""
    error = next(each for each in planted if each["kind"] == kind)
    rows = table.get_column_as_pyarrow_array("image_id").to_pylist()
    row = rows.index(error["image_id"])
    x, y, *_ = error["planted"]["bbox"]
    boxes = table.table_rows[row]["bbs"]["instances"]
    corners = np.array([[box["x_min"], box["y_min"]] for box in boxes])
    return row, int(np.abs(corners - [x, y]).sum(axis=1).argmin()), error["true"]


def names(table: sw.Table) -> dict[int, str]:
    """Names of classes."""
    return table.get_simple_value_map(f"bbs.{LABEL}.label") or {}


def open_sample(open_page: Any, root: Path, path: str, **options: Any) -> Page:
    """The page of a sample whose labels are being edited."""
    page = open_page(root, f"{path}?split=train&epoch=2", **options)
    page.get_by_role("button", name="Edit labels").press("Enter")
    expect(page.get_by_role("toolbar", name="Edit the labels")).to_be_visible()
    expect(page.get_by_role("img", name="Image of sample")).to_be_visible()
    return page


def line(page: Page, what: str, index: int) -> Locator:
    """The line of a label or a prediction in the table beside the image."""
    return page.get_by_role("button", name=re.compile(rf", {what} {index}$"))


def commit(page: Page, why: str, name: str = "") -> None:
    """Commits what waits."""
    page.get_by_role("button", name="Commit …").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Commit", exact=True).click()


def test_three_planted_errors_are_mended_and_committed(open_page, own_root, table, planted):
    row, at, right = first(planted, "wrong_class", table)
    page = open_sample(open_page, own_root, f"{RUN}/samples/{row}")
    line(page, "label", at).click()
    page.keyboard.press("l")
    page.get_by_role("combobox", name="Class").fill(right["category"])
    page.keyboard.press("Enter")
    expect(line(page, "label", at)).to_contain_text(right["category"])

    moved, moved_at, moved_right = first(planted, "shifted_box", table)
    page = reopened(page, moved)
    accept_prediction_of(page, moved_right)

    extra, extra_at, _ = first(planted, "spurious_box", table)
    page = reopened(page, extra)
    line(page, "label", extra_at).click()
    expect(line(page, "label", extra_at)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Delete")
    expect(page.get_by_role("listitem").filter(has_text="deleted")).to_have_count(1)

    commit(page, "three wrong labels", "mended")
    expect(page).to_have_url(re.compile("/tables/scenes/mended.*tab=revisions"))
    said = page.get_by_text("From train to mended: 3 samples changed (bbs 3).")
    expect(said).to_be_visible()
    page.goto(page.url.replace("scenes/mended", "scenes/train"))
    expect(said).to_be_visible()  # what came first is before, whichever one looks at

    mended = table.latest()
    assert (mended.name, mended.description) == ("mended", "three wrong labels")
    labels = mended.table_rows[row]["bbs"][LABEL]["label"]
    assert names(table)[labels[at]] == right["category"]
    before, after = (each.table_rows[extra]["bbs"]["instances"] for each in (table, mended))
    assert after == [box for place, box in enumerate(before) if place != extra_at]
    box = mended.table_rows[moved]["bbs"]["instances"][moved_at]
    x, y, width, height = moved_right["bbox"]
    found = [box[side] for side in ("x_min", "y_min", "x_max", "y_max")]
    assert np.allclose(found, [x, y, x + width, y + height], atol=4)


def kept(page: Page) -> None:
    """Waits until the browser's database has the edits."""
    drawer = page.get_by_role("region", name="Unsaved edits")
    expect(drawer).to_have_attribute("aria-busy", "false")


def reopened(page: Page, row: int) -> Page:
    """Another sample, where nothing is selected; the edits of this one are kept first."""
    kept(page)
    page.goto(re.sub(r"&at=[^&]*", "", re.sub(r"samples/\d+", f"samples/{row}", page.url)))
    expect(page.get_by_role("heading", name=f"Sample {row}", level=2)).to_be_visible()
    return page


def accept_prediction_of(page: Page, right: dict[str, Any]) -> None:
    """Accepts the prediction that says where the object is."""
    name = re.compile(rf"^{right['category']}\s*, prediction")
    prediction = page.get_by_role("button", name=name).first
    prediction.click()
    expect(prediction).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("a")
    done = page.get_by_role("listitem").filter(
        has_text=f"{right['category']}: box of the prediction"
    )
    expect(done).to_have_count(1)


def test_a_box_is_dragged_drawn_and_resized_with_the_mouse(open_page, own_root, table):
    page = open_sample(open_page, own_root, f"{TABLE}/samples/0")
    image = page.get_by_role("img", name="Image of sample")
    before = table.table_rows[0]["bbs"]["instances"][0]
    line(page, "label", 0).click()
    scale, left, top = view_of(page)
    middle = [(before["x_min"] + before["x_max"]) / 2, (before["y_min"] + before["y_max"]) / 2]
    drag(page, image, at(middle, scale, left, top), (8 * scale, 0))
    page.keyboard.press("b")
    drag(page, image, at([2, 2], scale, left, top), (20 * scale, 16 * scale))
    page.get_by_role("combobox", name="Class").fill("car")
    page.keyboard.press("Enter")
    commit(page, "moved and drawn")
    expect(page).to_have_url(re.compile("tab=revisions"))
    stored = table.latest().table_rows[0]["bbs"]
    width = table.table_rows[0]["width"]
    moved = min(8, width - before["x_max"])
    assert abs(stored["instances"][0]["x_min"] - before["x_min"] - moved) < 1
    drawn = [stored["instances"][-1][side] for side in ("x_min", "y_min", "x_max", "y_max")]
    assert np.allclose(drawn, [2, 2, 22, 18], atol=1)
    assert names(table)[stored[LABEL]["label"][-1]] == "car"


def view_of(page: Page) -> tuple[float, float, float]:
    """Pixels of the screen for one of the image, and where the image begins in its window."""
    box = page.get_by_role("img", name="Image of sample").bounding_box()
    assert box is not None
    size = 64
    scale = min((box["width"] - 40) / size, (box["height"] - 40) / size)
    return scale, (box["width"] - size * scale) / 2, (box["height"] - size * scale) / 2


def at(point: list[float], scale: float, left: float, top: float) -> tuple[float, float]:
    return left + point[0] * scale, top + point[1] * scale


def drag(page: Page, image: Locator, start: tuple[float, float], by: tuple[float, float]) -> None:
    box = image.bounding_box()
    assert box is not None
    x, y = box["x"] + start[0], box["y"] + start[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    page.mouse.move(x + by[0], y + by[1])
    page.mouse.up()


def test_edits_are_undone_done_again_and_survive_a_reload(open_page, own_root, table):
    page = open_sample(open_page, own_root, f"{TABLE}/samples/1")
    steps = page.get_by_role("list", name="Edits, the newest first").get_by_role("listitem")
    line(page, "label", 0).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("weight").fill("0.25")
    page.keyboard.press("Enter")
    expect(steps).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("weight")).to_have_value("1")
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_label("weight")).to_have_value("0.25")
    kept(page)
    page.reload()
    expect(steps).to_have_count(2)
    expect(page.get_by_label("weight")).to_have_value("0.25")
    assert table.latest().name == "train"
    page.get_by_role("button", name="Discard all").click()
    page.get_by_role("button", name="Discard", exact=True).click()
    expect(page.get_by_label("weight")).to_have_value("1")
    kept(page)
    page.reload()
    expect(page.get_by_text("Nothing is changed")).to_be_visible()


def test_a_stale_base_says_what_changed_and_the_edits_move_on(open_page, own_root, table):
    # A browser names every answer that is not well; this one is meant.
    page = open_sample(open_page, own_root, f"{TABLE}/samples/2", allowed="409")
    page.get_by_label("weight").fill("3")
    page.keyboard.press("Enter")
    theirs = table.edit({"weight": {2: 0.0, 5: 0.0}}, "theirs", delete=[0])
    commit(page, "mine")
    dialog = page.get_by_role("dialog", name="Newer revision theirs exists")
    expect(dialog).to_contain_text("2 samples changed (weight 2), 1 sample was removed")
    assert table.latest() == theirs
    dialog.get_by_label(re.compile("^My edits")).check()
    dialog.get_by_role("button", name="Apply my edits to theirs").click()
    expect(page).to_have_url(re.compile("tab=revisions"))
    latest = table.latest()
    assert [each.name for each in latest.lineage()] == ["train", "theirs", latest.name]
    assert [latest.table_rows[i]["weight"] for i in (1, 4)] == [3.0, 0.0]


def test_labels_are_edited_without_a_mouse(open_page, own_root, table, violations):
    page = open_sample(open_page, own_root, f"{TABLE}/samples/3")
    before = table.table_rows[3]["bbs"]["instances"]
    page.keyboard.press("]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Shift+B")
    expect(page.get_by_role("combobox", name="Class")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("fish")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")
    assert violations(page) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tab=revisions"))
    after = table.latest().table_rows[3]["bbs"]
    assert len(after["instances"]) == len(before) + 1
    assert names(table)[after[LABEL]["label"][-1]] == "fish"
    assert after["instances"][0] != before[0]


def test_many_samples_are_edited_at_once(open_page, own_root, table):
    page = open_page(own_root, f"{TABLE}?f=rows(1,4,6)")
    page.get_by_role("button", name="Bulk edit …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Action").select_option("Set weight")
    dialog.get_by_label("Value").fill("0")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Bulk edit …").click()
    dialog.get_by_label("Action").select_option("Class of what is in bbs")
    dialog.get_by_label("To", exact=True).select_option("house")
    page.get_by_role("button", name="Apply").click()
    commit(page, "all of them houses")
    expect(page).to_have_url(re.compile("tab=revisions"))
    latest = table.latest()
    for row in range(len(table)):
        is_edited = row in (1, 4, 6)
        assert latest.table_rows[row]["weight"] == (0.0 if is_edited else 1.0)
        labels = {names(table)[i] for i in latest.table_rows[row]["bbs"][LABEL]["label"]}
        assert labels <= {"house"} if is_edited else True


def test_the_classes_of_a_table_lead_to_their_samples(open_page, journeys_root, violations):
    page = open_page(journeys_root, f"{TABLE}?tab=classes")
    link = page.get_by_role("row").filter(has_text="fish").get_by_role("link")
    expect(link).to_be_visible()
    assert violations(page) == []
    samples = page.get_by_role("row").filter(has_text="fish").get_by_role("cell").nth(2)
    count = samples.inner_text()
    link.click()
    expect(page).to_have_url(re.compile("f=bbs"))
    expect(page.get_by_text(re.compile(rf"^{count} of 40 samples$"))).to_be_visible()


def test_a_sample_leads_to_the_next_one_of_its_selection(open_page, journeys_root):
    page = open_page(journeys_root, f"{TABLE}/samples/4?f=rows(2,4,9)")
    expect(page.get_by_text("2 of 3 matching")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Sample 9", level=2)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Sample 2", level=2)).to_be_visible()


def test_a_sample_is_seen_in_all_epochs_among_its_neighbours_and_in_other_runs(
    open_page, journeys_root
):
    page = open_page(journeys_root, f"{RUN}/samples/3?split=train&epoch=2")
    epochs = page.get_by_role("list", name="Epochs").get_by_role("link")
    expect(epochs).to_have_count(3)
    page.get_by_role("tab", name="Neighbours").click()
    neighbours = page.get_by_role("list", name="Nearest neighbours").get_by_role("link")
    expect(neighbours).to_have_count(16)
    page.get_by_role("tab", name="Other runs").click()
    page.get_by_role("list", name="Other runs").get_by_role("link", name="slower").click()
    expect(page).to_have_url(re.compile("/runs/slower/samples/3"))


def test_pointing_at_a_line_marks_its_box_and_the_other_way_round(open_page, journeys_root):
    page = open_page(journeys_root, f"{TABLE}/samples/0")
    box = line(page, "label", 0)
    box.click()
    expect(box).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-pressed", "false")
    stored = page.evaluate(
        "fetch('/api/sample', {method: 'POST', body: JSON.stringify({source: {kind: 'table', "
        "project: 'journeys', dataset: 'scenes', table: 'train'}, example_id: 0}), headers: "
        "{'Content-Type': 'application/json', 'X-Samplewise': '1'}}).then((a) => a.json())"
    )["values"]["bbs"]["instances"][0]
    corner = at([stored["x_min"] + 1, stored["y_min"] + 1], *view_of(page))
    image = page.get_by_role("img", name="Image of sample")
    image.click(position={"x": corner[0], "y": corner[1]})
    expect(page.get_by_role("row").filter(has=page.locator("[aria-pressed=true]"))).to_have_count(1)


def test_what_is_selected_and_hidden_in_a_sample_stands_in_the_address(open_page, journeys_root):
    page = open_page(journeys_root, f"{TABLE}/samples/0")
    line(page, "label", 0).click()
    page.get_by_role("button", name="names").click()
    expect(page).to_have_url(re.compile("at=bbs%3A0.*names=0"))
    again = open_page(journeys_root, page.url.split("/", 3)[-1].join(["/", ""]))
    expect(line(again, "label", 0)).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_role("button", name="names")).to_have_attribute("aria-pressed", "false")
    again.get_by_role("button", name="bbs", exact=True).click()
    expect(again).to_have_url(re.compile("hide=bbs"))
    expect(line(again, "label", 0)).to_have_count(0)
    again.keyboard.press("ArrowRight")
    expect(again).to_have_url(re.compile(r"samples/1\?(?!.*at=).*hide=bbs"))


def test_an_image_that_is_gone_shows_as_broken(open_page, own_root, journeys_folder, tmp_path):
    lost = sw.Table.from_dict(
        {"image": [str(tmp_path / "lost.jpg")]},
        {"image": sw.schemas.ImageSchema()},
        dataset_name="lost",
        project_name="journeys",
        root_url=str(own_root),
    )
    page = open_page(own_root, f"/p/journeys/tables/lost/{lost.name}/samples/0")
    expect(page.get_by_text("This image cannot be read")).to_be_visible()


def test_predictions_of_many_samples_are_accepted_as_labels(open_page, own_root, table, planted):
    """Classes that the network, which is told what is drawn, disputes become those it says."""
    row, at, right = first(planted, "wrong_class", table)
    page = open_page(own_root, f"{RUN}?tab=samples&split=train&epoch=2&f=rows({row})")
    page.get_by_role("button", name="Bulk edit …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Action").select_option("Accept predictions as labels")
    dialog.get_by_label("Which").select_option("only: wrong class")
    dialog.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="1 unsaved in train").click()
    commit(page, "what the model says")
    expect(page).to_have_url(re.compile("tab=revisions"))
    labels = table.latest().table_rows[row]["bbs"][LABEL]["label"]
    assert names(table)[labels[at]] == right["category"]


def test_another_window_shows_the_same_unsaved_edits(open_page, own_root):
    page = open_sample(open_page, own_root, f"{TABLE}/samples/6")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("weight").fill("0.5")
    page.keyboard.press("Enter")
    expect(other.get_by_label("weight")).to_have_value("0.5")
    other.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("weight")).to_have_value("1")
