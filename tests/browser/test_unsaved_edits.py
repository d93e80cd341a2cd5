"""Edits that wait: seen in every list, shared by windows, and what a conflict makes of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import samplewise as sw

TABLE = "/p/journeys/tables/scenes/train"
SAMPLES = "/p/journeys/runs/baseline?tab=samples&split=train&epoch=2"
DEAF = "delete window.BroadcastChannel"


@pytest.fixture
def table(own_root: Path) -> sw.Table:
    """The Table of the training split, in a store of its own."""
    return sw.Table.from_names("train", "scenes", "journeys", str(own_root))


def weigh(page: Page, row: int, weight: float) -> None:
    """Gives a sample another weight, and waits until that is among the edits."""
    go(page, f"{TABLE}/samples/{row}?edit=1")
    page.get_by_label("weight").fill(str(weight))
    page.get_by_label("weight").press("Enter")
    expect(steps(page).first).to_contain_text(f"weight {weight}")
    kept(page)


def kept(page: Page) -> None:
    """Waits until the browser's database has the edits."""
    busy = page.get_by_role("region", name="Unsaved edits")
    expect(busy).to_have_attribute("aria-busy", "false")


def go(page: Page, path: str) -> None:
    page.goto(re.sub(r"(http://[^/]*).*", r"\1", page.url) + path)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()


def steps(page: Page) -> Locator:
    """The edits in the drawer."""
    return page.get_by_role("list", name="Edits, the newest first").get_by_role("listitem")


def settled(page: Page) -> None:
    """Waits until the count of samples is the server's: before, it is faint."""
    expect(page.locator("[data-preview]")).to_have_count(0)


def commit(page: Page) -> None:
    page.get_by_role("button", name="Commit …").click()
    page.get_by_role("button", name="Commit", exact=True).click()


def test_edited_samples_are_marked_in_every_list_and_can_be_seen_alone(
    open_page, own_root, table, violations
):
    page = open_page(own_root)
    weigh(page, 2, 0.25)
    go(page, f"{TABLE}/samples/3?edit=1")
    expect(steps(page)).to_have_count(1)
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Include sample")).to_be_visible()
    kept(page)
    go(page, TABLE)
    cells = page.get_by_role("gridcell")
    expect(cells.filter(has_text=re.compile("Sample 2(?!\\d)"))).to_contain_text("edited")
    expect(cells.filter(has_text=re.compile("Sample 3(?!\\d)"))).to_contain_text("removed")
    expect(page.get_by_title(re.compile("not committed yet"))).to_have_count(2)
    settled(page)
    assert violations(page) == []
    page.get_by_role("link", name="2 samples").click()
    expect(page).to_have_url(re.compile(r"f=rows%282-3%29"))
    expect(cells).to_have_count(2)
    page.keyboard.press("2")
    row = page.get_by_role("row").filter(has_text=re.compile("edited"))
    expect(row).to_contain_text("0.25")
    settled(page)
    assert violations(page) == []
    go(page, SAMPLES)
    expect(cells.first).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(cells).to_have_count(2)
    expect(page.get_by_title(re.compile("not committed yet"))).to_have_count(2)


def test_where_nothing_is_left_to_commit_the_edits_go_and_the_newest_revision_comes(
    open_page, own_root, table, violations
):
    page = open_page(own_root, allowed="409")
    weigh(page, 2, 3)
    weigh(page, 5, 3)
    theirs = table.edit({"weight": {2: 0.0}}, "theirs", delete=[5])
    commit(page)
    dialog = page.get_by_role("dialog", name="Newer revision theirs exists")
    expect(dialog).to_contain_text("1 sample that you edited was removed there and stays removed")
    expect(dialog.get_by_role("status")).to_contain_text("Nothing of your edits is left to commit")
    assert violations(page) == []
    dialog.get_by_label(re.compile("^My edits")).check()
    expect(dialog.get_by_role("status")).to_contain_text("Edits of 1 sample will be applied")
    dialog.get_by_label(re.compile("^What is in theirs")).check()
    dialog.get_by_role("button", name="Discard my edits").click()
    expect(page).to_have_url(re.compile("/tables/scenes/theirs.*tab=revisions"))
    assert table.latest() == theirs
    go(page, f"{TABLE}/samples/2?edit=1")
    expect(page.get_by_text("Nothing is changed")).to_be_visible()


