"""What holds on every page: keyboard, contrast, screen readers, themes."""

import re

import pytest
from playwright.sync_api import Page, expect

RUN = "/p/journeys/runs/baseline"
TABLE = "/p/journeys/tables/scenes/train"
PAGES = {
    "projects": "/",
    "runs": "/p/journeys",
    "runs-compared": "/p/journeys?runs=baseline,slower",
    "curves": RUN,
    "samples": f"{RUN}?tab=samples",
    "regressions": f"{RUN}?tab=history",
    "compare": f"{RUN}?tab=compare",
    "confusion": f"{RUN}?tab=compare&matrix=after",
    "about": f"{RUN}?tab=about",
    "failed": "/p/journeys/runs/out-of-memory",
    "sample": f"{RUN}/samples/3?split=train",
    "table": TABLE,
    "table-classes": f"{TABLE}?tab=classes",
    "table-revisions": f"{TABLE}?tab=revisions",
    "table-sample": f"{TABLE}/samples/3",
    "not-found": "/nowhere",
}


def settled(page: Page) -> None:
    """Waits until everything that was asked for is there."""
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page, journeys_root, violations, name, theme):
    page = open_page(journeys_root, PAGES[name], color_scheme=theme)
    settled(page)
    assert violations(page) == []


def test_a_run_is_reached_and_read_without_a_mouse(page):
    expect(page.get_by_role("link", name="journeys")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    focus(page, page.get_by_role("link", name="journeys"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/p/journeys$"))
    focus(page, page.get_by_role("link", name="baseline"))
    page.keyboard.press("Enter")
    focus(page, page.get_by_role("tab", name="Curves"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Samples")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tab=samples"))
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("/$"))


def test_arrow_keys_read_a_chart(open_page, journeys_root):
    page = open_page(journeys_root, RUN)
    page.get_by_role("figure", name="mAP@0.50").get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for name in ("mAP@0.50", "epoch_time_s"):
        expect(page.get_by_role("figure", name=name)).to_contain_text("epoch 1")


def test_the_question_mark_lists_the_shortcuts_of_the_page(open_page, journeys_root):
    page = open_page(journeys_root, "/p/journeys")
    expect(page.get_by_role("link", name="baseline")).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Compare the selected runs")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_label("Search runs")).to_be_focused()
    page.keyboard.type("?")
    expect(dialog).to_have_count(0)


def test_a_chosen_theme_stays(open_page, journeys_root):
    page = open_page(journeys_root, color_scheme="light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_without_a_choice_the_theme_is_that_of_the_system(open_page, journeys_root):
    page = open_page(journeys_root, color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def focus(page: Page, wanted) -> None:
    """Presses Tab until something has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("60 times Tab did not lead there")
