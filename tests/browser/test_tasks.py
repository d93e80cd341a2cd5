"""Tables of each task: joints and corners that are changed, and what their labels are like."""

import re
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import samplewise as sw

TASKS = Path(__file__).parents[1] / "server" / "task_tables.py"


@pytest.fixture
def tasks_root(tmp_path: Path) -> Path:
    """A store with a Table of each task; see `task_tables.py`."""
    return runpy.run_path(str(TASKS))["draw_task_tables"](tmp_path)


def open_sample(open_page, root: Path, name: str, row: int, what: int) -> Page:
    """The page of a sample that is edited, with one of its labels selected."""
    page = open_page(root, f"/p/tasks/tables/{name}/{name}/samples/{row}?edit=1")
    expect(page.get_by_role("img", name="Image of sample")).to_be_visible()
    page.get_by_role("button", name=re.compile(r", label \d$")).nth(what).click()
    return page


def commit(page: Page) -> None:
    page.get_by_role("button", name="Commit …").click()
    page.get_by_role("button", name="Commit", exact=True).click()
    expect(page).to_have_url(re.compile("tab=revisions"))


def test_a_joint_is_hidden_moved_and_taken_away_by_keys_and_in_words(
    open_page, tasks_root, violations
):
    table = sw.Table.from_names("pose", "pose", "tasks", str(tasks_root))
    names = table.schema["keypoints_2d"].joint_names
    before = table.table_rows[0]["keypoints_2d"]["instances"][-1]["keypoints"]
    seen = [place for place, joint in enumerate(before) if joint["visibility"] == 2][:2]
    page = open_sample(open_page, tasks_root, "pose", 0, -1)
    joints = page.get_by_role("region", name="Joints of figure")
    for _ in range(seen[0] + 1):
        page.keyboard.press(".")
    expect(joints.get_by_role("button", name=names[seen[0]], exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("v")
    expect(joints.get_by_role("status")).to_have_text(f"{names[seen[0]]}: hidden")
    page.keyboard.press("ArrowDown")
    joints.get_by_label(f"Visibility of {names[seen[1]]}", exact=True).select_option("not labelled")
    assert violations(page) == []
    commit(page)
    stored = table.latest().table_rows[0]["keypoints_2d"]
    after = stored["instances"][-1]["keypoints"]
    hidden, gone = after[seen[0]], after[seen[1]]
    assert hidden["visibility"] == 1
    assert hidden["y"] == pytest.approx(min(before[seen[0]]["y"] + 1, 64), abs=0.06)
    assert gone == {"x": 0.0, "y": 0.0, "visibility": 0}
    labelled = sum(joint["visibility"] > 0 for joint in after)
    assert stored["instances_additional_data"]["num_keypoints"][-1] == labelled


def test_a_corner_of_a_mask_is_dragged_and_run_lengths_say_why_they_stay(
    open_page, tasks_root, violations
):
    table = sw.Table.from_names("masks", "masks", "tasks", str(tasks_root))
    rows = table.get_column_as_pyarrow_array("segmentations").to_pylist()
    masks = [(row, value["instances"][-1]) for row, value in enumerate(rows) if value["instances"]]
    row, mask = next((row, mask) for row, mask in masks if mask["polygons"])
    ring = mask["polygons"][0]
    page = open_sample(open_page, tasks_root, "masks", row, -1)
    image = page.get_by_role("img", name="Image of sample").bounding_box()
    scale = min((image["width"] - 40) / 64, (image["height"] - 40) / 64)
    left = image["x"] + (image["width"] - 64 * scale) / 2
    top = image["y"] + (image["height"] - 64 * scale) / 2
    x, y = left + ring[0] * scale, top + ring[1] * scale
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * scale, y + scale)
    page.mouse.move(x + 4 * scale, y + 2 * scale)
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="Corner 1 of 4")).to_be_visible()
    assert violations(page) == []
    commit(page)
    after = table.latest().table_rows[row]["segmentations"]["instances"][-1]["polygons"][0]
    assert after[:2] == pytest.approx([ring[0] + 4, ring[1] + 2], abs=0.3)
    assert after[2:] == ring[2:]

    row, place = next(
        (row, place)
        for row, value in enumerate(rows)
        for place, each in enumerate(value["instances"])
        if each["rle"]
    )
    count = len(rows[row]["instances"])
    page = open_sample(open_page, tasks_root, "masks", row, count + place)
    expect(page.get_by_text("This mask is stored as run lengths")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pose", r"poses in keypoints_2d"),
        ("masks", r"masks in segmentations"),
        ("maps", r"pixels in mask"),
        ("folders", "label"),
    ],
)
def test_the_classes_of_every_task_are_counted(open_page, tasks_root, violations, name, words):
    page = open_page(tasks_root, f"/p/tasks/tables/{name}/{name}?tab=classes")
    expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()
    if name == "pose":
        joint = (
            page.get_by_role("region", name="Joints in keypoints_2d")
            .get_by_role("row")
            .filter(has_text="head")
        )
        expect(joint.get_by_role("cell").nth(1)).to_have_text(re.compile(r"^\d+$"))
    assert violations(page) == []