def test_a_newest_revision_that_is_removed_meanwhile_leads_back_to_the_commit(
    open_page, own_root, table
):
    page = open_page(own_root, allowed="40[49]")
    weigh(page, 1, 0.5)
    theirs = table.edit({"weight": {2: 0.0}}, "theirs")
    commit(page)
    apply = page.get_by_role("button", name="Apply my edits to theirs")
    expect(apply).to_be_visible()
    theirs.delete()
    apply.click()
    dialog = page.get_by_role("dialog", name="Commit the edits")
    expect(dialog.get_by_role("alert")).to_contain_text("there is no table `theirs`")
    dialog.get_by_role("button", name="Commit", exact=True).click()
    expect(page).to_have_url(re.compile("tab=revisions"))
    assert table.latest().table_rows[1]["weight"] == 0.5


def test_a_commit_of_another_window_is_a_conflict_that_can_be_solved(open_page, own_root, table):
    page = open_page(own_root, allowed="409")
    weigh(page, 1, 0.5)
    commit(page)
    expect(page).to_have_url(re.compile("tab=revisions"))
    other = page.context.new_page()
    other.goto(page.url)
    weigh(other, 4, 0.75)
    commit(other)
    name = table.latest().name
    dialog = other.get_by_role("dialog", name=f"Newer revision {name} exists")
    expect(dialog).to_contain_text("None of your edits is about a sample that changed")
    dialog.get_by_role("button", name=f"Apply my edits to {name}").click()
    expect(other).to_have_url(re.compile("tab=revisions"))
    latest = table.latest()
    assert [latest.table_rows[row]["weight"] for row in (1, 4)] == [0.5, 0.75]


def test_two_windows_that_hear_nothing_of_each_other_do_not_overwrite_their_edits(
    open_page, own_root
):
    """As if both had edited in the same moment, before any word of it came."""
    page = open_page(own_root)
    page.context.add_init_script(DEAF)
    other = page.context.new_page()
    for each in (page, other):
        each.goto(re.sub(r"(http://[^/]*).*", r"\1", page.url) + f"{TABLE}/samples/6?edit=1")
        expect(each.get_by_text("Nothing is changed")).to_be_visible()
    for each, label, value in ((page, "weight", "0.5"), (other, "weight", "0.25")):
        each.get_by_label(label).fill(value)
        each.get_by_label(label).press("Enter")
    expect(steps(other)).to_have_count(2)
    page.reload()
    expect(steps(page)).to_have_count(2)
    expect(page.get_by_label("weight")).to_have_value("0.25")


def test_an_edit_of_many_samples_is_one_step_that_survives_a_reload(open_page, own_root, table):
    page = open_page(own_root, f"{TABLE}?f=rows(1,4,6)")
    page.get_by_role("button", name="Bulk edit …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Action").select_option("Set weight")
    dialog.get_by_label("Value").fill("0")
    page.get_by_role("button", name="Apply").click()
    marks: Any = page.get_by_title(re.compile("not committed yet"))
    expect(marks).to_have_count(3)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(marks).to_have_count(0)
    kept(page)
    page.reload()
    page.get_by_role("button", name="Unsaved edits").click()
    page.get_by_role("button", name="Redo").click()
    expect(marks).to_have_count(3)
    kept(page)
    page.reload()
    expect(marks).to_have_count(3)
    commit(page)
    expect(page).to_have_url(re.compile("tab=revisions"))
    latest = table.latest()
    assert [latest.table_rows[row]["weight"] for row in (1, 4, 5, 6)] == [0.0, 0.0, 1.0, 0.0]
