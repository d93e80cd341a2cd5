"""Many pages of one dashboard at a time: none waits for a connection that another one holds."""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

import samplewise as sw

AT_MOST_S = 20  # a shared machine; without the shared stream the seventh page waits for minutes


def test_twelve_tabs_answer(open_page, own_root):
    first = open_page(own_root)
    for _ in range(12):
        before = time.monotonic()
        page = first.context.new_page()
        page.goto(first.url)
        expect(page.get_by_role("link", name="journeys").first).to_be_visible()
        assert time.monotonic() - before < AT_MOST_S
    sw.Run.create("another", "first", root_url=str(own_root)).close()
    for page in first.context.pages:
        expect(page.get_by_role("link", name="another").first).to_be_visible()


def test_pages_kept_for_back_hold_no_connection(chromium, program, serve, own_root: Path):
    browser = chromium.browser_type.launch(
        executable_path=program,
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_page()
    served = serve(own_root)
    page.goto(served.address())
    for number in range(10):
        before = time.monotonic()
        page.goto(f"{served.url}/?visit={number}")
        expect(page.get_by_role("link", name="journeys").first).to_be_visible()
        assert time.monotonic() - before < AT_MOST_S
    # Playwright's own `go_back` waits for a load, and a page that was kept is not loaded again.
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile("visit=8"))
    expect(page.get_by_role("link", name="journeys").first).to_be_visible()
    browser.close()
